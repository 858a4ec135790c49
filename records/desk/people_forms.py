"""The forms about a person on a file: what each asks, and the fact that it makes. No HTML, no request."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from records.people import relations
from records.people.facts import (
    Answer,
    Capacity,
    Channel,
    ContactDetails,
    Details,
    Ended,
    Evidence,
    FactKind,
    LanguageAndFormat,
    Responsibility,
    SafeContact,
    SomebodyElse,
    Value,
    Wishes,
    wrong_with,
)
from records.people.languages import LANGUAGES
from records.people.namesakes import namesakes_of
from records.people.refusals import EVERYBODY
from records.people.register import PersonShown
from records.people.typed import name_problem, text_problem
from records.vocabulary import Format

YES_NO = ((Answer.YES, "Yes"), (Answer.NO, "No"), (Answer.UNKNOWN, "Not known"))
EVIDENCE_WORDS = {
    Evidence.BIRTH_CERTIFICATE: "Birth certificate",
    Evidence.COURT_ORDER: "Court order",
    Evidence.ADOPTION: "Adoption papers",
    Evidence.AGREEMENT: "Parental responsibility agreement",
    Evidence.COUNCIL: "The council confirmed it in writing",
    Evidence.THEIR_WORD: "Only what somebody told us",
    Evidence.NONE: "Nothing was seen",
}
CHANNEL_WORDS = {
    Channel.POST: "Post", Channel.EMAIL: "Email", Channel.TELEPHONE: "Telephone", Channel.TEXT: "Text message", Channel.IN_PERSON: "In person",
}  # fmt: skip
FORMAT_WORDS = {
    Format.STANDARD: "Standard print", Format.LARGE_PRINT: "Large print", Format.EASY_READ: "Easy Read", Format.OTHER: "Another format",
}  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One question of a form. `shape`: text, area, radios, checks or select."""

    name: str
    label: str
    shape: str
    hint: str = ""
    options: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Form:
    """A form about one side of a person."""

    kind: FactKind
    title: str
    button: str
    fields: Callable[[Sequence[PersonShown]], Sequence[Field]]
    make: Callable[[Mapping[str, str], Sequence[str], PersonShown], Value]
    since: str
    child_only: bool = False
    others_only: bool = False


def _relationships() -> list[tuple[str, str]]:
    return [(code, words) for code, (words, _) in relations.RELATIONSHIPS.items()]


def _text(sent: Mapping[str, str], name: str) -> str:
    return sent.get(name, "").strip()


def details_fields(*, child: bool = False) -> list[Field]:
    """Name, and for everybody but the child the relationship."""
    asked = [Field("name", "Name", "text")]
    if not child:
        hint = "How they stand to the child. It says nothing about parental responsibility"
        asked.append(Field("relationship", "Relationship", "select", hint, _relationships()))
    return asked


FORMS: dict[str, Form] = {
    "details": Form(
        FactKind.DETAILS, "Change name or relationship", "Save the change", lambda people: details_fields(),
        lambda sent, _, person: Details(
            _text(sent, "name"), relations.SELF if person.kind == relations.Kind.CHILD else _text(sent, "relationship")
        ),
        "From which day is this so?",
    ),
    "responsibility": Form(
        FactKind.RESPONSIBILITY, "Parental responsibility", "Record it",
        lambda people: [
            Field("answer", "Does this person have parental responsibility?", "radios", "Not known is an answer. It is never assumed", YES_NO),
            Field("evidence", "What was seen?", "radios", "", tuple((code.value, words) for code, words in EVIDENCE_WORDS.items())),
            Field("limits", "Does a court order limit it? (optional)", "area", "What the order says, and its date"),
        ],
        lambda sent, _, person: Responsibility(sent.get("answer", ""), sent.get("evidence", ""), _text(sent, "limits")),
        "When was it seen or heard?", others_only=True,
    ),
    "contact": Form(
        FactKind.CONTACT, "How to reach them", "Save it",
        lambda people: [
            Field("telephone", "Telephone (optional)", "text"),
            Field("email", "Email (optional)", "text"),
            Field("address", "Address for post (optional)", "area", "Letters are addressed to it, unless there is an only safe address"),
            Field("prefers", "How do they want to be reached?", "radios", "",
                  (("", "They have not said"), *((code.value, words) for code, words in CHANNEL_WORDS.items()))),
        ],
        lambda sent, _, person: ContactDetails(_text(sent, "telephone"), _text(sent, "email"), _text(sent, "address"), sent.get("prefers", "")),
        "From which day?",
    ),
    "safe-contact": Form(
        FactKind.SAFE_CONTACT, "Safe contact", "Save the instruction",
        lambda people: [
            Field("do_not_contact", "Must this person not be contacted at all?", "checks", "", (("yes", "Do not contact this person"),)),
            Field("do_not_tell", "Who must not learn that this person is in contact with us?", "checks", "Nothing is sent to somebody ticked here",
                  tuple((str(each.id), each.name) for each in people)),
            Field("not_by", "Which ways must never be used?", "checks", "", tuple((code.value, words) for code, words in CHANNEL_WORDS.items())),
            Field("address", "Only safe address for post (optional)", "area", "Post to any other address is stopped"),
            Field("times", "Safe times (optional)", "text", "For example: weekdays 9am to 3pm"),
            Field("words", "What else must be known? (optional)", "area"),
        ],
        lambda sent, ticks, person: SafeContact(
            "do_not_contact=yes" in ticks, tuple(sorted(t[12:] for t in ticks if t.startswith("do_not_tell="))),
            tuple(code.value for code in Channel if f"not_by={code}" in ticks), _text(sent, "times"), _text(sent, "address"), _text(sent, "words"),
        ),
        "From which day?",
    ),
    "preferences": Form(
        FactKind.PREFERENCES, "Language and format", "Save it",
        lambda people: [
            Field("language", "Language", "select", "", tuple(LANGUAGES.items())),
            Field("format", "Format", "radios", "", tuple((code.value, words) for code, words in FORMAT_WORDS.items())),
            Field("other", "Which other format? (optional)", "text", "For example: audio, braille, yellow paper"),
        ],
        lambda sent, _, person: LanguageAndFormat(sent.get("language", ""), sent.get("format", ""), _text(sent, "other")),
        "From which day?",
    ),
    "wishes": Form(
        FactKind.WISHES, "What the young person wants", "Record it",
        lambda people: [
            Field("words", "What do they want?", "area", "In their own words as far as you can"),
            Field("refuses", "Whom do they not let see or hear of their records?", "checks",
                  "Nothing goes to somebody ticked here without a decision. They are never told of it",
                  (*((str(each.id), each.name) for each in people), (EVERYBODY, "Everybody else"))),
        ],
        lambda sent, ticks, person: Wishes(_text(sent, "words"), tuple(sorted(t[8:] for t in ticks if t.startswith("refuses=")))),
        "When did they say so?", child_only=True,
    ),
    "capacity": Form(
        FactKind.CAPACITY, "Can they decide this for themselves?", "Record it",
        lambda people: [
            Field("decision", "Which decision?", "text", "One decision, such as: to see their own records. It says nothing about any other"),
            Field("understands", "Can they understand what it is about?", "radios", "", YES_NO),
            Field("retains", "Can they keep it in mind long enough to decide?", "radios", "", YES_NO),
            Field("weighs", "Can they weigh it up?", "radios", "", YES_NO),
            Field("communicates", "Can they tell somebody what they decide?", "radios", "In any way", YES_NO),
            Field("outcome", "Can they decide this for themselves?", "radios", "", YES_NO),
            Field("why", "What did you see or hear that led you to this?", "area"),
        ],
        lambda sent, _, person: Capacity(
            _text(sent, "decision"), sent.get("outcome", ""), sent.get("understands", ""), sent.get("retains", ""),
            sent.get("weighs", ""), sent.get("communicates", ""), _text(sent, "why"),
        ),
        "When was this judged?", child_only=True,
    ),
    "somebody-else": Form(
        FactKind.SOMEBODY_ELSE, "Two people of one name", "Record it",
        lambda people: [
            Field("than", "Is this somebody else than the other person of the same name?", "checks",
                  "Until you tick this, what keeps something from one of them keeps it from both",
                  tuple((str(each.id), f"Yes: {each.name} {'who was taken off' if each.ended else 'there'} is somebody else") for each in people)),
            Field("why", "How do you know?", "area", "For example: two birth certificates were seen"),
        ],
        lambda sent, ticks, person: SomebodyElse(tuple(sorted(t[5:] for t in ticks if t.startswith("than="))), _text(sent, "why")),
        "When did you see or hear it?", others_only=True,
    ),
    "ended": Form(
        FactKind.ENDED, "Take off the file", "Take off the file",
        lambda people: [Field("why", "Why is this person no longer on the file?", "area", "What is known about them is kept")],
        lambda sent, _, person: Ended(_text(sent, "why")), "From which day?", others_only=True,
    ),
}  # fmt: skip


def asks(form: Form, person: PersonShown, people: Sequence[PersonShown]) -> Sequence[Field]:
    """The questions of a form about one person."""
    if form.kind is FactKind.DETAILS:
        return details_fields(child=person.kind == relations.Kind.CHILD)
    if form.kind is FactKind.SOMEBODY_ELSE:
        return form.fields(namesakes_of(person, people))
    return form.fields([each for each in people if each.id != person.id])


def mistakes_in(fields: Sequence[Field], sent: Mapping[str, str], ticks: Sequence[str], value: Value) -> dict[str, str]:
    """What is wrong with what was sent, by field, in words."""
    wrong: dict[str, str] = {}
    for each in fields:
        typed, codes = sent.get(each.name, ""), [code for code, _ in each.options]
        problem = None
        if each.name == "name":
            problem = name_problem(typed)
        elif each.shape in ("text", "area"):
            problem = text_problem(
                typed, each.label.removesuffix(" (optional)").rstrip("?"), 200 if each.shape == "text" else 2000
            )
        elif each.shape == "checks":
            ours = [tick.partition("=")[2] for tick in ticks if tick.startswith(f"{each.name}=")]
            problem = "Choose from the list" if set(ours) - set(codes) else None
        elif typed not in codes:
            problem = f"Choose an answer: {each.label[:1].lower()}{each.label[1:]}"
        if problem:
            wrong[each.name] = problem
    return wrong or wrong_with(value)


def before(value: Value | None, person: PersonShown, form: Form) -> tuple[dict[str, str], list[str]]:
    """What stands now, for a form that is opened to change it: fields, and ticks as `field=code`."""
    if isinstance(value, Wishes):  # what they refuse stays refused until they take it back, whatever else they now want
        return {}, [f"refuses={who}" for who in value.refuses]
    if form.kind in (FactKind.CAPACITY, FactKind.ENDED, FactKind.WISHES, FactKind.SOMEBODY_ELSE):
        return {}, []
    if form.kind is FactKind.DETAILS:
        return {"name": person.name, "relationship": person.relationship}, []
    if isinstance(value, SafeContact):
        ticks = [f"do_not_tell={who}" for who in value.do_not_tell] + [f"not_by={code}" for code in value.not_by]
        ticks += ["do_not_contact=yes"] if value.do_not_contact else []
        return {"times": value.times, "address": value.address, "words": value.words}, ticks
    if value is None:
        return ({"language": "en", "format": Format.STANDARD.value} if form.kind is FactKind.PREFERENCES else {}), []
    return {name: str(said) for name, said in value.as_json().items()}, []
