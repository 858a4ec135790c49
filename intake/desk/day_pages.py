"""Files in = records out: the ledger of each day, its receipt, and the sheets that are laid between papers."""

from datetime import date

from starlette.responses import Response

from forms.printing import sheets
from forms.printing.sheets import MOST_SHEETS
from intake import receipts
from intake.desk.sort_pages import file_number
from intake.wiring import Paperchain
from records.desk.paging import fetched
from records.desk.shell import Call, Pages
from records.errors import NotFound
from records.policies.periods import in_words
from records.post import batches
from records.staff.access import Act

PDF = "application/pdf"
HOW_MANY = f"Enter how many sheets, 1 to {MOST_SHEETS}"
WHICH_FILES = f"Enter 1 to {MOST_SHEETS} file numbers, for example PC-0042 PC-0043"


def make(chain: Paperchain) -> Pages:
    """The pages over one Paperchain."""
    pages = Pages()

    @pages.get("/post/days", rule=Act.SEE_POST)
    def days(call: Call) -> Response:
        with chain.db.reading() as session:
            found = batches.sums(session, batches.days(session))
        rows = [(each, one, receipts.verdict(one)) for each, one in found.items()]
        return call.page("days.html", title="Files in and records out", rows=rows)

    @pages.get("/post/days/{day}", rule=Act.SEE_POST)
    def one_day(call: Call, day: str) -> Response:
        wanted = _day(day)
        with chain.db.reading() as session:
            sums = batches.sums(session, [wanted])[wanted]
            shown = fetched(
                call,
                sums.files,
                lambda most, out: batches.lines(session, wanted, most, out),
                f"/post/days/{wanted.isoformat()}",
            )
        if not sums.any_post:
            raise NotFound("There was no post on that day.")
        return call.page(
            "day.html", title=f"Post of {in_words(wanted)}", wanted=wanted, sums=sums, verdict=receipts.verdict(sums),
            places=receipts.places(sums), lines=[(line, receipts.where(line)) for line in shown.rows], piece=shown,
            may_open=call.may(Act.OPEN_ITEM),
        )  # fmt: skip

    @pages.get("/post/days/{day}/receipt", rule=Act.SEE_POST)
    def receipt(call: Call, day: str) -> Response:
        wanted = _day(day)
        with chain.db.reading() as session:
            found = batches.of_day(session, wanted)
        if not found.sums.any_post:
            raise NotFound("There was no post on that day.")
        made = receipts.receipt_of(
            found, wanted, printed_on=chain.clock.today(), service=chain.settings.service.name
        )  # fmt: skip
        return _pdf(sheets.receipt(made), f"receipt-{wanted.isoformat()}.pdf")

    @pages.get("/post/sheets", rule=Act.ADD_POST)
    def print_page(call: Call) -> Response:
        return _sheets(call, {})

    @pages.post("/post/sheets/separators", rule=Act.ADD_POST)
    def separators(call: Call) -> Response:
        typed = call.sent.get("count", "").strip()
        if not (typed.isascii() and typed.isdigit() and len(typed) < 5 and 1 <= int(typed) <= MOST_SHEETS):
            return _sheets(call, {"count": HOW_MANY}, status=422)
        return _pdf(sheets.separators(int(typed)), "separators.pdf")

    @pages.post("/post/sheets/covers", rule=Act.ADD_POST)
    def covers(call: Call) -> Response:
        numbers = [file_number(word) for word in call.sent.get("files", "").replace(",", " ").split()]
        wanted = [number for number in numbers if number is not None]
        try:
            if len(wanted) != len(numbers):
                raise ValueError("no file number")
            made = sheets.covers(wanted)
        except ValueError:
            return _sheets(call, {"files": WHICH_FILES}, status=422)
        return _pdf(made, "covers.pdf")

    return pages


def _sheets(call: Call, mistakes: dict[str, str], status: int = 200) -> Response:
    return call.page(
        "sheets.html", status=status, title="Sheets to lay between papers", mistakes=mistakes, sent=call.sent
    )


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise NotFound("There is no such day.") from None


def _pdf(data: bytes, name: str) -> Response:
    return Response(data, media_type=PDF, headers={"Content-Disposition": f'inline; filename="{name}"'})
