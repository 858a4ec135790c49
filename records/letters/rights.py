"""The sheet for families: what our confidentiality policy promises, and their rights over what we hold, in plain words (W17, W24, W26).

The words are made from the settings of the policy in force, so that the sheet of each service says what that service does. Nothing of
any family is in it: it can be handed to somebody who gives no name.
"""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Session

from records.audit import trail
from records.letters import contact
from records.letters.family import LetterKind, receipt_number
from records.letters.tables import LetterSent
from records.letters.writing import Block, Heading, Layout, Letter, Points, Sender, Words, write
from records.people.tables import ChildFile
from records.policies.periods import ordinal
from records.policies.phrases import PHRASES
from records.policies.settings import Policy
from records.policies.values import NotesSeenBy, PaperAfterScanning, ParentAccess

TITLE = "What we promise, and your rights"


def promises(policy: Policy) -> tuple[str, ...]:
    """What the policy promises (N1, N6, N8, N10, N11, N13, N15, N16, N19, W3, W9, W18, W27, W29, W40, W47)."""
    grounds = " or ".join(sorted(PHRASES[each.value] for each in policy.override_grounds))
    seen = {
        NotesSeenBy.ALLOCATED_SUPPORTER: "Only your own supporter reads the notes about your case.",
        NotesSeenBy.SERVICE_STAFF: "Only staff of our service read the notes about your case.",
    }[policy.case_notes_seen_by]
    kept = (
        f"We normally keep the file until the child’s {ordinal(policy.retention.age)} birthday. Then we destroy it."
        if policy.retention.age
        else "Ask us how long we keep your file."
    )
    paper = {
        PaperAfterScanning.KEPT_IF_ASKED: "Ask us to keep a paper for you, or to give it back, and we do so.",
        PaperAfterScanning.CONFIDENTIAL_WASTE: "When we have scanned a paper, we shred it. Tell us first if you want it back.",
    }[policy.paper_after_scanning]
    others = "We look at what another service holds about you only if you ask us to."
    formats = ("Ask us for this in another language, in large print or in another form.",)
    return (
        "What you tell us stays with us. We tell nobody that you came to us, unless you say yes.",
        "That includes schools, health services, every part of the council, and others in your family.",
        "We ask you before we contact anybody for you, and before we keep your details.",
        others,
        f"We share without your yes only because of {grounds}. If we can, we tell you first.",
        seen,
        kept,
        paper,
        "You may share anything with a school or others yourself. We are glad to make you a copy.",
        *(formats if policy.languages_and_formats else ()),
    )


def rights(policy: Policy) -> tuple[str, ...]:
    """Their rights over what we hold, and what this policy adds about who may ask (R1, R16–R19, R29, R31, R69, W12, W14, W15, W24)."""
    found = [
        "To see what we hold and get a copy. It costs nothing, and we answer within one month.",
        "To have what is wrong put right.",
        "To have it erased. We tell you if the law has us keep something, and why.",
        "To have us stop using it while a question about it is open.",
        "To object to how we use it.",
        "To change your mind about anything you agreed to, at any time, in any way and without a reason.",
    ]
    if policy.parent_access is ParentAccess.YES_UNLESS_CHILD_GAVE_AND_REFUSES:
        found.append("A young person decides about what they gave us themselves.")
    if policy.direct_release_age:
        found.append(
            f"From the {ordinal(policy.direct_release_age)} birthday we give what we hold to the young person."
        )
    if policy.guide_age:
        found.append(
            f"From about the age of {policy.guide_age}, a young person who understands what it means may ask for copies, and may say who "
            "else sees them."
        )
    else:
        found.append("A young person who understands what it means may ask for themselves.")
    return tuple(found)


def text(policy: Policy, sender: Sender, printed_on: date, reference: str, prefers: str = "en") -> Letter:
    """The whole sheet. `prefers`: the language that its reader prefers."""
    blocks: list[Block] = [
        Heading("What we promise"),
        Points(promises(policy)),
        Heading("Your rights over what we hold"),
        Points(rights(policy)),
        Heading("If you are not content"),
        Words(f"{contact.if_not_content(policy.contact_point)} You can also complain to the regulator."),
        Words(f"{contact.REGULATOR}."),
        Words(
            f"This is by our policy: {policy.title}, version {policy.version}. Ask us for the whole policy if you want it."
        ),
    ]
    return Letter(
        sender=sender,
        to=(),
        written_on=printed_on,
        reference=reference,
        title=TITLE,
        blocks=tuple(blocks),
        prefers=prefers,
    )


def sheet(
    policy: Policy,
    sender: Sender,
    printed_on: date,
    reference: str,
    *,
    layout: Layout = Layout.STANDARD,
    prefers: str = "en",
) -> bytes:
    """The sheet as a tagged PDF."""
    return write(text(policy, sender, printed_on, reference, prefers), layout=layout)


def printed_for(
    session: Session,
    file: ChildFile,
    person_id: UUID,
    layout: Layout,
    *,
    policy: Policy,
    actor: str,
    on: date,
    at: datetime,
) -> str:
    """Enters that a sheet was printed for somebody of a file; returns the number that stands on it."""
    row = LetterSent(
        file_id=file.id, person_id=person_id, kind=LetterKind.RIGHTS, reference=receipt_number(), language="en-GB", layout=layout,
        items="", as_of=on, printed_by=actor, printed_at=at, policy_version=policy.version,
    )  # fmt: skip
    session.add(row)
    session.flush()
    trail.append(
        session, actor=actor, act="rights_printed", subject_kind="file", subject_id=str(file.id), at=at,
        detail={"letter": str(row.id)},
    )  # fmt: skip
    return row.reference
