"""The web desk put together: its context from the settings, and every group of pages."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from fastapi import FastAPI
from sqlmodel import Session, col, func, select

from intake import answer_sheets
from intake.desk import (
    arrange_pages,
    bundle_pages,
    complaint_pages,
    day_pages,
    erasure_pages,
    health_pages,
    letter_pages,
    no_file_pages,
    pack_pages,
    post_pages,
    review_pages,
    same_pages,
    several_pages,
    sort_pages,
    stopped_pages,
)
from intake.wiring import Paperchain
from records import tasks
from records.backups.register import covers
from records.cases import drafts, referrals, telling
from records.cases.words import ReferralState
from records.consents import safety
from records.custody import cabinets, due, pictures
from records.custody.facts import BackupRule
from records.custody.tables import Original
from records.desk import (
    access_pages,
    account_pages,
    allocation_pages,
    audit_pages,
    cabinet_pages,
    closing_pages,
    consent_pages,
    contact_pages,
    enquiry_pages,
    family_letter_pages,
    file_pages,
    find_pages,
    hold_pages,
    incident_pages,
    look_pages,
    news_pages,
    note_pages,
    original_pages,
    people_pages,
    policy_pages,
    policy_question_pages,
    policy_review_pages,
    report_pages,
    request_letters,
    request_pages,
    request_steps,
    retention_pages,
    return_pages,
    safety_pages,
    staff_pages,
    stocktake_pages,
    task_pages,
    today_pages,
    told_pages,
    unclosed_pages,
    waste_pages,
    withdrawal_pages,
)
from records.desk.shell import Desk, build
from records.guard import glass
from records.guard.standing import Filed, about
from records.letters import replies
from records.policies import questions
from records.post import review
from records.post.tables import Item
from records.requests import childless, incidents, receipts
from records.requests import register as requests
from records.retention import alarms, childless_post, facts, several
from records.retention.clock_guard import Cap
from records.staff import accounts, register
from records.staff.access import Act, Actor, Allowed, may
from records.staff.duties import SOON_DAYS
from records.tasks import policy_reviews
from records.vocabulary import ItemState, PartState, Role

HTML = Path(__file__).parent / "desk" / "html"

Line = tuple[int, str, str]
"""How many, of what, and where: a line of Today."""


def make_app(chain: Paperchain) -> FastAPI:
    """The application that a server runs."""
    replies.use(answer_sheets.printer)
    settings = chain.settings.desk
    address = urlsplit(settings.address) if settings.address else None
    hosts = {"localhost", "127.0.0.1", "[::1]", settings.host} | (
        {address.hostname} if address and address.hostname else set()
    )
    desk = Desk(
        db=chain.db, store=chain.store, clock=chain.clock, policy=chain.policy, policy_on=chain.policy_on,
        service_name=chain.settings.service.name, contact=chain.settings.service.contact_lines,
        safeguarding=chain.settings.service.safeguarding_lines,
        idle=timedelta(minutes=settings.idle_minutes), fresh=timedelta(minutes=settings.fresh_minutes), secure=bool(address and address.scheme == "https"),
        address=settings.address,
        hosts=("*",) if "0.0.0.0" in hosts or "::" in hosts else tuple(sorted(hosts)),  # noqa: S104  compared, not bound
        templates=(HTML,), counts=counts, backups=BackupRule(chain.settings.backup.before_waste, _backed_up),
        today_lines=lambda session, actor: [
            *_papers(
                due.count(session, chain.clock.now(), chain.policy().periods.certificate_overdue_days), actor,
                [_tasks(chain, session, actor), *today_lines(session, actor, chain.clock.today())],
            ),
            (cabinets.count_missed(session, chain.policy().periods.lock_check_days, chain.clock.today()),
             "cabinets whose lock nobody checked in time", "/originals/cabinets"),
            *_untold(chain, session, actor), *_keeping(chain, session, actor), *_opened(chain, session, actor),
        ],
    )  # fmt: skip
    return build(
        desk, today_pages.pages, task_pages.pages, account_pages.pages, staff_pages.pages, audit_pages.pages, original_pages.pages, file_pages.pages, closing_pages.pages,
        people_pages.pages, consent_pages.pages, contact_pages.pages, look_pages.pages,
        withdrawal_pages.pages, safety_pages.pages, access_pages.pages, allocation_pages.pages,
        enquiry_pages.pages, note_pages.pages, news_pages.pages, report_pages.pages,
        find_pages.pages, waste_pages.pages, return_pages.pages, stocktake_pages.pages, cabinet_pages.pages,
        request_pages.pages, request_steps.pages, request_letters.pages, incident_pages.pages, bundle_pages.make(chain), erasure_pages.make(chain),
        no_file_pages.make(chain), complaint_pages.make(),
        several_pages.make(chain),
        post_pages.make(chain), day_pages.make(chain), arrange_pages.make(chain), sort_pages.make(chain),
        same_pages.make(chain), stopped_pages.make(chain), letter_pages.make(chain), pack_pages.make(chain),
        review_pages.make(chain), health_pages.make(chain), policy_pages.make(chain.book), policy_review_pages.make(chain.book), policy_question_pages.pages,
        family_letter_pages.pages, told_pages.pages,
        hold_pages.pages, unclosed_pages.pages,
        retention_pages.make(_cap(chain), chain.policy_on),
    )  # fmt: skip


def _cap(chain: Paperchain) -> Cap:
    return Cap(chain.settings.retention.most_files, chain.settings.retention.most_percent)


def _tasks(chain: Paperchain, session: Session, actor: Actor) -> Line:
    seen_by = chain.policy().case_notes_seen_by

    def may_open(file: Filed) -> bool:
        return isinstance(may(actor, Act.OPEN_FILE, about(file), seen_by), Allowed)

    return tasks.count_for(session, actor, may_open), "tasks", "/tasks"


def _papers(waits: due.Waiting, actor: Actor, others: list[Line]) -> list[Line]:
    """What is overdue with papers, which everybody sees, before `others`; after them what waits with papers for this person."""
    late = [
        (waits.certificates_overdue, "sacks of waste without a certificate, overdue", "/originals/waste#collected"),
        (waits.returns_overdue, "returns of papers or their receipts, overdue", "/originals/returns"),
        (waits.out_overdue, "papers signed out, overdue", "/originals#out"),
    ]
    return [*late, *others, *_papers_of(waits, actor.role)]


def _papers_of(waits: due.Waiting, role: Role) -> list[Line]:
    sacks = [
        (waits.to_count, "sacks to be counted again and sealed", "/originals/waste#open"),
        (waits.to_collect, "sacks to be collected", "/originals/waste#sealed"),
    ]
    away = (waits.to_put_away, "papers to put away", "/originals#put-away")
    decide = (waits.to_decide, "returns to be decided", "/originals/returns#asked")
    aside = (waits.set_aside, "papers set aside to return", "/originals/returns#aside")
    posting = [
        (waits.to_find, "returns to find", "/originals/returns#to-find"),
        (waits.to_check, "returns to be checked by a second person", "/originals/returns#to-find"),
        (waits.to_send, "returns ready to send", "/originals/returns#ready"),
    ]
    match role:
        case Role.ADMIN:
            return [away, *posting, *sacks]
        case Role.OFFICER:
            return [decide, aside, *posting[1:2], *sacks[:1]]
        case Role.MANAGER:
            return [away, *sacks]


def _untold(chain: Paperchain, session: Session, actor: Actor) -> list[Line]:
    """Families who were not told of their rights and of the policy in time (W24): an officer's own, for a manager all."""
    if actor.role is Role.ADMIN:
        return []
    officer = None if actor.role is Role.MANAGER else actor.id
    count = telling.count_late(session, chain.policy(), chain.clock.today(), officer)
    return [(count, "families still to be told of their rights or our policy", "/told")]


def _keeping(chain: Paperchain, session: Session, actor: Actor) -> list[Line]:
    """What waits about keeping and destroying, by role."""
    found = alarms.today_lines(session, chain.clock.today(), chain.clock.now(), _cap(chain))
    wanted = {
        Role.ADMIN: (),
        Role.OFFICER: ("look", "holds"),
        Role.MANAGER: ("warnings", "approve", "due", "holds", "undated"),
    }
    lines = [found[name] for name in wanted[actor.role]]
    if actor.role is Role.MANAGER:
        months = chain.policy().periods.no_child_review_months
        of_nobody = len(childless.waiting(session, chain.clock.today(), months))
        lines.append((of_nobody, "closed requests without a file, to erase or keep", "/requests/no-file"))
        post = childless_post.count(session, chain.clock.today(), months)
        lines.append((post, "items of post in no file, to erase or keep", "/retention/no-file"))
        today = chain.clock.today()
        shared = len(several.asked(session, facts.rules(chain.policy_on, today), today))
        lines.append((shared, "papers that also show a child whose own papers are due", "/retention/several"))
    return lines


def _opened(chain: Paperchain, session: Session, actor: Actor) -> list[Line]:
    if actor.role is not Role.MANAGER:
        return []
    count = glass.count_since(session, chain.clock.now() - glass.WEEK)
    policy, today = chain.policy(), chain.clock.today()
    # What is kept of each is the service's own (S19): training and copies in one, DBS checks in another.
    wanting = "people on the staff with something missing or overdue on the register"
    soon = f"people on the staff with something due again within {SOON_DAYS} days"
    return [
        *_policy(chain, session),
        (register.count_open(session, policy, today), wanting, "/settings/register"),
        (register.count_soon(session, policy, today), soon, "/settings/register"),
        (count, "files opened with a reason in the last 7 days", "/break-glass/list"),
    ]


def _policy(chain: Paperchain, session: Session) -> list[Line]:
    """What waits about the policy itself, for a manager (W56, W57, W62)."""
    policy, today = chain.policy(), chain.clock.today()
    late = policy_reviews.late(session, chain.book.versions, policy, today)
    waiting, unanswered = questions.counts(session, policy.service, today)
    asked = "/settings/policy-questions"
    return [
        (
            int(late.yearly),
            "review of the policy is overdue: no review is recorded in time",
            "/settings/policy-reviews",
        ),
        (
            late.laws,
            "changes of data protection law, with the review of the policy overdue",
            "/settings/policy-reviews",
        ),
        (unanswered, "questions about the policy, the answer overdue", asked),
        (waiting, "questions about the policy to answer", asked),
    ]


def counts(session: Session, actor: Actor) -> Mapping[str, int]:
    """What waits, for the navigation bar."""
    found = {"post": _items(session, ItemState.STOPPED)}
    if actor.role is Role.OFFICER:
        found["review"] = review.count(session, PartState.TO_REVIEW)
    return found


def today_lines(session: Session, actor: Actor, today: date) -> list[Line]:
    """Count, words and link of what waits for this person; lines with nothing are left out by the page."""
    stopped = (_items(session, ItemState.STOPPED), "items stopped", "/post?state=stopped")
    sort = (_items(session, ItemState.TO_SORT), "items to sort", "/post?state=to_sort")
    ready = (referrals.count(session, [ReferralState.READY]), "referrals to put on a file", "/enquiries")
    held = (referrals.count(session, [ReferralState.HOLDING]), "referrals wait for permission", "/enquiries")
    asked = (requests.count_open(session), "open requests", "/requests")
    late = (len(receipts.overdue(session, today)), "receipts of access copies, overdue", "/requests")
    breaches = (incidents.count_open(session), "breaches or losses to settle", "/incidents")
    match actor.role:
        case Role.ADMIN:
            return [late, stopped, sort, ready, held, asked]
        case Role.OFFICER:
            return [
                (review.count(session, PartState.TO_REVIEW), "forms to review", "/review"),
                (review.count(session, PartState.QUARANTINED), "forms wait for an answer of the family", "/review"),
                (len(drafts.files_of(session, actor.id)), "files with a note you have not saved", "/drafts"), ready, held,
                stopped, sort, asked, late,
            ]  # fmt: skip
        case Role.MANAGER:
            return [
                (int(not accounts.has_officer(session)), NO_OFFICER, "/settings/people"),
                breaches,
                late,
                asked,
                (safety.count_unseen(session), "shared for safety, not yet seen by a manager", "/safety"),
                stopped,
                (review.count(session, PartState.TO_REVIEW), "forms wait for review", "/post?state=to_review"),
            ]


NO_OFFICER = "account is missing: until there is an officer, nobody can confirm forms. Make a link for one"


def _items(session: Session, state: ItemState) -> int:
    return session.exec(select(func.count()).select_from(Item).where(col(Item.state) == state)).one()


def _backed_up(session: Session, paper: Original) -> bool | None:
    """Whether a paper's pictures are in a backup that was read back; None when it has no picture."""
    since = pictures.kept_since(session, paper)
    return covers(session, since) if since else None
