"""Letters about consents, from a child's file: what was agreed, a change confirmed, the record as data (R21, W41)."""

import json
from collections.abc import Callable, Mapping
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from records.desk.file_frame import frame, opened, seen
from records.desk.languages import in_english_all_the_same
from records.desk.shell import Call, Pages
from records.errors import NotFound, RefusedByRule
from records.letters import family
from records.letters.family import LetterKind, Printed
from records.letters.writing import Sender
from records.people import register
from records.people.tables import ChildFile
from records.staff import accounts
from records.staff.access import Act
from records.vocabulary import Format

pages = Pages()

KINDS = {
    LetterKind.AGREED: "What you have agreed",
    LetterKind.AGAIN: "Please answer again",
    LetterKind.CHANGE: "Your change is in force",
    LetterKind.RECORD: "Consent record as data",
    LetterKind.PACK: "Copies to hand on themselves",
    LetterKind.ASK: "May we contact them?",
    LetterKind.RIGHTS: "What we promise, and your rights",
}
MAKERS: Mapping[str, Callable[..., Printed]] = {
    LetterKind.AGREED: family.print_agreed,
    LetterKind.AGAIN: family.print_again,
    LetterKind.CHANGE: family.print_change,
}
FORMATS = {
    Format.STANDARD: "ordinary print",
    Format.LARGE_PRINT: "large print",
    Format.EASY_READ: "Easy Read: we print large and short; talk it through with them",
    Format.OTHER: "another format: see the person’s page; this print is ordinary",
}


@pages.get("/files/{number:int}/letters", rule=Act.WRITE_TO_FAMILY)
def letters(call: Call, number: int) -> Response:
    """Who may be written to, and what was printed before."""
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.WRITE_TO_FAMILY)
    seen(call, file.id, "file_letters_seen")
    return _letters(call, file)


def _letters(call: Call, file: ChildFile, refused: str = "") -> Response:
    policy, now = call.desk.policy(), call.desk.clock.now()
    with call.desk.db.reading() as session:
        whom = family.everybody(session, call.actor, file, policy, now)
        printed, names = family.printed(session, file.id), accounts.display_names(session)
        top = frame(session, call, file, "/letters")
        people = register.names(session, file)
    return call.page(
        "family_letters.html", status=422 if refused else 200, title=f"File PC-{file.number:04d}, letters", frame=top, number=file.number,
        whom=whom, printed=printed, names=names, people=people, kinds=KINDS, formats=FORMATS, refused=refused, english=in_english_all_the_same,
    )  # fmt: skip


@pages.post("/files/{number:int}/letters", rule=Act.WRITE_TO_FAMILY)
def print_letter(call: Call, number: int) -> Response:
    """One letter as a PDF to print. Asked of the gate and of the safe-contact instructions at this moment."""
    kind, id = call.sent.get("kind", ""), _id(call.sent.get("for", ""))
    make = MAKERS.get(kind)
    if make is None:
        raise NotFound("There is nothing here.")

    def printed(session: Session, file: ChildFile) -> Response:
        made = make(
            session, call.actor, file, id, sender=_sender(call), policy=call.desk.policy(), moment=call.desk.clock.now()
        )
        disposition = f'inline; filename="letter-{made.reference}.pdf"'
        return Response(made.pdf, media_type="application/pdf", headers={"Content-Disposition": disposition})

    return _let_out(call, number, printed)


@pages.post("/files/{number:int}/letters/record", rule=Act.WRITE_TO_FAMILY, fresh=True)
def export_record(call: Call, number: int) -> Response:
    """One person's consents as JSON-LD, to keep or to hand over."""
    id = _id(call.sent.get("for", ""))

    def exported(session: Session, file: ChildFile) -> Response:
        made = family.export_record(
            session, call.actor, file, id, sender=_sender(call), policy=call.desk.policy(), moment=call.desk.clock.now()
        )
        body = json.dumps(made.record, ensure_ascii=False, indent=2)
        disposition = f'attachment; filename="consents-{made.reference}.jsonld"'
        return Response(body, media_type="application/ld+json", headers={"Content-Disposition": disposition})

    return _let_out(call, number, exported)


def _let_out(call: Call, number: int, make: Callable[[Session, ChildFile], Response]) -> Response:
    """What `make` prints, entered in the same transaction; or the page again with the reason in words."""
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.WRITE_TO_FAMILY)
    try:
        with call.desk.db.writing() as session:
            return make(session, opened(session, call, number, Act.WRITE_TO_FAMILY))
    except RefusedByRule as refused:
        return _letters(call, file, refused.message)


def _sender(call: Call) -> Sender:
    return Sender(call.desk.service_name, call.desk.contact)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is nothing here.") from None
