"""What the letters about a request say. The print is `records/letters`; here stand the words alone, plain data in and out.

A refusal takes no reason of ours: it is the same letter, word for word, whoever stood against it and whatever they said, so that
it cannot reveal that a young person objected (R19 rows 12 and 13, W16).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from records.letters.contact import REGULATOR
from records.letters.writing import Block, Facts, Grid, Heading, Letter, Points, Sender, Signing, Together, Words
from records.policies.periods import in_words
from records.requests.beside import Beside, Goes, Thing
from records.requests.bundle import MARKS
from records.requests.kinds import Kind


class LetterKind(StrEnum):
    """Which letter."""

    RECEIVED = "received"
    NEED_MORE = "need_more"
    MORE_TIME = "more_time"
    READY = "ready"
    REFUSED = "refused"
    UNFOUNDED = "unfounded"
    CLOSED = "closed"
    ANSWER = "answer"


LETTER_WORDS = {
    LetterKind.RECEIVED: "We have your request",
    LetterKind.NEED_MORE: "We need to know more",
    LetterKind.MORE_TIME: "We need more time",
    LetterKind.READY: "Your copy is ready",
    LetterKind.REFUSED: "We cannot do this",
    LetterKind.UNFOUNDED: "We refuse your request",
    LetterKind.CLOSED: "We have closed your request",
    LetterKind.ANSWER: "Our answer",
}
RESPONSES = frozenset({LetterKind.READY, LetterKind.UNFOUNDED, LetterKind.CLOSED, LetterKind.ANSWER})
"""The letters that answer a request, with which their rights are told (W24). Others are on the way; a refusal says as little as can be (W16)."""
_ASKED = {
    Kind.ACCESS: "for a copy of information that we hold",
    Kind.RETURN: "for papers to be returned",
    Kind.WITHDRAWAL: "to withdraw consent",
    Kind.CORRECTION: "for information to be corrected",
    Kind.ERASURE: "for information to be deleted",
    Kind.RESTRICTION: "that we keep information but do not use it",
    Kind.OBJECTION: "that we stop using information in some way",
    Kind.COMPLAINT: "with a complaint about how we handle information",
}
TOLD_AS = {
    Thing.NOTES: "notes that we wrote of our work with you",
    Thing.ANSWERS: "the answers about consent that we have from you",
    Thing.ACTIONS: "what was agreed to be done, and by whom",
    Thing.FACTS: "names, dates of birth, contact details and other facts that we hold",
}


@dataclass(frozen=True)
class To:
    """Where a letter goes: name and address by line, from the request's own address field alone."""

    name: str
    address: tuple[str, ...] = ()


@dataclass(frozen=True)
class About:
    """What every letter about one request shares. `contact`: whom the policy names for complaints (S21); `rights`: told with every answer (W24).

    `prefers`: the language that whoever asked prefers, as far as it is noted on a file.
    """

    sender: Sender
    to: To
    kind: Kind
    number: int
    reference: str
    received: date
    written_on: date
    contact: str
    rights: tuple[str, ...] = ()
    prefers: str = "en"


@dataclass(frozen=True)
class Article15:
    """What is told with a copy besides the copy (R64): each in plain words."""

    purposes: str = "To give you information, advice and support about special educational needs and disabilities."
    categories: str = "Contact details, what you told us, forms, letters and reports, and notes of what we did."
    recipients: Sequence[str] = ()
    kept: str = ""
    sources: str = "You and your family told us most of it. Letters and reports came from those who wrote them."
    automated: str = (
        "A computer reads ticks on forms, and a person checks each one. No decision is made by a computer alone."
    )


def letter(
    about: About, which: LetterKind, *, words: str = "", due: date | None = None, asked: Sequence[str] = (),
    excessive: bool = False,
) -> Letter:  # fmt: skip
    """One letter. `words`: what the officer adds (a question, the reasons for more time, an answer)."""
    blocks: list[Block] = []
    match which:
        case LetterKind.RECEIVED:
            blocks = _received(about, due, asked)
        case LetterKind.NEED_MORE:
            blocks = [
                Words(f"You wrote to us on {in_words(about.received)} {_ASKED[about.kind]}. To answer, we need to ask you something:"),
                Words(words),
                Words("The time for our answer stands still until we hear from you. We will send what we can in the meantime."),
            ]  # fmt: skip
        case LetterKind.MORE_TIME:
            blocks = [
                Words(f"You wrote to us on {in_words(about.received)} {_ASKED[about.kind]}. We cannot answer within one month."),
                Words(f"The reason is: {words}"),
                Words(f"You will have our answer by {in_words(due)}." if due else "You will have our answer as soon as we can."),
            ]  # fmt: skip
        case LetterKind.CLOSED:
            blocks = [
                Words(f"You wrote to us on {in_words(about.received)} {_ASKED[about.kind]}. We asked you a question and have had no answer."),
                Words("We have closed your request for now. Tell us at any time, in any way, and we will open it again."),
            ]  # fmt: skip
        case LetterKind.REFUSED:
            blocks = _refused(about.kind)
        case LetterKind.UNFOUNDED:
            blocks = [
                Words(f"You wrote to us on {in_words(about.received)} {_ASKED[about.kind]}. We will not do what you asked."),
                Words(f"The law lets us refuse a request that is manifestly {'excessive' if excessive else 'unfounded'}. "
                      "A manager looked at your request and decided that it is. The reason is:"),
                Words(words),
            ]  # fmt: skip
        case LetterKind.READY | LetterKind.ANSWER:
            blocks = [Words(f"You wrote to us on {in_words(about.received)} {_ASKED[about.kind]}."), Words(words)]
    told = _rights(about) if which in RESPONSES else []
    return _letter(about, LETTER_WORDS[which], [*blocks, *told, *_complain(about)])


def _rights(about: About) -> list[Block]:
    """The rights that go with every response (W24): the same for everybody, as the policy has them."""
    return [Heading("Your rights over what we hold"), Points(about.rights)] if about.rights else []


def _received(about: About, due: date | None, asked: Sequence[str]) -> list[Block]:
    found: list[Block] = [Words(f"We received your request {_ASKED[about.kind]} on {in_words(about.received)}.")]
    if about.kind is Kind.COMPLAINT:
        found = [
            Words(f"We received your complaint on {in_words(about.received)}. This letter acknowledges it."),
            Words("We are looking into it. We will keep you informed and tell you what we found."),
        ]
    elif due is not None:
        found.append(Words(f"You will have our answer by {in_words(due)} at the latest. We aim to be earlier."))
    if asked:
        found += [Words("Before we can begin, we need to see:"), Points(tuple(asked))]
    return found


def _refused(kind: Kind) -> list[Block]:
    """No reason, and the same for everybody who asks for the same (W16)."""
    sends = kind in (Kind.ACCESS, Kind.RETURN)
    cannot, right = (
        ("send you what you asked for", "see what is held about a child or young person")
        if sends
        else ("do what you asked for", "ask this about what is held on a child or young person")
    )
    return [
        Words(f"We have looked at your request. We cannot {cannot}."),
        Words(f"The right to {right} belongs to the child or young person. "
              "A request for it must come from them, or from somebody who acts for them by law."),
        Words("This letter is the same for everybody who gets this answer. It does not say whether we hold anything, or what "
              "anybody has told us."),
    ]  # fmt: skip


def _complain(about: About) -> list[Block]:
    return [
        Heading("If you are not content"),
        Words(f"Tell {about.contact}. You may complain in any way you like."),
        Words(f"You may also go to the regulator. {REGULATOR}. You may take it to court too."),
    ]


def covering(
    about: About,
    told: Article15,
    pages: int,
    left_out: Mapping[str, int],
    marks: Sequence[str],
    index: Sequence[tuple[str, str, str]],
    others: Sequence[Beside] = (),
) -> Letter:
    """The letter that goes with an access copy: what it is, what Article 15 asks for, what was left out, and the index of pages."""
    blocks: list[Block] = [
        Words(f"You wrote to us on {in_words(about.received)} {_ASKED[about.kind]}. Here is your copy. It has {pages} page{'' if pages == 1 else 's'}."),
        Words("Each page has its number at the foot. The list at the end of this letter says what each page is."),
        Heading("What we must tell you"),
        Facts((
            ("Why we use it", told.purposes), ("What kinds of information", told.categories),
            ("Who has had it from us", "; ".join(told.recipients) or "Ask us: it is not written here."),
            ("How long we keep it", told.kept or "Ask us: it hangs on the date of birth."), ("Where it came from", told.sources),
            ("Computers", told.automated),
        )),
        *_rights(about),
    ]  # fmt: skip
    with_it = [each.thing for each in others if each.goes is Goes.WITH_IT]
    if with_it:
        blocks.append(Heading("What goes with the copy"))
        blocks.append(Points(tuple(TOLD_AS[thing] for thing in with_it)))
    not_in = [each for each in others if each.goes is Goes.LEFT_OUT]
    if left_out or marks or not_in:
        blocks.append(Heading("What is not in the copy"))
        if not_in:
            blocks.append(Points(tuple(f"{TOLD_AS[each.thing]}: {each.why}" for each in not_in)))
        if left_out:
            blocks.append(
                Points(tuple(f"{count} page{'' if count == 1 else 's'}: {words}" for words, count in left_out.items()))
            )
        if marks:
            blocks.append(Words("A part of a page that is covered has a letter on it:"))
            blocks.append(Facts(tuple((mark, MARKS[mark]) for mark in marks)))
    blocks += _complain(about)
    blocks.append(Together((Words("Yours sincerely"), Words(about.sender.name))))
    blocks += [Heading("The pages"), Grid(("Pages", "What it is", "We received it"), tuple(index), (2, 5, 3))]
    return _letter(about, "Copy of the information we hold", blocks, closing=())


def receipt(about: About, pages: int) -> Letter:
    """The sheet that whoever takes the copy signs and gives or sends back. It is to us: no address of theirs, and no greeting."""
    count = f"{pages} page{'' if pages == 1 else 's'}"
    return Letter(
        sender=about.sender, to=(), written_on=about.written_on, reference=about.reference, title="Receipt",
        blocks=(
            Words(f"To {about.sender.name}"),
            Words(f"I have received a copy of {count} in answer to my request of {in_words(about.received)}."),
            Signing(("Name", "Signature", "Date")),
            Words("Please give or send this sheet back to us."),
        ),
    )  # fmt: skip


def to_the_council(about: About, to: Sequence[str], reference: str) -> Letter:
    """What the council that passed a request on is told, if the person agrees, and no more (W13): not who, not what, not the outcome."""
    theirs = f" Your reference is {reference}." if reference else ""
    return Letter(
        sender=about.sender, to=tuple(to), written_on=about.written_on, reference=f"Request {about.number}",
        title="A request that you passed on", greeting="Dear colleague", closing=("Yours sincerely", "", about.sender.name),
        blocks=(
            Words(f"You passed a request on to us. We received it on {in_words(about.received)}.{theirs}"),
            Words("It is being handled separately. We answer the person who made it, and nobody else."),
            Words("Our information is not part of what the council sends. Please do not wait for anything from us."),
        ),
    )  # fmt: skip


def _letter(about: About, title: str, blocks: Sequence[Block], closing: tuple[str, ...] | None = None) -> Letter:
    return Letter(
        sender=about.sender, to=(about.to.name, *about.to.address), written_on=about.written_on, reference=about.reference,
        title=title, blocks=tuple(blocks), greeting=f"Dear {about.to.name}",
        closing=("Yours sincerely", "", about.sender.name) if closing is None else closing, prefers=about.prefers,
    )  # fmt: skip
