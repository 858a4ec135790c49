"""Papers about several children (R42): each child's file has pictures of its own and goes on its own date. When the earlier child's date
has come, managers are asked to cover that child's part on the pictures that stay, or to record why not.

What is drawn and decided is kept here; the pictures themselves are covered in `intake.several`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session, col, func, select

from records import tasks
from records.audit import trail
from records.clock import LONDON
from records.consents.givers import Giver
from records.custody.tables import Original
from records.documents import keyring
from records.documents.areas import MOST_ON_A_PAGE, Area
from records.documents.envelope import seal_json, unseal_json
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.holds import register as holds
from records.people import merging
from records.people.tables import ChildFile
from records.people.typed import text_problem
from records.post.tables import Item, Page, Part
from records.retention import facts
from records.retention.facts import STILL_HERE, Rules
from records.retention.schedule import Due, Undated
from records.retention.stops import stops
from records.retention.tables import CoverArea, CoverDecision, PaperAbout
from records.tasks.tables import TaskRow
from records.vocabulary import ItemState, PartState

LONGEST_REASON = 500
WAITING = (PartState.TO_REVIEW, PartState.QUARANTINED)
COVER = "cover_child"


@dataclass(frozen=True)
class Asked:
    """Another child's part of a paper that managers are asked about. `number`: of the file that keeps the paper; `gone`: the other's file is."""

    row: PaperAbout
    number: int
    gone: bool
    last: CoverDecision | None


def to_cover(other: Due | Undated | None, holder: Due | Undated, today: date) -> bool:
    """Whether a child's part is to be covered on a paper that is kept for another child (R42). Pure. `other`: None when that file is gone.

    On the earlier child's date, and only where the paper is kept for longer than that.
    """
    if other is None:
        return True
    if isinstance(other, Undated) or today < other.due:
        return False
    return isinstance(holder, Undated) or other.due < holder.due


def is_open(wanted: bool, last: CoverDecision | None, today: date) -> bool:
    """Whether it is still to be decided: never once it is covered, and again on the day of review where a manager left it. Pure."""
    if not wanted or last is None:
        return wanted
    return not last.covered and last.review_on is not None and last.review_on <= today


# ---------------------------------------------------------------------------------------------- which papers


def of_file(session: Session, file: ChildFile) -> Sequence[PaperAbout]:
    """Which papers of a file, and of those joined to it, show other children."""
    parts = select(Part.id).where(col(Part.file_id).in_(merging.ids_of(session, file.id)))
    rows = select(PaperAbout).where(col(PaperAbout.part_id).in_(parts))
    return session.exec(rows.order_by(col(PaperAbout.noted_at), col(PaperAbout.other_number))).all()


def one(session: Session, file: ChildFile, about_id: UUID) -> PaperAbout:
    """One of them. NotFound for any other."""
    row = session.get(PaperAbout, about_id)
    part = session.get(Part, row.part_id) if row is not None else None
    if row is None or part is None or part.file_id not in merging.ids_of(session, file.id):
        raise NotFound("There is nothing here.")
    return row


def shown_with(session: Session, paper: UUID) -> dict[UUID, UUID]:
    """The pictures that were made of one paper for several children: each part, and the file it is on."""
    rows = session.exec(
        select(Part.id, Part.file_id)
        .join(PaperAbout, col(PaperAbout.part_id) == Part.id)
        .where(PaperAbout.paper == paper)
    )
    return {part: file_id for part, file_id in rows if file_id is not None}


def need_other(session: Session, file: ChildFile, part: Part, other: ChildFile) -> None:
    """RefusedByRule where this paper cannot be put on another child's file as well."""
    if merging.root_id(session, other.id) == merging.root_id(session, file.id):
        raise RefusedByRule("That is this child's own file. Enter the other child's.", "R42")
    paper = paper_of(session, part)
    roots = {merging.root_id(session, one) for one in shown_with(session, paper).values()}
    if merging.root_id(session, other.id) in roots:
        raise RefusedByRule("This paper is on that child's file already.", "R42")


def paper_of(session: Session, part: Part) -> UUID:
    """What the pictures of one paper have in common."""
    return session.exec(select(PaperAbout.paper).where(PaperAbout.part_id == part.id).limit(1)).first() or part.id


def copied_from(session: Session, part: Part) -> Part | None:
    """The part that this one is a picture of; None for a paper that came by itself, or when that is gone."""
    paper = paper_of(session, part)
    return session.get(Part, paper) if paper != part.id else None


@dataclass(frozen=True)
class CopyOf:
    """Whose form a copy was made of: the number of that file, and whether it is erased by now."""

    number: int
    gone: bool


def copy_of(session: Session, part: Part) -> CopyOf | None:
    """Which file the form of this copy was on (F22); None for a paper that came by itself."""
    if not is_copy(session, part):
        return None
    row = session.exec(
        select(PaperAbout).where(PaperAbout.part_id == part.id).order_by(col(PaperAbout.noted_at)).limit(1)
    ).one()
    return CopyOf(row.other_number, other_file(session, row) is None)


def copies_of(session: Session, parts: Sequence[Part]) -> dict[UUID, CopyOf]:
    """The same of those parts of a list that are copies."""
    noted = select(PaperAbout.part_id).where(col(PaperAbout.part_id).in_([part.id for part in parts]))
    with_others = set(session.exec(noted.distinct()))
    found = {part.id: copy_of(session, part) for part in parts if part.id in with_others}
    return {part: of for part, of in found.items() if of is not None}


def need_other_child(session: Session, part: Part, file: ChildFile | None, giver: str) -> Part | None:
    """Before a copy of a form is confirmed for another child (F22): the form that it is a copy of; None for a paper that came by itself.

    `file`: whose it is said to be; None for a file that is opened by it.

    RefusedByRule for the child whose form it was, or where a young person is said to have signed for the other.
    """
    if not is_copy(session, part):
        return None
    if giver == Giver.YOUNG_PERSON:
        words = "Who signed for one child cannot be the other young person too. Say that a parent or carer signed, or ask for a form of their own."
        raise RefusedByRule(words, "F22")
    first = copied_from(session, part)
    if first is not None and file is not None and first.file_id in merging.ids_of(session, file.id):
        raise RefusedByRule(
            "This form is on that child’s file already. Choose or open the file of the other child.", "F22"
        )
    return first


def is_copy(session: Session, part: Part) -> bool:
    """Whether this is a picture of a paper that came with another child's file: there is no second paper."""
    return paper_of(session, part) != part.id


def waits_for_review(session: Session, part: Part) -> UUID | None:
    """A copy of this form that waits for review, so that one child's answers are not copied twice over; None where there is none."""
    return session.exec(
        select(Part.id)
        .join(PaperAbout, col(PaperAbout.part_id) == Part.id)
        .where(PaperAbout.paper == paper_of(session, part), col(Part.state).in_(WAITING))
        .limit(1)
    ).first()


def enter_copy(session: Session, part: Part, made: Part, *, by: str, at: datetime) -> None:
    """A copy of this form waits for review, for another child whose file is not known yet: it shows the child of the form's own file."""
    file = session.get_one(ChildFile, part.file_id)
    about = PaperAbout(
        paper=paper_of(session, part), part_id=made.id, other_number=file.number, noted_by=by, noted_at=at
    )
    session.add(about)
    session.flush()
    _note(session, part, "paper_about_several", by, at, made=str(made.id))


def enter(session: Session, part: Part, made: Part, *, by: str, at: datetime) -> None:
    """A picture of this paper was put on another child's file as `made`: each of its pictures also shows all the other children."""
    paper = paper_of(session, part)
    every = shown_with(session, paper) | {each.id: each.file_id for each in (part, made) if each.file_id is not None}
    numbers = dict(
        session.exec(select(ChildFile.id, ChildFile.number).where(col(ChildFile.id).in_(every.values()))).all()
    )
    known = set(
        session.exec(select(PaperAbout.part_id, PaperAbout.other_number).where(PaperAbout.paper == paper)).all()
    )
    for mine, file_id in every.items():
        for other in set(every.values()) - {file_id}:
            if (mine, numbers[other]) not in known:
                session.add(
                    PaperAbout(paper=paper, part_id=mine, other_number=numbers[other], noted_by=by, noted_at=at)
                )
    session.flush()
    _note(session, part, "paper_about_several", by, at, made=str(made.id))


# ---------------------------------------------------------------------------------------------- when


def asked(session: Session, rules: Rules, today: date) -> list[Asked]:
    """What managers are asked about today, by the number of the file that keeps the paper."""
    rows = session.exec(select(PaperAbout, Part).join(Part, col(Part.id) == PaperAbout.part_id)).all()
    found = []
    for row, part in rows:
        holder = session.get(ChildFile, part.file_id) if part.file_id else None
        if holder is None:
            continue
        past = decisions(session, row)
        last = past[-1] if past else None
        if is_open(_wanted(session, row, holder, rules, today), last, today):
            found.append(Asked(row, _root(session, holder).number, other_file(session, row) is None, last))
    return sorted(found, key=lambda each: (each.number, each.row.other_number))


def call_for(session: Session, rules: Rules, *, today: date, at: datetime) -> int:
    """One task for managers while any is to be decided, and none when nothing is; returns how many are (R42).

    It names no file: with its day it would tell somebody's birthday for as long as it is kept (R51). The list is on Retention.
    """
    count = len(asked(session, rules, today))
    standing = session.exec(select(TaskRow).where(TaskRow.kind == COVER, col(TaskRow.closed_at).is_(None))).all()
    if count and not standing:
        tasks.raise_task(
            session, kind=COVER, file_id=None, due=today, for_officer=None, raised_by=trail.SYSTEM, at=at, key=f"{COVER}:{today}",
            words="Papers also show a child whose own papers are due. Cover that child’s part, or say why not: Retention, Papers about several children.",
        )  # fmt: skip
    for row in standing if not count else ():
        tasks.close(session, row.id, trail.SYSTEM, at)
    return count


def other_file(session: Session, row: PaperAbout) -> ChildFile | None:
    """The file of the child that a paper also shows, or the one it was joined to; None when it is gone."""
    found = session.exec(select(ChildFile).where(ChildFile.number == row.other_number)).first()
    return None if found is None else _root(session, found)


def against(session: Session, row: PaperAbout, file: ChildFile, rules: Rules, today: date) -> tuple[str, ...]:
    """Everything that stands against covering this child's part now, in words: whatever would keep that child's own file keeps it too (R42, R45)."""
    other, why = other_file(session, row), list[str]()
    if other is not None:
        situation = facts.situation(session, other, facts.of_file(session, other), rules)
        stands = stops(situation, today, notice_days=rules.notice_days)
        why += [f"PC-{other.number:04d}: {each.reason}" for each in stands]
        if not stands and not _wanted(session, row, file, rules, today):
            why.append("This paper is kept no longer than that child’s own. It goes with its file.")
    ids = merging.ids_of(session, file.id)
    why += [hold.words for one in ids for hold in holds.blocking(session, file_id=one)]
    part = session.get_one(Part, row.part_id)
    if session.get_one(Item, part.item_id).state not in (ItemState.FILED, ItemState.NOT_OURS):
        why.append("Other pages of the same post wait. Settle them first.")
    return tuple(dict.fromkeys(why))


def papers(session: Session, row: PaperAbout) -> list[int]:
    """Numbers of the papers themselves that are still here, on any of the children's files: they show what a picture no longer does."""
    parts = [row.paper, *shown_with(session, row.paper)]
    here = select(Original.number).where(col(Original.part_id).in_(parts), col(Original.state).in_(STILL_HERE))
    return sorted(session.exec(here))


def _wanted(session: Session, row: PaperAbout, holder: ChildFile, rules: Rules, today: date) -> bool:
    other, mine = other_file(session, row), _root(session, holder)
    if other is not None and other.id == mine.id:
        return False  # they turned out to be one child
    found = None if other is None else facts.due_by(facts.of_file(session, other), rules)
    return to_cover(found, facts.due_by(facts.of_file(session, mine), rules), today)


def _root(session: Session, file: ChildFile) -> ChildFile:
    return session.get_one(ChildFile, merging.root_id(session, file.id))


# ---------------------------------------------------------------------------------------------- drawn and decided


def pages(session: Session, row: PaperAbout) -> Sequence[Page]:
    """The pages of a paper, in order."""
    return session.exec(select(Page).where(Page.part_id == row.part_id).order_by(col(Page.number))).all()


def areas(session: Session, row: PaperAbout) -> Sequence[CoverArea]:
    """What is drawn and not covered yet, in the order of the pages, from the top."""
    query = select(CoverArea, Page.number).join(Page, col(Page.picture_id) == CoverArea.document_id)
    found = session.exec(query.where(CoverArea.about_id == row.id)).all()
    return [area for area, _ in sorted(found, key=lambda each: (each[1], each[0].top, each[0].left, each[0].id))]


def draw(session: Session, row: PaperAbout, document_id: UUID, area: Area, *, by: str, at: datetime) -> CoverArea:
    """Draws an area. NotFound for a page of another paper, RefusedByRule when there are too many."""
    if document_id not in {page.picture_id for page in pages(session, row)}:
        raise NotFound("There is nothing here.")
    count = (
        select(func.count())
        .select_from(CoverArea)
        .where(CoverArea.about_id == row.id, CoverArea.document_id == document_id)
    )
    if session.exec(count).one() >= MOST_ON_A_PAGE:
        raise RefusedByRule(f"At most {MOST_ON_A_PAGE} areas can be drawn on a page. Draw larger ones.", "R42")
    made = CoverArea(
        about_id=row.id, document_id=document_id, left=area.left, top=area.top, width=area.width, height=area.height, drawn_by=by, drawn_at=at
    )  # fmt: skip
    session.add(made)
    session.flush()
    _note(session, session.get_one(Part, row.part_id), "cover_area_drawn", by, at, document=str(document_id))
    return made


def take_away(session: Session, row: PaperAbout, area_id: UUID, *, by: str, at: datetime) -> UUID:
    """Takes an area away that nothing was covered by. Returns its page's picture. NotFound when there is none."""
    area = session.get(CoverArea, area_id)
    if area is None or area.about_id != row.id:
        raise NotFound("There is nothing here.")
    document = area.document_id
    session.delete(area)
    session.flush()
    _note(session, session.get_one(Part, row.part_id), "cover_area_taken_away", by, at, document=str(document))
    return document


def decisions(session: Session, row: PaperAbout) -> Sequence[CoverDecision]:
    """What managers decided about it, in order."""
    query = select(CoverDecision).where(CoverDecision.about_id == row.id)
    return session.exec(query.order_by(col(CoverDecision.decided_at), col(CoverDecision.id))).all()


def reason_of(session: Session, row: PaperAbout, decided: CoverDecision) -> str:
    """Why it was not covered."""
    if decided.sealed is None:
        return ""
    return str(unseal_json(_key_of(session, row), decided.sealed, decided.id.bytes)["reason"])


def leave(session: Session, row: PaperAbout, why: str, review_on: date | None, *, by: str, at: datetime) -> None:
    """A manager records why a child's part is not covered, and when it is looked at again. RefusedByRule for what is missing."""
    if not why.strip() or len(why) > LONGEST_REASON:
        raise RefusedByRule(f"Say why it is not covered, in at most {LONGEST_REASON} letters.", "R42")
    if problem := text_problem(why, "Why it is not covered"):
        raise RefusedByRule(f"{problem}.", "R42")
    today = at.astimezone(LONDON).date()
    if review_on is None or review_on <= today:
        raise RefusedByRule("The day on which it is looked at again must be after today.", "R42")
    made = CoverDecision(about_id=row.id, covered=False, review_on=review_on, decided_by=by, decided_at=at)
    made.sealed = seal_json(_key_of(session, row), {"reason": why.strip()}, made.id.bytes)
    _decided(session, row, made, "cover_left", by, at)


def covered(session: Session, row: PaperAbout, drawn: Sequence[CoverArea], *, by: str, at: datetime) -> None:
    """Notes that these areas were covered for good; called in the transaction that does it."""
    count = len(drawn)
    for area in drawn:
        session.delete(area)
    session.flush()
    _decided(
        session,
        row,
        CoverDecision(about_id=row.id, covered=True, areas=count, decided_by=by, decided_at=at),
        "part_covered",
        by,
        at,
        areas=count,
    )


def need_second(drawn: Sequence[CoverArea], typed: int | None, by: str) -> None:
    """What is asked of whoever covers: something is drawn, by somebody else, and the count is right (R47). RefusedByRule."""
    if not drawn:
        raise RefusedByRule("Draw what is covered first.", "R42")
    if any(area.drawn_by == by for area in drawn):
        raise RefusedByRule("Somebody else must cover: you drew an area.", "R47")
    if typed != len(drawn):
        raise RefusedByRule("The number you typed is not the number of areas drawn. Count them again.", "R47")


def need_same(session: Session, row: PaperAbout, drawn: Sequence[CoverArea]) -> None:
    """ChangedMeanwhile when other areas are drawn by now than those that somebody looked at."""
    if {area.id for area in areas(session, row)} != {area.id for area in drawn}:
        raise ChangedMeanwhile("Somebody else drew or took away an area first. Nothing was covered; look at it again.")


def _decided(
    session: Session, row: PaperAbout, made: CoverDecision, act: str, by: str, at: datetime, **detail: str | int
) -> None:  # fmt: skip
    session.add(made)
    session.flush()
    _note(session, session.get_one(Part, row.part_id), act, by, at, **detail)


def _key_of(session: Session, row: PaperAbout) -> bytes:
    file = session.get_one(ChildFile, session.get_one(Part, row.part_id).file_id)
    return keyring.open_key(session, file.key_id)


def _note(session: Session, part: Part, act: str, by: str, at: datetime, **detail: str | int) -> None:
    trail.append(
        session, actor=by, act=act, subject_kind="part", subject_id=str(part.id), at=at, detail={"rule": "R42", **detail}
    )  # fmt: skip
