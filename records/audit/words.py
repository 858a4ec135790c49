"""What an entry of the record says, in words for staff. Pure.

Acts are codes made of words. Those that read badly as they are have words of their own here; all others read as their code does.
"""

import re
from collections.abc import Mapping

_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

WORDS = {
    "body_named": "Named a body that is talked to",
    "went_without_leave": "Noted a contact that was made without leave",
    "news_list_made": "Made a list for news",
    "hold_reviewed": "Looked at a hold again",
    "item_arriving": "An item is arriving",
    "original_came_back": "A paper came back undelivered",
    "original_collected": "A paper was collected as waste",
    "original_in_sealed_sack": "A paper is in a sealed sack",
    "original_received": "Entered a paper",
    "original_scanned": "A paper was scanned",
    "original_sent": "Sent a paper back",
    "original_to_dispose": "Put a paper in confidential waste",
    "original_to_return": "A paper was asked for",
    "part_copy": "Said that pages are a copy of other post",
    "part_quarantined": "Set a form aside until the family answers",
    "part_replaced": "Pages were arranged otherwise",
    "part_to_review": "A form waits for review",
    "part_to_sort": "Pages wait to be sorted",
    "referral_erased": "Erased a referral",
    "referral_logged": "Logged a referral",
    "referral_permitted": "Recorded permission for a referral",
    "stocktake_begun": "Began a stocktake",
    "stocktake_ended": "Ended a stocktake",
    "lock_checked": "Looked whether a cabinet is locked",
    "key_given": "Entered who holds a key",
    "key_given_back": "Entered that a key was given back",
    "consent_change": "Recorded a change of consent",
    "consent_withdrawal": "Recorded a withdrawal",
    "disposal_stopped": "Stopped a disposal",
    "enquiry_removed": "Removed an enquiry",
    "form_quarantined": "Set a form aside until the family answers",
    "incident_event": "Worked on an incident",
    "item_filed": "An item is filed",
    "item_not_ours": "Said that an item is not ours",
    "item_reading": "An item is being read",
    "item_returned": "Returned an item to its sender",
    "item_stopped": "An item was stopped",
    "item_to_review": "An item waits for review",
    "item_to_sort": "An item waits to be sorted",
    "original_checked": "Checked a paper for its return",
    "original_destroyed": "Noted that a paper is destroyed",
    "original_held": "Put a paper in its place",
    "original_lost": "Noted that a paper is lost",
    "original_out": "Signed a paper out",
    "original_returned": "Gave a paper back",
    "pages_arranged": "Arranged the pages of an item",
    "part_confirmed": "Confirmed a form",
    "part_filed": "Filed a document",
    "part_not_ours": "Said that pages are not ours",
    "part_nothing_to_do": "Said that nothing is to be done with pages",
    "possible_request": "Marked a letter as a possible request",
    "possible_request_closed": "Settled a possible request",
    "replaced_scan_removed": "Removed a scan that was replaced",
    "request_event": "Worked on a request",
    "restriction_lifted": "Lifted a restriction",
    "restriction_placed": "Placed a restriction",
    "scan_replaced": "Replaced a scan",
    "signed_in": "Signed in",
    "signed_out": "Signed out",
    "task_closed": "Marked a task as done",
    "task_raised": "A task was raised",
    "tension_decided": "Decided where policy and law pull apart",
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
    "request_erased": "Erased a request that belonged to no file",
    "erasure_looked_for": "Looked for what was erased",
    "file_allocated": "Passed a file on",
    "file_access_seen": "Looked at who may see a file",
    "family_told": "Recorded whether a family was told of its rights and of the policy",
    "file_told_seen": "Looked at what a family was told",
    "rights_printed": "Printed a sheet of promises and rights",
    "staff_added": "Added somebody to the register of staff",
    "staff_entered": "Entered training, a copy or a check of somebody on the staff",
    "staff_left": "Entered that somebody left",
    "contact_planned": "Planned a contact",
    "planned_contact_ended": "Ended the plan of a contact",
    "look_asked": "Recorded that the family asked us to look at another agency’s records",
    "look_asked_recorded": "Asked an agency for what the family wants us to look at",
    "look_answered_recorded": "Recorded that an agency answered",
    "look_refused_recorded": "Recorded that an agency refused",
    "look_withdrawn_recorded": "Recorded that the family does not want us to look at an agency’s records any more",
    "look_closed_recorded": "Closed a request to an agency without an answer",
    "agency_record_filed": "Filed another agency’s record",
    "file_pack_seen": "Looked at the documents of a file, to copy them for the family",
    "file_closed": "Closed a file",
    "paper_about_several": "Noted that a paper is about several children",
    "item_copied": "Put a copy of a paper on another child’s file",
    "cover_area_drawn": "Drew a part of a page to be covered",
    "cover_area_taken_away": "Took away a part of a page to be covered",
    "part_covered": "Covered another child’s part of a paper for good",
    "cover_left": "Left another child’s part of a paper, with a reason",
    "file_several_seen": "Looked at the papers of a file about several children",
    "post_kept": "Kept post that is in no file",
    "post_erased": "Erased post that is in no file",
    "file_closing_seen": "Looked at whether a file is closed",
    "file_reopened": "Opened a closed file again",
    "file_change_seen": "Looked at the answers on a file, to change them",
    "file_documents_seen": "Looked at the list of documents on a file, to share for safety",
    "file_contacts_seen": "Looked at who is talked to about a file",
    "file_copy_seen": "Looked at a copy made for a request",
    "file_covering_seen": "Looked at the letter that goes with a copy",
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
    "file_request_seen": "Looked at a request about a file",
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
    "original_asked_to_keep": "Recorded that the family asks us to keep a paper",
    "original_not_kept_any_more": "Recorded that the family no longer asks us to keep a paper",
    "original_irreplaceable": "Marked a paper as irreplaceable",
    "person_fact_recorded": "Recorded something about a person",
    "pages_put_aside": "Put pages aside on which a family says No to keeping",
    "pages_seen": "Looked at pages",
    "policy_changed": "Changed a policy setting",
    "referral_scan_erased": "Erased the scan of a referral",
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


def extra(detail: dict[str, str | int | bool | None], numbers: Mapping[str, str] | None = None) -> str:
    """The codes and numbers of an entry that say something: “pages: 2, source: folder”. Its number stands beside it already.

    An id says nothing to a reader: the number of its file or paper stands for it (`numbers`, by id), and any other is left out.
    """
    parts = []
    for key, value in detail.items():
        if value is None or key == "number":
            continue
        text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        if _ID.fullmatch(text):
            text = (numbers or {}).get(text, "")
        if text:
            parts.append(f"{key.replace('_', ' ')}: {text.replace('_', ' ')}")
    return ", ".join(parts)
