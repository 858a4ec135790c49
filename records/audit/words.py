"""What an entry of the record says, in words for staff. Pure.

Acts are codes made of words. Those that read badly as they are have words of their own here; all others read as their code does.
"""

WORDS = {
    "account_disabled": "Disabled an account",
    "account_invited": "Made a link for a new account",
    "account_made": "Set up an account",
    "audit_exported": "Exported the audit",
    "audit_seen": "Looked at the audit",
    "birth_date_settled": "Settled a birth date",
    "clock_vouched": "Said that the clock is right",
    "destruction_begun": "Began to destroy what was approved",
    "destruction_finished": "Finished destroying what was approved",
    "disposal_approved": "Approved a list for disposal",
    "disposal_listed": "Listed files for disposal",
    "disposal_looked_through": "Looked through a list for disposal",
    "disposal_taken_off": "Took a file off a list for disposal",
    "document_marked": "Noted whether the child gave a document",
    "duplicate_offered": "Was offered as a possible duplicate",
    "enquiry_logged": "Logged an enquiry",
    "erased_on_request": "Erased items on request",
    "erasure_looked_for": "Looked for what was erased",
    "file_allocated": "Passed a file on",
    "file_access_seen": "Looked at who may see a file",
    "file_change_seen": "Looked at the answers on a file, to change them",
    "file_contacts_seen": "Looked at who is talked to about a file",
    "file_destroyed": "Destroyed a file",
    "file_evidence_seen": "Looked at the evidence for an answer",
    "file_handover_printed": "Printed a hand-over sheet",
    "file_history_seen": "Looked at a file's history",
    "file_letters_seen": "Looked at the letters of a file",
    "file_looks_seen": "Looked at who looked at a file",
    "file_notes_seen": "Looked at case notes",
    "file_opened": "Began a child's file",
    "file_originals_seen": "Looked at the papers of a file",
    "file_page_seen": "Looked at a page in a file",
    "file_people_seen": "Looked at the people on a file",
    "file_requests_seen": "Looked at the requests about a file",
    "file_seen": "Looked at a file",
    "files_joined": "Joined two files of one child",
    "files_taken_apart": "Took two files apart",
    "form_opened": "Opened a form for review",
    "glass_broken": "Opened a file with a reason",
    "hold_placed": "Placed a hold",
    "hold_released": "Lifted a hold",
    "identity_proved": "Typed their password again",
    "item_arrived": "Took an item in",
    "item_seen": "Looked at an item",
    "kept_longer": "Kept a file longer",
    "let_out": "Something went out",
    "news_stopped": "Stopped news and events",
    "note_written": "Wrote a case note",
    "original_irreplaceable": "Marked a paper as irreplaceable",
    "person_fact_recorded": "Recorded something about a person",
    "pages_seen": "Looked at pages",
    "policy_changed": "Changed a policy setting",
    "referral_seen": "Looked at a referral",
    "restored": "Restored from a backup",
    "destroyed_again": "Destroyed again what an older copy of the home had brought back",
    "safety_read": "Read what was shared for safety",
    "safety_seen": "Looked at a sharing for safety",
    "shared_for_safety": "Shared for safety",
    "sign_in_refused": "Sign-in refused",
    "withdrawal_not_matched": "Looked for a child to record a withdrawal; no file fits",
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
