"""Giving papers back: the lists of returns, one return and its steps, and its prints (N16, R58-R61).

Whoever posts papers works by return and paper number. Only the officer of a file opens a return and decides who may have it; names
stand on the prints alone, because an envelope needs one.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from records.audit import trail
from records.custody import originals, return_lists, returns
from records.custody.returning import (
    ENTITLEMENT_WORDS,
    METHOD_WORDS,
    OPEN,
    PICTURE_WORDS,
    PROOF_WORDS,
    WORDS,
    Entitlement,
    PictureWish,
    Proof,
    ReturnState,
)
from records.custody.returns import Missing
from records.custody.tables import Original, PaperReturn
from records.desk import file_frame, languages, paper_rows, return_prints
from records.desk.file_frame import frame, opened
from records.desk.original_pages import pdf
from records.desk.paging import Piece, fetched
from records.desk.paper_rows import LONGEST, TABS, text
from records.desk.shell import Call, Pages
from records.errors import NotFound, RefusedByRule
from records.guard.standing import about, about_part
from records.letters.writing import MOST_ADDRESS_LINES
from records.people import register
from records.people.entitlement import values_of
from records.people.tables import ChildFile
from records.post import inbox
from records.requests.working_days import england
from records.staff import accounts
from records.staff.access import Act

S = ReturnState
MOST_ADDRESS = 300
LONGEST_WAIT_DAYS = 400
GROUPS = (
    ("asked", "To be decided", "No request waits for a decision.", (S.ASKED,)),
    ("to-find", "To find", "No paper is to be found.", (S.TO_FIND, S.FOUND, S.CAME_BACK)),
    ("ready", "Ready to send", "Nothing is ready to send.", (S.READY,)),
    ("sent", "Sent, receipt awaited", "Nothing is on its way.", (S.SENT,)),
    ("back", "Receipt back", "No return has been received yet.", (S.RECEIVED, S.LOST, S.CANCELLED)),
)
WHY_NOT = {
    "withdrawn": "They no longer want it",
    "not_entitled": "They may not have it",
    "mistake": "It was opened by mistake",
}

pages = Pages()


@pages.get("/originals/returns", rule=Act.SEE_ORIGINALS)
def lists(call: Call) -> Response:
    """Every return by what is to be done next."""
    today = call.desk.clock.today()
    with call.desk.db.reading() as session:
        groups = [(id, title, empty, _piece(session, call, id, states)) for id, title, empty, states in GROUPS]
        papers = return_lists.sizes(session, [row for *_, found in groups for row in found.rows])
        late = {row.number for row in returns.overdue(session, today)}
        aside = fetched(
            call, return_lists.count_set_aside(session),
            lambda most, leave_out: return_lists.set_aside(session, most, leave_out), "/originals/returns", "aside",
        )  # fmt: skip
        rows = paper_rows.rows(session, aside.rows)
    return call.page(
        "originals_returns.html", title="Returns", groups=groups, late=late, words=WORDS, tabs=TABS, here="/originals/returns",
        aside=rows, piece=aside, papers_in=papers,
    )  # fmt: skip


def _piece(session: Session, call: Call, name: str, states: Sequence[ReturnState]) -> Piece[PaperReturn]:
    """The returns in these states, a piece at a time: each list has a page number of its own in the address."""
    return fetched(
        call, return_lists.count_in(session, states),
        lambda most, leave_out: return_lists.in_states(session, states, most, leave_out), "/originals/returns", name,
    )  # fmt: skip


@pages.get("/files/{number:int}/originals", rule=Act.OPEN_FILE)
def of_file(call: Call, number: int) -> Response:
    """The papers of one file, and asking for some of them back."""
    return _of_file(call, number, {})


@pages.post("/files/{number:int}/originals/return", rule=Act.MOVE_ORIGINAL)
def begin(call: Call, number: int) -> Response:
    """Somebody asked for papers back: they are locked out of waste at once."""
    today = call.desk.clock.today()
    chosen, asked = paper_rows.numbers_typed(call, "number"), paper_rows.day_typed(call, "asked")
    mistakes = {}
    if not chosen:
        mistakes["number"] = "Choose at least one paper"
    if asked is None or asked > today or (today - asked).days > LONGEST_WAIT_DAYS:
        mistakes["asked"] = "The day they asked must be a real date, today or before"
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_FILE_PEOPLE)
        known = {str(person.id): person.id for person in register.people(session, file)}
    person = known.get(call.sent.get("person", ""))
    if person is None:
        mistakes["person"] = "Choose who asks"
    if mistakes or asked is None or person is None:
        return _of_file(call, number, mistakes, status=422)
    due = working_days_after(asked, call.desk.policy().periods.return_working_days)
    try:
        with call.desk.db.writing() as session:
            papers = [paper for paper in _papers(session, file) if paper.number in chosen]
            row = returns.begin(
                session, papers, number=inbox.next_number(session, "paper_return"), file_id=file.id, person_id=person,
                asked_on=asked, due_on=max(due, asked), actor=str(call.actor.id), at=call.desk.clock.now(),
            )  # fmt: skip
    except RefusedByRule as refused:
        return _of_file(call, number, {"number": refused.message}, status=422)
    return call.go(f"/originals/returns/{row.number}", f"Return R-{row.number} is open. Its papers cannot go in waste.")


@pages.get("/originals/returns/{number:int}", rule=Act.SEE_ORIGINALS)
def one(call: Call, number: int) -> Response:
    """One return: its papers and its next step."""
    return _one(call, number, {})


@pages.post("/originals/returns/{number:int}/prove", rule=Act.CHANGE_FILE_PEOPLE)
def prove(call: Call, number: int) -> Response:
    """The file's officer saw proof of identity and decided that this person may have the papers."""
    with call.desk.db.reading() as session:
        # Break-glass is for reading, never for deciding (N10).
        if not _may_all(session, call, Act.CHANGE_FILE_PEOPLE, returns.by_number(session, number)):
            raise NotFound("There is nothing here.")
    sent = call.sent
    proof = Proof(sent["proof"]) if sent.get("proof") in set(Proof) else None
    entitled = Entitlement(sent["entitled"]) if sent.get("entitled") in set(Entitlement) else None
    picture = PictureWish(sent["picture"]) if sent.get("picture") in set(PictureWish) else None
    address = "\n".join(" ".join(line.split()) for line in sent.get("address", "").splitlines() if line.strip())
    mistakes = {}
    if proof is None:
        mistakes["proof"] = "Choose what proof of identity you saw"
    if entitled is None:
        mistakes["entitled"] = "Choose why this person may have the papers"
    if picture is None:
        mistakes["picture"] = "Choose what they said about the pictures"
    if len(address) > MOST_ADDRESS or len(address.splitlines()) > MOST_ADDRESS_LINES - 1:
        mistakes["address"] = f"Use at most {MOST_ADDRESS_LINES - 1} lines"
    if mistakes or picture is None:
        return _one(call, number, mistakes, status=422)
    values = values_of(call.desk.policy())
    return _step(
        call, number, "proof",
        lambda session, row, actor, at, version: returns.prove(
            session, row, proof=proof, entitled=entitled, picture=picture, address=address, values=values,
            actor=actor, at=at, version=version,
        ),
    )  # fmt: skip


@pages.post("/originals/returns/{number:int}/found", rule=Act.MOVE_ORIGINAL)
def found(call: Call, number: int) -> Response:
    """Every paper is together."""
    seen = paper_rows.numbers_typed(call, "number")
    return _step(
        call, number, "number",
        lambda session, row, actor, at, version: returns.found(session, row, seen, actor=actor, at=at, version=version),
    )  # fmt: skip


@pages.post("/originals/returns/{number:int}/check", rule=Act.MOVE_ORIGINAL)
def check(call: Call, number: int) -> Response:
    """A second person compared the contents with the list."""
    counted = paper_rows.whole(call, "contents")
    if counted is None:
        return _one(call, number, {"contents": "Enter how many papers you counted"}, status=422)
    return _step(
        call, number, "contents",
        lambda session, row, actor, at, version: returns.check(
            session, row, counted, actor=actor, at=at, version=version
        ),
    )  # fmt: skip


@pages.post("/originals/returns/{number:int}/again", rule=Act.MOVE_ORIGINAL)
def again(call: Call, number: int) -> Response:
    """Something was wrong, or it came back: it begins again with finding."""
    return _step(
        call, number, "contents",
        lambda session, row, actor, at, version: returns.send_back(session, row, actor=actor, at=at, version=version),
    )  # fmt: skip


@pages.post("/originals/returns/{number:int}/send", rule=Act.MOVE_ORIGINAL)
def send(call: Call, number: int) -> Response:
    """Posted, tracked and signed for."""
    tracking, today = text(call, "tracking"), call.desk.clock.today()
    if len(tracking) > LONGEST:
        return _one(call, number, {"tracking": f"Use at most {LONGEST} letters"}, status=422)
    due = working_days_after(today, call.desk.policy().periods.return_working_days)
    return _step(
        call, number, "tracking",
        lambda session, row, actor, at, version: returns.send(
            session, row, tracking=tracking, address_checked=call.sent.get("address_checked") == "yes", receipt_due=due,
            actor=actor, at=at, version=version,
        ),
    )  # fmt: skip


@pages.post("/originals/returns/{number:int}/receive", rule=Act.MOVE_ORIGINAL)
def receive(call: Call, number: int) -> Response:
    """Somebody signed for it."""
    receipt = text(call, "receipt")
    if len(receipt) > LONGEST:
        return _one(call, number, {"receipt": f"Use at most {LONGEST} letters"}, status=422)
    return _step(
        call, number, "receipt",
        lambda session, row, actor, at, version: returns.receive(
            session, row, receipt=receipt, by_hand=row.state == S.READY, actor=actor, at=at, version=version,
            target_days=call.desk.policy().periods.request_target_days,
        ),
    )  # fmt: skip


@pages.post("/originals/returns/{number:int}/came-back", rule=Act.MOVE_ORIGINAL)
def came_back(call: Call, number: int) -> Response:
    """The post brought it back."""
    return _step(
        call, number, "receipt",
        lambda session, row, actor, at, version: returns.came_back(session, row, actor=actor, at=at, version=version),
    )  # fmt: skip


@pages.post("/originals/returns/{number:int}/lost", rule=Act.MOVE_ORIGINAL)
def lost(call: Call, number: int) -> Response:
    """It never arrived."""

    def step(session: Session, row: PaperReturn, actor: str, at: object, version: int) -> None:
        returns.lost(
            session, row, actor=actor, at=call.desk.clock.now(), version=version,
            target_days=call.desk.policy().periods.request_target_days,
        )  # fmt: skip

    return _step(call, number, "receipt", step)


@pages.post("/originals/returns/{number:int}/cancel", rule=Act.MOVE_ORIGINAL)
def cancel(call: Call, number: int) -> Response:
    """Called off, with a reason."""
    why = call.sent.get("why", "")
    if why not in WHY_NOT:
        return _one(call, number, {"why": "Choose why it is called off"}, status=422)
    return _step(
        call, number, "why",
        lambda session, row, actor, at, version: returns.cancel(
            session, row, why, actor=actor, at=at, version=version
        ),
    )  # fmt: skip


@pages.get("/originals/returns/{number:int}/papers", rule=Act.MOVE_ORIGINAL)
def print_papers(call: Call, number: int) -> Response:
    """Letter, list of papers and two receipts."""
    return _print(call, number, "return_letter_printed", return_prints.letter)


@pages.get("/originals/returns/{number:int}/label", rule=Act.MOVE_ORIGINAL)
def print_label(call: Call, number: int) -> Response:
    """The address label: nothing on it names the service."""
    return _print(call, number, "return_label_printed", return_prints.label)


@pages.get("/originals/returns/{number:int}/certified/{paper:int}", rule=Act.OPEN_FILE, fresh=True)
def print_certified(call: Call, number: int, paper: int) -> Response:
    """The picture of a paper that is gone, with how it was taken, for the file's officer."""
    with call.desk.db.reading() as session:
        if not _may_print(session, call, returns.by_number(session, number), paper):
            raise NotFound("There is nothing here.")
    return _print(call, number, "return_picture_printed", partial(return_prints.certified, number=paper))


def _may_all(session: Session, call: Call, act: Act, row: PaperReturn) -> bool:
    """Whether this person may do something with the file of a return, and with those joined to it."""
    return all(call.may(act, about(file)) for file in register.all_of(session, register.get(session, row.file_id)))


def _may_print(session: Session, call: Call, row: PaperReturn, paper: int) -> bool:
    """Whether this person may see the pictures of a paper: of its file, and of each document that is restricted by itself (N10)."""
    if not _may_all(session, call, Act.SEE_FILE_DOCUMENT, row):
        return False
    file = register.get(session, row.file_id)
    asked = [*(about_part(session, file, part) for part in return_prints.parts_of(session, row, paper))]
    return all(call.may(Act.SEE_FILE_DOCUMENT, each) for each in asked)


def _print(call: Call, number: int, act: str, make: Callable[[Call, Session, PaperReturn], bytes]) -> Response:
    """A print that names somebody is one entry in the audit."""
    with call.desk.db.writing() as session:
        row = returns.by_number(session, number)
        if row.state in (S.ASKED, S.CANCELLED):
            raise RefusedByRule("Nothing is printed before the request was checked.", "R58")
        trail.append(
            session, actor=str(call.actor.id), act=act, subject_kind="paper_return", subject_id=str(row.id),
            at=call.desk.clock.now(), detail={"number": row.number},
        )  # fmt: skip
    with call.desk.db.reading() as session:
        made = make(call, session, returns.by_number(session, number))
    return pdf(made, f"return-{number}")


Step = Callable[[Session, PaperReturn, str, object, int], object]


def _step(call: Call, number: int, field: str, step: Callable[..., object]) -> Response:
    """One step in one transaction; a refusal is shown at its field."""
    version = paper_rows.version(call)
    try:
        with call.desk.db.writing() as session:
            row = returns.by_number(session, number)
            step(session, row, str(call.actor.id), call.desk.clock.now(), version)
    except Missing as refused:
        return _one(call, number, {refused.field if refused.field != "to" else field: refused.message}, status=422)
    except RefusedByRule as refused:
        return _one(call, number, {field: refused.message}, status=422)
    return call.go(f"/originals/returns/{number}", f"Return R-{number} is now: {WORDS[S(row.state)].lower()}.")


def working_days_after(day: date, count: int) -> date:
    """The working day so many working days after a day (R60)."""
    calendar = england()
    for _ in range(count):
        day = calendar.on_or_after(day + timedelta(days=1))
    return day


def _papers(session: Session, file: ChildFile) -> list[Original]:
    """The papers of a file, and of one joined to it."""
    return [paper for each in register.all_of(session, file) for paper in originals.of_file(session, each.id)]


def _of_file(call: Call, number: int, mistakes: dict[str, str], status: int = 200) -> Response:
    with call.desk.db.reading() as session:
        file = opened(session, call, number)
    if status == 200:
        file_frame.seen(call, file.id, "file_originals_seen")
    with call.desk.db.reading() as session:
        top = frame(session, call, file, "/originals")
        papers = _papers(session, file)
        rows = paper_rows.rows(session, papers)
        people = [(str(person.id), person.name) for person in register.people(session, file)]
        back = returns.of_file(session, file.id)
        may_return = call.may(Act.MOVE_ORIGINAL) and call.may(Act.CHANGE_FILE_PEOPLE, about(file))
        busy = {paper.number for paper in papers if returns.open_return_of(session, paper)}
    return call.page(
        "file_originals.html", status=status, title=f"File PC-{number:04d}: originals", frame=top, number=number, rows=rows,
        people=dict(people), back=back, words=WORDS, busy=busy, mistakes=mistakes, sent=call.sent,
        chosen=paper_rows.numbers_typed(call, "number"), may_return=may_return,
    )  # fmt: skip


def _one(call: Call, number: int, mistakes: dict[str, str], status: int = 200) -> Response:
    today = call.desk.clock.today()
    with call.desk.db.reading() as session:
        row = returns.by_number(session, number)
        lines = returns.lines(session, row)
        gone = {paper.number for paper, left in lines if left}
        rows = paper_rows.rows(session, [paper for paper, _ in lines])
        names = accounts.display_names(session)
        paused = returns.paused_by(session, row)
        no_post = returns.not_by_post(session, row) if row.state == S.READY else ()
        no_hand = returns.not_by_hand(session, row) if row.state == S.READY else ()
        file = register.get(session, row.file_id)
        language = languages.warned(session, row.file_id, row.person_id)
        may_open = _may_all(session, call, Act.OPEN_FILE, row)
        may_decide = _may_all(session, call, Act.CHANGE_FILE_PEOPLE, row)
        printable = {number for number in gone if _may_print(session, call, row, number)}
        person = _person(session, row.file_id, row.person_id) if may_open else None
    state, me = S(row.state), str(call.actor.id)
    return call.page(
        "return.html", status=status, title=f"Return R-{number}", row=row, state=state, words=WORDS, rows=rows, gone=gone,
        names=names, mistakes=mistakes, sent=call.sent, tabs=TABS, here="/originals/returns", paused=paused, no_post=no_post, no_hand=no_hand,
        late=row.state in OPEN and (row.receipt_due or row.due_on) < today, mine=row.found_by == me,
        may_open=may_open, may_decide=may_decide, printable=printable, person=person, language=language, file_number=file.number if may_open else None,
        proofs=PROOF_WORDS,
        entitlements=ENTITLEMENT_WORDS, pictures=PICTURE_WORDS, methods=METHOD_WORDS, why_not=WHY_NOT,
        may_move=call.may(Act.MOVE_ORIGINAL), chosen=paper_rows.numbers_typed(call, "number"),
    )  # fmt: skip


def _person(session: Session, file_id: UUID, person_id: UUID) -> str | None:
    file = register.get(session, file_id)
    return register.names(session, file).get(person_id)
