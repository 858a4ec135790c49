"""Today's lines read right beside their counts."""

import pytest

from records.desk.today_pages import in_number


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("tasks", "task"),
        ("open requests", "open request"),
        ("disposal lists to approve", "disposal list to approve"),
        ("referrals wait for permission", "referral waits for permission"),
        ("forms wait for review", "form waits for review"),
        ("breaches or losses to settle", "breach or loss to settle"),
        ("sacks of waste without a certificate, overdue", "sack of waste without a certificate, overdue"),
        ("questions about the policy to answer", "question about the policy to answer"),
        (
            "changes of data protection law, with the review of the policy overdue",
            "change of data protection law, with the review of the policy overdue",
        ),
        ("shared for safety, not yet seen by a manager", "shared for safety, not yet seen by a manager"),
    ],
)
def test_one_thing_is_not_named_as_many(many: str, one: str) -> None:
    assert in_number(1, many) == one
    assert in_number(2, many) == many
