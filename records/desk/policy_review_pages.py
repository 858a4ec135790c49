"""The register of reviews of the policy, and of changes of data protection law: everybody sees it, a manager records (W56-W58)."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from starlette.responses import Response

from records.desk.case_forms import Form, day_boxes
from records.desk.paging import piece
from records.desk.presses import press_key
from records.desk.shell import Call, Pages
from records.errors import RefusedByRule
from records.policies import reviews
from records.policies.book import Book
from records.policies.changing import FURTHEST_YEARS
from records.policies.periods import add_months, in_words
from records.policies.reviewing import REMINDED_DAYS, Capacity, Outcome, is_asked_for, is_overdue
from records.policies.reviews import LONGEST_NAME, LONGEST_REFERENCE, Reviewed
from records.staff import accounts
from records.staff.access import Act
from records.tasks import policy_reviews

HERE = "/settings/policy-reviews"
CAPACITIES = {
    Capacity.MANAGER: "The manager",
    Capacity.BOARD: "The advisory board",
    Capacity.BOTH: "The manager and the advisory board",
}
FIRST = date(2000, 1, 1)
OUTCOMES = {Outcome.NO_CHANGE: "No change", Outcome.NEW_VERSION: "A new version"}


def make(book: Book) -> Pages:
    """The pages over one installation's policy."""
    pages = Pages()

    @pages.get(HERE, rule=Act.SEE_SETTINGS)
    def lists(call: Call) -> Response:
        """When the next review is due, every review, and every change of the law."""
        return _page(call, book, Form({}))

    @pages.post(HERE, rule=Act.RECORD_POLICY_REVIEW)
    def record(call: Call) -> Response:
        """Records a review: who, in what capacity, when, and what came of it."""
        form, today = Form(call.sent), call.desk.clock.today()
        reviewed = _reviewed(form, [str(each) for each in call.form.getlist("law")], press_key(call.sent), call)
        if reviewed is None:
            return _page(call, book, form, status=422)
        try:
            with call.desk.db.writing() as session:
                policy_reviews.record(
                    session, book.versions, call.desk.policy(), reviewed, policy_version=call.desk.policy_of(reviewed.on).version,
                    today=today, by=str(call.actor.id), at=call.desk.clock.now(),
                )  # fmt: skip
        except RefusedByRule as refused:
            form.mistakes["law"] = refused.message
            return _page(call, book, form, status=422)
        return call.go(HERE, "The review is recorded.")

    @pages.post(f"{HERE}/law", rule=Act.RECORD_POLICY_REVIEW)
    def law_changed(call: Call) -> Response:
        """Records that data protection law changed; the review for it becomes a task."""
        form, today, policy = Form(call.sent), call.desk.clock.today(), call.desk.policy()
        reference = form.text("reference", "The reference", most=LONGEST_REFERENCE, needed="Say which law changed")
        furthest = add_months(today, 12 * FURTHEST_YEARS)
        changed_on = form.day("changed_on", "The day", earliest=FIRST, too_early="The day must be after 1999", latest=furthest,
                              too_late=f"The day must be within {FURTHEST_YEARS} years")  # fmt: skip
        latest = reviews.latest_review(policy, today)
        review_by = form.day("review_by", "The day for the review", earliest=today, too_early="The day for the review must be today or later",
                             latest=latest, too_late=f"The day for the review must be {in_words(latest)} or earlier")  # fmt: skip
        if form.mistakes or changed_on is None or review_by is None:
            return _page(call, book, form, status=422)
        with call.desk.db.writing() as session:
            policy_reviews.law_changed(
                session, policy, reference, key=press_key(call.sent), changed_on=changed_on, review_by=review_by, today=today,
                by=str(call.actor.id), at=call.desk.clock.now(),
            )  # fmt: skip
        return call.go(HERE, f"It is recorded. The policy is to be reviewed for it by {in_words(review_by)}.")

    return pages


def _reviewed(form: Form, laws: Collection[str], key: UUID, call: Call) -> Reviewed | None:
    """What was typed of a review; None with the mistakes noted in the form."""
    today = call.desk.clock.today()
    reviewer = form.text("reviewer", "The name", most=LONGEST_NAME, needed="Enter who reviewed the policy")
    capacity = form.one("capacity", Capacity, "Choose in what capacity they reviewed it")
    day = form.past("on", "The day", today)
    minute = form.text("minute", "The minute", most=LONGEST_NAME)
    outcome = form.one("outcome", Outcome, "Choose what came of the review")
    version = form.text("version", "The version", most=LONGEST_NAME)
    if outcome is Outcome.NEW_VERSION and not version:
        form.mistakes.setdefault("version", "Name the new version")
    if outcome is Outcome.NO_CHANGE and version:
        form.mistakes.setdefault("version", "Leave this empty when nothing changes, or choose “A new version”")
    looked_at: frozenset[UUID] = frozenset()
    try:
        looked_at = frozenset(UUID(each) for each in laws)
    except ValueError:
        form.mistakes["law"] = "Choose again which changes of the law it looked at"
    if form.mistakes or capacity is None or outcome is None or day is None:
        return None
    return Reviewed(key, day, reviewer, capacity, outcome, version, minute, looked_at)


def _page(call: Call, book: Book, form: Form, status: int = 200) -> Response:
    today, policy = call.desk.clock.today(), call.desk.policy()
    with call.desk.db.reading() as session:
        done, laws = reviews.reviews(session, policy.service), reviews.laws(session, policy.service)
        due, began = policy_reviews.due(session, book.versions, policy), reviews.began(session, book.versions)
        names = accounts.display_names(session)
    first = {
        **day_boxes("on", today), **day_boxes("changed_on", today),
        **day_boxes("review_by", min(today + timedelta(days=REMINDED_DAYS), reviews.latest_review(policy, today))),
    }  # fmt: skip
    covered: dict[UUID, list[str]] = {}
    for each in laws:
        if each.review is not None:
            covered.setdefault(each.review.id, []).append(each.row.reference)
    return call.page(
        "policy_reviews.html", status=status, title="Reviews of the policy", policy=policy, due=due, began=began, overdue=is_overdue(due, today),
        soon=is_asked_for(due, today), laws=piece(call, laws, HERE, "laws"), piece=piece(call, done, HERE), covered=covered,
        open_laws=[each.row for each in laws if each.review is None], ticked=[str(each) for each in call.form.getlist("law")],
        capacities=CAPACITIES, outcomes=OUTCOMES, names=names, sent={**first, **form.sent}, mistakes=form.mistakes,
        may_record=call.may(Act.RECORD_POLICY_REVIEW), key=str(press_key({})), law_key=str(press_key({})),
    )  # fmt: skip
