"""`paperchain consents export`: one person's consents as a machine-readable record, when the gate gives leave."""

import json
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from intake.commands.numbers import file_number
from intake.commands.outcome import Exit, say
from intake.settings import load
from intake.wiring import open_paperchain
from records.errors import RefusedByRule
from records.letters import family
from records.letters.writing import Sender
from records.people import merging, register
from records.staff.access import Actor, Restriction
from records.vocabulary import Role

_GROUP = "Consents of one child's file."
app = typer.Typer(add_completion=False, no_args_is_help=True, help=_GROUP)
SYSTEM = Actor(UUID(int=0), Role.MANAGER)
"""Whoever runs the machine; the audit names it so."""


@app.callback(help=_GROUP)
def _group() -> None:
    """The group itself does nothing."""


@app.command()
def export(
    file: Annotated[
        int, typer.Argument(parser=file_number, metavar="NUMBER", help="The file's number, like PC-0042 or 42.")
    ],
    to: Annotated[
        Path | None,
        typer.Option("--to", help="The folder to write to; the current folder if not given.", file_okay=False),
    ] = None,
) -> None:
    """Write the consents of each person on a file as JSON-LD (ISO/IEC TS 27560 fields, W3C DPV terms), one file a person.

    Each holds one person's own answers. Where the gate gives no leave the reason is printed; exit 3 when nothing could be written.
    """
    settings = load()
    chain = open_paperchain(settings, may_make=False)
    sender = Sender(settings.service.name, settings.service.contact_lines)
    now: datetime = chain.clock.now()
    written = 0
    with chain.db.reading() as session:
        found = register.by_number(session, file)
        if any(each.restricted == Restriction.PROCESSING for each in merging.files_of(session, found)):
            raise RefusedByRule("The processing of this file is restricted: it is kept, and not used.", "R69")
        whom = family.everybody(session, SYSTEM, found, chain.policy(), now)
    for number, each in enumerate(whom, start=1):
        if each.refused:
            say(f"Person {number} of {len(whom)}: {each.refused[0]}")
            continue
        with chain.db.writing() as session:
            row = register.by_number(session, file)
            made = family.export_record(
                session, SYSTEM, row, each.person.id, sender=sender, policy=chain.policy(), moment=now
            )
        # After the entry is safe, so that nothing is out of which nobody knows (P9); for this account's eyes alone.
        target = (to or Path()) / f"consents-{made.reference}.jsonld"
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump(made.record, out, ensure_ascii=False, indent=2)
        written += 1
        say(f"Wrote {target}")
    if not written:
        raise typer.Exit(Exit.REFUSED)
