"""The People tab of a child's file: everybody on it, each in their own right; birth dates; files that are one child."""

from datetime import date
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from records.consents import contact_details, following, ledger
from records.desk import people_forms, people_view
from records.desk.file_frame import frame, opened, seen, viewed
from records.desk.people_forms import FORMS, Field, Form
from records.desk.shell import Call, Pages
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.guard.standing import about
from records.people import known, merging, register, relations
from records.people.ages import years_old
from records.people.birthdates import BirthDate
from records.people.facts import ContactDetails, Details, FactKind, Value, newest
from records.people.namesakes import namesakes_of, told_apart
from records.people.register import PersonShown
from records.people.tables import ChildFile
from records.people.typed import day_from, text_problem
from records.retention import parted
from records.staff import accounts
from records.staff.access import Act
from records.tasks.register import let_go_all

HERE = "/people"
TOO_OLD = 25
pages = Pages()


@pages.get("/files/{number:int}/people", rule=Act.OPEN_FILE)
def people(call: Call, number: int) -> Response:
    """Everybody on the file."""
    with call.desk.db.reading() as session:
        file = opened(session, call, number)
    seen(call, file.id, "file_people_seen")
    with call.desk.db.reading() as session:
        shown = people_view.show(
            session, file, call.desk.policy(), call.desk.clock.today(), accounts.display_names(session)
        )
        top = frame(session, call, file, HERE)
    may_change = call.may(Act.CHANGE_FILE_PEOPLE, about(file))
    return call.page(
        "file_people.html",
        title=f"File PC-{file.number:04d}, people",
        frame=top,
        shown=shown,
        may_change=may_change,
        forms=FORMS,
    )


@pages.get("/files/{number:int}/people/add", rule=Act.CHANGE_FILE_PEOPLE)
def add_form(call: Call, number: int) -> Response:
    """Somebody new on the file."""
    viewed(call, number, Act.CHANGE_FILE_PEOPLE, "file_people_seen")
    return _add_page(call, number, {})


@pages.post("/files/{number:int}/people/add", rule=Act.CHANGE_FILE_PEOPLE)
def add(call: Call, number: int) -> Response:
    """Adds them. Parental responsibility stays unknown until somebody records it (R18)."""
    fields = people_forms.details_fields()
    value = Details(call.sent.get("name", "").strip(), call.sent.get("relationship", ""))
    wrong = people_forms.mistakes_in(fields, call.sent, (), value)
    if wrong:
        return _add_page(call, number, wrong)
    with call.desk.db.writing() as session:
        file = opened(session, call, number, Act.CHANGE_FILE_PEOPLE)
        register.add_person(
            session, file, kind=relations.kind_of(value.relationship, "other"), name=value.name, relationship=value.relationship,
            actor=str(call.actor.id), at=call.desk.clock.now(),
        )  # fmt: skip
    return call.go(
        f"/files/{file.number}/people",
        "The person was added. Record parental responsibility when you have seen evidence.",
    )


def _add_page(call: Call, number: int, wrong: dict[str, str]) -> Response:
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_FILE_PEOPLE)
        top = frame(session, call, file, HERE)
    return call.page(
        "person_form.html", status=422 if wrong else 200, title=f"File PC-{file.number:04d}, add a person", frame=top, heading="Add a person",
        about=None, fields=people_forms.details_fields(), button="Add this person", since=None, sent=call.sent, ticks=[], mistakes=wrong, history=[],
        action=f"/files/{file.number}/people/add",
    )  # fmt: skip


@pages.get("/files/{number:int}/people/birth-date", rule=Act.CHANGE_FILE_PEOPLE)
def birth_form(call: Call, number: int) -> Response:
    """Every source of the birth date, and settling it."""
    viewed(call, number, Act.CHANGE_FILE_PEOPLE, "file_birth_date_seen")
    return _birth_page(call, number, {})


@pages.post("/files/{number:int}/people/birth-date", rule=Act.CHANGE_FILE_PEOPLE)
def settle_birth(call: Call, number: int) -> Response:
    """A person settles the birth date on evidence (R40); what each source said is kept."""
    today, sent = call.desk.clock.today(), call.sent
    day, problem = day_from(sent, "born", "The date of birth", today=today)
    if day == today:
        day, problem = None, "The date of birth must be in the past"
    wrong = {"born": problem} if problem else {}
    if day is not None and years_old(day, today) > TOO_OLD and sent.get("looked") != day.isoformat():
        wrong["born"] = (
            f"This would be somebody of {years_old(day, today)}. Look again, and send it once more if it is right"
        )
    elif day is not None and sent.get("looked") != day.isoformat():
        with call.desk.db.reading() as session:
            signed = ledger.first_signed(session, opened(session, call, number, Act.CHANGE_FILE_PEOPLE).id)
        if signed is not None and day >= signed:
            when = "on" if day == signed else "before"
            wrong["born"] = (
                f"A form on this file was signed {when} that day. Look again, and send it once more if it is right"
            )
    if sent.get("evidence") not in register.EVIDENCE_OF_BIRTH:
        wrong["evidence"] = "Choose what you saw"
    why = sent.get("why", "")
    if found := text_problem(why, "What else you saw", 500):
        wrong["why"] = found
    elif sent.get("evidence") == register.OTHER_EVIDENCE and not why.strip():
        wrong["why"] = "Enter what you saw"
    if wrong or day is None:
        return _birth_page(call, number, wrong, looked=day)
    with call.desk.db.writing() as session:
        file = opened(session, call, number, Act.CHANGE_FILE_PEOPLE)
        _same_as_seen(session, file, sent.get("seen", ""))
        at, actor = call.desk.clock.now(), str(call.actor.id)
        register.settle_birth_date(
            session, file, BirthDate.on(day), evidence=sent["evidence"], why=why, actor=actor, at=at
        )
        # Also where the task was ticked off before: should dates disagree again, it is asked anew (R40).
        let_go_all(session, [f"birth_date:{each.id}" for each in register.all_of(session, file)], by=actor, at=at)
    return call.go(
        f"/files/{file.number}/people", "The date of birth was settled. Ages and dates to keep were worked out anew."
    )


def _same_as_seen(session: Session, file: ChildFile, count: str) -> None:
    if count != str(len(register.birth_sources(session, file))):
        raise ChangedMeanwhile(
            "Somebody else recorded a date of birth first. Nothing of yours was saved; look at it again."
        )


def _birth_page(call: Call, number: int, wrong: dict[str, str], looked: date | None = None) -> Response:
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_FILE_PEOPLE)
        top = frame(session, call, file, HERE)
        sources = people_view.sources(session, file, accounts.display_names(session))
    return call.page(
        "birth_date.html", status=422 if wrong else 200, title=f"File PC-{file.number:04d}, date of birth", frame=top, sources=sources,
        evidence=register.EVIDENCE_OF_BIRTH, sent=call.sent, mistakes=wrong, seen=call.sent.get("seen") or str(len(sources)),
        looked=looked.isoformat() if looked else "",
    )  # fmt: skip


@pages.get("/files/{number:int}/people/same-child", rule=Act.CHANGE_FILE_PEOPLE)
def join_form(call: Call, number: int) -> Response:
    """Another file of the same child."""
    viewed(call, number, Act.CHANGE_FILE_PEOPLE, "file_people_seen")
    return _join_page(call, number, {})


@pages.post("/files/{number:int}/people/same-child", rule=Act.CHANGE_FILE_PEOPLE)
def join(call: Call, number: int) -> Response:
    """Shows both files side by side first; joins them when somebody who has seen both says so."""
    sent, wrong = call.sent, {}
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_FILE_PEOPLE)
        other = _other(session, call, sent.get("other", ""))
        if other is None:
            wrong["other"] = "There is no file with that number that you may open. Check the number"
        elif other.id == file.id:
            wrong["other"] = "That is this file. Enter the number of the other one"
        both = [people_view.side(session, each) for each in (file, other)] if other and not wrong else []
    why = sent.get("why", "")
    if other is not None and not wrong and sent.get("compared") == str(other.number):
        if found := text_problem(why, "How you know", merging.LONGEST_WHY):
            wrong["why"] = found
        elif not why.strip():
            wrong["why"] = "Enter how you know that this is the same child"
        else:
            with call.desk.db.writing() as session:
                file, taken = (
                    opened(session, call, number, Act.CHANGE_FILE_PEOPLE),
                    _other(session, call, sent.get("other", "")),
                )
                if taken is None:
                    raise NotFound("There is nothing here.")
                by, at = str(call.actor.id), call.desk.clock.now()
                theirs = merging.ids_of(session, taken.id)  # afterwards they are the ids of both
                joining = merging.merge(session, file, taken, why=why, by=by, at=at)
                following.files_joined(session, file, theirs, joining, actor=by, at=at, policy=call.desk.policy())
            return call.go(
                f"/files/{file.number}/people", "The two files are seen as one now. They can be taken apart again."
            )
    if both and other is not None:
        seen(call, other.id, "file_people_seen")  # it stands beside this one: a view of each (P9)
        seen(call, file.id, "file_people_seen")
    return _join_page(call, number, wrong, both)


def _other(session: Session, call: Call, typed: str) -> ChildFile | None:
    figures = typed.strip().upper().removeprefix("PC").strip("- ")
    if not (figures.isascii() and figures.isdigit() and len(figures) < 10):
        return None
    try:
        return opened(session, call, int(figures), Act.CHANGE_FILE_PEOPLE)
    except NotFound:
        return None


def _join_page(call: Call, number: int, wrong: dict[str, str], both: list[people_view.Side] | None = None) -> Response:
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_FILE_PEOPLE)
        top = frame(session, call, file, HERE)
    return call.page(
        "same_child.html", status=422 if wrong else 200, title=f"File PC-{file.number:04d}, same child", frame=top, both=both or [], sent=call.sent,
        mistakes=wrong,
    )  # fmt: skip


@pages.post("/files/{number:int}/people/apart/{joining:uuid}", rule=Act.CHANGE_FILE_PEOPLE)
def apart(call: Call, number: int, joining: UUID) -> Response:
    """Takes two files apart again: each is as it was, with what was added to it meanwhile."""
    with call.desk.db.writing() as session:
        file = opened(session, call, number, Act.CHANGE_FILE_PEOPLE)
        if joining not in {each.id for each in merging.joined(session, file)}:
            raise ChangedMeanwhile("Somebody else has already taken these two files apart.")
        by, at = str(call.actor.id), call.desk.clock.now()
        was = merging.unmerge(session, joining, by=by, at=at)
        both_kept = parted.keep_both(session, was, by=by, at=at)
        following.files_parted(session, was, actor=by, at=at, policy=call.desk.policy())
    words = "The two files were taken apart."
    if both_kept:
        words += " What was placed on hold or kept longer while they were one stays so on both. Lift what is not about a file."
    return call.go(f"/files/{file.number}/people", words)


@pages.get("/files/{number:int}/people/{person:uuid}/{kind}", rule=Act.CHANGE_FILE_PEOPLE)
def fact_form(call: Call, number: int, person: UUID, kind: str) -> Response:
    """One form about one person, filled with what stands now."""
    form = _form(kind)
    with call.desk.db.reading() as session:
        _who(session, opened(session, call, number, Act.CHANGE_FILE_PEOPLE), person, form)
    viewed(call, number, Act.CHANGE_FILE_PEOPLE, "file_people_seen")
    return _fact_page(call, number, person, form, kind, {}, first=True)


@pages.post("/files/{number:int}/people/{person:uuid}/{kind}", rule=Act.CHANGE_FILE_PEOPLE)
def record_fact(call: Call, number: int, person: UUID, kind: str) -> Response:
    """Appends one fact; nothing is overwritten."""
    form = _form(kind)
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_FILE_PEOPLE)
        who, everybody = _who(session, file, person, form)
    fields, sent, ticks = people_forms.asks(form, who, everybody), call.sent, _ticks(call)
    value = form.make(sent, ticks, who)
    wrong = people_forms.mistakes_in(fields, sent, ticks, value)
    with call.desk.db.reading() as session:
        if (refused := _not_kept(session, call, file, who, value)) is not None:
            wrong.setdefault(fields[0].name, refused)
    since, problem = day_from(sent, "since", "The day", today=call.desk.clock.today())
    if problem:
        wrong["since"] = problem
    if wrong or since is None:
        return _fact_page(call, number, person, form, kind, wrong)
    with call.desk.db.writing() as session:
        file = opened(session, call, number, Act.CHANGE_FILE_PEOPLE)
        if sent.get("seen") != str(len(known.of_person(session, file.id, person))):
            raise ChangedMeanwhile(
                "Somebody else changed what is known about this person first. Nothing of yours was saved; look at it again."
            )
        if (refused := _not_kept(session, call, file, who, value)) is not None:
            raise RefusedByRule(refused, "W39")
        known.record(session, file.id, person, value, true_on=since, actor=str(call.actor.id), at=call.desk.clock.now())
    return call.go(f"/files/{file.number}/people", "Saved. What was known before is kept.")


def _not_kept(session: Session, call: Call, file: ChildFile, who: PersonShown, value: Value) -> str | None:
    """Why contact details may not be kept (W39)."""
    if not isinstance(value, ContactDetails) or value.empty:
        return None
    return contact_details.may_not_be_kept(session, file, who.kind, call.desk.policy(), call.desk.clock.now())


def _form(kind: str) -> Form:
    if kind not in FORMS:
        raise NotFound("There is nothing here.")
    return FORMS[kind]


def _ticks(call: Call) -> list[str]:
    names = ("do_not_contact", "do_not_tell", "not_by", "refuses", "than")
    return [f"{name}={value}" for name, value in call.form.multi_items() if name in names and isinstance(value, str)]


def _who(session: Session, file: ChildFile, person: UUID, form: Form) -> tuple[PersonShown, list[PersonShown]]:
    # Who was taken off may be the one whose form came later.
    everybody = register.people(session, file, ended=form.kind is FactKind.SOMEBODY_ELSE)
    who = next((each for each in everybody if each.id == person and not each.ended), None)
    if (
        who is None
        or (form.child_only and who.kind != register.CHILD)
        or (form.others_only and who.kind == register.CHILD)
        or (form.kind is FactKind.SOMEBODY_ELSE and not namesakes_of(who, everybody))
    ):
        raise NotFound("There is nothing here.")
    return who, everybody


def _fact_page(
    call: Call, number: int, person: UUID, form: Form, kind: str, wrong: dict[str, str], *, first: bool = False
) -> Response:
    with call.desk.db.reading() as session:
        file = opened(session, call, number, Act.CHANGE_FILE_PEOPLE)
        top = frame(session, call, file, HERE)
        who, everybody = _who(session, file, person, form)
        facts = known.of_person(session, file.id, person)
        apart = told_apart(who, everybody, known.of_file(session, file.id))
        history = people_view.history(facts, form.kind, everybody, accounts.display_names(session))
    fields: list[Field] = list(people_forms.asks(form, who, everybody))
    stands = newest(facts, form.kind)
    sent, ticks = (
        people_forms.before(stands.value if stands else None, who, form) if first else (call.sent, _ticks(call))
    )
    if first and form.kind is FactKind.SOMEBODY_ELSE:
        ticks = [f"than={each}" for each in apart]  # what stands may have been recorded of the other one
    if first:
        today = call.desk.clock.today()
        sent = {"since-day": str(today.day), "since-month": str(today.month), "since-year": str(today.year)} | sent
    return call.page(
        "person_form.html", status=422 if wrong else 200, title=f"File PC-{file.number:04d}, {form.title.lower()}", frame=top, heading=form.title,
        about=who, fields=fields, button=form.button, since=form.since, sent={"seen": str(len(facts))} | dict(sent), ticks=ticks, mistakes=wrong,
        history=history, action=f"/files/{file.number}/people/{person}/{kind}",
    )  # fmt: skip
