"""Whether an answer may leave the building: to whom, where to, by what way. Pure.

One function, asked when it is sent. The address comes from the address field alone, never from notes, and both lines on the
envelope are typed again and must match (P8). A council, school or other body can never be chosen (W13).
"""

from collections.abc import Collection, Sequence
from enum import StrEnum

from records.people.written import same
from records.requests.kinds import Requester


class Method(StrEnum):
    """R59: how a copy is handed over."""

    IN_HAND = "in_hand"
    TRACKED_POST = "tracked_post"


METHOD_WORDS = {
    Method.IN_HAND: "By hand, against a signature",
    Method.TRACKED_POST: "By tracked and signed-for post",
}


def cannot_release(
    *, requester: Requester, allowed: bool, approved: bool, method: Method | None, name: str, address: str,
    typed_name: str, typed_address: str, blocks: Sequence[str], second_person: str, others: Collection[str], reference: str,
) -> dict[str, str]:  # fmt: skip
    """What stops an answer with the family's pages from going out, by field; empty when nothing does.

    `blocks`: what safe-contact instructions say against this method, in words.
    `second_person` must be one of `others`: accounts in use that may see the file, without that of whoever sends.
    """
    wrong: dict[str, str] = {}
    if requester is Requester.BODY:
        return {"method": "A council, school or other body is never sent what we hold on a family (W13)."}
    if not allowed or not approved:
        return {"method": "It is not approved for this person yet."}
    if method is None:
        return {"method": "Choose how it is handed over"}
    if not same(name, typed_name):
        wrong["typed_name"] = "This is not the name of the person who asked. Look at the envelope again"
    if method is Method.TRACKED_POST:
        if not address.strip():
            wrong["typed_address"] = "There is no address for this person. Enter it at ‘Who is asking’ first"
        elif not same(address, typed_address):
            wrong["typed_address"] = "This is not the address on the request. Look at the envelope again"
        if not reference.strip():
            wrong["reference"] = "Enter the tracking number"
    if blocks:
        wrong["method"] = blocks[0]
    if second_person not in others:
        wrong["second_person"] = "Choose who checked the contents with you: a colleague who may see this file"
    return wrong
