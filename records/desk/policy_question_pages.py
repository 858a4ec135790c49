"""The log of questions about the policy: everybody logs one, the manager answers (W62). No names: whoever types one is asked to look again."""

from uuid import UUID

from starlette.responses import Response

from records.cases.personal import LOOKS_WORDS, looks_personal
from records.desk.case_forms import Form, day_boxes
from records.desk.paging import piece
from records.desk.presses import press_key
from records.desk.shell import Call, Pages
from records.policies import questions
from records.policies.periods import in_words
from records.policies.questions import LONGEST_BY, LONGEST_WORDS
from records.staff import accounts
from records.staff.access import Act

pages = Pages()
HERE = "/settings/policy-questions"


@pages.get(HERE, rule=Act.SEE_SETTINGS)
def lists(call: Call) -> Response:
    """Every question, first those without an answer."""
    return _list(call, Form(day_boxes("on", call.desk.clock.today())))


@pages.post(HERE, rule=Act.LOG_POLICY_QUESTION)
def ask(call: Call) -> Response:
    """Logs a question, or shows what looks personal and asks to look again."""
    form, today = Form(call.sent), call.desk.clock.today()
    day = form.past("on", "The day", today)
    asked_by = form.text("asked_by", "Who asked", most=LONGEST_BY, needed="Say who asked, in general words")
    words = form.text("words", "The question", most=LONGEST_WORDS, needed="Enter the question", lines=True)
    if form.mistakes or day is None or _looks_again(form, "asked_by", "words"):
        return _list(call, form, status=422)
    with call.desk.db.writing() as session:
        questions.ask(
            session, call.desk.policy(), key=press_key(call.sent), asked_on=day, asked_by=asked_by, words=words, today=today,
            by=str(call.actor.id), at=call.desk.clock.now(),
        )  # fmt: skip
    return call.go(HERE, "The question is logged for the manager.")


@pages.get(f"{HERE}/{{question:uuid}}", rule=Act.ANSWER_POLICY_QUESTION)
def one(call: Call, question: UUID) -> Response:
    """One question, with the form for its answer."""
    return _one(call, question, Form(day_boxes("on", call.desk.clock.today())))


@pages.post(f"{HERE}/{{question:uuid}}", rule=Act.ANSWER_POLICY_QUESTION)
def answer(call: Call, question: UUID) -> Response:
    """Enters the answer."""
    form, today, service = Form(call.sent), call.desk.clock.today(), call.desk.policy().service
    with call.desk.db.reading() as session:
        asked_on = questions.one(session, service, question).row.asked_on
    day = form.day(
        "on", "The day", earliest=asked_on, latest=today, too_late="The day must not be in the future",
        too_early=f"The day must be {in_words(asked_on)}, when it was asked, or later",
    )  # fmt: skip
    words = form.text("words", "The answer", most=LONGEST_WORDS, needed="Enter the answer", lines=True)
    if form.mistakes or day is None or _looks_again(form, "words"):
        return _one(call, question, form, status=422)
    with call.desk.db.writing() as session:
        questions.answer(
            session, service, question, answered_on=day, words=words, today=today, by=str(call.actor.id), at=call.desk.clock.now()
        )  # fmt: skip
    return call.go(HERE, "The answer is entered.")


def _found(form: Form) -> list[tuple[str, str]]:
    typed = ". ".join(form.sent.get(name, "") for name in ("asked_by", "words"))
    return [(LOOKS_WORDS[each.looks], each.piece) for each in looks_personal(typed)]


def _looks_again(form: Form, *fields: str) -> bool:
    """Whether something looks personal that nobody has said may stay."""
    looks = any(looks_personal(form.sent.get(name, "")) for name in fields)
    return looks and form.sent.get("stays") != "yes"


def _list(call: Call, form: Form, status: int = 200) -> Response:
    with call.desk.db.reading() as session:
        found, names = questions.listed(session, call.desk.policy().service), accounts.display_names(session)
    return call.page(
        "policy_questions.html", status=status, title="Questions about the policy", piece=piece(call, found, HERE), names=names,
        sent=form.sent, mistakes=form.mistakes, findings=_found(form) if status != 200 else [], days=call.desk.policy().periods.request_target_days,
        may_answer=call.may(Act.ANSWER_POLICY_QUESTION), may_log=call.may(Act.LOG_POLICY_QUESTION), key=str(press_key({})),
    )  # fmt: skip


def _one(call: Call, question: UUID, form: Form, status: int = 200) -> Response:
    with call.desk.db.reading() as session:
        found = questions.one(session, call.desk.policy().service, question)
        names = accounts.display_names(session)
    return call.page(
        "policy_question.html", status=status, title="Answer a question about the policy", each=found, names=names, sent=form.sent,
        mistakes=form.mistakes, findings=_found(form) if status != 200 else [],
    )  # fmt: skip
