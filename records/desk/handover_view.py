"""Gathers what the sheet for a hand-over shows, from the file, its referral, its consents and its papers (W34, W38)."""

from datetime import date

from sqlmodel import Session

from records.cases import notes, progress, referrals, telling
from records.cases.handover import Part, Sheet, print_sheet
from records.cases.notes import Note
from records.cases.progress import Action
from records.cases.rules import Standing, gaps
from records.cases.tables import Referral
from records.cases.words import CAPACITY_WORDS, NOTE_WORDS, OUTCOME_WORDS, Capacity, NoteKind, Outcome, ReferralState
from records.consents import ledger
from records.consents.standing import ConsentState
from records.custody.moves import Custody
from records.desk import access_view, file_view, people_view
from records.desk.file_frame import STORE
from records.desk.shell import plain
from records.people import register, relations
from records.people.birthdates import across
from records.people.tables import ChildFile
from records.policies.periods import in_words
from records.policies.settings import Policy
from records.staff import accounts

GONE = (Custody.RETURNED, Custody.DESTROYED)


def standing(session: Session, file: ChildFile, row: Referral, policy: Policy, today: date) -> Standing:
    """What the check for a hand-over looks at."""
    written = [note for note in notes.of_file(session, file) if note.referral_id == row.id]
    actions = _actions(session, file, row)
    holds = ledger.what_holds(
        session,
        file.id,
        today,
        refresh_months=policy.periods.consent_refresh_months,
        spoken_days=policy.periods.spoken_consent_days,
    )
    kept, permission = holds.get(STORE), referrals.permission_of(session, row)
    agreed = kept.state is ConsentState.GIVEN if kept else permission is not None and permission.row.storing_agreed
    return Standing(
        kinds_of_notes=frozenset(note.kind for note in written), open_actions=sum(action.open for action in actions),
        overdue_actions=sum(action.late(today) for action in actions), ended=row.state == ReferralState.CLOSED,
        storing_agreed=agreed, has_carer=len(register.people(session, file)) > 1,
        family_told=not telling.still_missing(session, file, policy),
    )  # fmt: skip


def sheet(session: Session, file: ChildFile, row: Referral, policy: Policy, today: date, service: str) -> bytes:
    """The printed sheet."""
    people = register.people(session, file)
    born = across(register.birth_dates(session, file))
    names = accounts.display_names(session)
    written = [note for note in notes.of_file(session, file) if note.referral_id == row.id]
    told = referrals.opened(session, row)
    shown = file_view.show(session, file, policy, today)
    yes = [answer.words for answer in (*shown.talk, *shown.share) if answer.yes]
    papers = [f"O-{paper.number}" for paper in shown.originals if paper.state not in GONE]
    others = ", ".join(f"{person.name} ({relations.words(person.relationship).lower()})" for person in people[1:])
    asks = f"{CAPACITY_WORDS[Capacity(row.capacity)]}, {in_words(row.received_on)}"
    facts = [
        ("Child or young person", f"{people[0].name}, born {born.in_words() if born else 'on a day not known'}"),
        ("Others on the file", others or "Nobody"),
        ("Who asked, and when", asks),
        ("Officer", names.get(str(file.officer_id), "–")),
        ("We may talk to or share with", ", ".join(yes) or "Nobody"),
        ("Papers we hold", ", ".join(papers) or "None"),
    ]
    parts = [Part("What they ask for", [told.asks], 0.6)]
    parts += [
        _part(written, kind, weight)
        for kind, weight in ((NoteKind.DETAILS, 1.0), (NoteKind.PROGRESS, 1.0), (NoteKind.RISK, 0.6))
    ]
    parts.append(
        Part(
            "Agreed actions",
            [_said(action, today) for action in _actions(session, file, row) if action.open] or ["None open"],
        )
    )
    if row.outcome:
        last = progress.ends(session, file).get(row.id, [])
        parts.append(
            Part("Outcome", [f"{OUTCOME_WORDS[Outcome(row.outcome)]}. {last[0].words if last else ''}".strip()], 0.5)
        )
    return print_sheet(
        Sheet(
            title=f"Hand-over of referral REF-{row.number}, file PC-{file.number:04d}",
            heed=[plain(words) for words in (*access_view.of_the_file(session, file), *people_view.warnings(session, file), *shown.questions)],
            facts=[(name, plain(value)) for name, value in facts],
            gaps=gaps(standing(session, file, row, policy, today)),
            parts=[Part(part.title, [_clean(line) for line in part.lines], part.weight) for part in parts],
            footer=f"{service}, {in_words(today)}. For staff of the service only. Put it in confidential waste after use.",
        )
    )  # fmt: skip


def _part(written: list[Note], kind: NoteKind, weight: float) -> Part:
    """The latest note of a kind."""
    last = next((note for note in written if note.kind is kind), None)
    title = NOTE_WORDS[kind]
    if last is None:
        return Part(title, ["Nothing written"], weight)
    return Part(f"{title}, {in_words(last.now.happened_on)}", [last.now.text], weight)


def _actions(session: Session, file: ChildFile, row: Referral) -> list[Action]:
    return [action for action in progress.actions(session, file) if action.row.referral_id == row.id]


def _said(action: Action, today: date) -> str:
    late = " (late)" if action.late(today) else ""
    return f"{action.who}: {action.what}. By {in_words(action.row.due)}{late}"


def _clean(text: str) -> str:
    return "\n".join(plain(line.replace("\t", " ")) for line in text.split("\n"))
