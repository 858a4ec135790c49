"""How to write to somebody, and whether anything may be sent to them at all.

`preferences_of` is asked by every letter; `send_refused` by everything that sends. A safe-contact instruction blocks, it does
not warn: a letter to the wrong door cannot be called back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from records.people import known, register
from records.people.facts import Channel, ContactDetails, Fact, FactKind, LanguageAndFormat, SafeContact, newest
from records.people.namesakes import with_namesakes
from records.people.written import same
from records.vocabulary import Format


@dataclass(frozen=True)
class Preferences:
    """`language`: a BCP 47 tag; `other_format`: in words, where `format` is OTHER; `safe_contact`: None when nothing is to be heeded."""

    language: str = "en"
    format: Format = Format.STANDARD
    safe_contact: SafeContact | None = None
    other_format: str = ""
    contact: ContactDetails | None = None

    @property
    def post_address(self) -> str:
        """Where post goes: the only safe address where there is one, else what they told us; empty when neither is known."""
        safe = self.safe_contact.address if self.safe_contact else ""
        return safe or (self.contact.address if self.contact else "")


def preferences_of(session: Session, file_id: UUID, person_id: UUID) -> Preferences:
    """What stands now for one person. NotFound when they are not on this file."""
    return from_facts(known.of_person(session, file_id, person_id))


def from_facts(facts: Sequence[Fact]) -> Preferences:
    """The preferences among what is known about one person."""
    wanted, safe = newest(facts, FactKind.PREFERENCES), newest(facts, FactKind.SAFE_CONTACT)
    how = wanted.value if wanted and isinstance(wanted.value, LanguageAndFormat) else LanguageAndFormat()
    heed = safe.value if safe and isinstance(safe.value, SafeContact) and not safe.value.empty else None
    told = newest(facts, FactKind.CONTACT)
    reached = told.value if told and isinstance(told.value, ContactDetails) and not told.value.empty else None
    return Preferences(how.language, Format(how.format), heed, how.other, reached)


def send_refused(
    session: Session, file_id: UUID, person_id: UUID, *, channel: Channel, address: str | None = None,
    about: UUID | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """Why nothing may be sent to this person this way; empty when it may. `about`: the person of the file that it tells of, if one.

    Asked at the moment of sending, not when a letter is written. What stands for somebody of the same name on a joined file counts too.
    """
    known.person(session, file_id, person_id)
    people = register.people(session, register.get(session, file_id), ended=True)
    told = known.of_file(session, file_id)
    everybody = {who: from_facts(facts).safe_contact for who, facts in told.items()}
    alike = sorted(with_namesakes([person_id], people, told), key=lambda each: each != person_id)
    found = [refusals(everybody, each, channel=channel, address=address, about=about) for each in alike]
    return tuple(dict.fromkeys(words for each in found for words in each))


def refusals(
    everybody: Mapping[UUID, SafeContact | None], person_id: UUID, *, channel: Channel, address: str | None = None,
    about: UUID | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """The rule behind `send_refused`, from the instructions of everybody on the file. Pure."""
    found = []
    own = everybody.get(person_id)
    if own is not None:
        if own.do_not_contact:
            found.append("This person must not be contacted. Look at the safe-contact instruction on the file.")
        if channel in own.not_by:
            found.append("This person must not be contacted in this way. Choose another way.")
        if channel is Channel.POST and own.address and not same(address or "", own.address):
            found.append("Post to this person may go only to the safe address on the file. Use that address.")
    told = [who for who, safe in everybody.items() if safe and str(person_id) in safe.do_not_tell and who != person_id]
    if any(about is None or who == about for who in told):
        found.append("Somebody on this file must not have their contact with us told to this person. Ask them first.")
    return tuple(found)
