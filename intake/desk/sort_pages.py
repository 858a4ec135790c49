"""One item: its pages and parts, and sorting what is no known form. What to do when it stopped: see `stopped_pages`."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session
from starlette.responses import Response

from intake import letters, reading_again, sorting, stopped
from intake.desk import post_view, same_pages, strip_view
from intake.desk.post_view import SOURCE_WORDS
from intake.sorting import SORTED_WORDS, AnotherChild, Decision, ForFile, NoSuchFile, NotForUs, SortedAs
from intake.wiring import Paperchain
from records.audit import trail
from records.cases import closing
from records.consents.items import CATEGORY_WORDS, Category
from records.consents.looking import NotAskedToLook
from records.consents.typed import LONGEST_NAME
from records.custody.proposal import ProposalKind
from records.desk.days import day_in
from records.desk.numbers import whole
from records.desk.shell import Call, Pages
from records.documents import holdings
from records.documents.text.spotting import KIND_WORDS
from records.errors import ChangedMeanwhile, NotFound, RefusedByRule
from records.post import inbox, review
from records.post.tables import Item
from records.retention import childless_post
from records.staff import accounts
from records.staff.access import Act, Subject
from records.vocabulary import ItemState, PartState, Source

PAPER_WORDS = {
    ProposalKind.CABINET: "Keep it in the cabinet",
    ProposalKind.RETURN: "Return it to the family",
    ProposalKind.WASTE: "Confidential waste, after the waiting time",
}


@dataclass(frozen=True)
class Typed:
    """A sort form as it was sent, with its mistakes, for showing it again."""

    part: UUID | None
    values: dict[str, str]
    mistakes: dict[str, str]


NOTHING = Typed(None, {}, {})


def make(chain: Paperchain) -> Pages:
    """The pages of one item."""
    pages = Pages()

    @pages.get("/items/{number:int}", rule=Act.OPEN_ITEM)
    def item(call: Call, number: int) -> Response:
        return _item(chain, call, number, NOTHING)

    @pages.get("/items/{number:int}/pages/{page:int}", rule=Act.OPEN_ITEM)
    def picture(call: Call, number: int, page: int) -> Response:
        with chain.db.reading() as session:
            found = _open(call, session, number, Act.OPEN_ITEM)
            document = post_view.picture(session, found, page, opens_forms=call.may(Act.OPEN_FORM))
            if document is None:
                raise NotFound("There is no such page.")
            data = holdings.fetch(session, chain.store, document)
        return Response(data, media_type=document.media_type)

    @pages.post("/items/{number:int}/sort/{part:uuid}", rule=Act.SORT_ITEM)
    def sort(call: Call, number: int, part: UUID) -> Response:
        with chain.db.reading() as session:
            _open(call, session, number, Act.SORT_ITEM)
            if review.get(session, part).state == PartState.QUARANTINED:
                call.need(Act.OPEN_FORM, Subject(None))  # its pages are seen by those alone who settle forms
        decision, mistakes = decide(call.sent)
        if decision is not None:
            try:
                done = sorting.sort_part(
                    chain, number, part, decision, actor=str(call.actor.id), version=_version(call)
                )
            except NoSuchFile as error:
                mistakes = {"file": error.message}
            except NotAskedToLook as refused:
                mistakes = {"agency": refused.message}
            except AnotherChild as refused:
                mistakes = {"child": refused.message}
                with chain.db.writing() as session:  # guesses leave a trace, without what was typed (P9)
                    trail.append(
                        session, actor=str(call.actor.id), act="sort_not_matched", subject_kind="account", subject_id=str(call.actor.id),
                        at=chain.clock.now(),
                    )  # fmt: skip
            except RefusedByRule as refused:
                mistakes = {"kind" if refused.rule == "R28" else "paper": refused.message}
            else:
                return _sorted(chain, call, number, done)
        return _item(chain, call, number, Typed(part, call.sent, mistakes), status=422)

    return pages


def decide(sent: dict[str, str]) -> tuple[Decision | None, dict[str, str]]:
    """What a sort form says, or the mistake at each field."""
    kind = SortedAs(sent["kind"]) if sent.get("kind") in set(SortedAs) else None
    if kind is None:
        return None, {"kind": "Choose what it is"}
    if kind is SortedAs.NOT_OURS:
        return NotForUs(), {}
    mistakes = {}
    number = file_number(sent.get("file", ""))
    if number is None:
        mistakes["file"] = "Enter the file number, for example PC-0042"
    paper = ProposalKind(sent["paper"]) if sent.get("paper") in set(ProposalKind) else None
    if paper is None:
        mistakes["paper"] = "Choose what happens to the paper"
    theirs = sent.get("agency", "")
    agency = Category(theirs) if theirs in set(Category) else None
    if theirs and agency is None:
        mistakes["agency"] = "Choose whose record it is"
    child = sent.get("child", "").strip()
    if len(child) > LONGEST_NAME:
        mistakes["child"] = f"Enter a name in at most {LONGEST_NAME} letters"
    if number is None or paper is None or mistakes:
        return None, mistakes
    born = day_in(child)
    name = "" if born is not None else child
    return ForFile(kind, number, paper, legible=sent.get("legible") == "yes", agency=agency, child=name, born=born), {}


def file_number(typed: str) -> int | None:
    """42 from `PC-0042`, `pc 42` or `42`."""
    return whole(typed.strip().upper().removeprefix("PC").lstrip("- "))


def _sorted(chain: Paperchain, call: Call, number: int, done: sorting.Sorted) -> Response:
    """To the item while anything in it still waits, else back to the post."""
    paper = "" if done.original is None else f" Its paper is O-{done.original}."
    paper += f" {closing.OPENED_AGAIN}" if done.reopened else ""
    with chain.db.reading() as session:
        waits = inbox.by_number(session, number).state in (ItemState.TO_SORT, ItemState.TO_REVIEW)
    if waits:
        return call.go(f"/items/{number}", f"Saved.{paper} More of item {number} waits.")
    return call.go("/post", f"Item {number} is settled.{paper}")


def _open(call: Call, session: Session, number: int, act: Act) -> Item:
    item = inbox.by_number(session, number)
    call.need(act, post_view.subject_of(session, item))
    return item


def _version(call: Call) -> int:
    version = whole(call.sent.get("version", ""))
    if version is None:
        raise ChangedMeanwhile("Nothing was saved. Open the page again.")
    return version


def _chosen(call: Call) -> int | None:
    """The page that was chosen before an edit, from the address: page numbers are nothing personal."""
    return whole(call.request.query_params.get("page", ""))


def _item(chain: Paperchain, call: Call, number: int, typed: Typed, status: int = 200) -> Response:
    with chain.db.writing() as session:
        item = _open(call, session, number, Act.OPEN_ITEM)
        trail.append(
            session, actor=str(call.actor.id), act="item_seen", subject_kind="item", subject_id=str(item.id),
            at=chain.clock.now(), detail={"number": number},
        )  # fmt: skip
        name = inbox.name_of(session, item)
        offers = same_pages.offers(session, call, item)
        same = [other for other in inbox.same_bytes(session, item) if other not in {one.other for one in offers}]
        replaced = stopped.replaced(session, item)
        kept, names = childless_post.reasons(session, item), accounts.display_names(session)
        asked = letters.asked(session, call.may, item)
        first_page = post_view.picture(session, item, 1, opens_forms=call.may(Act.OPEN_FORM)) is not None
        not_again = reading_again.why_not(session, item)
        parts = post_view.parts(
            session, item, opens_forms=call.may(Act.OPEN_FORM), reads_again=not_again in (None, reading_again.NO_SCAN)
        )
        unused = any(part.unused for part in parts)
        if not_again == reading_again.HELD and call.may(Act.OPEN_FORM):
            not_again = reading_again.SETTLE
        strip = (
            strip_view.strip(session, item, opens_forms=call.may(Act.OPEN_FORM)) if call.may(Act.SORT_ITEM) else None
        )
    state = ItemState(item.state)
    return call.page(
        "item.html", status=status, title=f"Item {number}", item=item, name=name, same=same, offers=offers, parts_shown=parts,
        state=state, where=post_view.where_it_is(state, [part.state for part in parts]),
        source=SOURCE_WORDS[Source(item.source)], typed=typed, kinds=SORTED_WORDS, papers=PAPER_WORDS, agencies=CATEGORY_WORDS,
        may_act=state is ItemState.STOPPED and call.may(Act.ACT_ON_ITEM), strip=strip, chosen=_chosen(call), may_sort=call.may(Act.SORT_ITEM),
        may_review=call.may(Act.OPEN_FORM), replaced=replaced, asked=asked, kind_words=KIND_WORDS,
        may_settle=call.may(Act.ACT_ON_ITEM), first_page=first_page, kept=kept, names=names, unused=unused, not_again=not_again,
    )  # fmt: skip
