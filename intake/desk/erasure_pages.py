"""The last step of an erasure: what was approved is erased for good, and what it left is finished at once."""

import logging

from sqlmodel import func, select
from starlette.responses import Response

from intake import retaining
from intake.wiring import Paperchain
from records.desk import request_pages as desk
from records.desk.numbers import whole
from records.desk.shell import Call, Pages
from records.errors import ChangedMeanwhile, RefusedByRule
from records.people import register as people
from records.requests import erasure_list as erasing
from records.requests import register
from records.requests.erasure import GOES, GROUND_WORDS
from records.requests.kinds import Step
from records.retention import erased, ledger, run, verifying
from records.retention.tables import PendingBlob
from records.staff.access import Act

log = logging.getLogger("paperchain.erasing")


def make(chain: Paperchain) -> Pages:
    """The page and its one button."""
    pages = Pages()

    @pages.get("/requests/{number:int}/erase", rule=Act.WORK_REQUEST)
    def look(call: Call, number: int) -> Response:
        return _show(chain, call, number, {})

    @pages.post("/requests/{number:int}/erase", rule=Act.DECIDE_REQUEST, fresh=True)
    def erase(call: Call, number: int) -> Response:
        sent = {name: value.strip() for name, value in call.sent.items()}
        tools = retaining.tools(chain)
        needles = {line.strip() for line in sent.get("look_for", "")[:1000].splitlines()}
        try:
            with chain.db.writing() as session:
                row = desk.workable(session, call, number, desk.version(sent))
                names = [one.name for one in people.people(session, erasing.need_file(session, row))]
                done = erasing.execute(
                    session, row, erasing.need_file(session, row), whole(sent.get("count", "")),
                    tools=erasing.Tools(tools.without, tools.along), policy_version=call.desk.policy().version, by=str(call.actor.id),
                    at=chain.clock.now(),
                )  # fmt: skip
        except ChangedMeanwhile:
            raise
        except RefusedByRule as refused:
            return _show(chain, call, number, {"count": refused.message}, 422, look_for=sent.get("look_for", ""))
        run.finish_blobs(chain.db, chain.store)
        retaining.keep_ledger(chain)
        if not chain.db.scrub():
            log.warning("log not emptied after an erasure; it is at the next one or when Paperchain stops")
        verifying.compact(chain.db)  # on PostgreSQL the old row of a key would open a document from a backup
        found = _looked_for(chain, call, done.entry, {*needles, *names} if done.whole else needles)
        after = (
            "Nothing of it was found afterwards."
            if not found
            else f"Something of it was still found in {found} places. Tell whoever looks after the machine."
        )
        if done.entry is not None:
            after += f" Certificate E-{done.entry} is at Retention."
        if done.whole:
            gone = f"Request {number}: everything was erased for good, and the request with it."
            return call.go("/requests", f"{gone} {after}")
        return call.go(f"/requests/{number}", f"Erased for good: {done.items}. Kept: {done.kept}. {after}")

    return pages


def _looked_for(chain: Paperchain, call: Call, entry: int | None, needles: set[str]) -> int:
    """How much is left of what was just erased: rows, bytes that wait to be deleted, and these names in any row or file (R52)."""
    with chain.db.reading() as session:
        found = verifying.rows_left(session, ledger.entries(session)[-1:]) + verifying.words_left(session, needles)
        found += session.exec(select(func.count()).select_from(PendingBlob)).one()
    needles.discard("")
    found += retaining.search(chain, sorted(needles))
    if entry is not None:
        with chain.db.writing() as session:
            looked = erased.Looked(found, len(needles))
            erased.note_looked(session, entry, looked, by=str(call.actor.id), clock=chain.clock)
    return found


def _show(
    chain: Paperchain, call: Call, number: int, mistakes: dict[str, str], status: int = 200, look_for: str = ""
) -> Response:
    """`look_for`: the names that were typed, when the page is shown once more. They stand on the page alone and are not kept."""
    with chain.db.reading() as session:
        row = desk.workable(session, call, number)
        file = erasing.need_file(session, row)
        units, decided = erasing.asked_for(session, row, file), erasing.decided(session, row)
        whole = erasing.goes_whole(session, row, units, decided)
        why = erasing.against(session, row, file)
        stand = register.stand(session, row, call.desk.clock.today())
        done = any(task.step is Step.ERASE and task.done for task in stand.tasks)
        ready = not done and row.closed_at is None and erasing.approved(session, row, file)
    going = sum(decided[unit.id].verdict in GOES for unit in units if unit.id in decided)
    return call.page(
        "request_erase.html", status=status, title=f"Request {number}: erase", row=row, units=units, decided=decided, why=why,
        ready=ready, stand=stand, going=going, done=done, whole=whole and not done, mistakes=mistakes, grounds=GROUND_WORDS,
        may_decide=call.may(Act.DECIDE_REQUEST), look_for=look_for,
    )  # fmt: skip
