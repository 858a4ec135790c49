"""File numbers on the command line, as people write them: PC-0042, or 42."""

import typer


def file_number(text: str) -> int:
    """The number of a file. Raises typer.BadParameter (exit 2) with a sentence."""
    from records.people.search import NUMBER

    found = NUMBER.fullmatch(text.strip())
    if found is None or int(found[1]) == 0:
        raise typer.BadParameter("A file is named by its number, like PC-0042 or 42.")
    return int(found[1])
