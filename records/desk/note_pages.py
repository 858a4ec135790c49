"""The Notes tab of a child's file: referrals, notes, agreed actions, outcomes, drafts, and the sheet for a hand-over.

Who may read or write is asked of the one access function for this file (S1); others are told that notes exist, and no more.
Each view and each print is an entry in the audit.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from records.cases import closing, drafts, notes, progress, referrals, telling
from records.cases.rules import DRAFT_DAYS, LATE_DAYS, MAY_BE_SELF
from records.cases.tables import NoteDraft, Referral
from records.cases.typed import LONGEST_NOTE
from records.cases.words import (
    CAPACITY_WORDS,
    NOTE_WORDS,
    OUTCOME_WORDS,
    ROUTE_WORDS,
    Capacity,
    NoteKind,
    Outcome,
    ReferralState,
    Route,
)
from records.desk import handover_view
from records.desk.case_forms import Form, day_boxes
from records.desk.file_frame import frame, opened, seen, viewed
from records.desk.numbers import whole
from records.desk.shell import Call, Pages
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.guard.standing import about
from records.people import merging, register
from records.people.tables import ChildFile
from records.staff import accounts
from records.staff.access import Act

pages = Pages()
DRAFTED = ("kind", "text", "day", "day-month", "day-year", "based_on")


def may_notes(call: Call, session: Session, act: Act, file: ChildFile) -> bool:
    """The one place where these pages ask who may read or write the notes of a file (N10, S1); of joined files, of all."""
    return all(call.may(act, about(each)) for each in register.all_of(session, file))


def _need(call: Call, session: Session, number: int, act: Act) -> ChildFile:
    file = opened(session, call, number)
    if not may_notes(call, session, act, file):
        raise NotFound("There is nothing here.")
    return file


def _referral(session: Session, file: ChildFile, referral: UUID) -> Referral:
    row = referrals.get(session, referral)
    if row.file_id not in merging.ids_of(session, file.id):
        raise NotFound("There is nothing here.")
    return row


@pages.get("/files/{number:int}/notes", rule=Act.OPEN_FILE)
def tab(call: Call, number: int) -> Response:
    """Everything written, by referral; or only how much there is."""
    return _tab(call, number, Form({}))


def _tab(call: Call, number: int, form: Form, *, done: UUID | None = None, status: int = 200) -> Response:
    with call.desk.db.reading() as session:
        file = opened(session, call, number)
        may_read, may_write = (
            may_notes(call, session, Act.READ_NOTES, file),
            may_notes(call, session, Act.WRITE_NOTES, file),
        )
    seen(call, file.id, "file_notes_seen" if may_read else "file_notes_counted")
    today = call.desk.clock.today()
    with call.desk.db.reading() as session:
        top = frame(session, call, file, "/notes")
        count = notes.count(session, file.id)
        shown: list[dict[str, object]] = []
        kept: Sequence[NoteDraft] = ()
        if may_read:
            written, actions, ends = (
                notes.of_file(session, file),
                progress.actions(session, file),
                progress.ends(session, file),
            )
            for row in referrals.of_file(session, file.id):
                permission = referrals.permission_of(session, row)
                shown.append({
                    "row": row, "told": referrals.opened(session, row), "from": CAPACITY_WORDS[Capacity(row.capacity)],
                    "permission": permission,
                    "giver": CAPACITY_WORDS[Capacity(permission.row.given_by)] if permission else "",
                    "route": ROUTE_WORDS[Route(permission.row.route)].lower() if permission else "",
                    "notes": [note for note in written if note.referral_id == row.id],
                    "actions": [action for action in actions if action.row.referral_id == row.id],
                    "ends": ends.get(row.id, []),
                })  # fmt: skip
        if may_write:
            kept = drafts.of(session, file, call.actor.id)
        names = accounts.display_names(session)
    return call.page(
        "file_notes.html", status=status, title=f"File PC-{number:04d}, notes", frame=top, number=number, referrals=shown, count=count,
        may_read=may_read, may_write=may_write, names=names, note_words=NOTE_WORDS, outcome_words=OUTCOME_WORDS, drafts=kept,
        sent=form.sent, mistakes=form.mistakes, done=done, late_days=LATE_DAYS, today_boxes=day_boxes("done_on", today),
    )  # fmt: skip


@pages.get("/files/{number:int}/notes/new-referral", rule=Act.WRITE_NOTES)
def ask_again(call: Call, number: int) -> Response:
    """The form for a family of this file that asks for support."""
    viewed(call, number, Act.WRITE_NOTES, "file_notes_seen")
    return _ask(call, number, Form(day_boxes("received", call.desk.clock.today())))


@pages.post("/files/{number:int}/notes/new-referral", rule=Act.WRITE_NOTES)
def log_again(call: Call, number: int) -> Response:
    """A referral of the family's own on a file that is there already."""
    form, today = Form(call.sent), call.desk.clock.today()
    capacity = form.one("capacity", Capacity, "Choose who asks", MAY_BE_SELF)
    received = form.past("received", "Received on", today)
    asks = form.text("asks", "What they ask for", most=LONGEST_NOTE, needed="Write what they ask for", lines=True)
    decision = form.text("decision", "The reason", most=1000, lines=True)
    if not form.mistakes and capacity is not None and received is not None:
        try:
            with call.desk.db.writing() as session:
                file = _need(call, session, number, Act.WRITE_NOTES)
                referrals.log_on_file(
                    session, file, capacity, asks, call.desk.policy(), received_on=received, actor=str(call.actor.id),
                    at=call.desk.clock.now(), decision=decision,
                )  # fmt: skip
            return call.go(f"/files/{number}/notes", "The referral was logged.")
        except RefusedByRule as refused:
            if refused.rule == "R20":  # an officer decides, and writes why
                form.mistakes["decision"] = f"{refused.message} Write why"
            else:
                form.mistakes["capacity"] = refused.message.rstrip(".")
    return _ask(call, number, form, status=422)


def _ask(call: Call, number: int, form: Form, status: int = 200) -> Response:
    with call.desk.db.reading() as session:
        top = frame(session, call, _need(call, session, number, Act.WRITE_NOTES), "/notes")
    return call.page(
        "note_referral.html", status=status, title=f"File PC-{number:04d}, new referral", frame=top, number=number, sent=form.sent,
        mistakes=form.mistakes, capacities={each: CAPACITY_WORDS[each] for each in MAY_BE_SELF},
    )  # fmt: skip


@pages.get("/files/{number:int}/notes/{referral:uuid}/write", rule=Act.WRITE_NOTES)
def write(call: Call, number: int, referral: UUID) -> Response:
    """The form for a new note, with what was typed before if it was not saved."""
    with call.desk.db.reading() as session:
        file = _need(call, session, number, Act.WRITE_NOTES)
        _referral(session, file, referral)
        draft = drafts.find(session, file, call.actor.id, f"new:{referral}")
    seen(call, file.id, "file_notes_seen")
    typed = dict(draft[0]) if draft else {"kind": "progress", **day_boxes("day", call.desk.clock.today())}
    return _note_form(call, number, Form(typed), referral=referral, kept_at=draft[1] if draft else None)


@pages.get("/files/{number:int}/notes/note/{thread:uuid}", rule=Act.WRITE_NOTES)
def correct(call: Call, number: int, thread: UUID) -> Response:
    """The form that corrects a note; what it says now stays in its history."""
    with call.desk.db.reading() as session:
        file = _need(call, session, number, Act.WRITE_NOTES)
        note = notes.one(session, file, thread)
        draft = drafts.find(session, file, call.actor.id, f"note:{thread}")
    seen(call, file.id, "file_notes_seen")
    now = {
        "text": note.now.text,
        "based_on": str(note.now.number),
        "kind": note.kind,
        **day_boxes("day", note.now.happened_on),
    }
    typed = {**now, **draft[0], "based_on": now["based_on"]} if draft else now
    return _note_form(call, number, Form(typed), thread=thread, kept_at=draft[1] if draft else None)


@pages.post("/files/{number:int}/notes/{referral:uuid}/write", rule=Act.WRITE_NOTES)
def save(call: Call, number: int, referral: UUID) -> Response:
    """Saves a new note, or keeps it as a draft."""
    return _save(call, number, referral=referral)


@pages.post("/files/{number:int}/notes/note/{thread:uuid}", rule=Act.WRITE_NOTES)
def save_correction(call: Call, number: int, thread: UUID) -> Response:
    """Saves a correction as the next version, or keeps it as a draft."""
    return _save(call, number, thread=thread)


def _save(call: Call, number: int, *, referral: UUID | None = None, thread: UUID | None = None) -> Response:
    """One form for both. Whatever cannot be saved stays in the draft as well as on the page."""
    form, now, me = Form(call.sent), call.desk.clock.now(), call.actor.id
    slot = f"note:{thread}" if thread else f"new:{referral}"
    if call.sent.get("act") in ("draft", "forget"):
        return _keep_draft(call, number, slot, forget=call.sent["act"] == "forget")
    kind = form.one("kind", NoteKind, "Choose what the note tells") if referral else NoteKind.PROGRESS
    day = form.past("day", "The day", call.desk.clock.today())
    text = form.text("text", "The note", most=LONGEST_NOTE, needed="Write the note", lines=True)
    if form.mistakes or kind is None or day is None:
        _try_draft(call, number, slot)
        return _note_form(call, number, form, referral=referral, thread=thread, status=422)
    try:
        with call.desk.db.writing() as session:
            file = _need(call, session, number, Act.WRITE_NOTES)
            if referral is not None:
                row = _referral(session, file, referral)
                notes.write(session, file, row, kind, text, happened_on=day, actor=str(me), at=now)
            elif thread is not None:
                based_on = whole(form.sent.get("based_on", ""))
                notes.correct(
                    session, file, thread, text, happened_on=day, based_on=based_on or 0,
                    actor=str(me), at=now,
                )  # fmt: skip
            drafts.forget(session, me, slot)
    except ChangedMeanwhile:
        _try_draft(call, number, slot)
        raise
    return call.go(
        f"/files/{number}/notes",
        "The note was saved." if referral else "The correction was saved. What it said before stays below it.",
    )


@pages.post("/files/{number:int}/notes/draft", rule=Act.WRITE_NOTES)
def autosave(call: Call, number: int) -> Response:
    """Keeps what is being typed; asked by the page's script. 204 when it is kept, 422 when it is far too long."""
    slot = call.sent.get("slot", "")
    with call.desk.db.reading() as session:
        _known(session, _need(call, session, number, Act.WRITE_NOTES), slot)
    return Response(status_code=204 if _try_draft(call, number, slot) else 422)


def _keep_draft(call: Call, number: int, slot: str, *, forget: bool) -> Response:
    if forget:
        with call.desk.db.writing() as session:
            _need(call, session, number, Act.WRITE_NOTES)
            drafts.forget(session, call.actor.id, slot)
        return call.go(f"/files/{number}/notes", "The draft was thrown away.")
    if not _try_draft(call, number, slot):
        raise RefusedByRule(
            f"A draft can hold {drafts.MOST:,} characters. Go back, copy your text and shorten it.", "W33"
        )
    return call.go(
        f"/files/{number}/notes", f"The draft was kept. It is yours alone, and goes after {DRAFT_DAYS} days."
    )


def _try_draft(call: Call, number: int, slot: str) -> bool:
    """Keeps the fields as sent. False when they are far too long; what was kept before stays."""
    fields = {name: call.sent[name] for name in DRAFTED if name in call.sent}
    try:
        with call.desk.db.writing() as session:
            file = _need(call, session, number, Act.WRITE_NOTES)
            _known(session, file, slot)
            if not fields.get("text", "").strip():
                drafts.forget(session, call.actor.id, slot)
            else:
                drafts.keep(session, file, call.actor.id, slot, fields, at=call.desk.clock.now())
    except RefusedByRule:
        return False
    return True


def _known(session: Session, file: ChildFile, slot: str) -> None:
    """A slot names a referral or a note of this file; anything else is not there."""
    kind, _, raw = slot.partition(":")
    try:
        one = UUID(raw)
    except ValueError:
        raise NotFound("There is nothing here.") from None
    if kind == "new":
        _referral(session, file, one)
    elif kind == "note":
        notes.one(session, file, one)
    else:
        raise NotFound("There is nothing here.")


def _note_form(
    call: Call, number: int, form: Form, *, referral: UUID | None = None, thread: UUID | None = None, kept_at: object = None, status: int = 200
) -> Response:  # fmt: skip
    with call.desk.db.reading() as session:
        file = _need(call, session, number, Act.WRITE_NOTES)
        row = _referral(
            session, file, referral if referral else notes.one(session, file, thread or UUID(int=0)).referral_id
        )
        top = frame(session, call, file, "/notes")
    return call.page(
        "note_write.html", status=status, title=f"File PC-{number:04d}, note", frame=top, number=number, sent=form.sent,
        mistakes=form.mistakes, kinds=NOTE_WORDS, referral=row, thread=thread, kept_at=kept_at, most=LONGEST_NOTE,
        slot=f"note:{thread}" if thread else f"new:{referral}", late_days=LATE_DAYS,
        action=f"/files/{number}/notes/note/{thread}" if thread else f"/files/{number}/notes/{referral}/write",
    )  # fmt: skip


@pages.get("/files/{number:int}/notes/{referral:uuid}/action", rule=Act.WRITE_NOTES)
def new_action(call: Call, number: int, referral: UUID) -> Response:
    """The form for an agreed action."""
    _enter(call, number, referral)
    return _action_form(call, number, referral, Form({}))


@pages.post("/files/{number:int}/notes/{referral:uuid}/action", rule=Act.WRITE_NOTES)
def agree(call: Call, number: int, referral: UUID) -> Response:
    """What was agreed: who does what by when, and with whom it was agreed (W36)."""
    form, today = Form(call.sent), call.desk.clock.today()
    what = form.text("what", "What is to be done", most=500, needed="Write what is to be done")
    who = form.text("who", "Who does it", needed="Write who does it")
    agreed_with = form.text("agreed_with", "Agreed with")
    due = form.day("due", "By when", earliest=today, too_early="By when must be today or later")
    if form.mistakes or due is None:
        return _action_form(call, number, referral, form, status=422)
    try:
        with call.desk.db.writing() as session:
            file = _need(call, session, number, Act.WRITE_NOTES)
            telling.need(session, file, call.desk.policy())
            progress.agree(
                session, file, _referral(session, file, referral), what=what, who=who, agreed_with=agreed_with, due=due,
                actor=str(call.actor.id), at=call.desk.clock.now(),
            )  # fmt: skip
    except RefusedByRule as refused:
        form.mistakes["what"] = refused.message
        return _action_form(call, number, referral, form, status=422)
    return call.go(f"/files/{number}/notes", "The action was added. It is on the officer’s list of tasks.")


def _action_form(call: Call, number: int, referral: UUID, form: Form, status: int = 200) -> Response:
    with call.desk.db.reading() as session:
        file = _need(call, session, number, Act.WRITE_NOTES)
        row, top = _referral(session, file, referral), frame(session, call, file, "/notes")
    return call.page(
        "note_action.html", status=status, title=f"File PC-{number:04d}, agreed action", frame=top, number=number, referral=row,
        sent=form.sent, mistakes=form.mistakes,
    )  # fmt: skip


@pages.post("/files/{number:int}/notes/actions/{action:uuid}/done", rule=Act.WRITE_NOTES)
def finish(call: Call, number: int, action: UUID) -> Response:
    """Closes an action with what was done (W36)."""
    form = Form(call.sent)
    done = form.text("done", "What was done", most=500, needed="Write what was done")
    day = form.past("done_on", "The day", call.desk.clock.today())
    if form.mistakes or day is None:
        return _tab(call, number, form, done=action, status=422)
    with call.desk.db.writing() as session:
        file = _need(call, session, number, Act.WRITE_NOTES)
        progress.finish(
            session, file, action, done_on=day, done=done, actor=str(call.actor.id), at=call.desk.clock.now()
        )
    return call.go(f"/files/{number}/notes", "The action was recorded as done.")


@pages.get("/files/{number:int}/notes/{referral:uuid}/end", rule=Act.WRITE_NOTES)
def end(call: Call, number: int, referral: UUID) -> Response:
    """The form that closes a referral, or takes it up again."""
    _enter(call, number, referral)
    return _end_form(call, number, referral, Form(day_boxes("on", call.desk.clock.today())))


@pages.post("/files/{number:int}/notes/{referral:uuid}/end", rule=Act.WRITE_NOTES)
def settle(call: Call, number: int, referral: UUID) -> Response:
    """Closes a referral with its outcome, or takes it up again with a reason (W37)."""
    form, now, actor = Form(call.sent), call.desk.clock.now(), str(call.actor.id)
    again = call.sent.get("act") == "reopen"
    outcome = None if again else form.one("outcome", Outcome, "Choose an outcome")
    day = form.past("on", "The day", call.desk.clock.today())
    words = form.text(
        "words", "The words", most=2000, needed="Write why it is taken up again" if again else None, lines=True
    )
    if form.mistakes or day is None:
        return _end_form(call, number, referral, form, status=422)
    try:
        with call.desk.db.writing() as session:
            file = _need(call, session, number, Act.WRITE_NOTES)
            row = _referral(session, file, referral)
            if outcome is None:
                progress.reopen(session, file, row, words, on=day, actor=actor, at=now)
            else:
                telling.need(session, file, call.desk.policy())
                progress.close(session, file, row, outcome, words, on=day, actor=actor, at=now)
            still = closing.standing(session, file).open
    except RefusedByRule as refused:
        form.mistakes["outcome"] = refused.message
        return _end_form(call, number, referral, form, status=422)
    closed = "The referral was closed." if still else "The referral was closed, and the file with it: no other is open."
    return call.go(f"/files/{number}/notes", "The referral was taken up again." if again else closed)


def _enter(call: Call, number: int, referral: UUID) -> None:
    """A form about a referral of this file is a view of it (P9). NotFound as the form itself."""
    with call.desk.db.reading() as session:
        file = _need(call, session, number, Act.WRITE_NOTES)
        _referral(session, file, referral)
    seen(call, file.id, "file_notes_seen")


def _end_form(call: Call, number: int, referral: UUID, form: Form, status: int = 200) -> Response:
    with call.desk.db.reading() as session:
        file = _need(call, session, number, Act.WRITE_NOTES)
        row, top = _referral(session, file, referral), frame(session, call, file, "/notes")
        still = sum(action.open for action in progress.actions(session, file) if action.row.referral_id == referral)
    return call.page(
        "note_end.html", status=status, title=f"File PC-{number:04d}, outcome", frame=top, number=number, referral=row, sent=form.sent,
        mistakes=form.mistakes, outcomes=OUTCOME_WORDS, still=still, closed=row.state == ReferralState.CLOSED,
    )  # fmt: skip


@pages.get("/files/{number:int}/notes/{referral:uuid}/handover", rule=Act.READ_NOTES)
def handover(call: Call, number: int, referral: UUID) -> Response:
    """The sheet by which a colleague takes over: one side of A4, for staff only (W38)."""
    with call.desk.db.reading() as session:
        file = _need(call, session, number, Act.READ_NOTES)
        row = _referral(session, file, referral)
    seen(call, file.id, "file_handover_printed")
    with call.desk.db.reading() as session:
        sheet = handover_view.sheet(
            session, file, row, call.desk.policy(), call.desk.clock.today(), call.desk.service_name
        )
    disposition = {"Content-Disposition": f'inline; filename="handover-REF-{row.number}.pdf"'}
    return Response(sheet, media_type="application/pdf", headers=disposition)


@pages.get("/drafts", rule=Act.WRITE_NOTES)
def my_drafts(call: Call) -> Response:
    """Every note that this person was writing and has not saved."""
    with call.desk.db.reading() as session:
        mine = [(register.get(session, file_id), at) for file_id, at in drafts.files_of(session, call.actor.id)]
        found = [(file.number, at) for file, at in mine if may_notes(call, session, Act.WRITE_NOTES, file)]
    return call.page("drafts.html", title="Notes you were writing", drafts=found, days=DRAFT_DAYS)
