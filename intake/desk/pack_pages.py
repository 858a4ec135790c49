"""Copies of chosen documents for the family, who are encouraged to share them themselves with a school and others (W18).

Whoever takes them must be entitled (R19) and have come to us themselves (the gate); what they do with the copies is theirs. It is entered
as given to them: no disclosure by us to anybody else.
"""

from collections.abc import Collection
from datetime import date

from sqlmodel import Session, col, select
from starlette.responses import Response

from intake import bundling
from intake.wiring import Paperchain
from records.consents.outward import Leave, outward
from records.desk.entitled_view import family_today
from records.desk.file_frame import frame, opened, viewed
from records.desk.file_papers import Paper, chosen, papers_of
from records.desk.shell import Call, Pages
from records.documents.tables import Document
from records.errors import RefusedByRule
from records.letters import family
from records.people import merging
from records.people.entitlement import Outcome, Result
from records.people.register import PersonShown
from records.people.tables import ChildFile
from records.policies.settings import Policy
from records.requests.bundle import Plan, PlanPage
from records.staff.access import Act
from records.vocabulary import DocumentKind

MOST_PAGES = 30
"""Made while the page is loading, as an access copy of this length is."""
CHANGED = "Something about this person or these documents was changed while the copies were made, so nothing was given out. Look again and choose"
LOOKED = "Tick this when you have looked through every page you chose"


def make(chain: Paperchain) -> Pages:
    """The page, and the copies."""
    pages = Pages()

    @pages.get("/files/{number:int}/pack", rule=Act.WRITE_TO_FAMILY)
    def choose(call: Call, number: int) -> Response:
        viewed(call, number, Act.WRITE_TO_FAMILY, "file_pack_seen")
        return _page(call, number, {})

    @pages.post("/files/{number:int}/pack", rule=Act.WRITE_TO_FAMILY, fresh=True)
    def printed(call: Call, number: int) -> Response:
        return _printed(chain, call, number)

    return pages


def _printed(chain: Paperchain, call: Call, number: int) -> Response:
    """The copies, asked of R19 and of the gate, made, then entered; nothing is entered of copies that could not be made."""
    policy, today = call.desk.policy(), call.desk.clock.today()
    with chain.db.reading() as session:
        file = opened(session, call, number, Act.WRITE_TO_FAMILY)
        papers = papers_of(session, call, file)
        things, known = chosen(call, papers)
        taker = _taker(session, call, file, policy, today)
        mistakes = _wrong(call, things, taker, known=known)
        plan = _plan(session, file, things)
        if len(plan.pages) > MOST_PAGES:
            mistakes["things"] = (
                f"Choose fewer: {len(plan.pages)} pages are more than the {MOST_PAGES} that are copied at once"
            )
    if mistakes or taker is None:
        viewed(call, number, Act.WRITE_TO_FAMILY, "file_pack_seen")
        return _page(call, number, mistakes, 422)
    try:
        with chain.db.reading() as session:
            made = bundling.family_copy(chain, session, plan, reference=f"PC-{number:04d}")
        with chain.db.writing() as session:
            file = opened(session, call, number, Act.WRITE_TO_FAMILY)
            # The gate is asked below; the rest is looked at again because making takes seconds, and what was said meanwhile counts.
            if _taker(session, call, file, policy, today) != taker or _plan(session, file, things) != plan:
                raise RefusedByRule(CHANGED, "R30")
            leave, receipt = family.enter_pack(
                session, call.actor, file, taker[0].id, things, policy=policy, moment=call.desk.clock.now()
            )
            return pack_of(made, receipt, leave=leave)
    except RefusedByRule as refused:
        return _page(call, number, {"person": refused.message}, 422)


@outward
def pack_of(pdf: bytes, receipt: str, *, leave: Leave) -> Response:
    """The copies as a PDF to print."""
    del leave  # asked by `outward`
    disposition = f'inline; filename="copies-{receipt}.pdf"'
    return Response(pdf, media_type="application/pdf", headers={"Content-Disposition": disposition})


def _taker(
    session: Session, call: Call, file: ChildFile, policy: Policy, today: date
) -> tuple[PersonShown, Result] | None:
    return next(
        (each for each in family_today(session, file, policy, today) if str(each[0].id) == call.sent.get("person")),
        None,
    )


def _wrong(
    call: Call, things: Collection[str], taker: tuple[PersonShown, Result] | None, *, known: bool
) -> dict[str, str]:
    found = {}
    if not known:
        found["things"] = "A document that you chose is not here any more. Choose again"
    elif not things:
        found["things"] = "Choose at least one document"
    if taker is None:
        found["person"] = "Choose who takes the copies"
    elif not taker[1].releases:
        found["person"] = f"They cannot have copies this way. {taker[1].reason} Record a request for access instead"
    elif taker[1].outcome is Outcome.RELEASE_AFTER_BEST_INTERESTS and call.sent.get("interests") != "yes":
        found["interests"] = "Tick this when it is in the child’s best interests that this person has them"
    if call.sent.get("looked") != "yes":
        found["looked"] = LOOKED
    return found


def _plan(session: Session, file: ChildFile, things: Collection[str]) -> Plan:
    ids = merging.ids_of(session, file.id)
    rows = session.exec(
        select(Document)
        .where(col(Document.file_id).in_(ids), Document.kind == DocumentKind.PAGE)
        .order_by(col(Document.stored_at), col(Document.part_id), col(Document.page))
    ).all()
    wanted = [row for row in rows if str(row.part_id) in things]
    return Plan(
        file.id, tuple(PlanPage(row.id, row.file_id) for row in wanted if row.file_id is not None), frozenset(ids) - {file.id}
    )  # fmt: skip


def _page(call: Call, number: int, mistakes: dict[str, str], status: int = 200) -> Response:
    policy, today = call.desk.policy(), call.desk.clock.today()
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.WRITE_TO_FAMILY)
        papers: list[Paper] = papers_of(session, call, file)
        people = [(str(who.id), who.name, result) for who, result in family_today(session, file, policy, today)]
        top = frame(session, call, file, "/pack")
    ticked, _ = chosen(call, papers) if call.request.method == "POST" else (frozenset[str](), True)
    return call.page(
        "pack.html", status=status, title=f"File PC-{number:04d}, copies for the family", frame=top, number=number, papers=papers,
        people=people, ticked=ticked, sent=call.sent if call.request.method == "POST" else {}, mistakes=mistakes, most=MOST_PAGES,
        asks_interests=any(result.outcome is Outcome.RELEASE_AFTER_BEST_INTERESTS for _, _, result in people),
    )  # fmt: skip
