"""The help of every command says what stands in the source: the terminal's markup swallows words in square brackets."""

import importlib
import re
from collections.abc import Iterator

import click
import pytest
from typer.main import get_command

from intake.commands import COMMANDS

MARKUP = re.compile(r"\[[a-z_ /]+\]")


def texts(command: click.Command, name: str) -> Iterator[tuple[str, str]]:
    yield name, f"{command.help or ''} {command.short_help or ''}"
    for each in command.params:
        yield f"{name} {each.name}", str(getattr(each, "help", None) or "")
    if isinstance(command, click.Group):
        for below, one in command.commands.items():
            yield from texts(one, f"{name} {below}")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_no_word_of_the_help_is_taken_for_markup(name: str) -> None:
    module, short = COMMANDS[name]
    for where, words in texts(get_command(importlib.import_module(module).app), name):
        assert not MARKUP.search(words), where
    assert not MARKUP.search(short)
