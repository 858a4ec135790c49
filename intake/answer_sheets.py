"""Prints the answer sheet behind a letter: the one place where letters, which know no forms, get one.

What comes back is read as a form (`forms/again.py`), checked by an officer (`desk/sheet_flow.py`) and filed like any form.
"""

from forms import again
from forms.again import About
from forms.printing.again import sheet_for
from records.letters.replies import Asked, ReplySheet
from records.press import Behind


def printer(file_number: int, asked: Asked, large: bool) -> ReplySheet | None:
    """The sheet that asks what can be asked on one; None when nothing of it can."""
    questions, missing = again.questions_for(asked)
    if not questions:
        return None
    made = sheet_for(About(again.EDITION, large, file_number, questions))
    return ReplySheet(Behind(made.source, made.data), frozenset(item for _, item in asked) - missing)
