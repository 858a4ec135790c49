"""What an entry of the record says, in words for staff. Pure.

Acts are codes made of words. Those that read badly as they are have words of their own here; all others read as their code does.
"""

WORDS = {
    "account_disabled": "Disabled an account",
    "account_invited": "Made a link for a new account",
    "account_made": "Set up an account",
    "duplicate_offered": "Was offered as a possible duplicate",
    "file_opened": "Began a child's file",
    "file_seen": "Looked at a file",
    "history_seen": "Looked at a file's history",
    "item_arrived": "Took an item in",
    "item_seen": "Looked at an item",
    "sign_in_refused": "Sign-in refused",
    "storage_refused": "Storing refused: erased",
}
KINDS = {
    "file": "File",
    "item": "Item",
    "original": "Paper",
    "part": "Form",
    "account": "Account",
    "request": "Request",
    "incident": "Incident",
    "document": "Document",
}


def said(act: str) -> str:
    """The act in words: `pages_arranged` reads “Pages arranged”."""
    return WORDS.get(act) or act.replace("_", " ").replace(".", " ").capitalize()


def thing(kind: str) -> str:
    """The kind of thing that an entry is about."""
    return KINDS.get(kind) or kind.replace("_", " ").capitalize()


def extra(detail: dict[str, str | int | bool | None]) -> str:
    """The codes and numbers of an entry that say something: “pages: 2, source: folder”. Its number stands beside it already."""
    parts = []
    for key, value in detail.items():
        if value is None or key == "number":
            continue
        text = ("yes" if value else "no") if isinstance(value, bool) else str(value).replace("_", " ")
        parts.append(f"{key.replace('_', ' ')}: {text}")
    return ", ".join(parts)
