"""Enquiries without a name, and referrals that wait: logged, listed, permitted, put on a file, erased (N3–N5, W28)."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlmodel import Session, select
from starlette.responses import PlainTextResponse, Response

from records.audit import trail
from records.cases import enquiries, referrals
from records.cases.enquiries import Asked
from records.cases.personal import LOOKS_WORDS, looks_personal
from records.cases.referrals import GROUNDS, WAITING, Permission, Told
from records.cases.rules import MAY_BE_SELF, Counts, may_refer_self, permission_counts
from records.cases.tables import Referral
from records.cases.typed import LONGEST_NOTE
from records.cases.words import (
    CAPACITY_WORDS,
    CHANNEL_WORDS,
    ENQUIRY_OUTCOME_WORDS,
    ERASED_WORDS,
    PASSED_WORDS,
    ROUTE_WORDS,
    TOPIC_WORDS,
    Capacity,
    Channel,
    EnquiryOutcome,
    ErasedBecause,
    Passed,
    ReferralState,
    Route,
    Topic,
)
from records.desk.case_forms import Form, day_boxes
from records.desk.file_frame import LARGEST_NUMBER
from records.desk.file_pages import file_number
from records.desk.numbers import whole
from records.desk.paging import fetched
from records.desk.shell import Call, Pages
from records.errors import NotFound, RefusedByRule
from records.guard.standing import about
from records.holds import HoldKind
from records.holds.kinds import KIND_WORDS
from records.letters import neither
from records.letters.writing import Layout, Sender, as_text
from records.people import register
from records.people.birthdates import across
from records.people.tables import ChildFile
from records.post.tables import Item
from records.retention import referral_scan, run, verifying
from records.staff import accounts
from records.staff.access import Act, Subject
from records.staff.tables import Account
from records.vocabulary import Role

pages = Pages()


GIVERS = (Capacity.PARENT, Capacity.CARER, Capacity.YOUNG_PERSON, Capacity.CHILD)
BY_HAND = (ErasedBecause.PERMISSION_REFUSED, ErasedBecause.LOGGED_BY_MISTAKE)


@pages.get("/enquiries", rule=Act.SEE_ENQUIRIES)
def overview(call: Call) -> Response:
    """The holding list, enquiries and their counts, and the lines of what was erased."""
    today = call.desk.clock.today()
    with call.desk.db.reading() as session:
        names = accounts.display_names(session)
        shown = fetched(
            call, referrals.count(session, WAITING), lambda most, leaving_out: referrals.in_states(session, WAITING, most, leaving_out), "/enquiries"
        )  # fmt: skip
        stops = referrals.stops_of(session, shown.rows, today)
        waiting = [
            (row, CAPACITY_WORDS[Capacity(row.capacity)], why) for row, why in zip(shown.rows, stops, strict=True)
        ]
        counted = enquiries.by_topic(session, today.replace(month=1, day=1), today)
        latest = [
            (row, TOPIC_WORDS[Topic(row.topic)], CHANNEL_WORDS[Channel(row.channel)], ENQUIRY_OUTCOME_WORDS[EnquiryOutcome(row.outcome)])
            for row in enquiries.latest(session)
        ]  # fmt: skip
        erased = [
            (row, ERASED_WORDS[ErasedBecause(row.erased_because or "")], names.get(row.changed_by, "Paperchain"))
            for row in referrals.erased(session)
        ]
    return call.page(
        "enquiries.html", title="Enquiries and referrals", waiting=waiting, piece=shown, enquiries=latest, erased=erased,
        topics=[(TOPIC_WORDS[topic], counted[topic]) for topic in Topic if topic in counted], this_year=today.year,
        may_log=call.may(Act.LOG_ENQUIRY), may_open=call.may(Act.OPEN_REFERRAL), anonymous=call.desk.policy().anonymous_contact,
    )  # fmt: skip


@pages.get("/enquiries/new", rule=Act.LOG_ENQUIRY)
def new_enquiry(call: Call) -> Response:
    """The form for an enquiry; today is filled in."""
    return _enquiry(call, Form(day_boxes("day", call.desk.clock.today())))


@pages.post("/enquiries/new", rule=Act.LOG_ENQUIRY)
def log_enquiry(call: Call) -> Response:
    """Logs an enquiry, or shows what looks personal and asks to look again (N5)."""
    form = Form(call.sent)
    topic = form.one("topic", Topic, "Choose a topic")
    channel = form.one("channel", Channel, "Choose how it reached us")
    day = form.past("day", "Day", call.desk.clock.today())
    words = form.text("words", "The few words")
    outcome = form.one("outcome", EnquiryOutcome, "Choose what became of it")
    if topic is not None and outcome is not None and (wrong := enquiries.wrong_reply(topic, outcome)):
        form.mistakes["outcome"] = wrong
    passed = Passed(form.sent["passed"]) if form.sent.get("passed") in set(Passed) else None
    looks = bool(looks_personal(words))
    if looks and passed is None and "passed" in call.sent:
        form.mistakes["passed"] = "Say why it may stay, or take it out"
    if (
        form.mistakes
        or topic is None
        or channel is None
        or day is None
        or outcome is None
        or (looks and passed is None)
    ):
        return _enquiry(call, form, status=422)
    with call.desk.db.writing() as session:
        asked = Asked(day, topic, channel, outcome, words, passed)
        enquiries.log(session, asked, call.desk.policy(), actor=str(call.actor.id), at=call.desk.clock.now())
    return call.go("/enquiries", "The enquiry was logged. Nobody is named in it.")


@pages.get("/enquiries/neither-letter", rule=Act.LOG_ENQUIRY)
def neither_letter(call: Call) -> Response:
    """The answer to whoever asks whether we know somebody, as a letter: the same for everybody, made without looking (N11), in the form they
    ask for (N19)."""
    sender, today = Sender(call.desk.service_name, call.desk.contact), call.desk.clock.today()
    if call.request.query_params.get("print") == "text":
        return PlainTextResponse(as_text(neither.answer(sender, today)))
    large = call.request.query_params.get("print") == "large"
    made = neither.letter(sender, today, layout=Layout.LARGE if large else Layout.STANDARD)
    return Response(
        made, media_type="application/pdf", headers={"Content-Disposition": 'inline; filename="letter.pdf"'}
    )


@pages.post("/enquiries/{enquiry:uuid}/remove", rule=Act.LOG_ENQUIRY)
def remove_enquiry(call: Call, enquiry: UUID) -> Response:
    """Takes out an enquiry logged by mistake."""
    with call.desk.db.writing() as session:
        enquiries.remove(session, enquiry, actor=str(call.actor.id), at=call.desk.clock.now())
    call.desk.db.scrub()
    return call.go("/enquiries", "The enquiry was removed and is counted no longer.")


def _enquiry(call: Call, form: Form, status: int = 200) -> Response:
    findings = [(LOOKS_WORDS[found.looks], found.piece) for found in looks_personal(form.sent.get("words", ""))]
    topics = TOPIC_WORDS
    if not call.desk.policy().anonymous_contact:  # S23: then this alone is logged without a name
        topics = {Topic.WHO_WE_KNOW: TOPIC_WORDS[Topic.WHO_WE_KNOW]}
    return call.page(
        "enquiry_new.html", spoken=neither.SPOKEN, status=status, title="Log an enquiry", sent=form.sent, mistakes=form.mistakes, findings=findings,
        topics=topics, channels=CHANNEL_WORDS, outcomes=ENQUIRY_OUTCOME_WORDS, passed=PASSED_WORDS,
    )  # fmt: skip


@pages.get("/referrals/new", rule=Act.ACT_ON_REFERRAL)
def new_referral(call: Call) -> Response:
    """The form for a referral; today is filled in."""
    return _new(call, Form(day_boxes("received", call.desk.clock.today())))


@pages.post("/referrals/new", rule=Act.ACT_ON_REFERRAL)
def log_referral(call: Call) -> Response:
    """Takes a referral in: the family's own is permitted by itself, anybody else's waits (N3, S3)."""
    form, today, policy = Form(call.sent), call.desk.clock.today(), call.desk.policy()
    capacity = form.one("capacity", Capacity, "Choose who asks for our support")
    received = form.past("received", "Received on", today)
    told = _told(form, capacity, today)
    permission = None
    if capacity in MAY_BE_SELF:
        word = may_refer_self(policy, capacity, told.birth, today)
        storing = _agreed(form)
        route = form.one("route", Route, "Choose how they told us")
        decision = _decision(call, form, word.counts, word.reason)
        if route and received:
            permission = Permission(capacity, told.referrer, route, received, "", storing, decision)
    with call.desk.db.reading() as session:
        item = _item(session, form)
    if form.mistakes or capacity is None or received is None:
        return _new(call, form, status=422)
    with call.desk.db.writing() as session:
        row = referrals.log(
            session, told, capacity, permission, policy, received_on=received, today=today, actor=str(call.actor.id),
            at=call.desk.clock.now(), item_id=item.id if item else None,
        )  # fmt: skip
    done = "Put it on a file now" if permission else "It waits for permission"
    return call.go(f"/referrals/{row.number}", f"Referral REF-{row.number} was logged. {done}.")


def _told(form: Form, capacity: Capacity | None, today: date) -> Told:
    child = form.text("child", "The child’s name", needed="Enter the name of the child or young person")
    born = form.day("born", "Date of birth", needed=False, latest=today, too_late="Date of birth must be in the past")
    alone = capacity in (Capacity.CHILD, Capacity.YOUNG_PERSON)
    return Told(
        child=child, born=born.isoformat() if born else "",
        referrer=form.text("referrer", "The name of who asks", needed=None if alone else "Enter the name of the person who asks"),
        organisation=form.text("organisation", "The organisation"), contact=form.text("contact", "How to reach them"),
        asks=form.text("asks", "What they ask for", most=LONGEST_NOTE, needed="Write what they ask for", lines=True),
    )  # fmt: skip


def _agreed(form: Form) -> bool:
    """Whether they agree to keeping (S6, N8). A No is a mistake here: then nothing of it may be kept."""
    storing = form.sent.get("storing")
    if storing == "no":
        form.mistakes["storing"] = (
            "Without their agreement we may keep nothing of this. Log an enquiry without a name instead"
        )
    elif storing != "yes":
        form.mistakes["storing"] = "Say whether they agree that we keep their details"
    return storing == "yes"


def _decision(call: Call, form: Form, counts: Counts, reason: str) -> str:
    decision = form.text("decision", "The reason", most=1000, lines=True)
    if counts is Counts.NO:
        form.mistakes.setdefault("capacity" if "capacity" in form.sent else "giver", reason.rstrip("."))
    if counts is not Counts.OFFICER_DECIDES:
        return ""
    if not call.may(Act.DECIDE_REFERRAL):
        form.mistakes.setdefault(
            "capacity" if "capacity" in form.sent else "giver", f"{reason} Ask an officer to log it"
        )
    elif not decision:
        form.mistakes.setdefault("decision", f"{reason} Write why")
    return decision


def _item(session: Session, form: Form) -> Item | None:
    typed = form.text("item", "Item number")
    if not typed:
        return None
    found = session.exec(select(Item).where(Item.number == whole(typed))).first()
    if found is None:
        form.mistakes["item"] = "There is no item with that number. Look at the Post page"
    return found


def _new(call: Call, form: Form, status: int = 200) -> Response:
    return call.page(
        "referral_new.html", status=status, title="Log a referral", sent=form.sent, mistakes=form.mistakes,
        capacities=CAPACITY_WORDS, routes=ROUTE_WORDS, holding_days=call.desk.policy().periods.referral_holding_days,
        may_decide=call.may(Act.DECIDE_REFERRAL),
    )  # fmt: skip


@pages.get("/referrals/{number:int}", rule=Act.OPEN_REFERRAL)
def referral(call: Call, number: int) -> Response:
    """A referral that waits, or the line that is left of one. One on a file is seen through its file."""
    with call.desk.db.writing() as session:
        row = _held(session, call, number, Act.OPEN_REFERRAL)
        if row.file_id is None and row.state != ReferralState.ERASED:
            trail.append(
                session, actor=str(call.actor.id), act="referral_seen", subject_kind="referral", subject_id=str(row.id),
                at=call.desk.clock.now(),
            )  # fmt: skip
    if row.file_id is not None:
        with call.desk.db.reading() as session:
            return call.go(f"/files/{register.get(session, row.file_id).number}/notes")
    return _referral(call, row, Form(day_boxes("given", call.desk.clock.today())))


@pages.post("/referrals/{number:int}/permission", rule=Act.ACT_ON_REFERRAL)
def permit(call: Call, number: int) -> Response:
    """Records who said that a referral by somebody else may go on (S4)."""
    form, today, policy = Form(call.sent), call.desk.clock.today(), call.desk.policy()
    with call.desk.db.reading() as session:
        row = _held(session, call, number, Act.ACT_ON_REFERRAL)
        born = referrals.opened(session, row).birth if row.state == ReferralState.HOLDING else None
    giver = form.one("giver", Capacity, "Choose who said yes", GIVERS)
    alone = giver in (Capacity.CHILD, Capacity.YOUNG_PERSON)
    name = form.text("name", "Their name", needed=None if alone else "Enter the name of who said yes")
    route = form.one("route", Route, "Choose how they told us")
    given = form.past("given", "The day", today)
    evidence = form.text("evidence", "What shows it", needed="Write what shows it")
    storing = _agreed(form)
    word = permission_counts(policy, giver, born, today) if giver else None
    decision = _decision(call, form, word.counts, word.reason) if word else ""
    if form.mistakes or giver is None or route is None or given is None:
        return _referral(call, row, form, status=422)
    with call.desk.db.writing() as session:
        row = _held(session, call, number, Act.ACT_ON_REFERRAL)
        permission = Permission(giver, name, route, given, evidence, storing, decision)
        referrals.permit(
            session, row, permission, policy, today=today, actor=str(call.actor.id), at=call.desk.clock.now()
        )
    return call.go(f"/referrals/{number}", "The permission was recorded. Put the referral on a file now.")


@pages.post("/referrals/{number:int}/file", rule=Act.ACT_ON_REFERRAL)
def put_on_file(call: Call, number: int) -> Response:
    """Makes a file of a permitted referral, or adds it to one that this person may open."""
    form, actor, now = Form(call.sent), str(call.actor.id), call.desk.clock.now()
    where, file = form.sent.get("where"), None
    with call.desk.db.writing() as session:
        row = _held(session, call, number, Act.ACT_ON_REFERRAL)
        if where == "old" and call.may(Act.WRITE_NOTES):
            found = file_number(form.text("number", "File number"))
            try:
                file = register.by_number(session, min(found or -1, LARGEST_NUMBER))
                for each in register.all_of(session, file):  # to read it, as by break-glass, is not enough (N10)
                    call.need(Act.WRITE_NOTES, about(each))
            except NotFound:
                form.mistakes["number"] = "There is no file with that number that you may add to"
            else:
                referrals.attach(session, row, file, actor=actor, at=now)
        elif where == "new":
            officers = {str(account.id): account.id for account in _officers(session)}
            officer = officers.get(form.sent.get("officer", ""))
            if officer is None:
                form.mistakes["officer"] = "Choose the officer of the file"
            else:
                file = referrals.open_as_file(session, row, call.desk.policy(), officer_id=officer, actor=actor, at=now)
        else:
            form.mistakes["where"] = "Choose a new file or one that is there"
    if form.mistakes or file is None:
        return _referral(call, row, form, status=422)
    call.desk.db.scrub()
    words = f"Referral REF-{number} is on file PC-{file.number:04d}."
    return call.go(f"/files/{file.number}/notes" if call.may(Act.OPEN_FILE, about(file)) else "/enquiries", words)


@pages.post("/referrals/{number:int}/erase", rule=Act.ACT_ON_REFERRAL, fresh=True)
def erase(call: Call, number: int) -> Response:
    """Destroys a waiting referral at once, because the family said no or it was a mistake."""
    form = Form(call.sent)
    because = form.one("because", ErasedBecause, "Choose why it is erased", BY_HAND)
    try:
        with call.desk.db.writing() as session:
            row = _held(session, call, number, Act.ACT_ON_REFERRAL)
            if because is not None:
                now = call.desk.clock.now()
                referral_scan.erase(
                    session, row, because, policy_version=call.desk.policy().version, today=call.desk.clock.today(),
                    actor=str(call.actor.id), at=now,
                )  # fmt: skip
    except RefusedByRule as refused:
        form.mistakes["because"] = refused.message.rstrip(".")
        with call.desk.db.reading() as session:
            row = _held(session, call, number, Act.ACT_ON_REFERRAL)
    if form.mistakes:
        return _referral(call, row, form, status=422)
    run.finish_blobs(call.desk.db, call.desk.store)
    call.desk.db.scrub()
    verifying.compact(call.desk.db)
    return call.go("/enquiries", f"Referral REF-{number} was erased. One line without a name remains.")


@pages.post("/referrals/{number:int}/keep", rule=Act.ACT_ON_REFERRAL)
def keep(call: Call, number: int) -> Response:
    """Puts off the erasing on a ground that the law gives."""
    form = Form(call.sent)
    ground = form.one("ground", HoldKind, "Choose why it must be kept", GROUNDS)
    until = form.day("until", "The day")
    with call.desk.db.reading() as session:
        row = _held(session, call, number, Act.ACT_ON_REFERRAL)
    try:
        with call.desk.db.writing() as session:
            row = _held(session, call, number, Act.ACT_ON_REFERRAL)
            if ground is not None and until is not None:
                now, today = call.desk.clock.now(), call.desk.clock.today()
                referrals.keep_longer(session, row, ground, until, today=today, actor=str(call.actor.id), at=now)
    except RefusedByRule as refused:
        form.mistakes["until"] = refused.message.rstrip(".")
    if form.mistakes:
        return _referral(call, row, form, status=422)
    return call.go(f"/referrals/{number}", "It will not be erased before that day.")


def _held(session: Session, call: Call, number: int, act: Act) -> Referral:
    """A referral outside of any file; one on a file is there only for those who may open that file, and cannot be acted on here."""
    row = referrals.by_number(session, min(number, LARGEST_NUMBER))
    if row.file_id is not None:
        call.need(Act.OPEN_FILE, about(register.get(session, row.file_id)))
        if act is Act.OPEN_REFERRAL:
            return row
        raise referrals.settled(session, row, call.desk.clock.now())
    else:
        call.need(act, Subject(None))
    return row


def _officers(session: Session) -> list[Account]:
    return [each for each in accounts.everybody(session) if each.role == Role.OFFICER and each.disabled_at is None]


def _referral(call: Call, row: Referral, form: Form, status: int = 200) -> Response:
    shown: Mapping[str, object] = {}
    with call.desk.db.reading() as session:
        if row.state in WAITING:
            told, permission = referrals.opened(session, row), referrals.permission_of(session, row)
            hits = register.find_by_name(session, told.child) if call.may(Act.SEARCH_FILES) else []
            files = [hit.file for hit in hits if call.may(Act.WRITE_NOTES, about(hit.file))][:5]
            officers = {str(each.id): each.display_name for each in _officers(session)}
            if call.actor.role is Role.OFFICER:
                form.sent.setdefault("officer", str(call.actor.id))
            shown = {
                "told": told, "permission": permission, "stops": referrals.what_stops(session, row, call.desk.clock.today()),
                "scan": referral_scan.scan_of(session, row),
                "giver": CAPACITY_WORDS[Capacity(permission.row.given_by)] if permission else "",
                "route": ROUTE_WORDS[Route(permission.row.route)] if permission else "", "officers": officers,
                "likely": [(file.number, _born(session, file)) for file in files] if row.state == ReferralState.READY else [],
            }  # fmt: skip
    wheres = {"new": "A new file"} | ({"old": "A file that is there already"} if call.may(Act.WRITE_NOTES) else {})
    return call.page(
        "referral.html", status=status, title=f"Referral REF-{row.number}", row=row, sent=form.sent, mistakes=form.mistakes,
        **{"told": None, "permission": None, "stops": (), "scan": None, **shown},
        who_asks=CAPACITY_WORDS[Capacity(row.capacity)],
        holding_days=call.desk.policy().periods.referral_holding_days, givers={each: CAPACITY_WORDS[each] for each in GIVERS},
        routes=ROUTE_WORDS, reasons={each: ERASED_WORDS[each] for each in BY_HAND}, wheres=wheres,
        grounds={each: KIND_WORDS[each] for each in GROUNDS}, may_decide=call.may(Act.DECIDE_REFERRAL),
        why_erased=ERASED_WORDS[ErasedBecause(row.erased_because)] if row.erased_because else "",
    )  # fmt: skip


def _born(session: Session, file: ChildFile) -> str:
    born = across(register.birth_dates(session, file))
    return born.in_words() if born else "not known"
