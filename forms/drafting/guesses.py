"""From printed words to what a field probably is: its kind and its id. Pure; a person checks every guess."""

import re
import unicodedata
from itertools import dropwhile, takewhile

from forms.template import Kind

SHORT = 60
LONGEST_SLUG = 40
_SIGNED = re.compile(r"\b(sign(ed|ature|ing)?|signs (here|below)|llofnod(wyd)?)\b", re.IGNORECASE)
_SIGNED_ON = re.compile(r"\bdate sign(ed|ing)?\b|\bsigned on\b", re.IGNORECASE)
_DATE_FIRST = re.compile(r"today is\b|(the |today'?s )?date\b(?!.*\b(and|&|/) signature)", re.IGNORECASE)
_TODAY = re.compile(r"(the |today'?s )?(date|dated|date signed|date of signing|date of signature)")
_SIGNS = re.compile(r"\b(sign language|makaton|signs? of)\b", re.IGNORECASE)
_DATE = re.compile(r"\b(begins|starts|ends) on$|\b(date|dated|d\.?o\.?b\.?|born|birthday|dyddiad)\b", re.IGNORECASE)
_OFFICE = re.compile(r"\b(office|staff|official) use\b", re.IGNORECASE)
_YOUNG = re.compile(r"\b(young person|child|pupil|student)\b", re.IGNORECASE)
_ADULT = re.compile(r"\b(parent|carer|guardian|mother|father)\b", re.IGNORECASE)
_STAFF = re.compile(
    r"\b(officer|staff|witness|interpreter|translator|practitioner|key ?worker|caseworker|teacher|tutor|senco|nurse|clinician"
    r"|professional|therapist|advis[eo]r|referrer|volunteer|researcher|(person|researcher) taking)\b",
    re.IGNORECASE,
)
_BODY = re.compile(r"\b(school|setting|college)\b", re.IGNORECASE)
_NAME = re.compile(r"((full|print|your|first|last|family) )*name")
_MOST_KNOWN = 4
_REMARKS = re.compile(r": (comments?|remarks?|reasons?|details|notes?)\W*$", re.IGNORECASE)
"""What stands in a column beside answers: "The school: Comments" is no school's name."""
_CONTACT = re.compile(r": (name of )?contact( name| person)?$", re.IGNORECASE)
"""Whom to ask for at a body: "Children's social care: Contact name" is no child's name."""
_HINT = re.compile(r"d{1,2}[/.\-–|]?m{1,2}[/.\-–|]?(y{2}|y{4})", re.IGNORECASE)
_OTHER = re.compile(r"^(any )?other\b|\bspecify\b|\bplease (name|state|say)\b|\barall\b", re.IGNORECASE)


_WRITTEN = (
    (r"date of birth|\bd\.?o\.?b\b|\bborn\b", "date_of_birth"),
    (r"(child|young person|pupil|student).*name|name.*(child|young person|pupil|student)", "child_name"),
    (r"(parent|carer|guardian).*name|name.*(parent|carer|guardian)|your name", "parent_name"),
    (r"school|setting|college", "school_name"),
    (r"post ?code", "postcode"),
    (r"e-?mail", "email"),
    (r"address", "address"),
    (r"telephone|phone|mobile|^tel\b", "telephone"),
    (r"relationship", "relationship"),
)


def is_office_use(words: str) -> bool:
    """Whether a box is for staff and not for the family."""
    return _OFFICE.search(words) is not None


def is_young_persons(label: str) -> bool:
    """Whether a young person signs here themselves, and not whoever signs for them."""
    return _YOUNG.search(label) is not None and _ADULT.search(label) is None


def is_staffs(label: str) -> bool:
    """Whether somebody signs here who is not of the family: their name says nothing of what the family agrees to."""
    return any(body.search(label) for body in (_STAFF, _BODY)) and not (_ADULT.search(label) or _YOUNG.search(label))


def names_somebody(label: str) -> bool:
    """Whether words name a person who may sign: a parent, a young person, or somebody of the staff."""
    return any(pattern.search(label) for pattern in (_ADULT, _YOUNG, _STAFF))


def is_date_hint(words: str) -> bool:
    """Whether words only show how a date is to be written: "DD / MM / YYYY", with or without spaces between the letters."""
    return _HINT.fullmatch("".join(words.split())) is not None


def is_known_place(label: str, most: int = _MOST_KNOWN) -> bool:
    """Whether words, `most` at the most, plainly say what is to be written: a name, an address, a date, a signature."""
    plain = label.lower().rstrip(" *")
    names = any(re.search(pattern, plain) for pattern, _ in _WRITTEN) or bool(_NAME.fullmatch(plain))
    return len(plain.split()) <= most and (names or written_kind(label) is not Kind.TEXT)


def asks_for_another(label: str) -> bool:
    """Whether words ask to name something beside a box: "Other (specify)"."""
    return _OTHER.search(label) is not None


def written_kind(label: str) -> Kind:
    """What is written beside these words: a date, a signature or text. A heading in capitals before a plain label says nothing of it."""
    rest = _without_heading(label)
    plain = bool(rest) and is_known_place(rest) and _BODY.search(rest) is None  # "SIGNED School": the school signs
    return _kind_by(rest if plain else label)


def _without_heading(label: str) -> str:
    """What stands behind words in capitals with which a label begins; empty where all of it is in capitals, or nothing."""
    words = label.split()
    capitals = list(takewhile(lambda word: word == word.upper(), words))
    return " ".join(words[len(capitals) :]) if any(len(word) > 1 and word.isalpha() for word in capitals) else ""


def _kind_by(label: str) -> Kind:
    if _SIGNED_ON.search(label) or _DATE_FIRST.match(label):
        return Kind.DATE
    if _SIGNED.search(label) and not _SIGNS.search(label) and not re.search(r"\bname\b|print", label, re.IGNORECASE):
        return Kind.SIGNATURE
    return Kind.DATE if _DATE.search(label) or label.strip(" :").lower() == "on" else Kind.TEXT


def written_id(label: str, kind: Kind) -> str:
    """A likely id for something written."""
    if kind is Kind.SIGNATURE:
        if is_staffs(label):
            return slug(label)
        return "young_person_signature" if is_young_persons(label) else "signature"
    for pattern, name in _WRITTEN if _REMARKS.search(label) is None and _CONTACT.search(label) is None else ():
        if re.search(pattern, label.lower()):
            return name if kind is Kind.TEXT or name == "date_of_birth" else slug(label)
    return "signed_on" if kind is Kind.DATE and _TODAY.fullmatch(_whose_date(label)) else slug(label)


def _whose_date(label: str) -> str:
    """The words for a date without those of the row it stands in, where a parent signs in that row."""
    row, _, head = label.rpartition(": ")
    return (head if _ADULT.search(row) else label).lower().replace("’", "'")


def slug(text: str) -> str:
    """Lower-case words joined by underscores, at most six of them and 40 characters; begins with a letter.

    Numbers before the first word are left out, as the question's number is. `field` where there is nothing to go by.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    begun = list(dropwhile(lambda word: word[0].isdigit(), words))[:6]
    while len(begun) > 1 and len("_".join(begun)) > LONGEST_SLUG:
        begun.pop()
    return "_".join(begun)[:LONGEST_SLUG] or "field"


def short_of(label: str) -> str:
    """The question in few words for the desk: the printed label, cut at a word."""
    text = label.strip(" :.")
    if len(text) <= SHORT:
        return text
    return text[:SHORT].rsplit(" ", 1)[0] + " …"
