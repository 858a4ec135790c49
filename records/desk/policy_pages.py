"""The policy page: each setting with today's value, and a manager's change of it, looked at before it is made (G8, R46)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlmodel import Session, func, select
from starlette.responses import Response

from records.consents.typed import text_wrong
from records.desk import policy_view
from records.desk.numbers import whole
from records.desk.shell import Call, Pages, moment
from records.errors import ChangedMeanwhile, NotFound
from records.people.tables import ChildFile
from records.policies import book as kept
from records.policies import changing, deciding
from records.policies.book import Book
from records.policies.changing import Change
from records.policies.kinds import KINDS, Fixed, NotAValue, in_words, typed
from records.policies.periods import in_words as day_in_words
from records.policies.reading import JsonValue
from records.policies.settings import Policy
from records.policies.tensions import tensions_of
from records.retention import policy_preview
from records.staff import accounts
from records.staff.access import Act

MOST_SHOWN = 200


@dataclass(frozen=True)
class Proposed:
    """A change that was typed and may be made: what it is, from when, why."""

    code: str
    value: JsonValue
    begins: date
    reason: str
    after: Policy

    @property
    def seal(self) -> str:
        """Names exactly what was looked at, so that nothing else is saved."""
        return f"{changing.fingerprint(self.after.rows)}.{self.begins.isoformat()}"


def make(book: Book) -> Pages:
    """The pages over one installation's policy."""
    pages = Pages()

    @pages.get("/settings/policy", rule=Act.SEE_SETTINGS)
    def policy(call: Call) -> Response:
        """Every setting as it is today, where policy and law pull apart, and what was changed."""
        today = call.desk.clock.today()
        with call.desk.db.reading() as session:
            changes = kept.changes(session, book.service)
            names = accounts.display_names(session)
            made = deciding.decisions(session, book.service)
        now = changing.effective(book.versions, changes, today)
        return call.page(
            "policy.html", title="Policy", policy=now, groups=policy_view.groups(book.versions, changes, today, names),
            tensions=[(each, [one for one in made if one.point == each.code]) for each in tensions_of(book.service)],
            names=names, history=policy_view.history(book.versions, changes, names),
            pending=[each for each in policy_view.history(book.versions, changes, names) if each.begins > today],
            may_change=call.may(Act.CHANGE_POLICY),
        )  # fmt: skip

    @pages.get("/settings/policy/decisions/{point}", rule=Act.CHANGE_POLICY)
    def decision(call: Call, point: str) -> Response:
        """The form on which a manager decides where policy and law pull apart."""
        return _decision(call, book, point)

    @pages.post("/settings/policy/decisions/{point}", rule=Act.CHANGE_POLICY)
    def decide(call: Call, point: str) -> Response:
        """Appends the decision: who, when, why."""
        wrong = {
            name: mistake
            for name, words in (("decided", "what is decided"), ("reason", "the reason"))
            if (mistake := text_wrong(call.sent.get(name, ""), words, most=deciding.LONGEST, needed=True))
        }
        if wrong:
            return _decision(call, book, point, wrong)
        with call.desk.db.writing() as session:
            deciding.record(
                session, book.service, point, call.sent["decided"], call.sent["reason"], seen=_seen(call),
                policy_version=call.desk.policy().version, actor=str(call.actor.id), at=call.desk.clock.now(),
            )  # fmt: skip
        return call.go("/settings/policy#law", "The decision is recorded.")

    @pages.get("/settings/policy/{code}", rule=Act.CHANGE_POLICY)
    def setting(call: Call, code: str) -> Response:
        """The form to change one setting."""
        return _form(call, book, code)

    @pages.post("/settings/policy/{code}", rule=Act.CHANGE_POLICY)
    def change(call: Call, code: str) -> Response:
        """Shows what a change would do; saves it only as it was shown."""
        _known(code)
        today = call.desk.clock.today()
        try:
            proposed = _proposed(call, book, code)
        except NotAValue as wrong:
            return _form(call, book, code, {wrong.field: wrong.words}, status=422)
        if call.sent.get("looked") != proposed.seal:
            return _look(call, book, proposed)
        try:
            with call.desk.db.writing() as session:
                kept.record(
                    session, book.versions, code=code, value=proposed.value, begins=proposed.begins, reason=proposed.reason,
                    seen=_seen(call), actor=str(call.actor.id), at=call.desk.clock.now(), today=today,
                )  # fmt: skip
        except ChangedMeanwhile:
            raise ChangedMeanwhile(_who_was_quicker(call, book)) from None
        book.forget()
        return call.go("/settings/policy", f"Changed from {day_in_words(proposed.begins)}: {_row(book, code).name}.")

    @pages.get("/settings/policy/changes/{sequence:int}/files", rule=Act.CHANGE_POLICY)
    def notice_list(call: Call, sequence: int) -> Response:
        """The notice list (R46): the files that a change gives an earlier date, soonest first."""
        with call.desk.db.reading() as session:
            changes = kept.changes(session, book.service)
            found = next((each for each in changes if each.sequence == sequence), None)
            if found is None or found.code not in policy_view.MOVES_DATES:
                raise NotFound("There is nothing here.")
            without = [each for each in changes if each.sequence < sequence]
            before = changing.effective(book.versions, without, found.effective_from).retention
            after = changing.effective(book.versions, [*without, found], found.effective_from).retention
            rows = policy_preview.earlier(policy_preview.shifts(session, before, after))
        return call.page(
            "policy_files.html", title="Notice list", change=found, rows=rows[:MOST_SHOWN], total=len(rows), words=in_words(found.code, found.value)
        )  # fmt: skip

    return pages


def _decision(call: Call, book: Book, point: str, mistakes: dict[str, str] | None = None) -> Response:
    found = next((each for each in tensions_of(book.service) if each.code == point), None)
    if found is None:
        raise NotFound("There is nothing here.")
    with call.desk.db.reading() as session:
        made = [one for one in deciding.decisions(session, book.service) if one.point == point]
        seen, names = deciding.last(session, book.service), accounts.display_names(session)
    return call.page(
        "policy_decision.html", status=422 if mistakes else 200, title="Decide where policy and law pull apart", each=found, made=made,
        names=names, seen=call.sent.get("seen", "") if mistakes else seen, sent=call.sent if mistakes else {}, mistakes=mistakes or {},
    )  # fmt: skip


def _known(code: str) -> None:
    if code not in KINDS or isinstance(KINDS[code], Fixed):
        raise NotFound("There is nothing here.")


def _row(book: Book, code: str) -> policy_view.Row:
    return next(row for row in book.versions[-1].rows if row.code == code)


def _seen(call: Call) -> int:
    seen = whole(call.sent.get("seen", ""))
    return -1 if seen is None else seen


def _changes(call: Call, book: Book) -> tuple[Change, ...]:
    with call.desk.db.reading() as session:
        return kept.changes(session, book.service)


def _proposed(call: Call, book: Book, code: str) -> Proposed:
    """What was typed. Raises NotAValue at the first field that cannot be."""
    today, changes = call.desk.clock.today(), _changes(call, book)
    chosen = {name: [str(each) for each in call.form.getlist(name)] for name in call.form}
    value = typed(code, call.sent, chosen)
    begins = policy_view.day_typed(call.sent)
    reason = " ".join(call.sent.get("reason", "").split())
    now = changing.effective(book.versions, changes, today)
    then = changing.effective(book.versions, changes, begins) if begins >= today else now
    changing.check(now, then, code, value, begins, reason, today)
    last = changes[-1].sequence if changes else 0
    new = Change(last + 1, code, value, begins, reason, str(call.actor.id), call.desk.clock.now())
    return Proposed(code, value, begins, reason, changing.effective(book.versions, [*changes, new], begins))


def _form(call: Call, book: Book, code: str, mistakes: dict[str, str] | None = None, status: int = 200) -> Response:
    _known(code)
    today = call.desk.clock.today()
    with call.desk.db.reading() as session:
        changes, names = kept.changes(session, book.service), accounts.display_names(session)
    row = policy_view.setting(book.versions, changes, today, names, code)
    sent = call.sent if mistakes else policy_view.as_sent(row, today)
    chosen = (
        {name: [str(each) for each in call.form.getlist(name)] for name in call.form}
        if mistakes
        else policy_view.as_chosen(row)
    )
    notice = changing.effective(book.versions, changes, today).periods.shorter_keeping_notice_days
    return call.page(
        "policy_setting.html", status=status, title=f"Change setting {code}", row=row, kind=KINDS[code], shape=type(KINDS[code]).__name__,
        choices=policy_view.choices(KINDS[code]), sent=sent, chosen=chosen, mistakes=mistakes or {}, seen=changes[-1].sequence if changes else 0,
        history=[each for each in policy_view.history(book.versions, changes, names) if each.code == code],
        notice=notice, earliest=today + timedelta(days=notice), shortens=code in policy_view.NEEDS_NOTICE,
    )  # fmt: skip


def _look(call: Call, book: Book, proposed: Proposed) -> Response:
    """What would change, in words, before it is saved."""
    today, changes = call.desk.clock.today(), _changes(call, book)
    then = changing.effective(book.versions, changes, proposed.begins)
    with call.desk.db.reading() as session:
        names = accounts.display_names(session)
        effects, count = _effects(session, then, proposed)
    fields = [(name, str(value)) for name, value in call.form.multi_items() if name not in ("csrf", "looked")]
    return call.page(
        "policy_look.html", title="Look before you change", row=policy_view.setting(book.versions, changes, today, names, proposed.code),
        before=in_words(proposed.code, changing.value_of(then, proposed.code)), words=in_words(proposed.code, proposed.value),
        proposed=proposed, effects=effects, fields=fields, earlier=count,
    )  # fmt: skip


def _effects(session: Session, then: Policy, proposed: Proposed) -> tuple[Sequence[str], int]:
    if proposed.code in policy_view.MOVES_DATES:
        found = policy_preview.shifts(session, then.retention, proposed.after.retention)
        return policy_preview.in_sentences(found, proposed.begins), len(policy_preview.earlier(found))
    if proposed.code == "S1":
        files = session.exec(select(func.count()).select_from(ChildFile)).one()
        who = (
            "their own officer only"
            if proposed.value == "allocated_supporter"
            else "any officer or manager of the service"
        )
        return [f"{files:,} file{'s' if files != 1 else ''} will be open to {who}."], 0
    return [policy_view.PLAIN_EFFECT], 0


def _who_was_quicker(call: Call, book: Book) -> str:
    last = _changes(call, book)[-1]
    with call.desk.db.reading() as session:
        name = accounts.display_names(session).get(last.changed_by, "Somebody")
    return f"{name} changed “{_row(book, last.code).name}” on {moment(last.changed_at)}. Look at the policy again."
