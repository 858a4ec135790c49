"""What stands above every tab of a file because of who may see it: restrictions, refusals of the child, break-glass."""

from collections.abc import Sequence

from sqlmodel import Session

from records.desk.shell import moment
from records.guard import glass, marks
from records.people.entitlement import GivenByChild
from records.people.tables import ChildFile
from records.staff.access import Actor, Restriction

RESTRICTED = {
    Restriction.SAFEGUARDING: "Restricted for safeguarding: only managers and the staff named on it see this file.",
    Restriction.PROCESSING: "Stored and not used: the family has asked to restrict it (R69). Only managers see this file.",
}


def of_the_file(session: Session, file: ChildFile) -> list[str]:
    """Sentences that hold for everybody who works with the file."""
    found = [RESTRICTED[Restriction(file.restricted)]] if file.restricted else []
    refused = sum(given is GivenByChild.REFUSES for given in marks.of_file(session, file.id).values())
    if refused:
        many = "A document was" if refused == 1 else f"{refused} documents were"
        found.append(f"{many} given by the child or young person, who does not want a parent to see it.")
    return found


def warnings(session: Session, actor: Actor, file: ChildFile) -> Sequence[str]:
    """Sentences for whoever looks at the file."""
    found = of_the_file(session, file)
    if file.id in actor.glass and file.officer_id != actor.id:
        until = max(one.until for one in glass.of_file(session, file) if one.account_id == actor.id)
        found.append(
            f"You opened this file with a reason. You can read it until {moment(until)}; its officer and the managers know."
        )
    return found
