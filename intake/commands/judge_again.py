"""`paperchain forms judge-again`: what other borders or costs would have made of the post that was read before."""

from collections import Counter
from dataclasses import asdict, replace
from difflib import get_close_matches
from typing import Annotated

import typer

from forms.accuracy.bounds import upper
from forms.accuracy.goals import percent
from forms.costs import STANDARD as COSTS
from forms.costs import Costs
from forms.judged_again import (
    ANSWERS,
    ASKED,
    CONFIRMED,
    NOW_ASKED,
    NOW_OTHERWISE,
    NOW_TAKEN,
    NOW_WRONG_YES,
    OTHER_VALUE,
    OTHERWISE,
    TAKEN,
    TO_ASKED,
    TO_TAKEN,
    WRONG_YES,
)
from forms.thresholds import STANDARD
from intake.commands.outcome import lines, say

KEYS = (
    ANSWERS,
    ASKED,
    NOW_ASKED,
    TO_ASKED,
    TO_TAKEN,
    OTHER_VALUE,
    CONFIRMED,
    TAKEN,
    OTHERWISE,
    WRONG_YES,
    NOW_TAKEN,
    NOW_OTHERWISE,
    NOW_WRONG_YES,
)
Choice = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Another cost or border; may be given several times."),
]


def judge_again(
    choice: Choice = None,
    names: Annotated[bool, typer.Option("--names", help="Show every cost and border with its value, and end.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Judge all stored readings again by other costs or borders, without the pictures, and show what would change, in counts.

    Nothing is changed. Without --set it shows what the reader of today makes of readings of before. Beside it stands how often an
    officer confirmed something else than what was taken: how well your own post is read. For example: --set question=0.5
    """
    if names:
        rows = asdict(COSTS) | asdict(STANDARD)
        if json:
            lines([rows])
        for name, value in () if json else rows.items():
            typer.echo(f"{name} = {value:g}")
        return
    costs, borders = _chosen(choice or [])
    # Here, so that the other commands about forms do not wait for the database library.
    from intake import own_forms
    from intake.judging_again import judge_all
    from intake.settings import load
    from intake.wiring import open_paperchain

    settings = load()
    found = judge_all(
        open_paperchain(settings, may_make=False),
        own_forms.readable(settings.own_forms),
        replace(STANDARD, **borders),
        costs,
    )
    if json:
        counts = {name.replace(",", "").replace(" ", "_"): found.counts[name] for name in KEYS}
        lines([{"forms": found.forms, "forms_confirmed": found.confirmed, "left_out": found.left_out} | counts])
        return
    if found.left_out:
        say(
            f"{_many(found.left_out, 'form')} left out: read by a form, an edition or a wording that is not in use any more."
        )
    if not found.counts[ANSWERS]:
        typer.echo("No reading of a form with marks is kept here yet.")
        return
    for line in _told(found.forms, found.confirmed, found.counts):
        typer.echo(line)


def _chosen(words: list[str]) -> tuple[Costs, dict[str, float]]:
    """The costs and the borders that differ. Raises BadParameter with one sentence."""
    known, chosen = asdict(COSTS) | asdict(STANDARD), dict[str, float]()
    for word in words:
        name, _, text = word.partition("=")
        if name not in known:
            near = get_close_matches(name, known, 1)
            raise typer.BadParameter(
                f"there is no cost or border {name}{f'; did you mean {near[0]}?' if near else '.'} See --names."
            )
        try:
            chosen[name] = float(text)
        except ValueError:
            raise typer.BadParameter(f"{name} needs a number, as in {name}={known[name]:g}.") from None
        if not 0 <= chosen[name] < 1e9:
            raise typer.BadParameter(f"{name} cannot be below 0 or without end.")
    try:
        costs = replace(COSTS, **{name: value for name, value in chosen.items() if name in asdict(COSTS)})
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    return costs, {name: value for name, value in chosen.items() if name in asdict(STANDARD)}


def _told(forms: int, confirmed: int, counts: Counter[str]) -> list[str]:
    told = [
        f"{_many(forms, 'form')}, {_many(counts[ANSWERS], 'answer')} by marks.",
        f"  {'':34}{'as it was judged':>24}{'by these borders':>24}",
        f"  {'put to a person':34}{_of(counts[ASKED], counts[ANSWERS]):>24}{_of(counts[NOW_ASKED], counts[ANSWERS]):>24}",
    ]
    if counts[CONFIRMED]:
        for name, was, now in (
            ("taken, confirmed otherwise", OTHERWISE, NOW_OTHERWISE),
            ("of them taken as yes", WRONG_YES, NOW_WRONG_YES),
        ):
            told.append(f"  {name:34}{_of(counts[was], counts[TAKEN]):>24}{_of(counts[now], counts[NOW_TAKEN]):>24}")
    told.append(
        f"Asked about now, and taken before: {counts[TO_ASKED]}. Taken now, and asked about before: {counts[TO_TAKEN]}. "
        f"Taken both times, with another answer: {counts[OTHER_VALUE]}."
    )
    if counts[CONFIRMED]:
        bound = percent(upper(counts[NOW_WRONG_YES], counts[NOW_TAKEN]))
        told.append(
            f"{_many(confirmed, 'form')} with {_many(counts[CONFIRMED], 'answer')} confirmed by officers. So many let at most {bound} "
            "of the answers taken by these borders be a wrong yes (95 %)."
        )
    else:
        told.append("No officer has confirmed any of these forms yet, so whether they were read rightly is not known.")
    return told


def _of(count: int, of: int) -> str:
    return f"{count} of {of} ({percent(count / of) if of else '–'})"


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
