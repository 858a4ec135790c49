"""What the letters about consents say: "What you have agreed" and "Your change is in force" (R21, R29, R30, W41). Pure.

Plain words, short sentences, nothing about anybody else's answers. Who may get one is decided in `family.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from records.consents.items import STORE
from records.letters.own import GROUPS, SAID, OwnAnswer, to_ask_again
from records.letters.writing import Block, Facts, Grid, Heading, Letter, Points, Sender, Words
from records.policies.periods import in_words
from records.policies.values import ContactPoint

COMPLAIN = {
    ContactPoint.MANAGER: "If you are not content with how we keep to this, ask for our manager.",
    ContactPoint.LINE_MANAGER: "If you are not content with how we keep to this, ask for the line manager of our service.",
}


@dataclass(frozen=True)
class About:
    """What every letter about consents needs. `own_case`: the reader is the child or young person the file is about."""

    sender: Sender
    to: tuple[str, ...]
    name: str
    child: str
    own_case: bool
    file_reference: str
    receipt: str
    on: date
    contact_point: ContactPoint
    language: str = "en-GB"

    def letter(self, title: str, blocks: Sequence[Block]) -> Letter:
        """A letter with the frame that they share."""
        return Letter(
            sender=self.sender, to=self.to, written_on=self.on, reference=self.file_reference, title=title,
            greeting=f"Dear {self.name}", blocks=tuple(blocks), closing=("Yours sincerely", "", self.sender.name),
            language=self.language,
        )  # fmt: skip

    def facts(self) -> Facts:
        """Whom it is about, as of when, and the receipt's own number (R21)."""
        about = () if self.own_case else (("Child or young person", self.child),)
        return Facts((*about, ("As we know it on", in_words(self.on)), ("Number of this receipt", self.receipt)))

    @property
    def whose(self) -> str:
        return "you" if self.own_case else f"you and {self.child}"


def how_to_change(about: About) -> list[Block]:
    """R29, R24: any way, no reason, no detriment."""
    return [
        Heading("How to change an answer"),
        Words(
            "You can change any answer at any time. Tell any of us in any way: by telephone, in writing or when we meet. "
            "You need no form and no reason. Nobody will treat you differently."
        ),
        Words("A change counts from the moment you tell us. It does not undo what was done before."),
        Words(COMPLAIN[about.contact_point]),
    ]


def what_you_agreed(about: About, answers: Sequence[OwnAnswer]) -> Letter:
    """The receipt: each question, this person's own answer, since when, and how to change it. ValueError without an answer."""
    if not answers:
        raise ValueError("this person has answered nothing")
    blocks: list[Block] = [
        Words(f"This is your copy of what you have told us that we may do for {about.whose}. Please keep it."),
        about.facts(),
    ]
    for title, items in GROUPS:
        codes = {code for code, _ in items}
        rows = [_row(answer) for answer in answers if answer.item in codes]
        if rows:
            blocks += [Heading(title), Grid(("Question", "Your answer", "Since"), tuple(rows), (5, 4, 3))]
    if to_ask_again(answers):
        blocks.append(
            Words("Where we could not tell your answer, or you left a question out, please tell us what it should be.")
        )
    return about.letter("What you have agreed", [*blocks, *how_to_change(about)])


def _row(answer: OwnAnswer) -> tuple[str, str, str]:
    said = SAID[answer.state]
    if answer.named:
        said += ": " + ", ".join(answer.named)
    return answer.question, said, in_words(answer.since) if answer.since else "–"


def change_confirmed(
    about: About, told_on: date, no: Sequence[OwnAnswer], yes: Sequence[OwnAnswer], *, storing_withdrawn: bool
) -> Letter:
    """What this person told us, and that it is in force (R30, R31). ValueError when nothing changed."""
    if not no and not yes:
        raise ValueError("nothing changed")
    blocks: list[Block] = [
        Words(f"On {in_words(told_on)} you told us that you change what we may do for {about.whose}. We have done so."),
        about.facts(),
    ]
    if no:
        blocks += [Heading("You said no to"), Points(tuple(answer.question for answer in no))]
        blocks.append(Words(f"We have not done this since {in_words(told_on)}, and will not unless you say yes again."))
    if yes:
        blocks += [Heading("You said yes to"), Points(tuple(answer.question for answer in yes))]
    if any(answer.item == STORE for answer in no) and storing_withdrawn:
        blocks.append(
            Words(
                "You took back your permission to store. We now decide what is erased. Something may be kept only for a reason that the "
                "law names, and we will write to you and say what and why."
            )
        )
    return about.letter("Your change is in force", [*blocks, *how_to_change(about)])
