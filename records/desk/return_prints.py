"""What is printed for a return: letter with list and two receipts, address label, certified pictures. Names stand here alone."""

from uuid import UUID

from sqlmodel import Session

from records.clock import day_of
from records.custody import originals, pictures, prints, returns
from records.custody.moves import Custody
from records.custody.tables import Original, PaperReturn
from records.desk.shell import Call
from records.documents import holdings
from records.errors import NotFound, RefusedByRule
from records.letters import contact
from records.letters.writing import (
    Block,
    Facts,
    Grid,
    Heading,
    Letter,
    Sender,
    Signing,
    Together,
    Words,
    layout_for,
    write,
)
from records.people import register
from records.people.preferences import preferences_of
from records.policies.periods import in_words
from records.post import inbox
from records.staff import accounts

SOURCE_WORDS = {"folder": "Scanned here", "upload": "Added on a page"}
GONE_WORDS = {
    Custody.RETURNED: "It was given back before, on {day}.",
    Custody.DESTROYED: "After its picture was checked it was destroyed as confidential waste on {day}.",
    Custody.COLLECTED: "After its picture was checked it was collected for destruction on {day}.",
    Custody.LOST: "We cannot find it. We are sorry. We have reported this to our manager and will write to you about it.",
}


def letter(call: Call, session: Session, row: PaperReturn) -> bytes:
    """The covering letter, the list of what is enclosed, and a receipt for them and one for us."""
    file = register.get(session, row.file_id)
    name = _name(session, row)
    lines = returns.lines(session, row)
    enclosed = tuple(
        (f"O-{paper.number}", str(paper.sheets)) for paper, gone in lines if not gone and paper.state != Custody.LOST
    )
    gone = [paper for paper, left in lines if left or paper.state == Custody.LOST]
    list_of = Grid(("Paper", "Sheets"), enclosed, (2, 1))
    blocks: list[Block] = [Words(f"You asked us on {in_words(row.asked_on)} to give papers back to you.")]
    if enclosed:
        blocks += [Words("They are enclosed:"), list_of]
    for paper in gone:
        blocks += [Words(f"We can no longer give you paper O-{paper.number}. {gone_in_words(session, paper)}")]
        if pictures.of_paper(session, paper):
            blocks += [Words("A certified print of the picture that we took of it is enclosed.")]
    blocks += [
        Words("Please sign one receipt and send it back to us. Keep the other."),
        Words("If anything is missing, or these papers are not yours, please tell us at once."),
        Words(contact.if_not_content(call.desk.policy().contact_point)),
        Together((Words("Yours sincerely"), Words(call.desk.service_name))),
    ]
    for whose in ("Receipt to send back", "Receipt for you to keep"):
        blocks.append(Together((
            Heading(whose), Facts((("Return", f"R-{row.number}"), ("Papers", ", ".join(number for number, _ in enclosed) or "Prints only"))),
            Words("I have received these papers."), Signing(("Name", "Signature", "Date")),
        )))  # fmt: skip
    wishes = preferences_of(session, row.file_id, row.person_id)
    made = Letter(
        sender=Sender(call.desk.service_name, call.desk.contact), to=(name, *returns.address_of(session, row)),
        written_on=call.desk.clock.today(), reference=f"PC-{file.number:04d}", title="Your papers",
        greeting=f"Dear {name}", blocks=tuple(blocks), prefers=wishes.language,
    )  # fmt: skip
    return write(made, layout=layout_for(wishes.format))


def label(call: Call, session: Session, row: PaperReturn) -> bytes:
    """Name and address alone. RefusedByRule where nothing may be posted there."""
    against = returns.not_by_post(session, row)
    if against:
        raise RefusedByRule(against[0], "R59")
    return prints.address_label((_name(session, row), *returns.address_of(session, row)))


def parts_of(session: Session, row: PaperReturn, number: int) -> frozenset[UUID]:
    """The documents whose pictures the certified print of a paper shows. NotFound for a paper that is not on this return."""
    paper = next((paper for paper, _ in returns.lines(session, row) if paper.number == number), None)
    if paper is None:
        raise NotFound("There is no such print.")
    shown = {picture.document.part_id for picture in pictures.of_paper(session, paper)}
    return frozenset(part for part in {*shown, paper.part_id} if part is not None)


def certified(call: Call, session: Session, row: PaperReturn, number: int) -> bytes:
    """The pictures of one paper of this return that is gone, with how they were taken. Raises NotFound for any other."""
    paper = next((paper for paper, _ in returns.lines(session, row) if paper.number == number), None)
    if paper is None or paper.state not in returns.GONE:
        raise NotFound("There is no such print.")
    taken = pictures.capture(session, paper)
    names = accounts.display_names(session)
    facts = [
        ("Paper", f"O-{paper.number}"), ("Sheets", ", ".join(originals.sheets_of(session, paper)) or str(paper.sheets)),
        ("Came in", f"{in_words(taken.received_on)}, item {taken.item_number}"), ("How", SOURCE_WORDS.get(taken.source, taken.source)),
        ("Compared with the paper by", names.get(taken.checked_by or "", "–")),
        ("Compared on", in_words(day_of(taken.checked_at)) if taken.checked_at else "–"),
    ]  # fmt: skip
    shown = []
    for picture in taken.pictures:
        dpi = f", {picture.dpi:.0f} dots per inch" if picture.dpi else ""
        turned = f", turned by {picture.turned} degrees" if picture.turned else ""
        facts.append((f"Page {picture.page}", f"{picture.width} × {picture.height} points{dpi}{turned}"))
        facts.append(
            (
                f"Fingerprint of page {picture.page} (SHA-256)",
                " ".join(picture.sha256[at : at + 16] for at in range(0, 64, 16)),
            )
        )
        data = holdings.fetch(session, call.desk.store, picture.document)
        data, media = inbox.shown(session, picture.document, data)
        shown.append((f"Page {picture.page} of item {taken.item_number}", media, data))
    words = f"This print shows paper O-{paper.number}, which we no longer have. {gone_in_words(session, paper)}"
    return prints.certified_print(facts, shown, words, call.desk.clock.today(), call.desk.service_name)


def gone_in_words(session: Session, paper: Original) -> str:
    """Why a paper cannot be given back, as a family is told."""
    state = Custody(paper.state)
    last = [move for move in originals.moves_of(session, paper) if move.to_state == state]
    day = in_words(day_of(last[-1].moved_at)) if last else "a day not known"
    return GONE_WORDS.get(state, "It has left us.").format(day=day)


def _name(session: Session, row: PaperReturn) -> str:
    file = register.get(session, row.file_id)
    who = register.shown_as(session, file, row.person_id)
    found = next((each.name for each in register.people(session, file) if each.id == who), None)
    if found is None:
        raise NotFound("This person is no longer on the file.")
    return found
