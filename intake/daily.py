"""What the running service does once a day by itself: at its start and then every quarter of an hour, each job decides whether
it is due. Jobs are idempotent: a second call on the same day changes nothing, whatever machine makes it.

Add a job to `JOBS`; it is called with the running program and must raise nothing personal. One job that fails does not keep
the others from running, whatever it fails of; since when it fails is told on Health.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from threading import Event

from intake import anchor_mail, anchoring, backing_up, policy_review, quarantine_days, retaining, stopped
from intake.wiring import Paperchain
from records.cases import awaiting_form
from records.consents import daily as consents_daily
from records.consents import planned
from records.people import index, register
from records.reports import keeping
from records.tasks import ages, failures

log = logging.getLogger("paperchain.daily")

EVERY_SECONDS = 900.0


def _reindex(chain: Paperchain) -> None:
    """Makes search keys of an older form anew, a hundred files at a time; does nothing on all other days."""
    while True:
        with chain.db.reading() as session:
            if not index.not_in_form(session, 1):
                return
        with chain.db.writing() as session:
            register.reindex(session, 100)


def _lapsed_consents(chain: Paperchain) -> int:
    before = chain.policy_on(chain.clock.today() - timedelta(days=consents_daily.LOOK_BACK_DAYS))
    return consents_daily.ask_again(chain.db, chain.clock, chain.policy(), before)


JOBS: tuple[tuple[str, Callable[[Paperchain], object]], ...] = (
    ("anchor", anchoring.when_due),
    ("anchor mail", anchor_mail.when_due),
    (
        "ages",
        lambda chain: ages.raise_due(chain.db, now=chain.clock.now(), guide_age=chain.policy().guide_age),
    ),
    ("retention", retaining.daily),
    ("left behind", stopped.sweep),
    ("backup", backing_up.when_due),
    ("search keys", _reindex),
    ("lapsed consents", _lapsed_consents),
    ("referrals", retaining.tidy_cases),
    ("forms that wait", quarantine_days.remind),
    ("policy review", policy_review.ask),
    ("planned contacts", lambda chain: planned.look_again(chain.db, chain.clock, chain.policy())),
    ("report counts", lambda chain: keeping.when_due(chain.db, chain.clock)),
    ("signed forms", lambda chain: awaiting_form.remind(chain.db, chain.clock, chain.policy())),
)
"""Name for the log, and what is called."""


def run_due(chain: Paperchain) -> list[str]:
    """Calls every job; returns the names of those that failed, which are logged by kind of fault only, and told on Health (P15)."""
    failed = []
    for name, job in JOBS:
        try:
            job(chain)
        except Exception as error:  # a fault of ours too: one job must not silence those after it
            log.warning("daily job failed job=%s kind=%s", name.replace(" ", "_"), type(error).__name__)
            failed.append(name)
    _tell(chain, failed)
    return failed


def _tell(chain: Paperchain, failed: list[str]) -> None:
    """Notes which jobs failed and which ended well again; writes nothing while nothing changes."""
    with chain.db.reading() as session:
        before = set(failures.noted(session))
    if before == set(failed):
        return
    with chain.db.writing() as session:
        for name in failed:
            failures.failed(session, name, chain.clock.today())
        for name in before - set(failed):
            failures.ended_well(session, name)


def keep_running(chain: Paperchain, stop: Event) -> None:
    """Runs what is due until told to stop. Any fault of ours is logged and does not end the thread."""
    while True:
        try:
            run_due(chain)
        except Exception as error:
            log.error("daily jobs broke off kind=%s", type(error).__name__)
        if stop.wait(EVERY_SECONDS):
            return
