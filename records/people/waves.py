"""Which files hold words spelt so or nearly so, nearest spellings first, without looking at all that are kept.

What was typed leads to the words that are spelt nearly so (a few hundred at most), and those to their files. Files that spell every
word exactly come first; what is farther off is looked at only while the list is not full. Where there are many files to look at they
are looked at in slices, until there are enough; so a search costs about as much among a million files as among ten thousand.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, func

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


def spelt(session: Session, same: bytes, near: frozenset[bytes], loose: frozenset[bytes]) -> Spelt:
    """The words that share a key with the one typed: `near` one letter away, `loose` by beginning, sound, long form."""
    weights: dict[bytes, int] = {}
    for keys, weight in ((loose, LOOSE), (near | {same}, NEAR)):
        query = sa.select(col(SearchSpelling.word)).where(col(SearchSpelling.key).in_(keys)).distinct()
        weights |= dict.fromkeys(session.execute(query.limit(MOST_ALIKE)).scalars(), weight)
    return Spelt(weights | {same: SAME})


def exactly(session: Session, words: Sequence[bytes]) -> Iterator[list[UUID]]:
    """The files that hold every word spelt so, a page at a time."""
    return _together(session, [frozenset({word}) for word in words])


def nearly(session: Session, words: Sequence[Spelt]) -> Iterator[list[UUID]]:
    """The files that hold every word at least loosely, a page at a time, nearest spellings first; some come more than once."""
    counts: dict[frozenset[bytes], int] = {}
    loose = _together(session, [word.all for word in words], counts)
    first = next(loose, [])
    if len(first) == PAGE:  # more than can be put in order: then those first that are spelt nearer
        ways = [[word.nearly for word in words]]
        if len(words) > 1:
            ways += [
                [word.all if at == each else word.nearly for each, word in enumerate(words)] for at in range(len(words))
            ]
        for at, way in enumerate(ways):
            if way not in ways[:at]:  # a word that is like no other is met in one way alone
                yield from _together(session, way, counts)
    yield first
    yield from loose


def in_order(session: Session, ids: Sequence[UUID], words: Sequence[Spelt]) -> list[tuple[UUID, int]]:
    """These files with their weights, those first that come nearest to the words, newer ones first among equals."""
    tokens = _tokens(session, ids)
    weights = {one: sum(word.weigh(held) for word in words) for one, held in tokens.items()}
    rows = session.execute(sa.select(col(ChildFile.id), col(ChildFile.number)).where(col(ChildFile.id).in_(ids))).all()
    ordered = sorted(rows, key=lambda row: (-weights.get(row[0], 0), -row[1]))
    return [(row[0], weights.get(row[0], 0)) for row in ordered]


def _together(
    session: Session, words: Sequence[frozenset[bytes]], known: dict[frozenset[bytes], int] | None = None
) -> Iterator[list[UUID]]:
    """The files that hold one token of each word, a page at a time. `known`: how many rows words have, as counted before."""
    if len(words) == 1:
        yield from _paged(_files(session, words))
        return
    known = {} if known is None else known
    for tokens in words:
        if tokens not in known:
            known[tokens] = _count(session, tokens)
    counts = [known[tokens] for tokens in words]
    if min(counts) <= FEW:
        lead = list(_files(session, [words[counts.index(min(counts))]]))
        held = _tokens(session, lead)
        yield from _paged(one for one in lead if all(held[one] & tokens for tokens in words))
    elif sum(counts) < WORTH_SLICING:
        yield from _paged(_files(session, words))
    else:
        yield from _paged(one for part in pairwise(SLICES) for one in _files(session, words, part))


def _files(
    session: Session, words: Sequence[frozenset[bytes]], part: tuple[float, float] | None = None
) -> Iterator[UUID]:
    """The files that hold all of these words, or those of one slice of all files."""
    selects: list[sa.Select[Any]] = []
    for tokens in words:
        query = sa.select(col(SearchToken.file_id)).where(col(SearchToken.token).in_(tokens))
        if part is not None:
            first, last = (UUID(int=int(end * 2**64) * 2**64 - side) for end, side in zip(part, (0, 1), strict=True))
            query = query.where(col(SearchToken.file_id).between(first, last))
        selects.append(query)
    if len(words) == 1 and len(words[0]) > 1:
        selects[0] = selects[0].distinct()  # laid together, they lose their doubles anyway
    found = sa.intersect(*selects) if len(selects) > 1 else selects[0]
    rows = session.execute(found, execution_options={"stream_results": True, "max_row_buffer": PAGE})
    try:
        yield from rows.scalars()
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


def _tokens(session: Session, ids: Sequence[UUID]) -> dict[UUID, frozenset[bytes]]:
    found: dict[UUID, set[bytes]] = {one: set() for one in ids}
    for start in range(0, len(ids), PAGE):
        some = ids[start : start + PAGE]
        columns = (col(SearchToken.file_id), col(SearchToken.token))
        for file_id, token in session.execute(sa.select(*columns).where(columns[0].in_(some))):
            found[file_id].add(token)
    return {one: frozenset(tokens) for one, tokens in found.items()}


def _count(session: Session, tokens: frozenset[bytes]) -> int:
    """How many rows, as far as it matters."""
    most = sa.select(sa.literal(1)).where(col(SearchToken.token).in_(tokens)).limit(WORTH_SLICING).subquery()
    return int(session.execute(sa.select(func.count()).select_from(most)).scalar_one())
