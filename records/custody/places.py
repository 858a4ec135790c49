"""A place in the store of papers: cabinet, drawer, folder, as typed and as compared. Pure (W48)."""

from dataclasses import dataclass

LONGEST = 20
SHORT = 3


@dataclass(frozen=True, order=True)
class Place:
    """Where a paper is put. `folder` may be empty: some drawers have none."""

    cabinet: str
    drawer: str
    folder: str = ""

    @property
    def words(self) -> str:
        """Cabinet 1, drawer 2, folder A–C."""
        found = f"Cabinet {self.cabinet}, drawer {self.drawer}"
        return f"{found}, folder {self.folder}" if self.folder else found


def place_of(cabinet: str, drawer: str, folder: str) -> Place | dict[str, str]:
    """A place from what was typed, or the mistake at each field.

    `Cabinet 1`, `cabinet  1` and `1` are one cabinet: a second spelling would split a drawer in two, and hide papers from a stocktake.
    """
    typed = {
        "cabinet": _tidy(cabinet, "cabinet"),
        "drawer": _tidy(drawer, "drawer"),
        "folder": _tidy(folder, "folder"),
    }
    mistakes = {name: f"Use at most {LONGEST} letters" for name, value in typed.items() if len(value) > LONGEST}
    if not typed["cabinet"]:
        mistakes["cabinet"] = "Enter the cabinet, for example 1"
    if not typed["drawer"]:
        mistakes["drawer"] = "Enter the drawer, for example 2"
    return mistakes or Place(**typed)


def _tidy(typed: str, word: str) -> str:
    value = " ".join("".join(letter if letter.isprintable() else " " for letter in typed).split())
    if value.casefold().startswith(word):
        value = value[len(word) :].strip()
    return value.upper() if len(value) <= SHORT else value[:1].upper() + value[1:].lower()
