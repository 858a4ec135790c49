"""What an officer is told before a letter is printed for somebody who prefers another language: our letters are in English alone."""

from uuid import UUID

from sqlmodel import Session

from records.errors import NotFound
from records.people.languages import is_english, name_of
from records.people.preferences import preferences_of


def in_english_all_the_same(language: str) -> str:
    """The warning beside a letter; empty for somebody who prefers English. `language`: a BCP 47 tag."""
    if is_english(language):
        return ""
    return f"This person prefers {name_of(language)}; the letter is in English. Arrange a translation, or talk it through with them."


def warned(session: Session, file_id: UUID | None, person_id: UUID | None) -> str:
    """The same for a person of a file, as noted there; empty where nothing is known of them."""
    if file_id is None or person_id is None:
        return ""
    try:
        return in_english_all_the_same(preferences_of(session, file_id, person_id).language)
    except NotFound:  # two files were taken apart, and the person stands on the other
        return ""
