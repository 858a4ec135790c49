"""How an answer sheet is called among the editions of forms, and what its name says. Pure."""

import re
from dataclasses import dataclass

from forms.printing.again_code import AgainCode, base36

ID = "answer-again"
_EDITION = re.compile(r"([0-9A-Z])([SL])-([1-9][0-9]{0,5})-([1-9A-Z][0-9A-Z]{0,4})")


@dataclass(frozen=True)
class About:
    """What a template's edition says: the sheet's own edition and size, the file that it is about, and the questions' bits."""

    edition: str
    large: bool
    file: int
    questions: int

    def code(self, page: int) -> AgainCode:
        """What the code of a page says."""
        return AgainCode(self.edition, self.large, page, self.file, self.questions)


def edition_of(about: About) -> str:
    """How a sheet is called among the editions: `1S-42-1F3`."""
    return f"{about.edition}{'L' if about.large else 'S'}-{about.file}-{base36(about.questions)}"


def about(template_id: str | None, edition: str | None) -> About | None:
    """What a sheet is about, by its name; None for any other form."""
    told = _EDITION.fullmatch(edition or "") if template_id == ID else None
    return About(told[1], told[2] == "L", int(told[3]), int(told[4], 36)) if told else None
