"""Dates on the command line: one clear sentence for what cannot be one."""

from datetime import date

import typer


def day(text: str, option: str) -> date:
    """An ISO date. Raises typer.BadParameter (exit 2) with a sentence."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{option} must be a real date like 2026-11-24.") from None
