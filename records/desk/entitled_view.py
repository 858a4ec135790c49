"""What would come of it if somebody of the family asked today for what is held, before anybody asks the child (R19)."""

from datetime import date

from sqlmodel import Session

from records.desk.file_frame import range_of
from records.people import register
from records.people.entitlement import Child, Requester, RequesterKind, Result, entitled, values_of
from records.people.facts import Answer
from records.people.register import PersonShown
from records.people.tables import ChildFile
from records.policies.settings import Policy


def family_today(session: Session, file: ChildFile, policy: Policy, today: date) -> list[tuple[PersonShown, Result]]:
    """Each child, carer and relative on the file, with the answer."""
    child, values = Child(range_of(session, file)), values_of(policy)
    return [
        (
            person,
            entitled(
                Requester(
                    RequesterKind.CHILD if person.kind == register.CHILD else RequesterKind.RELATIVE,
                    Answer(person.parental_responsibility) if person.parental_responsibility in set(Answer) else Answer.UNKNOWN,
                ),
                child, values, today,
            ).whole,
        )
        for person in register.people(session, file)
        if person.kind in (register.CHILD, register.CARER, "relative")
    ]  # fmt: skip
