"""What happens when an officer presses Confirm answers: check, ask again, or write. No HTML, no request.

Two rules of the page live here. A new birth date is typed without seeing the reading, and a difference is never taken
silently. A file is never chosen by name alone (F22): a person says whose form it is whenever one might fit.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlmodel import Session

from forms.results import LETTERS, FormReading
from forms.template import Kind, Template
from forms.writing.names import likely_names
from intake import erasing, filing, in_use, interpret, other_child, strays
from intake.desk.form_view import (
    LONGEST_LINE,
    FormShown,
    Mistake,
    answers_from,
    date_from,
    show,
    unreadable,
    written_on,
)
from intake.filing import Confirmed, KnownChild, NewChild, Outcome
from intake.wiring import Paperchain
from records.cases import closing
from records.clock import day_of
from records.consents.givers import Giver
from records.consents.standing import ConsentState
from records.desk.numbers import whole
from records.errors import RefusedByRule
from records.people import register
from records.people.ages import Known, Queried, age_range, check_birth_date, has_reached
from records.people.birthdates import BirthDate, across
from records.people.index import everybody
from records.people.matching import Likeness, compare, near_days
from records.people.tables import ChildFile
from records.people.typed import name_problem, text_problem
from records.policies.periods import add_months, in_words
from records.post import inbox, review
from records.post.tables import Item, Part
from records.retention import several

NEW_FILE = "new"
GUIDE_AGE = (
    13  # where a service sets no age of its own (S9): below it, the young person's own signature is looked at again
)
GIVERS = (
    ("parent_or_carer", "Parent or carer"),
    ("young_person", "The young person"),
    ("representative", "Somebody else"),
)


EDITION = re.compile(r"(?:19|20)[0-9]{2}(?=-|$)")
"""The year at the head of an edition's name: before it nobody can have signed that edition."""
MUCH_ALIKE = 0.78
"""Another child's name is not shown for a shared first name (which comes to 0.74 at most); two wrong letters come to 0.82."""


@dataclass(frozen=True)
class OnFile:
    """A file whose child's name is much like the one that was read."""

    number: int
    name: str


@dataclass(frozen=True)
class Candidate:
    """A file that may be this child's: its number and how well it fits; nothing more than tells two children apart."""

    number: int
    why: str


@dataclass(frozen=True)
class Again:
    """The page once more: what to put right, and the files that may fit."""

    mistakes: tuple[Mistake, ...]
    candidates: tuple[Candidate, ...] = ()
    differs: str | None = None
    """The birth date typed, when it differs from the reading and is looked at again."""
    young: str | None = None
    """The birth date typed, when a child too young for it is said to have signed, and that is looked at again."""
    old: str | None = None
    """The day of signing typed, when it is so long before the form came that it is looked at again (F26)."""
    nameless: bool = False
    """No name was typed on a form that says No to storing, and that is looked at again."""
    unnamed: bool = False
    """No name of the parent who signed was typed, and that is looked at again (F24)."""


@dataclass(frozen=True)
class StorageSaidNo:
    """The form says No to storing: the refusal is settled on a page of its own."""


@dataclass(frozen=True)
class Written:
    """The form was confirmed, or put in quarantine."""

    outcome: Outcome


@dataclass(frozen=True)
class Opened:
    """A form with all that its page needs."""

    part: Part
    item: Item
    template: Template
    reading: FormReading
    shown: FormShown
    typed: Mapping[str, str]
    """What stands in the boxes: sent just now, or decided before the form waited for the family."""
    along: tuple[int, ...]
    """Blank and policy pages that are settled with the form: they are shown with it, so that somebody has seen them (P6)."""


def open_form(session: Session, part_id: UUID, typed: Mapping[str, str] | None = None) -> Opened:
    """Reads a form for its page. Raises NotFound."""
    part = review.get(session, part_id)
    item = review.item_of(session, part)
    template = in_use.template_of(session, part)
    reading = FormReading.from_json(review.reading_json(session, part))
    pages = inbox.pages_of(session, item, part)
    typed = typed or _before(session, part, template)
    shown = show(template, reading, pages, typed)
    copied = other_child.note(session, part)
    shown = replace(
        shown, notes=(*((copied,) if copied else shown.notes), *strays.elsewhere(session, item, part))
    )  # fmt: skip
    return Opened(part, item, template, reading, shown, typed, along(session, item, part))


def along(session: Session, item: Item, part: Part) -> tuple[int, ...]:
    """Numbers of the pages that are settled with a form."""
    ids = {each.id for each in erasing.along_with(session, item, part)}
    return tuple(page.number for page in inbox.pages_of(session, item) if page.part_id in ids)


def _before(session: Session, part: Part, template: Template) -> dict[str, str]:
    """What an officer decided earlier about a form in quarantine, so that it is not asked again; never a birth date."""
    kept = review.last_confirmation(session, part) or {}
    before = {name: str(value["confirmed"]) for name, value in kept.items() if value["confirmed"] is not None}
    for field in template.fields:
        if field.kind is Kind.DATE and field.id in before:
            year, month, day = before.pop(field.id).split("-")
            if field.id != "date_of_birth":
                before |= {f"{field.id}-day": day, f"{field.id}-month": month, f"{field.id}-year": year}
    return before


def confirm(
    chain: Paperchain,
    actor: UUID,
    part_id: UUID,
    sent: Mapping[str, str],
    may_see: Callable[[ChildFile], bool] = lambda _: False,
) -> Again | StorageSaidNo | Written:
    """Checks what was sent and writes it. Raises ChangedMeanwhile when somebody else was first."""
    with chain.db.reading() as session:
        opened = open_form(session, part_id, sent)
    answers, wrong = answers_from(opened.template, sent, written_on(opened.reading))
    if interpret.storing(opened.template, answers) is ConsentState.REFUSED:
        return _said_no(chain, actor, opened, sent, answers, wrong)
    signed_on = date.fromisoformat(answers["signed_on"] or "") if answers.get("signed_on") else None
    mistake, old = signed_in_time(chain, sent, signed_on, opened.item, opened.template.edition)
    wrong += [mistake] if mistake else []
    others, mistake = _other_children(sent)
    wrong += [mistake] if mistake else []
    name, born, written = sent.get("child_name", "").strip(), None, None
    candidates: tuple[Candidate, ...] = ()
    differs = young = None
    unnamed = False
    if interpret.quarantine(opened.template, answers) is None:
        born, mistake, differs = _born(opened, sent, signed_on)
        written = _written_birth_date(sent)
        wrong += [mistake] if mistake else []
        problem = name_problem(name, "The name of the child or young person")
        wrong += [Mistake("child_name", problem)] if problem else []
        if sent.get("giver") not in {code for code, _ in GIVERS}:
            wrong.append(Mistake("giver", "Choose who signed the form"))
        unnamed = _is_unnamed(opened.template, answers, sent)
        if unnamed:
            words = "Enter the name of the parent or carer, who is put on the file. If it is missing or cannot be read, confirm once more without it"
            wrong.append(Mistake("parent_name", words))
        mistake, young = signed_by_a_child(chain, sent, born, signed_on or opened.item.received_on)
        wrong += [mistake] if mistake else []
        candidates = _candidates(chain, name, born, may_see) if name and not wrong else ()
        if candidates and _chosen(sent, candidates) is None:
            wrong.append(Mistake("file", "Choose whose form this is"))
        elif candidates and not wrong:
            known = _born_on_file(chain, _chosen(sent, candidates))
            mistake, old = signed_in_time(chain, sent, signed_on, opened.item, opened.template.edition, known)
            wrong += [mistake] if mistake else []
        mistake = _of_the_first_child(chain, opened.part, _chosen(sent, candidates), sent.get("giver", ""))
        wrong += [mistake] if mistake else []
    if wrong:
        return Again(tuple(wrong), candidates, differs, young, old, unnamed=unnamed)
    answers |= {"child_name": name or None, "date_of_birth": written}
    decided = Confirmed(
        answers=answers,
        child=_child(chain, sent, candidates, name, born),
        giver=sent.get("giver", "unknown"),
        signed_on=signed_on,
        legible=sent.get("legible") == "yes",
        actor=actor,
        version=version_sent(sent),
        more_children=others,
        may_be=_hidden(chain, name, born, may_see) if name else (),
    )
    return Written(filing.confirm(chain, part_id, decided))


def _is_unnamed(template: Template, answers: Mapping[str, str | None], sent: Mapping[str, str]) -> bool:
    """Whether a parent signed whose name the form has a line for, and nobody has looked twice that none can be read (F24)."""
    asked = any(field.id == "parent_name" for field in template.fields)
    by_parent = sent.get("giver") == Giver.PARENT_OR_CARER
    return asked and by_parent and not answers.get("parent_name") and sent.get("parent-looked-at") != "yes"


def _said_no(
    chain: Paperchain,
    actor: UUID,
    opened: Opened,
    sent: Mapping[str, str],
    answers: dict[str, str | None],
    wrong: Sequence[Mistake],
) -> Again | StorageSaidNo:
    """Notes a No to storing. Whose form it is has to be typed first, as far as it can be read: the child may have a file on which
    the No must be recorded before the form goes (W41, R31). What else is unanswered is not asked about: nothing of it is kept."""
    signed_on = date.fromisoformat(answers["signed_on"] or "") if answers.get("signed_on") else None
    again = [each for each in wrong if each.field == "signed_on"]
    again += [found for field in opened.template.fields if (found := unreadable(field, sent))]
    others, mistake = _other_children(sent)
    again += [mistake] if mistake else []
    mistake, old = signed_in_time(chain, sent, signed_on, opened.item, opened.template.edition)
    again += [mistake] if mistake else []
    name = sent.get("child_name", "").strip()
    nameless = not name and sent.get("name-looked-at") != "yes"
    if name and (problem := name_problem(name, "The name of the child or young person")):
        again.append(Mistake("child_name", problem))
    elif nameless:
        words = "Enter the name, so that a file about this child is found. If it cannot be read, confirm once more without it"
        again.append(Mistake("child_name", words))
    _, mistake, differs = _born(opened, sent, signed_on)
    again += [mistake] if mistake else []
    if interpret.is_signed(opened.template, answers) and sent.get("giver") not in {code for code, _ in GIVERS}:
        again.append(Mistake("giver", "Choose who signed the form"))
    if again:
        return Again(tuple(again), differs=differs, old=old, nameless=nameless)
    answers |= {"child_name": name or None, "date_of_birth": _written_birth_date(sent)}
    giver = sent.get("giver")
    filing.note_no(
        chain, opened.part.id, answers, giver=giver, actor=actor, version=version_sent(sent), more_children=others
    )
    return StorageSaidNo()


def _other_children(sent: Mapping[str, str]) -> tuple[str | None, Mistake | None]:
    """What was said of other children on the form (F22): None where none is named. Names typed without the tick count as one."""
    names = sent.get(filing.OTHER_NAMES, "").strip()
    if problem := text_problem(names, "The line with names of other children", LONGEST_LINE):
        return None, Mistake(filing.OTHER_NAMES, problem)
    return (names if names or sent.get(filing.MORE_CHILDREN) == "yes" else None), None


def version_sent(sent: Mapping[str, str]) -> int:
    """The version that the page was made from; one that never was for anything else than a number."""
    version = whole(sent.get("version", ""))
    return -1 if version is None else version


def signed_in_time(
    chain: Paperchain,
    sent: Mapping[str, str],
    signed_on: date | None,
    item: Item,
    edition: str,
    born: BirthDate | None = None,
) -> tuple[Mistake | None, str | None]:
    """F26: a signature date in the future is a slip; one long before the form came, from before its edition was printed, or from before
    the child on file was `born`, is asked about once. A missing one is allowed: the received date is assumed, and marked."""
    if signed_on is None:
        return None, None
    if signed_on > chain.clock.today():
        return Mistake("signed_on", "The date signed must be today or in the past"), None
    months, day, since = (
        chain.policy().periods.signature_before_receipt_months,
        signed_on.isoformat(),
        EDITION.match(edition),
    )
    if sent.get("signed-looked-at") == day:
        return None, None
    if born is not None and signed_on < born.earliest:
        words = "The child on this file was not born yet on that day."
    elif since is not None and signed_on.year < int(since[0]):
        words = f"This form is the edition of {since[0]}, which was not printed yet on the day that was typed."
    elif add_months(signed_on, months) < item.received_on:
        after = f"{months} {'month' if months == 1 else 'months'}"
        words = f"This form came on {in_words(item.received_on)}, more than {after} after it was signed."
    else:
        return None, None
    return Mistake("signed_on", f"{words} Look again at the date signed, and confirm once more if it is right"), day


def signed_by_a_child(
    chain: Paperchain, sent: Mapping[str, str], born: BirthDate | None, signed_on: date
) -> tuple[Mistake | None, str | None]:
    """A signature said to be a young child's own is asked about once: it is far more often a parent's, ticked by mistake (R16, R17)."""
    least = chain.policy().guide_age or GUIDE_AGE
    if sent.get("giver") != "young_person" or born is None or has_reached(born, least, signed_on) is not Known.NO:
        return None, None
    ages = age_range(born, signed_on)
    day = born.earliest.isoformat()
    if ages is None or sent.get("giver-looked-at") == day:
        return None, None
    words = f"The young person was {ages[0]} on the day of signing. Look again at who signed, and confirm once more if it is right"
    return Mistake("giver", words), day


def _born(
    opened: Opened, sent: Mapping[str, str], signed_on: date | None
) -> tuple[BirthDate | None, Mistake | None, str | None]:
    """The birth date typed; None when it cannot be read (R37).

    A difference from the reading, or an unlikely date, is asked about once.
    """
    if sent.get("born-unreadable") == "yes":
        return None, None, None
    day, mistake = date_from(sent, "date_of_birth", "Date of birth", needed=True)
    if day is None:
        return None, mistake, None
    born, looked_at = BirthDate.on(day), sent.get("born-looked-at")
    if day > opened.item.received_on:
        return born, Mistake("date_of_birth", "Date of birth must be in the past"), None
    read = opened.reading.fields.get("date_of_birth")
    judged = check_birth_date(born, signed_on=signed_on, received_on=opened.item.received_on)
    if read is not None and read.value and read.value != day.isoformat() and looked_at != day.isoformat():
        # Both doubts at once: sent again, the date is taken as looked at, and an unlikely one then counts for nothing (R39).
        unlikely = f" {judged.reason}" if isinstance(judged, Queried) else ""
        words = f"The computer read {_read_words(read.value)}. You typed {in_words(day)}.{unlikely} Look again."
        return born, Mistake("date_of_birth", words), day.isoformat()
    if isinstance(judged, Queried) and looked_at != day.isoformat():
        return born, Mistake("date_of_birth", f"{judged.reason} Look again."), day.isoformat()
    if isinstance(judged, Queried):
        return None, None, None  # kept as written in the confirmation, unknown for every rule (R39)
    return born, None, None


def _written_birth_date(sent: Mapping[str, str]) -> str | None:
    """What stands on the paper, as typed: kept also where it is not believed (R39)."""
    day, _ = date_from(sent, "date_of_birth", "Date of birth", needed=False)
    return day.isoformat() if day and sent.get("born-unreadable") != "yes" else None


def _read_words(value: str) -> str:
    try:
        return in_words(date.fromisoformat(value))
    except ValueError:
        return value


def on_file(session: Session, reading: FormReading, may_see: Callable[[ChildFile], bool]) -> tuple[OnFile, ...]:
    """Names on file that the written name of the child may be: help for whoever types it, never an answer.

    `may_see`: whether this officer may open a file; a name of any other is not shown.
    """
    read = reading.fields.get("child_name")
    born = reading.fields.get("date_of_birth")
    hits = register.find_by_name(session, read.value, may_see) if read and read.value else []
    if born and born.value and (day := _day(born.value)):
        hits += register.find_by_birth_date(session, day, may_see)
    files = list({hit.file.id: hit.file for hit in hits}.values())
    names = [register.child_name(session, file) for file in files]
    readings = [text for text in (read.value, read.evidence.get(LETTERS)) if isinstance(text, str)] if read else []
    close = likely_names(readings, names, most=3, least=MUCH_ALIKE)
    return tuple(OnFile(files[one.index].number, one.name) for one in close)


def _day(iso: str) -> date | None:
    try:
        return date.fromisoformat(iso)
    except ValueError:
        return None


def _candidates(
    chain: Paperchain, name: str, born: BirthDate | None, may_see: Callable[[ChildFile], bool]
) -> tuple[Candidate, ...]:
    """Files that may be this child's, best first, by name and birth date together (F22), among those that this officer may open: that
    there is another is not told (N10). Two that fit alike are told apart by who else is on them; a joined file stands for all of its child."""
    with chain.db.reading() as session:
        found = candidates(session, name, born, may_see)
        return tuple(
            replace(each, why=each.why + closed_words(session, register.by_number(session, each.number)))
            for each in found
        )


def candidates(
    session: Session, name: str, born: BirthDate | None, may_see: Callable[[ChildFile], bool]
) -> tuple[Candidate, ...]:
    """The same, in the caller's session."""
    found = _alike(session, name, born, may_see)
    whys = [why for _, why in found]
    return tuple(
        Candidate(
            file.number,
            why + (_told_apart(session, file) if whys.count(why) > 1 else ""),
        )
        for file, why in found
    )


def closed_words(session: Session, file: ChildFile) -> str:
    """Said of a file that is offered, when it is closed: what is filed on it opens it again (R36)."""
    found = closing.standing(session, file)
    return "" if found.open else f". Closed since {in_words(found.since)}: this form opens it again"


def alike(session: Session, name: str, born: BirthDate | None, may_see: Callable[[ChildFile], bool]) -> list[ChildFile]:
    """Files that may be this child's, best first."""
    return [file for file, _ in _alike(session, name, born, may_see)]


def _hidden(
    chain: Paperchain, name: str, born: BirthDate | None, may_see: Callable[[ChildFile], bool]
) -> tuple[int, ...]:
    """Numbers of files that may be this child's and that this officer may not open: for a manager's eyes alone."""
    with chain.db.reading() as session:
        open_to_them = {file.id for file, _ in _alike(session, name, born, may_see)}
        return tuple(file.number for file, _ in _alike(session, name, born, everybody) if file.id not in open_to_them)


def _alike(
    session: Session, name: str, born: BirthDate | None, may_see: Callable[[ChildFile], bool]
) -> list[tuple[ChildFile, str]]:
    """Files that may be this child's, best first, each with why."""
    found: list[tuple[int, ChildFile, str]] = []
    ids = {hit.file.id: hit.file for hit in register.find_by_name(session, name, may_see)}
    if born is not None and born.exact:
        for day in near_days(born.earliest):
            ids |= {hit.file.id: hit.file for hit in register.find_by_birth_date(session, day, may_see)}
    for file in ids.values():
        named = register.child_name(session, file)
        births: list[BirthDate | None] = [*register.birth_dates(session, file)]
        judged = [compare(name, born, named, each) for each in births or [None]]
        best = min(judged, key=lambda one: list(Likeness).index(one.likeness))
        if best.likeness is not Likeness.NONE:
            found.append((list(Likeness).index(best.likeness), file, best.reason))
    return [(file, why) for _, file, why in sorted(found, key=lambda one: (one[0], one[1].number))]


def _told_apart(session: Session, file: ChildFile) -> str:
    others = [person.name for person in register.people(session, file)[1:3]]
    return f". Also on the file: {', '.join(others)}" if others else f". Opened {in_words(day_of(file.opened_at))}"


def _chosen(sent: Mapping[str, str], candidates: Sequence[Candidate]) -> str | None:
    chosen = sent.get("file")
    return chosen if chosen == NEW_FILE or chosen in {str(each.number) for each in candidates} else None


def _of_the_first_child(chain: Paperchain, part: Part, chosen: str | None, giver: str) -> Mistake | None:
    """Why a copy of a form that names two children cannot be confirmed so (F22); None for every other form."""
    with chain.db.reading() as session:
        file = register.by_number(session, int(chosen)) if chosen not in (None, NEW_FILE) else None
        try:
            several.need_other_child(session, part, file, giver)
        except RefusedByRule as refused:
            return Mistake("giver" if giver == Giver.YOUNG_PERSON else "file", refused.message)
    return None


def _born_on_file(chain: Paperchain, chosen: str | None) -> BirthDate | None:
    """What is known of the birth date on the file that was chosen; nothing of a new file."""
    if chosen is None or chosen == NEW_FILE:
        return None
    with chain.db.reading() as session:
        return across(register.birth_dates(session, register.by_number(session, int(chosen))))


def _child(
    chain: Paperchain, sent: Mapping[str, str], candidates: Sequence[Candidate], name: str, born: BirthDate | None
) -> NewChild | KnownChild:
    chosen = _chosen(sent, candidates)
    if chosen is None or chosen == NEW_FILE:
        return NewChild(name, born)
    with chain.db.reading() as session:
        return KnownChild(register.by_number(session, int(chosen)).id, born)
