"""What the People tab shows of everybody on a file, and the warnings that stand above every tab. No HTML, no request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from records.clock import day_of
from records.desk import entitled_view
from records.desk.people_forms import CHANNEL_WORDS, EVIDENCE_WORDS, FORMAT_WORDS
from records.people import known, merging, refusals, register, relations
from records.people.birthdates import BirthDate, across
from records.people.facts import (
    Answer,
    Capacity,
    Channel,
    ContactDetails,
    Details,
    Ended,
    Evidence,
    Fact,
    FactKind,
    LanguageAndFormat,
    Responsibility,
    SafeContact,
    SomebodyElse,
    Wishes,
    newest,
)
from records.people.languages import LANGUAGES
from records.people.namesakes import namesakes_of, with_namesakes
from records.people.preferences import from_facts
from records.people.refusals import EVERYBODY
from records.people.register import PersonShown
from records.people.tables import ChildFile
from records.policies.periods import in_words
from records.policies.settings import Policy
from records.vocabulary import Format

ANSWER_WORDS = {Answer.YES: "Yes", Answer.NO: "No", Answer.UNKNOWN: "Not known"}
OUTCOME_WORDS = {
    "refuse": "No: not what is held on the child.", "withhold": "No: not this.", "needs_decision": "Not known yet. A person decides when they ask.",
    "release_after_best_interests": "Yes, once it is noted that it is in the child’s interests.",
    "release_as_representative": "Yes, for the young person.", "release": "Yes.",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One thing said about a person: who recorded it, when, and from when it is so."""

    words: str
    who: str
    true_on: date
    at: datetime


@dataclass(frozen=True)
class Row:
    """One person on the tab."""

    person: PersonShown
    relationship: str
    child: bool
    responsibility: str
    evidence: str
    reach: str
    contact: Sequence[str]
    safe: Sequence[str]
    wishes: Line | None
    capacity: Sequence[Line]
    may_ask: str
    on_file: int | None = None
    """The number of their file, where several are seen as one."""
    namesakes: Sequence[str] = ()
    """Each who bears the same name on a joined file, and whether they are told apart."""


@dataclass(frozen=True)
class Source:
    """One word on the birth date."""

    born: str
    words: str
    who: str
    at: datetime
    settled: bool


@dataclass(frozen=True)
class Apart:
    """A file that is seen with this one, and why."""

    id: UUID
    number: int
    why: str
    who: str
    at: datetime


@dataclass(frozen=True)
class Side:
    """One of two files that may be one child, with what tells them apart."""

    number: int
    name: str
    born: str
    others: str
    opened: date


@dataclass(frozen=True)
class Shown:
    """The whole tab."""

    rows: Sequence[Row]
    gone: Sequence[tuple[PersonShown, str]]
    born: BirthDate | None
    sources: Sequence[Source]
    joined: Sequence[Apart]


def show(session: Session, file: ChildFile, policy: Policy, today: date, names: Mapping[str, str]) -> Shown:
    """Everybody on a file, and those joined to it."""
    everybody = register.people(session, file, ended=True)
    facts = known.of_file(session, file.id)
    born = across(register.birth_dates(session, file))
    child = entitled_view.of_the_child(session, file, everybody)
    numbers = {each.id: each.number for each in register.all_of(session, file)}
    rows = []
    for person in (each for each in everybody if not each.ended):
        mine = facts.get(person.id, [])
        given = may_ask(person, mine, child, policy, today)
        row = _row(session, file, person, mine, everybody, names, given)
        alike = [
            _namesake(person, each, numbers[each.file_id], everybody, facts) for each in namesakes_of(person, everybody)
        ]
        rows.append(replace(row, on_file=numbers[person.file_id] if len(numbers) > 1 else None, namesakes=alike))
    gone = [(person, _why(facts.get(person.id, []))) for person in everybody if person.ended]
    apart = [
        Apart(each.id, numbers[each.taken_id], each.why, names.get(each.merged_by, "–"), each.merged_at)
        for each in merging.joined(session, file)
    ]
    return Shown(rows, gone, born, sources(session, file, names), apart)


def _why(facts: Sequence[Fact]) -> str:
    ended = newest(facts, FactKind.ENDED)
    return ended.value.why if ended and isinstance(ended.value, Ended) else ""


def _row(
    session: Session, file: ChildFile, person: PersonShown, mine: Sequence[Fact], everybody: Sequence[PersonShown],
    names: Mapping[str, str], may_be_given: str,
) -> Row:  # fmt: skip
    child = person.kind == relations.Kind.CHILD
    standing = newest(mine, FactKind.RESPONSIBILITY)
    wishes = newest(mine, FactKind.WISHES)
    wanted = from_facts(mine)
    reach = f"{LANGUAGES.get(wanted.language, wanted.language)}, {FORMAT_WORDS[wanted.format].lower()}"
    if wanted.format is Format.OTHER:
        reach = f"{LANGUAGES.get(wanted.language, wanted.language)}, {wanted.other_format}"
    return Row(
        person=person, relationship=relations.words(person.relationship), child=child,
        responsibility=ANSWER_WORDS.get(Answer(person.parental_responsibility), "Not known"),
        evidence=_evidence(standing, names), reach=reach, contact=reached(wanted.contact) if wanted.contact else (),
        safe=in_sentences(wanted.safe_contact, everybody) if wanted.safe_contact else (),
        wishes=_line(wishes, everybody, names) if wishes else None,
        capacity=[_line(fact, everybody, names) for fact in known.capacity(session, file.id, person.id)] if child else (),
        may_ask=may_be_given,
    )  # fmt: skip


def _namesake(
    person: PersonShown, other: PersonShown, number: int, everybody: Sequence[PersonShown], facts: Mapping[UUID, Sequence[Fact]]
) -> str:  # fmt: skip
    where = f"{other.name}, {relations.words(other.relationship).lower()}, on PC-{number:04d}"
    if other.ended:
        where += " until taken off"
    if other.id in with_namesakes([person.id], everybody, facts):
        return f"{where}: may be the same person, so what keeps something from one keeps it from both"
    return f"{where}: somebody else"


def may_ask(
    person: PersonShown, facts: Sequence[Fact], child: entitled_view.OfTheChild, policy: Policy, today: date
) -> str:
    """What somebody may be given who asks for what is held on the child, by the one rule (R19), before anything is noted for a request."""
    found = entitled_view.entitled_today(person, facts, child, policy, today)
    return f"{OUTCOME_WORDS[found.outcome]} {found.reason}"


def _evidence(standing: Fact | None, names: Mapping[str, str]) -> str:
    if standing is None or not isinstance(standing.value, Responsibility):
        return "Nobody has recorded it"
    value = standing.value
    limits = f". Limited: {value.limits}" if value.limits else ""
    seen = EVIDENCE_WORDS[Evidence(value.evidence)]
    return f"{seen}, {in_words(standing.true_on)}, recorded by {names.get(standing.recorded_by, '–')}{limits}"


def in_sentences(safe: SafeContact, everybody: Sequence[PersonShown]) -> list[str]:
    """A safe-contact instruction for whoever is about to call or write."""
    names = {str(person.id): person.name for person in everybody}
    found = ["Do not contact."] if safe.do_not_contact else []
    if safe.do_not_tell:
        found.append(f"Do not tell {' or '.join(names.get(who, 'somebody on the file') for who in safe.do_not_tell)}.")
    if safe.not_by:
        found.append(f"Never by {' or '.join(CHANNEL_WORDS[Channel(code)].lower() for code in safe.not_by)}.")
    if safe.address:
        found.append(f"Post only to: {' '.join(safe.address.split())}.")
    if safe.times:
        found.append(f"Safe times: {safe.times}.")
    return [*found, safe.words] if safe.words else found


def reached(told: ContactDetails) -> list[str]:
    """How somebody can be reached, a line each."""
    prefers = f"Wants to be reached by {CHANNEL_WORDS[Channel(told.prefers)].lower()}" if told.prefers else ""
    if told.prefers == Channel.IN_PERSON:
        prefers = "Wants to be spoken to in person"
    return [each for each in (told.telephone, told.email, *told.address.splitlines(), prefers) if each.strip()]


def warnings(session: Session, file: ChildFile) -> list[str]:
    """Safe-contact instructions, and birth dates that disagree, above every tab of the file."""
    everybody = register.people(session, file)
    facts = known.of_file(session, file.id)
    found = []
    for person in everybody:
        safe = from_facts(facts.get(person.id, [])).safe_contact
        if safe is not None:
            found.append(f"Safe contact, {person.name}: {' '.join(in_sentences(safe, everybody))}")
    for name in refusals_shown(everybody, facts):
        found.append(
            f"The young person lets {name} neither see nor hear of their records. Never tell anybody that they said so."
        )
    born = across(register.birth_dates(session, file))
    if born is not None and born.disputed:
        found.append("The dates of birth on this file disagree. Settle which is right under People.")
    return found


def refusals_shown(everybody: Sequence[PersonShown], facts: Mapping[UUID, Sequence[Fact]]) -> list[str]:
    """The names of those on the file whom the child refuses, and "anybody else" where they refuse everybody (W15)."""
    children = [each.id for each in everybody if each.kind == register.CHILD]
    refuse = refusals.refused(facts, children, [each.id for each in everybody if each.kind != register.CHILD])
    more = ["anybody else"] if refusals.refuses_everybody(facts, children) else []
    return [*(each.name for each in everybody if each.id in refuse), *more]


def sources(session: Session, file: ChildFile, names: Mapping[str, str]) -> list[Source]:
    """Every word on the birth date, oldest first."""
    found = []
    for each in register.birth_sources(session, file):
        words = "A form" if each.part_id else "Typed"
        if each.settled:
            words = f"Settled: {register.EVIDENCE_OF_BIRTH.get(each.evidence, each.evidence)}"
            words += f". {each.why}" if each.why else ""
        born = each.born.in_words() if each.born else "Nothing that can be used"
        found.append(Source(born, words, names.get(each.recorded_by, "Paperchain"), each.recorded_at, each.settled))
    return found


def history(
    facts: Sequence[Fact], kind: FactKind, everybody: Sequence[PersonShown], names: Mapping[str, str]
) -> list[Line]:
    """What was recorded before of one kind, newest first."""
    return [_line(fact, everybody, names) for fact in reversed(facts) if fact.kind is kind]


def _line(fact: Fact, everybody: Sequence[PersonShown], names: Mapping[str, str]) -> Line:
    return Line(_words(fact, everybody), names.get(fact.recorded_by, "–"), fact.true_on, fact.recorded_at)


def _words(fact: Fact, everybody: Sequence[PersonShown]) -> str:
    match fact.value:
        case Details(name=name, relationship=relationship):
            return f"{name}, {relations.words(relationship).lower()}"
        case Responsibility(answer=answer, evidence=evidence, limits=limits):
            seen = EVIDENCE_WORDS[Evidence(evidence)]
            return f"{ANSWER_WORDS[Answer(answer)]}. {seen}" + (f". Limited: {limits}" if limits else "")
        case SafeContact() as safe:
            return "Lifted" if safe.empty else " ".join(in_sentences(safe, everybody))
        case ContactDetails() as told_us:
            return "Nothing is known any more" if told_us.empty else ", ".join(reached(told_us))
        case LanguageAndFormat(language=language, format=chosen, other=other):
            return f"{LANGUAGES.get(language, language)}, {other or FORMAT_WORDS[Format(chosen)].lower()}"
        case Wishes(words=words, refuses=refuses):
            names_of = {EVERYBODY: "everybody else"} | {str(person.id): person.name for person in everybody}
            told = " or ".join(names_of.get(who, "somebody on the file") for who in refuses)
            end = "" if words.rstrip().endswith((".", "!", "?")) else "."
            return f"{words.rstrip()}{end} Not to be shown or told: {told}." if told else words
        case Capacity() as judged:
            tests = zip(("understands", "keeps in mind", "weighs up", "communicates"), judged.tests, strict=True)
            said = ", ".join(f"{name}: {ANSWER_WORDS[Answer(test)].lower()}" for name, test in tests)
            return f"{judged.decision}: {ANSWER_WORDS[Answer(judged.outcome)]} ({said}). {judged.why}"
        case SomebodyElse(than=than, why=why):
            return (
                f"Somebody else than the person of the same name. {why}" if than else f"May be the same person. {why}"
            )
        case Ended(why=why):
            return why


def side(session: Session, file: ChildFile) -> Side:
    """One of two files to compare."""
    people = register.people(session, file)
    born = across(register.birth_dates(session, file))
    others = ", ".join(f"{each.name} ({relations.words(each.relationship).lower()})" for each in people[1:])
    return Side(
        file.number, people[0].name, born.in_words() if born else "not known", others or "–", day_of(file.opened_at)
    )
