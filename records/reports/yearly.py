"""True counts of one year from what the project records anyway, by the codes of `measures.py` (R80). Nothing is noted for a report alone.

Files of which the use is restricted (R69) are stored and not used: they are left out of whatever is counted from files.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlalchemy import select as raw_select
from sqlmodel import Session, col, func, select

from records.cases.tables import CaseNote, Enquiry, Referral, ReferralEnd
from records.clock import LONDON
from records.consents.items import OTHERS, Category
from records.consents.tables import Disclosure
from records.people import merging, register
from records.people.ages import age_range
from records.people.birthdates import BirthDate, across
from records.people.facts import FactKind
from records.people.relations import Kind
from records.people.tables import ChildFile, FileMerge, Person, PersonFact
from records.reports.measures import AGE_BANDS, FIRST_NOTE, OVER, UNKNOWN
from records.reports.years import Year
from records.requests.tables import Incident, RequestRow
from records.staff.access import Restriction
from records.staff.tables import Account
from records.vocabulary import Role

Found = dict[str, Counter[tuple[str, str]]]
AT_ONCE = 500


def count(session: Session, year: Year) -> Found:
    """Every table of every report for one year, unrounded. Codes without any are left out."""
    unused = _unused(session)
    found: Found = {
        f"enquiries_{name}": _by(session, column, _within(col(Enquiry.day), year))
        for name, column in (("topic", Enquiry.topic), ("channel", Enquiry.channel), ("outcome", Enquiry.outcome))
    }
    found["enquiries_month"] = _months(_by(session, Enquiry.day, _within(col(Enquiry.day), year)))
    found |= _referrals(session, year, unused)
    found |= _children(session, year, unused)
    found["contacts_body"] = _contacts(session, year, unused)
    found["requests_kind"] = _by(session, RequestRow.kind, _within(col(RequestRow.received_on), year))
    found["breaches_kind"] = _by(session, Incident.kind, _between(col(Incident.aware_at), year))
    found["notes_officer"] = _notes(session, year, unused)
    return found


def _within(column: Any, year: Year) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.between(year.first, year.last)
    return found


def _between(column: Any, year: Year) -> ColumnElement[bool]:
    """The same of an instant: from midnight to midnight in London (R12)."""
    first, after = _midnight(year.first), _midnight(year.last + timedelta(days=1))
    found: ColumnElement[bool] = (column >= first) & (column < after)
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON)


def _by(session: Session, column: Any, where: ColumnElement[bool]) -> Counter[tuple[str, str]]:
    rows = session.exec(select(column, func.count()).where(where).group_by(column))
    return Counter({(str(code), ""): many for code, many in rows})


def _months(days: Counter[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """Days folded into months: 2026-03-14 is 03."""
    found: Counter[tuple[str, str]] = Counter()
    for (day, _), many in days.items():
        found[day[5:7], ""] += many
    return found


def _unused(session: Session) -> set[UUID]:
    """Files that are stored and not used, with those joined to them."""
    shut = session.exec(select(ChildFile.id).where(ChildFile.restricted == Restriction.PROCESSING)).all()
    return {one for file_id in shut for one in merging.ids_of(session, merging.root_id(session, file_id))}


def _referrals(session: Session, year: Year, unused: Collection[UUID]) -> Found:
    found: Found = {
        name: Counter() for name in ("referrals_asked", "referrals_first_note", "referrals_month", "ends_outcome")
    }
    noted = (
        select(col(CaseNote.referral_id), func.min(CaseNote.happened_on).label("first"))
        .group_by(col(CaseNote.referral_id))
        .subquery()
    )
    received = raw_select(
        col(Referral.capacity), col(Referral.received_on), col(Referral.file_id), noted.c.first
    ).where(_within(col(Referral.received_on), year))
    for capacity, received_on, file_id, first in session.execute(
        received.select_from(Referral).outerjoin(noted, noted.c.referral_id == col(Referral.id))
    ):
        if file_id not in unused:
            found["referrals_asked"][capacity, ""] += 1
            found["referrals_month"][f"{received_on.month:02d}", ""] += 1
            found["referrals_first_note"][first_note(received_on, first), ""] += 1
    ended = select(ReferralEnd.outcome, ReferralEnd.file_id).where(
        _within(col(ReferralEnd.ended_on), year), col(ReferralEnd.outcome).is_not(None)
    )
    for outcome, file_id in session.exec(ended):
        if file_id not in unused:
            found["ends_outcome"][str(outcome), ""] += 1
    return found


def first_note(received: date, first: date | None) -> str:
    """The code of the time to the first note. Pure. A note of a day before counts as the same day."""
    if first is None:
        return UNKNOWN
    days = (first - received).days
    return next((code for code in FIRST_NOTE if code.isdigit() and days <= int(code)), OVER)


def _children(session: Session, year: Year, unused: Collection[UUID]) -> Found:
    """Each child once, whatever files it has."""
    seen: set[UUID | None] = set()
    for asked in (
        select(Referral.file_id).where(_within(col(Referral.received_on), year), col(Referral.file_id).is_not(None)),
        select(CaseNote.file_id).where(_within(col(CaseNote.happened_on), year)),
        select(Disclosure.file_id).where(_contact(year)),
    ):
        seen |= set(session.exec(asked.distinct()))
    joined = {one for pair in session.exec(select(FileMerge.kept_id, FileMerge.taken_id).where(col(FileMerge.in_force).is_not(None))) for one in pair}  # fmt: skip
    roots = {merging.root_id(session, one) if one in joined else one for one in seen if one is not None}
    found: Found = {name: Counter() for name in ("children_age", "children_known", "carers")}
    order = sorted(roots - set(unused))
    for some in (order[at : at + AT_ONCE] for at in range(0, len(order), AT_ONCE)):
        group = {root: merging.ids_of(session, root) if root in joined else (root,) for root in some}
        every = [one for ids in group.values() for one in ids]
        files = {file.id: file for file in session.exec(select(ChildFile).where(col(ChildFile.id).in_(every)))}
        born = register.birth_dates_of(session, list(files.values()))
        for ids in group.values():
            found["children_age"][
                age_band(across(each for one in ids for each in born.get(one, ())), year.last), ""
            ] += 1
            new = min(files[one].opened_at for one in ids) >= _midnight(year.first)
            found["children_known"]["first" if new else "again", ""] += 1
        before = select(PersonFact.person_id).where(PersonFact.kind == FactKind.ENDED, PersonFact.true_on < year.first)
        carers = select(func.count()).where(
            col(Person.file_id).in_(every), Person.kind == Kind.CARER, col(Person.id).not_in(before)
        )
        found["carers"]["carer", ""] += session.exec(carers).one()
    return found


def age_band(born: BirthDate | None, on: date) -> str:
    """The band of R80 in which somebody is for certain on a day. Pure."""
    ages = age_range(born, on)
    if ages is None:
        return UNKNOWN
    bands = {_band(age) for age in ages}
    return bands.pop() if len(bands) == 1 else UNKNOWN


def _band(age: int) -> str:
    return next((f"{low}-{high}" for low, high in AGE_BANDS if low <= age <= high), OVER)


def _contact(year: Year) -> ColumnElement[bool]:
    to_a_body = (col(Disclosure.recipient) == "body") & col(Disclosure.category).is_not(None)
    return _between(col(Disclosure.at), year) & to_a_body


def _contacts(session: Session, year: Year, unused: Collection[UUID]) -> Counter[tuple[str, str]]:
    made = select(Disclosure.category, Disclosure.file_id).where(_contact(year))
    return Counter((_body(category), "") for category, file_id in session.exec(made) if file_id not in unused)


def _body(category: str | None) -> str:
    """Lines of a form for a body of the family's own choice are one kind."""
    return Category.OTHER if category in OTHERS else str(category)


def _notes(session: Session, year: Year, unused: Collection[UUID]) -> Counter[tuple[str, str]]:
    """Each note once, by who wrote it first; officers by the order of their accounts."""
    officers = session.exec(
        select(Account).where(Account.role == Role.OFFICER).order_by(col(Account.created_at), col(Account.id))
    )
    number = {str(each.id): str(at) for at, each in enumerate(officers, 1)}
    written = select(col(CaseNote.recorded_by), col(CaseNote.happened_on), col(CaseNote.file_id)).where(
        CaseNote.version == 1, _within(col(CaseNote.happened_on), year)
    )
    return Counter(
        (f"{day.month:02d}", number.get(by, UNKNOWN))
        for by, day, file_id in session.exec(written)
        if file_id not in unused
    )


def rows_of(found: Found) -> Iterator[tuple[str, str, str, int]]:
    """Table, row, column and count of all that is not nought."""
    for table, counts in found.items():
        yield from ((table, row, column, many) for (row, column), many in counts.items() if many)
