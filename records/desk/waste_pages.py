"""Confidential waste on the desk: the open sack, sealed ones, collected ones, and their prints. Numbers only."""

from collections.abc import Sequence

from sqlmodel import Session, col, or_, select
from starlette.responses import Response

from records.custody import certificates, originals, pictures, prints, waste
from records.custody.certificates import Certificate, Gap
from records.custody.facts import ASKED
from records.custody.moves import Custody
from records.custody.proposal import BY_POLICY, ProposalKind, destroys
from records.custody.tables import Original, WasteBatch
from records.custody.waste import Collection, WasteState
from records.desk import paper_rows
from records.desk.original_pages import add_to_sack, pdf
from records.desk.paging import Piece, fetched, page_asked
from records.desk.paper_rows import LONGEST, PAGE, TABS, text
from records.desk.shell import Call, Pages
from records.errors import RefusedByRule
from records.staff import accounts
from records.staff.access import Act

LEVELS = ("ordinary", "sensitive")
MOST_SEALS = 20

pages = Pages()


@pages.get("/originals/waste", rule=Act.SEE_ORIGINALS)
def sacks(call: Call) -> Response:
    """The open sack, what may go in it, and what became of the others."""
    return _sacks(call, {})


@pages.post("/originals/waste/add", rule=Act.MOVE_ORIGINAL)
def add(call: Call) -> Response:
    """Puts the ticked papers in the open sack; each that may not go is named with its reason."""
    numbers = sorted(paper_rows.numbers_typed(call, "number"))[:PAGE]
    if not numbers:
        return _sacks(call, {"number": "Choose at least one paper"}, status=422)
    with call.desk.db.reading() as session:
        proofs = pictures.proofs(session, call.desk.store, [originals.by_number(session, number) for number in numbers])
    added, refused = 0, list[tuple[int, str]]()
    with call.desk.db.writing() as session:
        for number in numbers:
            paper = originals.by_number(session, number)
            try:
                add_to_sack(call, session, paper, proofs.get(paper.id), None)
                added += 1
            except RefusedByRule as error:
                refused.append((number, error.message))
    if refused:
        return _sacks(call, {}, refused=refused, added=added, status=422)
    return call.go("/originals/waste", f"{added} paper{'s' if added != 1 else ''} put in the sack.")


@pages.get("/originals/waste/{number:int}", rule=Act.SEE_ORIGINALS)
def sack(call: Call, number: int) -> Response:
    """One sack: its list and its next step."""
    return _sack(call, number, {})


@pages.post("/originals/waste/{number:int}/close", rule=Act.HANDLE_WASTE)
def close(call: Call, number: int) -> Response:
    """The first person has counted and tied it."""
    seal, counted, mistakes = _counted(call)
    level = call.sent.get("level")
    if level not in LEVELS:
        mistakes["level"] = "Choose what the sack holds"
    if mistakes or counted is None:
        return _sack(call, number, mistakes, status=422)
    periods = call.desk.policy().periods
    least = periods.sensitive_waste_security_level if level == "sensitive" else periods.waste_security_level

    def step(session: Session, batch: WasteBatch) -> None:
        waste.close(
            session, batch, seal=seal, counted=counted, least_level=least, policy=call.desk.policy(), actor=str(call.actor.id),
            at=call.desk.clock.now(), version=paper_rows.version(call),
        )  # fmt: skip

    return _step(call, number, step, f"Sack {number} is counted once. Ask a second person to count it and seal it.")


@pages.post("/originals/waste/{number:int}/seal", rule=Act.HANDLE_WASTE)
def seal(call: Call, number: int) -> Response:
    """The second person has counted it too."""
    typed, counted, mistakes = _counted(call)
    if mistakes or counted is None:
        return _sack(call, number, mistakes, status=422)

    def step(session: Session, batch: WasteBatch) -> None:
        waste.seal(
            session, batch, seal=typed, counted=counted, policy=call.desk.policy(), actor=str(call.actor.id), at=call.desk.clock.now(),
            version=paper_rows.version(call),
        )  # fmt: skip

    return _step(call, number, step, f"Sack {number} is sealed. Its list can no longer change.")


@pages.post("/originals/waste/{number:int}/open-again", rule=Act.HANDLE_WASTE)
def open_again(call: Call, number: int) -> Response:
    """Opens a sack that is still here."""
    with call.desk.db.reading() as session:
        staff = {str(each.id) for each in accounts.colleagues(session, call.actor.id)}
    witness = call.sent.get("witness") if call.sent.get("witness") in staff else None

    def step(session: Session, batch: WasteBatch) -> None:
        waste.open_again(
            session, batch, witness=witness, actor=str(call.actor.id), at=call.desk.clock.now(),
            version=paper_rows.version(call),
        )  # fmt: skip

    return _step(call, number, step, f"Sack {number} is open again. Count it anew.", field="witness")


@pages.post("/originals/waste/{number:int}/collect", rule=Act.HANDLE_WASTE)
def collect(call: Call, number: int) -> Response:
    """The contractor took it away."""
    wanted = {
        "contractor": "Enter the name of the company", "collector": "Enter who took it",
        "consignment": "Enter the consignment number",
    }  # fmt: skip
    typed, mistakes = _texts(call, wanted)
    if mistakes:
        return _sack(call, number, mistakes, status=422)

    def step(session: Session, batch: WasteBatch) -> None:
        waste.collect(
            session, batch, Collection(**typed), policy=call.desk.policy(), actor=str(call.actor.id), at=call.desk.clock.now(),
            version=paper_rows.version(call),
        )  # fmt: skip

    return _step(call, number, step, f"Sack {number} was collected. Enter the certificate when it comes.", "contractor")


@pages.post("/originals/waste/{number:int}/certificate", rule=Act.HANDLE_WASTE)
def certificate(call: Call, number: int) -> Response:
    """The contractor's certificate, compared with the sack."""
    wanted = {
        "certificate": "Enter the number of the certificate", "company": "Enter the name of the company",
        "site": "Enter where it was destroyed", "method": "Enter how it was destroyed, for example cross-cut",
        "signatory": "Enter who signed it",
    }  # fmt: skip
    typed, mistakes = _texts(call, wanted)
    on, level, bags = paper_rows.day_typed(call, "on"), paper_rows.whole(call, "level"), paper_rows.whole(call, "bags")
    seals = tuple(line.strip() for line in call.sent.get("seals", "").splitlines() if line.strip())
    weight = text(call, "weight")
    if on is None:
        mistakes["on"] = "Date of destruction must be a real date, for example 27 3 2027"
    if level is None or not 1 <= level <= 7:
        mistakes["level"] = "Choose the security level on the certificate"
    if not bags:
        mistakes["bags"] = "Enter how many bags the certificate covers"
    if not seals or len(seals) > MOST_SEALS or any(len(each) > LONGEST for each in seals):
        mistakes["seals"] = "Enter each seal number on a line of its own"
    if len(weight) > 20:
        mistakes["weight"] = "Use at most 20 letters"
    if mistakes or on is None or level is None or bags is None:
        return _sack(call, number, mistakes, status=422)
    said = Certificate(
        number=typed["certificate"], company=typed["company"], destroyed_on=on, site=typed["site"],
        method=typed["method"], level=level, bags=bags, seals=seals, signatory=typed["signatory"],
        weight_kg=weight or None,
    )  # fmt: skip
    found: list[Gap] = []

    def step(session: Session, batch: WasteBatch) -> None:
        found.extend(
            waste.certify(
                session, batch, said, actor=str(call.actor.id), at=call.desk.clock.now(),
                version=paper_rows.version(call),
            )
        )  # fmt: skip

    done = f"Every paper of sack {number} is accounted for."
    answer = _step(call, number, step, None, field="on")
    if answer.status_code == 303:
        gap = f"The certificate was kept, but it does not match sack {number}. See why below."
        return call.go(f"/originals/waste/{number}", gap if found else done)
    return answer


@pages.get("/originals/waste/{number:int}/sheet", rule=Act.SEE_ORIGINALS)
def sheet(call: Call, number: int) -> Response:
    """The sheet that goes with the sack: batch, seal, count, two signatures. Never what the papers are."""
    with call.desk.db.reading() as session:
        batch = waste.by_number(session, number)
        counted = waste.count_in(session, batch) if batch.counted is None else batch.counted
    return pdf(prints.waste_sheet(batch.number, batch.seal, counted, call.desk.clock.today()), f"sack-{number}")


@pages.get("/originals/waste/{number:int}/list", rule=Act.SEE_ORIGINALS)
def item_list(call: Call, number: int) -> Response:
    """The item list by number, for the office."""
    with call.desk.db.reading() as session:
        batch = waste.by_number(session, number)
        rows = paper_rows.rows(session, waste.papers_in(session, batch))
        names = accounts.display_names(session)
    lines = [(f"O-{row.number}", str(row.item_number or "–"), str(row.sheets)) for row in rows]
    made = prints.item_list(
        batch.number, batch.seal, names.get(batch.closed_by or "", "–"), names.get(batch.sealed_by or "", "–"), lines,
        call.desk.clock.today(),
    )  # fmt: skip
    return pdf(made, f"sack-{number}-list")


def _step(call: Call, number: int, step: waste.Step, done: str | None, field: str = "counted") -> Response:
    """Takes one step of a sack in one transaction; a refusal is shown at its field."""
    try:
        with call.desk.db.writing() as session:
            step(session, waste.by_number(session, number))
    except RefusedByRule as refused:
        return _sack(call, number, {field: refused.message}, status=422)
    return call.go(f"/originals/waste/{number}", done)


def _counted(call: Call) -> tuple[str, int | None, dict[str, str]]:
    seal, counted, mistakes = text(call, "seal"), paper_rows.whole(call, "counted"), dict[str, str]()
    if counted is None:
        mistakes["counted"] = "Enter how many papers you counted"
    if not seal:
        mistakes["seal"] = "Enter the number on the seal"
    elif len(seal) > LONGEST:
        mistakes["seal"] = f"Use at most {LONGEST} letters"
    return seal, counted, mistakes


def _texts(call: Call, wanted: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    typed = {name: text(call, name) for name in wanted}
    mistakes = {name: words for name, words in wanted.items() if not typed[name]}
    mistakes |= {name: f"Use at most {LONGEST} letters" for name, value in typed.items() if len(value) > LONGEST}
    return typed, mistakes


def _sacks(
    call: Call,
    mistakes: dict[str, str],
    status: int = 200,
    refused: list[tuple[int, str]] | None = None,
    added: int = 0,
) -> Response:
    today, page = call.desk.clock.today(), page_asked(call)
    with call.desk.db.reading() as session:
        ready_where = (
            Original.proposal == ProposalKind.WASTE, col(Original.wait_until) <= today,
            col(Original.state).in_([Custody.CHECKED, Custody.HELD]), col(Original.irreplaceable).is_(None),
            or_(col(Original.asked_to_keep).is_(None), col(Original.asked_to_keep).not_in(ASKED)),
            *(() if destroys(call.desk.policy()) else (Original.proposal_rule != BY_POLICY,)),
        )  # fmt: skip
        wanted = select(Original).where(*ready_where).order_by(col(Original.wait_until), col(Original.number))
        ready = paper_rows.rows(session, session.exec(wanted.offset((page - 1) * PAGE).limit(PAGE + 1)).all())
        groups = [
            (id, title, empty, _piece(session, call, id, states))
            for id, title, empty, states in (
                (
                    "open",
                    "Open",
                    "No sack is open. It opens with the first paper put in it.",
                    [WasteState.OPEN, WasteState.CLOSED],
                ),
                ("sealed", "Sealed", "No sealed sack waits to be collected.", [WasteState.SEALED]),
                ("collected", "Collected", "No sack waits for its certificate.", [WasteState.COLLECTED]),
                ("destroyed", "Destroyed", "No sack has been destroyed yet.", [WasteState.DESTROYED]),
            )
        ]
        papers = waste.sizes(session, [batch for *_, found in groups for batch in found.rows])
        late = {
            batch.number
            for batch in waste.overdue(
                session, call.desk.clock.now(), call.desk.policy().periods.certificate_overdue_days
            )
        }
    return call.page(
        "originals_waste.html", status=status, title="Confidential waste", groups=groups, late=late, papers_in=papers, ready=ready[:PAGE],
        more=len(ready) > PAGE, page=page, mistakes=mistakes, refused=refused or [], added=added, words=waste.WORDS,
        chosen=paper_rows.numbers_typed(call, "number"), tabs=TABS, here="/originals/waste",
        may_move=call.may(Act.MOVE_ORIGINAL),
    )  # fmt: skip


def _piece(session: Session, call: Call, name: str, states: Sequence[WasteState]) -> Piece[WasteBatch]:
    """The sacks in these states, a piece at a time: each list has a page number of its own in the address."""
    return fetched(
        call, waste.count_of(session, states),
        lambda most, leave_out: waste.batches(session, states, most, leave_out), "/originals/waste", name,
    )  # fmt: skip


def _sack(call: Call, number: int, mistakes: dict[str, str], status: int = 200) -> Response:
    with call.desk.db.reading() as session:
        batch = waste.by_number(session, number)
        papers = waste.papers_in(session, batch)
        rows = paper_rows.rows(session, papers)
        names = accounts.display_names(session)
        staff = accounts.colleagues(session, call.actor.id)
        said = []
        for each in waste.certificates_of(session, batch):
            compared = waste.sack_of(
                batch, sum(paper.state in (Custody.COLLECTED, Custody.DESTROYED) for paper in papers)
            )
            said.append((each, [certificates.in_sentence(Gap(gap), compared) for gap in each.gaps.split()]))
    state = WasteState(batch.state)
    return call.page(
        "waste_batch.html", status=status, title=f"Sack {number}", batch=batch, state=state, words=waste.WORDS, rows=rows,
        names=names, staff=staff, said=said, mistakes=mistakes, sent=call.sent, tabs=TABS, here="/originals/waste",
        mine=batch.closed_by == str(call.actor.id), may_handle=call.may(Act.HANDLE_WASTE),
        may_move=call.may(Act.MOVE_ORIGINAL),
    )  # fmt: skip
