"""What the letters about consents say: "What you have agreed" and "Your change is in force" (R21, R29, R30, W41). Pure but for the parts of a letter.

Plain words, short sentences, nothing about anybody else's answers. Who may get one is decided in `family.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from records.consents.items import STORE
from records.consents.standing import ConsentState
from records.letters import contact
from records.letters.own import GROUPS, SAID, OwnAnswer, to_ask_again
from records.letters.writing import Asks, Block, Facts, Grid, Heading, Letter, Points, Sender, Signing, Words
from records.policies.periods import in_words, ordinal
from records.policies.values import ContactPoint


@dataclass(frozen=True)
class About:
    """What every letter about consents needs. `own_case`: the reader is the child or young person the file is about.

    `kept_to_age`: the birthday until which a file is kept (S10), None where the policy sets none. `rules`: policy and version by which this
    was printed. `prefers`: the language that the reader prefers.
    """

    sender: Sender
    to: tuple[str, ...]
    name: str
    child: str
    own_case: bool
    file_reference: str
    receipt: str
    on: date
    contact_point: ContactPoint
    kept_to_age: int | None
    rules: str
    language: str = "en-GB"
    prefers: str = "en"

    def letter(self, title: str, blocks: Sequence[Block]) -> Letter:
        """A letter with the frame that they share."""
        return Letter(
            sender=self.sender, to=self.to, written_on=self.on, reference=self.file_reference, title=title,
            greeting=f"Dear {self.name}", blocks=tuple(blocks), closing=("Yours sincerely", "", self.sender.name),
            language=self.language, prefers=self.prefers,
        )  # fmt: skip

    def facts(self) -> Facts:
        """Whom it is about, as of when, and the receipt's own number (R21)."""
        about = () if self.own_case else (("Child or young person", self.child),)
        return Facts((*about, ("As we know it on", in_words(self.on)), ("Number of this receipt", self.receipt)))

    def keeping(self) -> Facts:
        """How long we keep it, and by which rules and version of them (F5)."""
        whose = "your" if self.own_case else f"{self.child}’s"
        kept = (
            f"Until {whose} {ordinal(self.kept_to_age)} birthday, unless the law has us keep it longer"
            if self.kept_to_age
            else "Our policy sets no time yet. Ask us"
        )
        return Facts((("How long we keep the file", kept), ("Our rules", self.rules)))

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
        Words(contact.if_not_content(about.contact_point)),
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
        mine = [answer for answer in answers if answer.item in codes]
        if mine:
            lead = common_lead([answer.question for answer in mine])
            blocks.append(Heading(title))
            if lead:
                blocks.append(Words(lead))
            rows = tuple(_row(answer, len(lead)) for answer in mine)
            blocks.append(Grid(("Question", "Your answer", "Since"), rows, (28, 35, 18)))
    if to_ask_again(answers):
        blocks.append(
            Words("Where we could not tell your answer, or you left a question out, please tell us what it should be.")
        )
    return about.letter("What you have agreed", [*blocks, about.keeping(), *how_to_change(about)])


def common_lead(questions: Sequence[str]) -> str:
    """The whole sentences with which all of the questions begin: printed once above them. Empty when there is none.

    Of a single question, what stands before its last sentence.
    """
    if len(questions) == 1:
        end = max(questions[0].rstrip(".?: ").rfind(stop) for stop in ("? ", ": ", ". "))
        return questions[0][: end + 2] if end > 0 else ""
    letters = zip(*questions, strict=False)
    shared = "".join(column[0] for column in takewhile(lambda column: len(set(column)) == 1, letters))
    end = max(shared.rfind(stop) for stop in ("? ", ": ", ". "))
    return shared[: end + 2] if end > 0 else ""


def _listed(questions: Sequence[tuple[str, str]]) -> list[Block]:
    """Questions, each with what is said of it, as points. Those with the same beginning stand together below it, so that it is printed once."""
    groups: list[list[tuple[str, str]]] = []
    for each in questions:
        if groups and common_lead([*(question for question, _ in groups[-1]), each[0]]):
            groups[-1].append(each)
        else:
            groups.append([each])
    blocks: list[Block] = []
    for group in groups:
        lead = common_lead([question for question, _ in group]) if len(group) > 1 else ""
        if lead:
            blocks.append(Words(lead))
        blocks.append(Points(tuple(question[len(lead) :] + said for question, said in group)))
    return blocks


def _row(answer: OwnAnswer, lead: int) -> tuple[str, str, str]:
    said = SAID[answer.state]
    if answer.named:
        said += ": " + ", ".join(answer.named)
    return answer.question[lead:], said, in_words(answer.since) if answer.since else "–"


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
        blocks += [Heading("You said no to"), *_listed([(answer.question, "") for answer in no])]
        blocks.append(
            Words(f"This counts from {in_words(told_on)}. We will not do it any more unless you say yes again.")
        )
    if yes:
        blocks += [Heading("You said yes to"), *_listed([(answer.question, "") for answer in yes])]
    keeping = next((answer for answer in no if answer.item == STORE), None)
    if keeping is not None and storing_withdrawn:
        said = (
            "took back your permission to store"
            if keeping.state is ConsentState.WITHDRAWN
            else "do not let us store what is about you"
        )
        blocks.append(
            Words(
                f"You {said}. We now decide what is erased. Something may be kept only for a reason that the "
                "law names, and we will write to you and say what and why."
            )
        )
    return about.letter("Your change is in force", [*blocks, *how_to_change(about)])


WHY = {
    ConsentState.UNCLEAR: "We could not tell which answer you meant.",
    ConsentState.NOT_ANSWERED: "You left this blank.",
    ConsentState.EXPIRED: "Your yes has run out.",
}


def please_answer_again(about: About, answers: Sequence[OwnAnswer], on_sheet: frozenset[str] = frozenset()) -> Letter:
    """Asks the unclear, blank and lapsed questions again, and nothing else. ValueError when there is none.

    `on_sheet`: items that the answer sheet behind the letter asks, which the reader knows. The others are asked in the letter, and
    a person reads the reply and records it as a change.
    """
    wanted = to_ask_again(answers)
    if not wanted:
        raise ValueError("every answer is clear")
    opening = (
        "Please answer these questions again. We need no other answers: what you have told us before stays as it is."
    )
    asked = [(answer, WHY[answer.state]) for answer in wanted]
    return _asking(about, "Please answer again", opening, asked, on_sheet)


def may_we_contact(
    about: About, questions: Sequence[OwnAnswer], body: str, on: date, on_sheet: frozenset[str] = frozenset()
) -> Letter:
    """Asks the family first about one planned contact, and nothing else (N15, W30). ValueError without a question."""
    if not questions:
        raise ValueError("there is nothing to ask")
    opening = (
        f"For {about.whose}, we would like to be in touch with {body} on or after {in_words(on)}. We ask you first. Nothing happens "
        "before you say yes, and you may say no."
    )
    return _asking(about, "May we contact them?", opening, [(each, f"For {body}.") for each in questions], on_sheet)


def _asking(
    about: About, title: str, opening: str, asked: Sequence[tuple[OwnAnswer, str]], on_sheet: frozenset[str]
) -> Letter:
    """A letter that asks questions, each with why, on the sheet behind it or in boxes of its own."""
    sheet = [(answer, why) for answer, why in asked if answer.item in on_sheet]
    here = [(answer, why) for answer, why in asked if answer.item not in on_sheet]
    blocks: list[Block] = [Words(opening), about.facts()]
    if sheet:
        blocks += [
            Heading("On the answer sheet that follows"),
            *_listed([(answer.question, f" ({why.rstrip('.')})") for answer, why in sheet]),
        ]
    if here:
        blocks += [Heading("Please answer here")] if sheet else []
        blocks += [
            Words("Tick Yes or No in black or blue ink."),
            Asks(tuple((answer.question, why) for answer, why in here)),
            Signing(("Your name", "Your signature", "Date")),
        ]
    back = "this letter" if not sheet else "the answer sheet and this letter" if here else "the answer sheet"
    blocks += [
        Words("Until we hear from you we take each of them as no. You can also tell us in any other way."),
        Words(f"Please send {back} back to us, or give it to any of us. Ask us for a copy if you want to keep one."),
    ]
    return about.letter(title, [*blocks, *how_to_change(about)])
