"""Marks that nobody sees, and more than a box can keep: said at the box, what was typed stays, and nothing is kept of it."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import text as sql
from sqlmodel import SQLModel

from intake.wiring import Paperchain
from records.clock import Clock
from records.vocabulary import Role
from tests.builders import home
from tests.reviewing import Browser, arrived, confirm, errors, text

REQUEST = {"kind": "access", "requester": "parent", "route": "post", "received": "19 11 2026", "name": "Morgan Testwood",
           "file": "PC-0001", "acts_for": "", "acts_as": "", "words": ""}  # fmt: skip
HOLD = {"kind": "complaint", "scope": "file", "number": "PC-0001", "review-day": "27", "review-month": "3", "review-year": "2027",
        "authority": "The manager", "reference": "", "reason": "A complaint is open"}  # fmt: skip
ALL = {"all-authority": "The inquiry", "all-reference": "", "all-reason": "Keep everything"}
INCIDENT = {"kind": "lost_paper", "words": "A page is gone", "aware_on": "19 11 2026", "aware_at": "09:30", "file": ""}
BODY = {"category": "health", "name": "Elm Clinic", "key": "00000000-0000-4000-8000-00000000000a"}
RESTRICT = {"why": "A concern"}
BOXES: tuple[tuple[Role, str, Mapping[str, str], str], ...] = (
    *((Role.OFFICER, "/requests/new", REQUEST, field) for field in ("name", "acts_for", "words")),
    *((Role.OFFICER, "/retention/holds/place", HOLD, field) for field in ("authority", "reference", "reason")),
    *((Role.MANAGER, "/retention/holds/everything", ALL, field) for field in ALL),
    (Role.OFFICER, "/incidents/new", INCIDENT, "words"),
    (Role.OFFICER, "/files/1/contacts", BODY, "name"),
    (Role.OFFICER, "/files/1/restrict", RESTRICT, "why"),
)
UNSEEN = ("\N{RIGHT-TO-LEFT OVERRIDE}", "\x07", "\N{ZERO WIDTH SPACE}")


@pytest.mark.parametrize("boxes", [pytest.param(each, id=f"{each[1]} {each[3]}") for each in BOXES])
def test_a_box_keeps_no_mark_that_nobody_sees_and_never_a_part_of_what_was_typed(
    tmp_path: Path, clock: Clock, boxes: tuple[Role, str, Mapping[str, str], str]
) -> None:
    role, path, sent, field = boxes
    with home(tmp_path / "home", clock) as chain:
        officer = Browser(chain)
        confirm(officer, arrived(chain)[0])
        who = officer if role is Role.OFFICER else Browser(chain, role, "Kim")
        before = kept(chain)
        for bad in (*(f"Morgan {mark}Testwood" for mark in UNSEEN), "words " * 3400):
            answer = who.post(path, dict(sent) | {field: bad})
            assert answer.status_code == 422, (field, bad[:20])
            assert len(errors(answer)) == 1
            assert f'href="#{field}' in answer.text
            assert bad.strip() in text(answer).replace("\r\n", "\n") or "\x07" in bad
        assert kept(chain) == before


@pytest.mark.parametrize(("day", "said"), [
    (("1", "3", "2026"), "A form on this file was signed on that day"), (("2", "4", "2026"), "A form on this file was signed before that day"),
    (("20", "11", "2026"), "The date of birth must be in the past"),
])  # fmt: skip
def test_a_birth_date_of_after_a_signature_on_the_file_is_looked_at_again(
    tmp_path: Path, clock: Clock, day: tuple[str, str, str], said: str
) -> None:
    """R39: the day on which a form was signed, and every later one, is far more often a slip."""
    with home(tmp_path / "home", clock) as chain:
        officer = Browser(chain)
        confirm(officer, arrived(chain)[0])
        sent = dict(zip(("born-day", "born-month", "born-year"), day, strict=True)) | {
            "evidence": "passport",
            "why": "",
            "seen": "1",
        }
        answer = officer.post("/files/1/people/birth-date", sent)
        assert answer.status_code == 422
        assert errors(answer)[0].startswith(said)
        looked = text(answer).split('name="looked" value="')[1].split('"')[0]
        again = officer.post("/files/1/people/birth-date", sent | {"looked": looked}).status_code
        assert again == (422 if "past" in said else 303)


def kept(chain: Paperchain) -> list[tuple[int, ...]]:
    """How much stands in every table but those of sessions and searches."""
    tables = [
        name
        for name in sorted(SQLModel.metadata.tables)
        if not any(one in name for one in ("session", "search_", "audit"))
    ]
    with chain.db.reading() as session:
        return [
            tuple(row)
            for row in session.execute(sql(" union all ".join(f"select count(*) from {name}" for name in tables)))
        ]
