"""The languages that staff can note for somebody, by their BCP 47 tags, as they are called in English. Pure."""

LANGUAGES = {
    "en": "English", "ar": "Arabic", "bn": "Bengali", "zh": "Chinese", "cy": "Welsh", "fa": "Farsi", "fr": "French", "gu": "Gujarati", "hi": "Hindi",
    "it": "Italian", "ku": "Kurdish", "lt": "Lithuanian", "pl": "Polish", "pt": "Portuguese", "pa": "Punjabi", "ro": "Romanian", "ru": "Russian",
    "so": "Somali", "es": "Spanish", "ta": "Tamil", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "bfi": "British Sign Language",
}  # fmt: skip


def is_english(tag: str) -> bool:
    """Whether a letter in English is in the language that they prefer."""
    return tag.casefold().split("-")[0] == "en"


def name_of(tag: str) -> str:
    """What a language is called; the tag itself where we have no name for it."""
    return LANGUAGES.get(tag, tag)
