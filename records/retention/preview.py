"""What a change of the keeping time would do, before it is saved (R46, G8)."""

from collections import Counter
from dataclasses import dataclass

from sqlmodel import Session

from records.policies.settings import RetentionRule
from records.retention.facts import due_under, of_files
from records.retention.schedule import Due


@dataclass(frozen=True)
class Preview:
    """How many files would change, and how."""

    earlier: int
    later: int
    gain_a_date: int
    lose_their_date: int
    same: int

    @property
    def shortens(self) -> bool:
        """The change needs the 30 days' notice of R46."""
        return bool(self.earlier or self.gain_a_date)

    @property
    def words(self) -> str:
        """For the page that asks before saving: 42 files will have an earlier keep-until date."""
        said = [
            _files(self.earlier, "an earlier keep-until date"),
            _files(self.later, "a later keep-until date"),
            _files(self.gain_a_date, "a keep-until date that have none today"),
            _files(self.lose_their_date, "no keep-until date any more"),
        ]
        return " ".join(each for each in said if each) or "No keep-until date will change."


def preview_change(session: Session, old: RetentionRule, new: RetentionRule) -> Preview:
    """Counts every file under both rules; nothing is changed."""
    tally: Counter[str] = Counter()
    for facts in of_files(session):
        before, after = due_under(facts, old), due_under(facts, new)
        match before, after:
            case Due(due=was), Due(due=will):
                tally["earlier" if will < was else "later" if will > was else "same"] += 1
            case Due(), _:
                tally["lose"] += 1
            case _, Due():
                tally["gain"] += 1
            case _:
                tally["same"] += 1
    return Preview(tally["earlier"], tally["later"], tally["gain"], tally["lose"], tally["same"])


def _files(count: int, what: str) -> str:
    if not count:
        return ""
    if count == 1:
        what = what.replace("that have none", "that has none")
    return f"{count} {'file' if count == 1 else 'files'} will have {what}."
