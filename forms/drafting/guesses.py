"""From printed words to what a field probably is: its kind, its id, the consent it answers. Pure; a person checks every guess.

The consent items are those of the bundled templates, so that every form feeds the same consents.
"""

import re
import unicodedata
from dataclasses import dataclass
from itertools import dropwhile

from forms.template import Kind

SHORT = 60
LONGEST_SLUG = 40
_SIGNED = re.compile(r"\b(sign(ed|ature|ing)?|llofnod(wyd)?)\b", re.IGNORECASE)
_SIGNED_ON = re.compile(r"\bdate sign(ed|ing)?\b|\bsigned on\b", re.IGNORECASE)
_DATE = re.compile(r"\b(date|dated|d\.?o\.?b\.?|born|birthday|dyddiad)\b", re.IGNORECASE)
_OFFICE = re.compile(r"\b(office|staff|official) use\b", re.IGNORECASE)
_OTHER = re.compile(r"^(any )?other\b|\bspecify\b|\bplease (name|state|say)\b|\barall\b", re.IGNORECASE)


@dataclass(frozen=True)
class Guess:
    """A likely id and consent item for some words; None where nothing is known of them."""

    id: str | None = None
    item: str | None = None


# The first row that fits decides. `share` in the lead-in turns contact into share.
_WHOM: tuple[tuple[str, str, str, str], ...] = (
    (r"\bsen(d)? team\b|local authority|\bla\b", "la_sen", "contact_la_sen", "share_with_sen_team"),
    (r"school|education|college|nursery|setting|provider", "education", "contact_education_setting", "share_with_school"),
    (r"health|\bgp\b|nhs|doctor", "health", "contact_health", "share_with_health"),
    (r"legal|solicitor", "legal", "contact_legal", "share_with_legal"),
    (r"social (care|work)", "social_care", "contact_social_care", "share_with_social_care"),
    (r"parent carer forum", "parent_carer_forum", "contact_parent_carer_forum", "share_with_parent_carer_forum"),
    (r"\bother\b", "other", "contact_other", "share_with_other"),
)  # fmt: skip
_NEWS = (
    (r"e-?mail", "email"),
    (r"text message|\bsms\b|by text|\btexts?\b", "text"),
    (r"telephone|phone", "telephone"),
    (r"\bpost\b|\bletter", "post"),
)
_CONSENTS: tuple[tuple[str, str, str | None], ...] = (
    (r"database|keep my details|save (it|my)|store (my|our|this)|keep .*(information|details)", "store_on_database", "store"),
    (r"(tell|let) other people", "tell_others", "tell_others"),
    (r"contact other people", "contact_on_behalf", "contact_others"),
    (r"(get|obtain|ask for|request) information", "access_information", "obtain_information"),
)  # fmt: skip
_PAPER: tuple[tuple[str, str, str | None], ...] = (
    (r"keep (this|the|my) (document|form|paper)", "keep_on_file", "paper:keep"),
    (r"return (it|this|the|my)|send (it|this) back", "return_to_me", "paper:return"),
    (r"(destroy|shred) (it|this|the|my)", "destroy_paper", "paper:destroy"),
    (r"(destroy|shred) (it|this|the)", "destroy_paper", None),
)
_WRITTEN = (
    (r"date of birth|\bdob\b|\bborn\b", "date_of_birth"),
    (r"(child|young person|pupil).*name|name.*(child|young person|pupil)", "child_name"),
    (r"(parent|carer|guardian).*name|name.*(parent|carer|guardian)|your name", "parent_name"),
    (r"school|setting|college", "school_name"),
    (r"post ?code", "postcode"),
    (r"address", "address"),
    (r"telephone|phone|mobile", "telephone"),
    (r"e-?mail", "email"),
    (r"relationship", "relationship"),
)


def is_office_use(words: str) -> bool:
    """Whether a box is for staff and not for the family."""
    return _OFFICE.search(words) is not None


def asks_for_another(label: str) -> bool:
    """Whether words ask to name something beside a box: "Other (specify)"."""
    return _OTHER.search(label) is not None


def written_kind(label: str) -> Kind:
    """What is written beside these words: a date, a signature or text."""
    if _SIGNED_ON.search(label):
        return Kind.DATE
    if _SIGNED.search(label) and not re.search(r"\bname\b|print", label, re.IGNORECASE):
        return Kind.SIGNATURE
    return Kind.DATE if _DATE.search(label) else Kind.TEXT


def mark_guess(label: str, lead: str) -> Guess:
    """What a tick box or a Yes/No question may answer, from its own words and those above it."""
    own, above = label.lower(), lead.lower()
    for pattern, name, item in (*_PAPER, *_CONSENTS):
        if re.search(pattern, own):
            return Guess(name, item)
    if re.search(r"communication|contact (me|you)|news|events|keep in touch|keeping in touch", f"{own} {above}"):
        for pattern, way in _NEWS:
            if re.search(pattern, own):
                return Guess(f"contact_by_{way}", f"news:{way}")
    if re.search(r"permission|contact|share|talk|speak|consent", above):
        for pattern, whom, contact_id, share_id in _WHOM:
            if re.search(pattern, own):
                shared = re.search(r"\bshar", above) is not None
                return Guess(share_id if shared else contact_id, f"{'share' if shared else 'contact'}:{whom}")
    return Guess()


def written_id(label: str, kind: Kind) -> str:
    """A likely id for something written."""
    if kind is Kind.SIGNATURE:
        return "signature"
    for pattern, name in _WRITTEN:
        if re.search(pattern, label.lower()):
            return name if kind is Kind.TEXT or name == "date_of_birth" else slug(label)
    return (
        "signed_on" if kind is Kind.DATE and re.fullmatch(r"(date|dated|date signed)", label.lower()) else slug(label)
    )


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
