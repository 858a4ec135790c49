"""The `paperchain` command line: one file a command.

Modules are loaded when their command is called, so that `paperchain requests due` does not wait for the database library.
"""

import importlib
import os
import sys

import typer
from typer._click.core import Command, Context  # Typer carries its own Click and offers no other name for these
from typer.core import TyperGroup
from typer.main import get_command

COMMANDS = {
    "run": ("intake.commands.run", "Watch the folder, read the post and serve the desk."),
    "watch": ("intake.commands.watch", "Only take in files from the watched folder."),
    "work": ("intake.commands.work", "Only read what was taken in."),
    "desk": ("intake.commands.desk", "Only serve the web desk."),
    "take": ("intake.commands.take", "Take in files as if dropped in the folder; the originals stay."),
    "read": ("intake.commands.read", "Read forms without storing anything."),
    "items": ("intake.commands.items", "List the post, one line an item."),
    "forms": ("intake.commands.forms", "Form templates: list, draft, check, print, measure."),
    "print": ("intake.commands.print", "Print separator sheets, cover sheets and receipts."),
    "policy": ("intake.commands.policy", "The service's policy settings S1-S23."),
    "retention": ("intake.commands.retention", "When something falls due for destruction, and why."),
    "requests": ("intake.commands.requests", "The clock of a request."),
    "consents": ("intake.commands.consents", "Export consents as data."),
    "audit": ("intake.commands.audit", "Check the audit chain."),
    "backup": ("intake.commands.backup", "Make a backup while everything runs, and read it back."),
    "restore": ("intake.commands.restore", "Begin again from a backup, in an empty home."),
    "move-to": ("intake.commands.move_to", "Move to PostgreSQL, checked row by row."),
    "doctor": ("intake.commands.doctor", "Check everything Paperchain needs and say how to mend it."),
}


class Lazy(TyperGroup):
    """Loads a command's module when it is called."""

    def list_commands(self, ctx: Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, short = COMMANDS[cmd_name]
        command = get_command(importlib.import_module(module).app)
        command.name, command.short_help = cmd_name, short
        if not command.help:
            command.help = short
        return command


app = typer.Typer(
    cls=Lazy,
    name="paperchain",
    help="Takes in scanned post, reads consent forms, and keeps track of paper and documents.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a pretty trace shows local variables, and those hold names
    add_completion=False,
)


@app.callback()
def _root() -> None:
    """Takes in scanned post, reads consent forms, and keeps track of paper and documents."""


def main() -> None:
    """Entry point: runs a command and turns every outcome into a documented exit status."""
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # Tesseract's threads cost 3-5 times the computing time on two cores
    from intake.commands.outcome import run_command
    from intake.logs import guard

    guard()

    sys.exit(run_command(lambda: app(standalone_mode=False)))
