"""What must not go unseen: overdue destruction, a silent clockwork, traces that were found, holds to review (P11, R44, R52)."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, func, select

from records.audit.tables import AuditEntry
from records.clock import LONDON
from records.holds import register as holds
from records.policies.periods import add_months
from records.retention import months
from records.retention.clock_guard import Cap
from records.retention.disposal import OPEN, LineState, ListState
from records.retention.facts import Rules
from records.retention.run import Result, listed_and_most, next_list
from records.retention.tables import DestructionRun, DisposalLine, DisposalList, DueMonth, RetentionTurn

SILENT_AFTER = timedelta(days=7)


def silent_for(session: Session, now: datetime) -> timedelta | None:
    """How long nobody has gone through the keeping times, when that is too long. Where nobody ever has: since the first entry."""
    row = session.get(RetentionTurn, 1)
    since = row.ran_at if row is not None else None
    if since is None:
        since = session.exec(select(AuditEntry.at).order_by(col(AuditEntry.sequence)).limit(1)).first()
    return now - since if since is not None and now - since > SILENT_AFTER else None


def warnings(session: Session, now: datetime, cap: Cap) -> list[str]:
    """Sentences for the top of the page and for Today. `cap`: how many files a run may destroy."""
    said = []
    silence = silent_for(session, now)
    if silence is not None:
        said.append(
            f"Nobody has gone through the keeping times for {silence.days} days. Tell whoever looks after Paperchain."
        )
    row = session.get(RetentionTurn, 1)
    if row is not None and row.outcome == Result.CLOCK:
        said.append("The clock of the machine is in doubt, so nothing is destroyed. Look at Health, and set it right.")
    if row is not None and row.outcome == Result.CHAIN:
        said.append("The record of what happened has been altered, so nothing is destroyed until that is explained.")
    stuck = next_list(session, now.astimezone(LONDON).date())
    if stuck is not None and stuck.state == ListState.APPROVED and too_long(session, stuck, cap):
        said.append(
            f"List {stuck.number} holds more files than one run may destroy, so it stays, and so does every list after it. Take some off it."
        )
    late = overdue(session, now)
    if late:
        said.append(
            f"{late} approved {'list waits' if late == 1 else 'lists wait'} for destruction longer than 7 days after the days of grace."
        )
    unverified = session.exec(select(DestructionRun.number).where(DestructionRun.verified == False)).all()  # noqa: E712  SQL, not Python
    said += [
        f"Certificate {number} says that traces were found after destroying. This is an incident."
        for number in unverified
    ]
    return said


def too_long(session: Session, found: DisposalList, cap: Cap) -> bool:
    """Whether a list holds more files than a run may destroy."""
    listed, most = listed_and_most(session, found, cap)
    return listed > most


def overdue(session: Session, now: datetime) -> int:
    """Approved lists whose days of grace ended more than a week ago."""
    query = select(func.count()).select_from(DisposalList).where(
        col(DisposalList.state).in_((ListState.APPROVED, ListState.RUNNING)),
        col(DisposalList.grace_until) < (now - SILENT_AFTER - timedelta(days=1)).date(),
    )  # fmt: skip
    return session.exec(query).one()


def waiting(session: Session, state: ListState) -> int:
    return session.exec(select(func.count()).select_from(DisposalList).where(DisposalList.state == state)).one()


def due_unlisted(session: Session, today: date) -> int:
    """Files that are due by the end of last month and on no list: a cheap count for Today, by the kept months."""
    return _unlisted_before(session, today.replace(day=1))


def too_late(session: Session, rules: Rules, today: date) -> str | None:
    """A sentence when files fell due longer ago than the policy lets them lie, and are on no list (R34). By months, as they are kept."""
    if rules.now.age is None:
        return None
    late = _unlisted_before(session, add_months(today, -rules.limit_months).replace(day=1))
    months = f"{rules.limit_months} {'month' if rules.limit_months == 1 else 'months'}"
    which = "List it" if late == 1 else "List each"
    files = "1 file has" if late == 1 else f"{late} files have"
    return f"{files} been due for more than {months}. {which}, or see below what keeps it (R34)." if late else None


def _unlisted_before(session: Session, month: date) -> int:
    listed = select(DisposalLine.file_id).join(DisposalList).where(
        col(DisposalList.state).in_(OPEN), DisposalLine.state == LineState.LISTED
    )  # fmt: skip
    query = select(func.count()).select_from(DueMonth).where(
        col(DueMonth.month) < month, col(DueMonth.file_id).not_in(listed)
    )  # fmt: skip
    return session.exec(query).one()


def today_lines(session: Session, today: date, now: datetime, cap: Cap) -> dict[str, tuple[int, str, str]]:
    """Lines for Today, by what they are: due, to look through, to approve, holds to review, warnings, without a date."""
    return {
        "due": (due_unlisted(session, today), "files due for disposal", "/retention"),
        "look": (waiting(session, ListState.PROPOSED), "disposal lists to look through", "/retention/lists"),
        "approve": (waiting(session, ListState.LOOKED), "disposal lists to approve", "/retention/lists"),
        "holds": (holds.to_review(session, today), "holds to review", "/retention/holds"),
        "warnings": (len(warnings(session, now, cap)), "warnings about keeping and destroying", "/retention"),
        "undated": (months.count_undated(session), "files without a keep-until date", "/retention#undated"),
    }
