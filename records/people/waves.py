"""Which files hold words spelt so or nearly so, nearest spellings first, without looking at all that are kept.

What was typed leads to the words that are spelt nearly so (a few hundred at most), and those to their files. Files that spell every
word exactly come first; what is farther off is looked at only while the list is not full. Where there are many files to look at they
are looked at in slices, until there are enough; so a search costs about as much among a million files as among ten thousand.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import pairwise
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from records.people.name_keys import WordKeys
from records.people.tables import ChildFile, SearchSpelling, SearchToken

SAME, NEAR, LOOSE = 10, 7, 4
PAGE = 120
"""So many files are put in order at once: best first, newer ones first among equals. More than these come in no order."""
FEW = 150
"""Where the rarest word has no more files than this, each is asked for the other words; else the lists of files are laid side by side."""
WORTH_SLICING = 3000
SLICES = (0, 1 / 16, 1 / 4, 1)
"""Files have random ids: in a sixteenth of them lies about a sixteenth of the hits."""
MOST_ALIKE = 5000


@dataclass(frozen=True)
class Spelt:
    """One word typed, as the words that files hold: how near each comes to it."""

    weights: Mapping[bytes, int]

    @cached_property
    def nearly(self) -> frozenset[bytes]:
        return frozenset(token for token, weight in self.weights.items() if weight >= NEAR)

    @cached_property
    def all(self) -> frozenset[bytes]:
        return frozenset(self.weights)

    def weigh(self, tokens: frozenset[bytes]) -> int:
        """How near a file that holds these comes to the word; 0 when it does not hold it."""
        return max((self.weights[token] for token in tokens & self.all), default=0)


_TOKENS, _ALIKE, _NUMBERED = (
    SQLModel.metadata.tables[str(of.__tablename__)] for of in (SearchToken, SearchSpelling, ChildFile)
)
_TOKEN, _FILE, _KEY, _WORD = _TOKENS.c.token, _TOKENS.c.file_id, _ALIKE.c.key, _ALIKE.c.word
_SOME: sa.BindParameter[Any] = sa.bindparam("some", expanding=True)
# Put together once: a search asks some twenty questions, and putting one together costs as much as the answer.
_SPELLINGS = sa.select(_KEY, _WORD).where(_KEY.in_(_SOME)).limit(sa.bindparam("most"))
_NUMBERS = sa.select(_NUMBERED.c.id, _NUMBERED.c.number).where(_NUMBERED.c.id.in_(_SOME))
_HELD = sa.select(sa.type_coerce(_FILE, sa.String), _TOKEN).where(_FILE.in_(_SOME))


@dataclass(frozen=True)
class Asking:
    """One search: what it asks the database, no question twice. It reads in one transaction, so no answer changes meanwhile."""

    session: Session
    held: dict[UUID, frozenset[bytes]] = field(default_factory=dict)
    counts: dict[frozenset[bytes], int] = field(default_factory=dict)
    lists: dict[frozenset[bytes], list[UUID]] = field(default_factory=dict)

    def ask(
        self, query: sa.Select[Any] | sa.CompoundSelect[Any], **values: object
    ) -> Sequence[sa.Row[*tuple[Any, ...]]]:
        """Straight to the connection: no objects are wanted, only what stands in the rows."""
        return self.session.connection().execute(query, values).all()


def spelt(asking: Asking, words: Sequence[tuple[WordKeys, Mapping[str, bytes]]]) -> list[Spelt]:
    """For each word typed, with its keys hashed, the words that share a key with it: `near` one letter away, `loose` by beginning,
    sound, long form."""
    wanted = {hashed[key] for word, hashed in words for key in word.all}
    alike: dict[bytes, set[bytes]] = {}
    for key, word in asking.ask(_SPELLINGS, some=list(wanted), most=MOST_ALIKE * len(words)):
        alike.setdefault(key, set()).add(word)

    def meeting(keys: Collection[str], hashed: Mapping[str, bytes], weight: int) -> dict[bytes, int]:
        return {word: weight for key in keys for word in alike.get(hashed[key], ())}

    return [
        Spelt(
            meeting(word.loose, hashed, LOOSE)
            | meeting(word.near | {word.same}, hashed, NEAR)
            | {hashed[word.same]: SAME}
        )
        for word, hashed in words
    ]


def exactly(asking: Asking, words: Sequence[bytes]) -> Iterator[list[UUID]]:
    """The files that hold every word spelt so, a page at a time."""
    return _together(asking, [frozenset({word}) for word in words])


def nearly(asking: Asking, words: Sequence[Spelt]) -> Iterator[list[UUID]]:
    """The files that hold every word at least loosely, a page at a time, nearest spellings first; some come more than once."""
    loose = _together(asking, [word.all for word in words])
    first = next(loose, [])
    if len(first) == PAGE:  # more than can be put in order: then those first that are spelt nearer
        ways = [[word.nearly for word in words]]
        if len(words) > 1:
            ways += [
                [word.all if at == each else word.nearly for each, word in enumerate(words)] for at in range(len(words))
            ]
        for at, way in enumerate(ways):
            if way not in ways[:at]:  # a word that is like no other is met in one way alone
                yield from _together(asking, way)
    yield first
    yield from loose


def in_order(asking: Asking, ids: Sequence[UUID], words: Sequence[Spelt]) -> list[tuple[UUID, int]]:
    """These files with their weights, those first that come nearest to the words, newer ones first among equals."""
    if not ids:
        return []
    tokens = _tokens(asking, ids)
    weights = {one: sum(word.weigh(tokens[one]) for word in words) for one in ids}
    rows = asking.ask(_NUMBERS, some=list(ids))
    ordered = sorted(rows, key=lambda row: (-weights[row[0]], -row[1]))
    return [(row[0], weights[row[0]]) for row in ordered]


def _together(asking: Asking, words: Sequence[frozenset[bytes]]) -> Iterator[list[UUID]]:
    """The files that hold one token of each word, a page at a time."""
    if len(words) == 1:
        yield from _paged(_files(asking, words))
        return
    counts = _counts(asking, words)
    if min(counts) <= FEW:
        rarest = words[counts.index(min(counts))]
        if rarest not in asking.lists:
            asking.lists[rarest] = list(_files(asking, [rarest]))
        lead = asking.lists[rarest]
        held = _tokens(asking, lead)
        yield from _paged(one for one in lead if all(held[one] & tokens for tokens in words))
    elif sum(counts) < WORTH_SLICING:
        yield from _paged(_files(asking, words))
    else:
        yield from _paged(one for part in pairwise(SLICES) for one in _files(asking, words, part))


@cache
def _holding(words: int, *, sliced: bool, distinct: bool) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    """The question for the files that hold one token of each of so many words."""
    selects = [sa.select(_FILE).where(_TOKEN.in_(sa.bindparam(f"word_{at}", expanding=True))) for at in range(words)]
    if sliced:
        selects = [one.where(_FILE.between(sa.bindparam("first"), sa.bindparam("last"))) for one in selects]
    if distinct:
        selects[0] = selects[0].distinct()  # laid together, they lose their doubles anyway
    return sa.intersect(*selects) if words > 1 else selects[0]


def _files(
    asking: Asking, words: Sequence[frozenset[bytes]], part: tuple[float, float] | None = None
) -> Iterator[UUID]:
    """The files that hold all of these words, or those of one slice of all files."""
    values: dict[str, object] = {f"word_{at}": list(tokens) for at, tokens in enumerate(words)}
    if part is not None:
        values["first"], values["last"] = (
            UUID(int=int(end * 2**64) * 2**64 - side) for end, side in zip(part, (0, 1), strict=True)
        )
    query = _holding(len(words), sliced=part is not None, distinct=len(words) == 1 and len(words[0]) > 1)
    rows = asking.session.connection().execute(
        query, values, execution_options={"stream_results": True, "max_row_buffer": PAGE}
    )
    try:
        for some in rows.scalars().partitions(PAGE):
            yield from some
    finally:
        rows.close()


def _paged(ids: Iterator[UUID]) -> Iterator[list[UUID]]:
    page: list[UUID] = []
    for one in ids:
        page.append(one)
        if len(page) == PAGE:
            yield page
            page = []
    if page:
        yield page


def _tokens(asking: Asking, ids: Sequence[UUID]) -> Mapping[UUID, frozenset[bytes]]:
    """What these files hold, and what is known of others already."""
    new = [one for one in ids if one not in asking.held]
    for start in range(0, len(new), PAGE):
        some = new[start : start + PAGE]
        # As the database gives them, figures or id: making thousands of ids anew costs more than the question.
        known = {one: one for one in some} | {one.hex: one for one in some}
        found: dict[UUID, set[bytes]] = {one: set() for one in some}
        for file_id, token in asking.ask(_HELD, some=some):
            found[known[file_id]].add(token)
        asking.held.update((one, frozenset(tokens)) for one, tokens in found.items())
    return asking.held


def _counts(asking: Asking, words: Sequence[frozenset[bytes]]) -> list[int]:
    """How many rows each word has, as far as it matters."""
    new = [tokens for tokens in dict.fromkeys(words) if tokens not in asking.counts]
    if new:
        values = {f"word_{at}": list(tokens) for at, tokens in enumerate(new)}
        asking.counts.update(zip(new, asking.ask(_counting(len(new)), **values)[0], strict=True))
    return [asking.counts[tokens] for tokens in words]


@cache
def _counting(words: int) -> sa.Select[Any]:
    """The question for the rows of so many words, all at once."""
    return sa.select(
        *(
            sa.select(sa.func.count())
            .select_from(
                sa.select(sa.literal(1))
                .where(_TOKEN.in_(sa.bindparam(f"word_{at}", expanding=True)))
                .limit(WORTH_SLICING)
                .subquery()
            )
            .scalar_subquery()
            for at in range(words)
        )
    )
