"""News of SEND law and events: a list for one mailing, worked out when the button is pressed (F8–F12, R32)."""

import csv
import io

from starlette.responses import Response

from records.consents import mailing
from records.consents.items import NEWS, Channel
from records.desk.shell import Call, Pages
from records.staff.access import Act
from records.vocabulary import Role

pages = Pages()
HEAD = ("Name", "Where", "Language", "Format")
CHECKS = (
    ("done", "The numbers were checked against the do-not-call list"),
    ("not_needed", "No check is needed: they agreed to calls"),
)
WORDS = {Channel(item.partition(":")[2]): words for item, words in NEWS}


@pages.get("/news", rule=Act.SEND_NEWS)
def news(call: Call) -> Response:
    """How many files there is a yes on, by channel, and the button for a list."""
    return _page(call, {})


def _page(call: Call, mistakes: dict[str, str], nobody: str = "") -> Response:
    with call.desk.db.reading() as session:
        policy = call.desk.policy()
        ways = [
            (channel, words, mailing.ever_agreed(session, call.actor, channel, policy))
            for channel, words in WORDS.items()
        ]
    return call.page(
        "news.html", status=422 if mistakes else 200, title="News and events", ways=ways, sent=call.sent, mistakes=mistakes,
        checks=CHECKS, nobody=nobody, of_others=any(agreed.others for _, _, agreed in ways), manager=call.actor.role is Role.MANAGER,
    )  # fmt: skip


@pages.post("/news", rule=Act.SEND_NEWS, fresh=True)
def make_list(call: Call) -> Response:
    """The list as a file: today's answers, and only those whom the gate lets us reach."""
    sent = call.sent
    channel = Channel(sent["channel"]) if sent.get("channel") in set(Channel) else None
    if channel is None:
        return _page(call, {"channel": "Choose how the news is sent"})
    checked = sent.get("checked", "") if channel is Channel.TELEPHONE else ""
    if channel is Channel.TELEPHONE and checked not in {code for code, _ in CHECKS}:
        return _page(call, {"checked": "Say whether the numbers were checked against the do-not-call list"})
    made = mailing.make(call.desk.db, call.desk.clock, call.actor, channel, call.desk.policy(), checked=checked)
    if not made.lines:
        whose = " on a file that you may open" if made.of_others else ""
        return _page(call, {}, f"Nobody{whose} can be sent news by {mailing.CHANNEL_WORDS[channel]} today.")
    written = io.StringIO()
    csv.writer(written).writerows([HEAD, *made.lines])
    name = f"news-{channel}-{call.desk.clock.today().isoformat()}.csv"
    return Response(
        written.getvalue().encode("utf-8-sig"), media_type="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )  # fmt: skip
