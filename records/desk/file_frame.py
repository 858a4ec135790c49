"""The frame of a child's file: who may open it, the entry of each view, and what stands above every tab.

A page about one file begins with `opened` and `seen`, and extends `file_layout.html` with `frame(...)` as `frame`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlmodel import Session

from records import holds as on_file
from records.audit import trail
from records.cases import awaiting_form, closing, telling
from records.consents import ledger
from records.consents.standing import ConsentState
from records.desk import access_view, people_view
from records.desk.shell import Call
from records.errors import NotFound
from records.guard.standing import about
from records.holds.kinds import in_lines
from records.people import register
from records.people.ages import age_range
from records.people.birthdates import BirthDate, across
from records.people.tables import ChildFile
from records.staff import accounts
from records.staff.access import Act

LARGEST_NUMBER = 2**31 - 1  # what the column holds; the embedded database would stumble over much larger ones
STORE = "store"


@dataclass(frozen=True)
class Tab:
    """One page of a file: its place under `/files/N`, its words, and the act that lets somebody see it."""

    path: str
    words: str
    act: Act = Act.OPEN_FILE


TABS = (
    Tab("", "Summary"),
    Tab("/people", "People"),
    Tab("/notes", "Notes"),
    Tab("/originals", "Originals"),
    Tab("/requests", "Requests"),
    Tab("/history", "History"),
    Tab("/access", "Who may see it"),
)

ACTS = (
    Tab("/change", "Record a change or withdrawal", Act.CHANGE_CONSENT),
    Tab("/contacts", "Who we talk to", Act.CHANGE_CONSENT),
    Tab("/letters", "Letters and receipts", Act.WRITE_TO_FAMILY),
    Tab("/pack", "Copies for the family", Act.WRITE_TO_FAMILY),
    Tab("/told", "Policy and rights", Act.WRITE_TO_FAMILY),
    Tab("/several", "Papers about several children", Act.COVER_PART),
    Tab("/share-for-safety", "Share for safety", Act.SHARE_FOR_SAFETY),
)
"""What can be done from every tab of a file, each one action away."""
CLOSE, OPEN_AGAIN = (Tab("/close", words, Act.CLOSE_FILE) for words in ("Close this file", "Open this file again"))


def on_hold(session: Session, call: Call, file: ChildFile) -> Sequence[str]:
    """A sentence for each kind and day of the holds over the file, or over something in it (R44)."""
    return in_lines(on_file.blocking(session, file_id=file.id))


WARNINGS: tuple[Callable[[Session, Call, ChildFile], Sequence[str]], ...] = (
    lambda session, call, file: access_view.warnings(session, call.actor, file),
    lambda session, call, file: people_view.warnings(session, file),
)
"""Each gives sentences that stand above every tab while they are true, the first of all: a refusal, a restriction, a safe-contact instruction."""
REMINDERS: tuple[Callable[[Session, Call, ChildFile], Sequence[str]], ...] = (
    on_hold,
    lambda session, call, file: telling.warnings(session, file, call.desk.policy()),
    lambda session, call, file: closing.warnings(session, file),
    lambda session, call, file: awaiting_form.warnings(session, file, call.desk.policy(), call.desk.clock.today()),
)
"""The same for what is only to be done or known: below the warnings, and less loud, so that those stand out."""


@dataclass(frozen=True)
class Frame:
    """What every tab of a file shows at its top."""

    number: int
    name: str
    born: str
    age: str
    officer: str
    may_keep: bool
    open: bool
    since: date
    tabs: Sequence[Tab]
    here: str
    warnings: Sequence[str]
    reminders: Sequence[str] = ()
    acts: Sequence[tuple[str, str]] = ()
    also: Sequence[int] = ()


def opened(session: Session, call: Call, number: int, act: Act = Act.OPEN_FILE) -> ChildFile:
    """The file, if this person may; missing and forbidden look alike (NotFound). A joined file leads to the one that is kept."""
    if number > LARGEST_NUMBER:
        raise NotFound("There is nothing here.")
    files = register.all_of(session, register.by_number(session, number))
    for each in files:  # of two joined files both must be open to this person
        call.need(act, about(each))
    return files[0]


def seen(call: Call, file_id: UUID, act: str) -> None:
    """Every view of a file is one entry in the audit; a view that cannot be entered does not happen."""
    with call.desk.db.writing() as session:
        trail.append(
            session,
            actor=str(call.actor.id),
            act=act,
            subject_kind="file",
            subject_id=str(file_id),
            at=call.desk.clock.now(),
        )


def viewed(call: Call, number: int, act: Act, entry: str) -> None:
    """Opens a file for a page that fills itself later, and enters the view. NotFound as `opened`."""
    with call.desk.db.reading() as session:
        file = opened(session, call, number, act)
    seen(call, file.id, entry)


def frame(session: Session, call: Call, file: ChildFile, here: str) -> Frame:
    """The frame around the tab `here` (a path of `TABS`)."""
    today = call.desk.clock.today()
    born = across(register.birth_dates(session, file))
    policy = call.desk.policy()
    stands = closing.standing(session, file)
    holds = ledger.what_holds(
        session, file.id, today, refresh_months=policy.periods.consent_refresh_months,
        spoken_days=policy.periods.spoken_consent_days,
    )  # fmt: skip
    kept = holds.get(STORE)
    subject = about(file)
    return Frame(
        number=file.number,
        name=register.child_name(session, file),
        born=born.in_words() if born else "on a day not known",
        age=age_in_words(born, today),
        officer="you"
        if file.officer_id == call.actor.id
        else accounts.display_names(session).get(str(file.officer_id), "–"),
        may_keep=kept is not None and kept.state is ConsentState.GIVEN,
        open=stands.open,
        since=stands.since,
        tabs=[tab for tab in TABS if call.may(tab.act, subject)],
        here=here,
        also=[each.number for each in register.all_of(session, file)[1:]],
        warnings=[words for find in WARNINGS for words in find(session, call, file)],
        reminders=[words for find in REMINDERS for words in find(session, call, file)],
        acts=[
            (act.path, act.words)
            for act in (*ACTS, CLOSE if stands.open else OPEN_AGAIN)
            if act.path != here and call.may(act.act, subject)
        ],
    )


def age_in_words(born: BirthDate | None, today: date) -> str:
    """`age 14`, `age 14 or 15`, or that it is not known."""
    found = age_range(born, today)
    if found is None:
        return "age not known"
    low, high = found
    return f"age {low}" if low == high else f"age {low} or {high}"


def range_of(session: Session, file: ChildFile) -> BirthDate | None:
    """The child's birth date across all sources (R13, R40)."""
    return across(register.birth_dates(session, file))
