"""How a suggestion is written: what was recognised, in the form in which people write such a thing. Pure.

A person checks each of them against the picture; this only saves the retyping. No letter of a name becomes another here, only small or capital.
"""

import re

LONGEST = 200
PARTICLES = frozenset(
    [
        "al",
        "bin",
        "bint",
        "da",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "dos",
        "du",
        "e",
        "el",
        "ibn",
        "la",
        "le",
        "ter",
        "van",
        "von",
        "y",
        "zu",
    ]
)
"""Words inside of a name that many people write small."""
_LIKE_FIGURES = str.maketrans("OQDILZSBG", "000112586")
_LIKE_LETTERS = str.maketrans("0125868", "OIZSBGB")
_POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][ABD-HJLNP-UW-Z]{2})")
"""The form of a postcode of the United Kingdom: the last two letters are none of C I K M O V, which are easily misread."""
_TELEPHONE = re.compile(r"\+?[0-9][0-9 .\-/()]{8,16}[0-9]")
_INSIDE_CAPITAL = re.compile(r"^(?:Mc|Mac|Fitz|De|Di|Du|La|Le|Van)(?=[A-Z][a-z])")


def tidy(field_id: str, text: str) -> str:
    """`text` without what is no writing, and as a name, a postcode or a telephone number is written where the field asks for one."""
    plain = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split()).strip("|_~=—- ")
    plain = _without_a_dot_behind(plain)[:LONGEST]
    if _is_postcode(field_id):
        return _postcode(plain) or plain
    if _is_telephone(field_id):
        return _telephone(plain)
    if field_id in ("child_name", "parent_name", "signer_name"):
        return " ".join(_word_of_a_name(word, first=not n) for n, word in enumerate(plain.split()))
    return plain


def is_spelt(field_id: str) -> bool:
    """Whether a field holds names and words, so that their spelling may tell letters from one another."""
    return not (_is_postcode(field_id) or _is_telephone(field_id) or "email" in field_id)


def _is_postcode(field_id: str) -> bool:
    return field_id == "postcode" or field_id.endswith("_postcode")


def _is_telephone(field_id: str) -> bool:
    return "phone" in field_id or "mobile" in field_id


def _without_a_dot_behind(text: str) -> str:
    """A dot or comma alone behind a word is a speck or the end of a stroke; "N.A." and "St." keep theirs."""
    bare = text[:-1]
    last = re.split(r"[\s.]", bare)[-1]
    return bare if text[-1:] in (".", ",") and "." not in bare and len(last) > 2 else text


def _postcode(text: str) -> str | None:
    """The postcode that these letters and figures are, with its space. Figures taken for letters, and letters for figures, go back where only they can stand."""
    close = re.sub(r"[^A-Z0-9]", "", text.upper())
    end = close[-3:-2].translate(_LIKE_FIGURES) + close[-2:].translate(_LIKE_LETTERS)
    for whole in (close, close[:-3] + end):
        if found := _POSTCODE.fullmatch(whole):
            return f"{found[1]} {found[2]}"
    return None


def _telephone(text: str) -> str:
    """Dots and strokes between its figures are specks or habit: a space says the same."""
    return " ".join(re.sub(r"[.\-/]", " ", text).split()) if _TELEPHONE.fullmatch(text) else text


def _word_of_a_name(word: str, *, first: bool) -> str:
    """Capitals where names have them: the small and the capital letter of c, o, s, v or w differ in size alone, and are taken for one another.

    A word all in capitals was written so, and one of the small words of names stays small.
    """
    if "-" in word:
        return "-".join(_word_of_a_name(part, first=first) for part in word.split("-"))
    if found := re.fullmatch(r"([OoDdLl])(['’])(.+)", word):
        lead = found[1] if found[1] in "dl" else found[1].upper()
        return lead + found[2] + _word_of_a_name(found[3], first=True)
    letters = [letter for letter in word if letter.isalpha()]
    if not letters or (len(letters) > 1 and all(letter.isupper() for letter in letters)):
        return word
    if not first and word in PARTICLES:
        return word
    head = word[:1].upper() + word[1:]
    if own := _INSIDE_CAPITAL.match(head):
        return head[: own.end() + 1] + head[own.end() + 1 :].lower()
    return head[:1] + head[1:].lower()
