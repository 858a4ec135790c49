"""A form of these days that lacks a page, in another scan: its page may lie in a form that looks whole (P6).

A page laid into another family's form makes that form look whole, and the form that it was taken from is short. Inside one scan
`forms.assemble` says so; here it is looked for among the post of that day and those beside it. Nothing is decided: it is one question more on a form's page.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta

from sqlmodel import Session, col, select

from forms.assemble import lacking
from intake import known_forms
from records.post.tables import Item, Part
from records.vocabulary import PartKind, PartState

WINDOW_DAYS = 1
"""Papers get into each other where they lie together: on the day that they are scanned, or the one beside it. In a week nearly every
service has a short form of each kind, and a question that is always asked is not read."""
MOST_NAMED = 3
WAITS = (PartState.TO_REVIEW, PartState.QUARANTINED)
GONE = (PartState.COPY, PartState.NOT_OURS, PartState.REPLACED)
ONE = (
    "Item {items} holds a form of this kind that lacks page {page}. Check that page {page} here is of the same family."
)
MORE = "Items {items} hold forms of this kind that lack page {page}. Check that page {page} here is of the same family."


def questions(own: Collection[int], short: Mapping[int, Collection[int]]) -> tuple[str, ...]:
    """What to ask about a form with these pages of its kind. `short`: the items that hold such a form, and the pages that it lacks. Pure."""
    asked = []
    for page in sorted(own):
        items = sorted(item for item, missing in short.items() if page in missing)
        if items:
            named = [str(item) for item in items[:MOST_NAMED]] + (["others"] if len(items) > MOST_NAMED else [])
            words = " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))
            asked.append((ONE if len(items) == 1 else MORE).format(items=words, page=page))
    return tuple(asked)


def elsewhere(session: Session, item: Item, part: Part) -> tuple[str, ...]:
    """The questions about a form that waits that other scans of these days raise. None for a form of one page, or whose template is gone."""
    if PartKind(part.kind) is not PartKind.FORM or PartState(part.state) not in WAITS:
        return ()
    try:
        count = len(known_forms.catalogue().get(part.form or "", part.edition).pages)
    except KeyError:
        return ()
    if count < 2:
        return ()
    span = timedelta(days=WINDOW_DAYS)
    rows = session.exec(
        select(Item.number, Part.reason)
        .join(Part, col(Part.item_id) == Item.id)
        .where(
            Part.kind == PartKind.FORM, Part.form == part.form, Part.edition == part.edition, Part.item_id != item.id
        )
        .where(col(Part.reason).is_not(None), col(Part.state).not_in(GONE))
        .where(Item.received_on >= item.received_on - span, Item.received_on <= item.received_on + span)
    ).all()
    short: defaultdict[int, set[int]] = defaultdict(set)
    for number, reason in rows:
        short[number] |= lacking(reason or "", count)
    return questions(set(range(1, count + 1)) - lacking(part.reason or "", count), short)
