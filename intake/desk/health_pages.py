"""Health: what is well and what is not, for managers (P15). Everybody else sees on the post page what is wrong."""

from typing import Any

from starlette.responses import HTMLResponse, Response

from intake import checkup, health
from intake.health import Level
from intake.wiring import Paperchain
from records.clock import time_in_words
from records.desk.shell import Call, Pages
from records.staff.access import Act

LEVELS = {Level.GOOD: "Good", Level.LOOK: "Look", Level.WRONG: "Wrong"}


def make(chain: Paperchain) -> Pages:
    """The page of health."""
    pages = Pages()

    @pages.get("/settings/health", rule=Act.SEE_HEALTH)
    def page(call: Call) -> Response:
        return call.page("health.html", title="Health", **_found(chain))

    @pages.get("/settings/health/rows", rule=Act.SEE_HEALTH)
    def rows(call: Call) -> Response:
        fragment = call.desk.environment.get_template("health_rows.html")
        return HTMLResponse(fragment.render(call=call, Act=Act, csrf=call.csrf, **_found(chain)))

    return pages


def _found(chain: Paperchain) -> dict[str, Any]:  # a page takes anything
    with chain.db.reading() as session:
        facts = checkup.gather(chain, session)
    found = health.findings(facts)
    return {
        "findings": found, "levels": LEVELS, "wrong": len(health.wrong(found)),
        "looks": sum(finding.level is Level.LOOK for finding in found), "machines": facts.machines,
        "at": time_in_words(facts.now, facts.now),
        "seen": [time_in_words(machine.seen_at, facts.now) for machine in facts.machines],
    }  # fmt: skip
