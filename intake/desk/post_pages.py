"""Post: everything that arrived and what became of it, and files added by hand."""

from urllib.parse import urlencode

from starlette.responses import HTMLResponse, Response

from intake import checkup
from intake.desk import post_view, same_pages
from intake.desk.post_view import STATE_WORDS
from intake.uploads import NoRoom, take_upload
from intake.wiring import Paperchain, in_words
from records.desk.numbers import whole
from records.desk.shell import Call, Pages
from records.staff.access import Act
from records.vocabulary import ItemState

FILES = "files"
CHOOSE = "Choose the files to add"
NO_ROOM = "The disc is nearly full, so nothing more can be added. Free some space first"


def make(chain: Paperchain) -> Pages:
    """The pages of the post list."""
    pages = Pages()

    @pages.get("/post", rule=Act.SEE_POST)
    def post(call: Call) -> Response:
        return _post(chain, call, {})

    @pages.get("/post/rows", rule=Act.SEE_POST)
    def rows(call: Call) -> Response:
        fragment = call.desk.environment.get_template("post_rows.html")
        return HTMLResponse(fragment.render(call=call, Act=Act, csrf=call.csrf, **_listed(chain, call)))

    @pages.post("/post/add", rule=Act.ADD_POST)
    def add(call: Call) -> Response:
        added, problem = _add(chain, call)
        if problem is not None:
            return _post(chain, call, {FILES: problem}, status=422)
        return call.go("/post", f"{_files(added)} {'was' if added == 1 else 'were'} added.")

    return pages


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count} files"


def _add(chain: Paperchain, call: Call) -> tuple[int, str | None]:
    """How many files were added, and why not all of them."""
    given, added = call.files(FILES), 0
    if not given:
        return 0, CHOOSE
    for upload in given:
        try:
            take_upload(chain, upload.filename or "", upload.file, str(call.actor.id))
        except NoRoom:
            return added, _after(added, len(given), NO_ROOM)
        except OSError as error:
            return added, _after(added, len(given), in_words(error, chain.settings.inbox))
        added += 1
    return added, None


def _after(added: int, given: int, problem: str) -> str:
    """Says how far it came: what was added must not be added twice."""
    return problem if given == 1 else f"{added} of {given} files were added, in the order chosen. {problem}"


def _listed(chain: Paperchain, call: Call) -> dict[str, object]:
    asked = call.request.query_params
    state = ItemState(asked["state"]) if asked.get("state") in set(ItemState) else None
    first = whole(asked.get("before", ""))
    with chain.db.reading() as session:
        found, more = post_view.rows(session, state, first)
        arrivals = post_view.arrivals(chain, session)
        same = same_pages.listed(session, call, [row.number for row in found])
        trouble = checkup.trouble_lines(chain, session)
    kept = {"state": state.value} if state else {}
    oldest = (
        min((row.number for row in found), default=0)
        if state
        else min((row.number for row in found if row.state is not ItemState.STOPPED), default=0)
    )
    return {
        "rows": found, "same": same, "arrivals": arrivals, "trouble": trouble, "state": state, "first": first, "states": STATE_WORDS,
        "here": "?" + urlencode(kept | ({"before": str(first)} if first else {})),
        "older": "?" + urlencode(kept | {"before": str(oldest)}) if more else None,
        "may_open": call.may(Act.OPEN_ITEM), "inbox": str(chain.settings.inbox),
    }  # fmt: skip


def _post(chain: Paperchain, call: Call, mistakes: dict[str, str], status: int = 200) -> Response:
    return call.page(
        "post.html", status=status, title="Post", mistakes=mistakes, may_add=call.may(Act.ADD_POST),
        **_listed(chain, call),
    )  # fmt: skip
