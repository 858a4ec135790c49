"""P10: only listed moves exist, each with what it needs; stock = received - returned - destroyed."""

import random
from dataclasses import replace

import pytest

from records.custody.moves import MOVES, Allowed, Custody, Facts, Need, Refused, in_stock, may_move, next_states

ALL = Facts(checked_by_person=True, place="Drawer 2", second_person="somebody", reference="S-1", cleared=True)
WITHOUT = {
    Need.CHECKED_BY_PERSON: replace(ALL, checked_by_person=False),
    Need.CLEARED: replace(ALL, cleared=False),
    Need.PLACE: replace(ALL, place=None),
    Need.SECOND_PERSON: replace(ALL, second_person=None),
    Need.REFERENCE: replace(ALL, reference=None),
}


@pytest.mark.parametrize("before", list(Custody))
@pytest.mark.parametrize("after", list(Custody))
def test_a_move_is_allowed_exactly_when_it_is_listed(before: Custody, after: Custody) -> None:
    assert isinstance(may_move(before, after, ALL), Allowed) is ((before, after) in MOVES)


@pytest.mark.parametrize(("move", "needs"), list(MOVES.items()))
def test_each_missing_need_alone_blocks_the_move(move: tuple[Custody, Custody], needs: frozenset[Need]) -> None:
    """W47, R54-R59."""
    for need in Need:
        found = may_move(*move, WITHOUT[need])
        assert isinstance(found, Refused) is (need in needs)
        if isinstance(found, Refused):
            assert found.reason.endswith(".")


@pytest.mark.parametrize("ended", [Custody.RETURNED, Custody.DESTROYED])
def test_a_paper_that_is_gone_moves_no_more(ended: Custody) -> None:
    assert next_states(ended) == ()


def test_a_paper_is_never_destroyed_unless_a_person_checked_its_picture_and_two_sealed_it() -> None:
    """R54, R56: whatever way it goes, a confirmed picture, a sealed sack and a collection lie before the certificate."""
    assert {before for before, after in MOVES if after is Custody.DESTROYED} == {Custody.COLLECTED}
    assert {before for before, after in MOVES if after is Custody.COLLECTED} == {Custody.IN_SEALED_SACK}
    assert {before for before, after in MOVES if after is Custody.IN_SEALED_SACK} == {Custody.TO_DISPOSE}
    into = {move: needs for move, needs in MOVES.items() if move[1] is Custody.TO_DISPOSE}
    assert {before for before, _ in into} == {Custody.CHECKED, Custody.HELD, Custody.IN_SEALED_SACK}
    del into[Custody.IN_SEALED_SACK, Custody.TO_DISPOSE]  # it was cleared before it was sealed
    assert all(needs >= {Need.CHECKED_BY_PERSON, Need.CLEARED} for needs in into.values())


def test_a_hundred_thousand_random_steps_stay_in_the_table_and_the_stock_adds_up_at_each() -> None:
    """P10: a model that knows only what may come in and go out, beside the table of moves."""
    rng = random.Random(20261120)  # the same steps each run
    papers: list[Custody] = []
    received = returned = destroyed = illegal = 0
    stock = 0  # kept step by step, so that each step is compared without counting all papers again
    reached: set[Custody] = set()
    ways = tuple(Custody)
    for _ in range(100_000):
        if not papers or rng.random() < 0.02:
            papers.append(Custody.RECEIVED)
            received, stock = received + 1, stock + 1
            reached.add(Custody.RECEIVED)
        else:
            place = rng.randrange(len(papers))
            facts = Facts(
                *(value if rng.random() < 0.9 else None for value in (True, "Drawer", "somebody", "S-1", True))
            )  # type: ignore[arg-type]
            before, after = papers[place], rng.choice(ways)
            if isinstance(may_move(before, after, facts), Allowed):
                illegal += (before, after) not in MOVES or any(not facts.has(need) for need in MOVES[before, after])
                papers[place] = after
                stock += in_stock([after]) - in_stock([before])
                returned += after is Custody.RETURNED
                destroyed += after is Custody.DESTROYED
                reached.add(after)
        assert stock == received - returned - destroyed
    assert stock == in_stock(papers)
    assert illegal == 0
    assert reached == set(Custody), "the walk must come everywhere, or it proves nothing"
