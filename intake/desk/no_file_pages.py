"""Requests and post that never belonged to a file: a manager looks at them some months after the last contact (R43)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, select
from starlette.responses import Response

from intake import retaining
from intake.desk.post_view import SOURCE_WORDS
from intake.wiring import Paperchain
from records.desk import request_pages as desk
from records.desk.file_frame import LARGEST_NUMBER
from records.desk.numbers import whole
from records.desk.paging import piece
from records.desk.retention_pages import TABS
from records.desk.shell import Call, Pages, moment
from records.errors import NotFound, RefusedByRule
from records.post.tables import Item
from records.requests import childless
from records.requests.tables import RequestRow
from records.retention import childless_post, run, verifying
from records.staff import accounts
from records.staff.access import Act

ALL = "all"


def make(chain: Paperchain) -> Pages:
    """The list, and what is decided about each."""
    pages = Pages()

    @pages.get("/requests/no-file", rule=Act.DECIDE_REQUEST)
    def no_file(call: Call) -> Response:
        return _shown(call, {})

    @pages.post("/requests/no-file/{number:int}/keep", rule=Act.DECIDE_REQUEST)
    def keep(call: Call, number: int) -> Response:
        try:
            with chain.db.writing() as session:
                row = _one(session, call, number)
                childless.keep(session, row, call.sent.get("why", ""), by=str(call.actor.id), at=chain.clock.now())
        except RefusedByRule as refused:
            return _shown(call, {f"why-{number}": refused.message}, 422)
        return call.go("/requests/no-file", f"Request {number} is kept.")

    @pages.post("/requests/no-file/{number:int}/erase", rule=Act.DECIDE_REQUEST, fresh=True)
    def erase(call: Call, number: int) -> Response:
        try:
            with chain.db.writing() as session:
                row = _one(session, call, number)
                childless.erase(
                    session, row, policy_version=chain.policy().version, by=str(call.actor.id), at=chain.clock.now()
                )
        except RefusedByRule as refused:
            return _shown(call, {f"why-{number}": refused.message}, 422)
        retaining.keep_ledger(chain)
        chain.db.scrub()
        verifying.compact(chain.db)
        return call.go("/requests/no-file", f"Request {number} was erased for good.")

    @pages.get("/retention/no-file", rule=Act.KEEP_LONGER)
    def post(call: Call) -> Response:
        return _post(call, {})

    @pages.post("/retention/no-file/{number:int}/keep", rule=Act.KEEP_LONGER)
    def keep_post(call: Call, number: int) -> Response:
        try:
            with chain.db.writing() as session:
                item = _item(session, call, number)
                childless_post.keep(
                    session, item, call.sent.get("why", ""), by=str(call.actor.id), at=chain.clock.now()
                )
        except NotFound:
            return _post(call, {"item": f"Item {number}: {_settled(call, number)}"}, 409)
        except RefusedByRule as refused:
            return _post(call, {f"why-{number}": refused.message}, 422)
        return call.go("/retention/no-file", f"Item {number} is kept.")

    @pages.post("/retention/no-file/{number:int}/erase", rule=Act.APPROVE_DISPOSAL, fresh=True)
    def erase_post(call: Call, number: int) -> Response:
        try:
            refused = _erase(chain, call, [number])
        except NotFound:
            return _post(call, {"item": f"Item {number}: {_settled(call, number)}"}, 409)
        if refused:
            return _post(call, {f"why-{number}": refused[number]}, 422)
        return call.go("/retention/no-file", f"What was not ours of item {number} was erased for good.")

    @pages.post("/retention/no-file/keep", rule=Act.KEEP_LONGER)
    def keep_many(call: Call) -> Response:
        chosen, why = _numbers(call, "item"), call.sent.get("why", "")
        if not chosen:
            return _post(call, {"item": "Tick at least one item"}, 422)
        try:
            with chain.db.writing() as session:
                for number in chosen:
                    childless_post.keep(
                        session, _item(session, call, number), why, by=str(call.actor.id), at=chain.clock.now()
                    )
        except NotFound:
            return _post(call, {"item": "Some of these items do not wait any more. Look at the list again"}, 422)
        except RefusedByRule as refused:
            return _post(call, {"why": refused.message}, 422)
        return call.go("/retention/no-file", f"{_items(len(chosen))} kept.")

    @pages.post("/retention/no-file/erase", rule=Act.APPROVE_DISPOSAL, fresh=True)
    def erase_many(call: Call) -> Response:
        every = call.sent.get("which") == ALL
        chosen = _numbers(call, "shown" if every else "item")
        if not chosen:
            return _post(call, {"item": "Tick at least one item"}, 422)
        if whole(call.sent.get("count", "")) != len(chosen):
            words = "The number you typed is not the number of items you chose. Nothing was erased; count them again"
            return _post(call, {"count": words}, 422)
        refused = _erase(chain, call, chosen)
        return _post(call, {}, done=Done(len(chosen) - len(refused), refused))

    return pages


@dataclass(frozen=True)
class Done:
    """How many items were erased, and of the others by number why they were not."""

    count: int
    refused: Mapping[int, str]


def _numbers(call: Call, name: str) -> list[int]:
    """The items that were chosen, each once."""
    typed = [whole(value) for value in call.form.getlist(name) if isinstance(value, str)]
    return list(dict.fromkeys(number for number in typed if number is not None))


def _items(count: int) -> str:
    return "1 item is" if count == 1 else f"{count} items are"


def _erase(chain: Paperchain, call: Call, numbers: Sequence[int]) -> dict[int, str]:
    """Erases these items for good, each in a transaction of its own, in which everything is asked anew. Returns which stay, and why.

    NotFound for one alone that does not wait.
    """
    tools, refused = retaining.tools(chain), dict[int, str]()
    for number in numbers:
        try:
            with chain.db.writing() as session:
                childless_post.erase(
                    session, _item(session, call, number), policy_version=chain.policy().version, by=str(call.actor.id),
                    at=chain.clock.now(), tools=childless_post.Tools(tools.without, tools.along),
                )  # fmt: skip
        except NotFound:
            if len(numbers) == 1:
                raise
            refused[number] = _settled(call, number)
        except RefusedByRule as error:
            refused[number] = error.message
    if len(refused) < len(numbers):
        run.finish_blobs(chain.db, chain.store)
        retaining.keep_ledger(chain)
        chain.db.scrub()
        verifying.compact(chain.db)
    return refused


def _settled(call: Call, number: int) -> str:
    """What is said to whoever comes second."""
    with call.desk.db.reading() as session:
        item = session.exec(select(Item).where(Item.number == number)).first() if number <= LARGEST_NUMBER else None
        kept = childless_post.reasons(session, item) if item is not None else []
        names = accounts.display_names(session)
    if kept:
        first = f"{names.get(kept[0][0].decided_by, 'Somebody')} kept it on {moment(kept[0][0].decided_at)}."
    else:
        first = "Somebody else sorted it first." if item is not None else "Somebody else erased it first."
    return f"It does not wait here any more. {first}"


def _item(session: Session, call: Call, number: int) -> Item:
    if number > LARGEST_NUMBER:
        raise NotFound("There is nothing here.")
    return childless_post.one(
        session, number, call.desk.clock.today(), call.desk.policy().periods.no_child_review_months
    )


def _post(call: Call, mistakes: dict[str, str], status: int = 200, done: Done | None = None) -> Response:
    months = call.desk.policy().periods.no_child_review_months
    with call.desk.db.reading() as session:
        part = piece(call, childless_post.waiting(session, call.desk.clock.today(), months), "/retention/no-file")
        rows = childless_post.read(session, part.rows)
        names = accounts.display_names(session)
    return call.page(
        "post_no_file.html", status=status, title="Post in no file", tabs=TABS, here=None, rows=rows, piece=part, months=months,
        mistakes=mistakes, sent={} if done else call.sent, sources=SOURCE_WORDS, names=names, done=done,
        ticked=_numbers(call, "item") if mistakes else (), can_go=[each.item.number for each in rows if not each.against],
    )  # fmt: skip


def _one(session: Session, call: Call, number: int) -> RequestRow:
    if number > LARGEST_NUMBER:
        raise NotFound("There is nothing here.")
    return childless.one(session, number, call.desk.clock.today(), call.desk.policy().periods.no_child_review_months)


def _shown(call: Call, mistakes: dict[str, str], status: int = 200) -> Response:
    months = call.desk.policy().periods.no_child_review_months
    with call.desk.db.reading() as session:
        found = childless.waiting(session, call.desk.clock.today(), months)
    part = piece(call, found, "/requests/no-file")
    return call.page(
        "requests_no_file.html", status=status, title="Requests without a file", rows=part.rows, piece=part, months=months,
        words=desk.WORDS, mistakes=mistakes, sent=call.sent,
    )  # fmt: skip
