"""R57: a certificate closes a sack, or every gap is named."""

from dataclasses import replace
from datetime import date

import pytest

from records.custody.certificates import Certificate, Gap, Sack, gaps, in_sentence

SACK = Sack(seal="S 1001", papers=40, in_hand=40, collected_on=date(2027, 1, 12), least_level=4)
WHOLE = Certificate(
    "C-77", "Invented Shredding Ltd", date(2027, 1, 13), "Testwood", "cross-cut", 4, 2, ("s1001", "S 1002"), "P Sample"
)


@pytest.mark.parametrize(
    ("certificate", "sack", "gap"),
    [
        pytest.param(replace(WHOLE, seals=("S 1002", "S 1003")), SACK, Gap.SEAL, id="another seal"),
        pytest.param(replace(WHOLE, bags=3), SACK, Gap.BAGS, id="a bag without a seal"),
        pytest.param(replace(WHOLE, level=3), SACK, Gap.LEVEL, id="too coarse"),
        pytest.param(WHOLE, replace(SACK, least_level=5), Gap.LEVEL, id="too coarse for health papers"),
        pytest.param(replace(WHOLE, destroyed_on=date(2027, 1, 11)), SACK, Gap.TOO_EARLY, id="before it was collected"),
        pytest.param(WHOLE, replace(SACK, in_hand=39), Gap.PAPERS, id="a paper is nowhere"),
    ],
)
def test_each_gap_alone_is_named(certificate: Certificate, sack: Sack, gap: Gap) -> None:
    assert gaps(sack, certificate) == (gap,)
    assert in_sentence(gap, sack).endswith(".")


def test_a_whole_certificate_has_no_gap_however_the_seal_is_written() -> None:
    assert gaps(SACK, WHOLE) == ()
