"""Where a service's policy and the law pull apart: both are shown and a person decides (rules §12). Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tension:
    """One point: what the policy says (by service; "" for every service), what law or guidance says, how Paperchain handles it.

    `settings`: the settings that it touches. `code` names it for good, in decisions about it.
    """

    code: str
    point: str
    policy: str
    law: str
    handling: str
    service: str = ""
    settings: tuple[str, ...] = ()


NORTHAMPTONSHIRE, WESTMINSTER = "northamptonshire", "westminster"

TENSIONS = (
    Tension(
        "child-alone",
        "A child or young person comes alone", "A referral by others needs the parent’s permission (N3).",
        "Services must be open to children and young people in their own right.",
        "Coming by themselves is never “a referral by others”. From the end of compulsory school age their own word counts (R20); younger, the officer decides.",
        NORTHAMPTONSHIRE, ("S3", "S4"),
    ),
    Tension(
        "parent-asks",
        "A parent asks to see the child’s record", "A parent may see all that is held (N17).",
        "The right to see it is the child’s own (R16 to R18).",
        "The way is open. The child’s view is asked first, by the table of R19, and a person decides.", NORTHAMPTONSHIRE, ("S7",),
    ),
    Tension(
        "no-note-13-15",
        "Age 13 to 15 without a note on understanding", "13 is the guide age (W14).", "In England no age is presumed to be old enough.",
        "It needs a person’s decision, never an automatic one.", WESTMINSTER, ("S9",),
    ),
    Tension(
        "age-16",
        "Age 16", "What is held is released to the young person (W12).", "Able to decide is presumed; that they are not is possible.",
        "The rows of R19 for this age; somebody who cannot decide is helped by a person.", WESTMINSTER, ("S8",),
    ),
    Tension(
        "storing-withdrawn",
        "Permission to store withdrawn before the 25th birthday", "Kept until the 25th birthday (W40).",
        "Once permission, the only ground, has gone, keeping needs another ground (R31).",
        "A manager decides for each thing: erase, or keep with a ground and a day to look again.", WESTMINSTER, ("S10",),
    ),
    Tension(
        "kind-of-professional",
        "Contact by kind of professional", "The form ticks a kind, such as “health service” (F14 to F19).",
        "A yes must be to somebody in particular (R25).", "The officer records the named body, and it stands on the family’s copy.", "", ("S5",),
    ),
    Tension(
        "storing-by-consent",
        "Storing by consent", "Nothing is stored without permission (N8, W27, W39).",
        "A service that the law requires may have another basis for storing.",
        "Permission is asked because the policy promises it. A manager writes the basis for each purpose down here.", "", ("S6",),
    ),
    Tension(
        "destroyed-at-25",
        "Destroyed on the 25th birthday", "Destroyed at 25, normally (W40).",
        "Claims, holds and safeguarding rules may need it longer (R36, R44, R46).",
        "A hold stops destruction and moves no date. Keeping longer needs a manager and a reason.", WESTMINSTER, ("S10",),
    ),
    Tension(
        "supporter-alone",
        "Notes for the supporter alone", "Only the family’s own supporter sees the notes (N10).",
        "A request to see them, safeguarding and absence need somebody else to read them.",
        "Somebody else may open them with a reason; it is recorded and shown to the file’s officer.", NORTHAMPTONSHIRE, ("S1",),
    ),
    Tension(
        "totally-confidential",
        "“Totally confidential”", "What is said stays with us (N1).", "A court, the police with power to demand it, and inquiries can require it.",
        "Recorded as a duty of law, apart from sharing for safety.", NORTHAMPTONSHIRE, ("S2",),
    ),
)  # fmt: skip


def tensions_of(service: str) -> tuple[Tension, ...]:
    """The points that a service's policy raises; all of them for a service whose policy we did not write."""
    if service not in (NORTHAMPTONSHIRE, WESTMINSTER):
        return TENSIONS
    return tuple(each for each in TENSIONS if each.service in ("", service))
