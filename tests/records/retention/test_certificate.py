"""The certificate of destruction as it is printed and signed."""

import io
from datetime import UTC, datetime
from uuid import uuid4

import pdfplumber
import pytest

from records.retention import certificate
from records.retention.certificate import Certificate
from records.retention.disposal import ListState
from records.retention.ledger import Entry
from records.retention.tables import DestructionRun, DisposalList

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def printed(files: int) -> list[str]:
    """The words of each page of the certificate of a run over so many files."""
    of = DisposalList(
        number=1, state=ListState.DONE, policy_version="1", proposed_by="lee", looked_by="sam", approved_by="kim", proposed_at=AT
    )  # fmt: skip
    ran = DestructionRun(
        number=1, list_id=of.id, month="2026-11", started_by="kim", files=files, documents=3 * files, pages=files, finished=True,
        verified=True, head_sequence=122, head_mac="d07e60d421be6011",
    )  # fmt: skip
    entries = tuple(
        Entry(at, "", "file", str(uuid4()), at, {}, 3, 1, "R34", "1", "2025-05", "2026-11", 1, "lee", "sam", "kim") for at in range(1, files + 1)
    )  # fmt: skip
    made = certificate.pdf(Certificate(ran, of, entries, ()), {"lee": "Lee Sample"}, "Testwood SENDIASS")
    with pdfplumber.open(io.BytesIO(made)) as pdf:
        return [page.extract_text() for page in pdf.pages]


def test_a_run_over_a_few_files_is_one_page() -> None:
    assert [len(printed(files)) for files in (1, 3)] == [1, 1]


@pytest.mark.parametrize("files", [*range(4, 9), 30, 40])
def test_nobody_signs_a_page_on_which_nothing_else_stands(files: int) -> None:
    """The lines for name and day of a run over three files stood alone on a second page."""
    (signed,) = [page for page in printed(files) if "Signed" in page]
    assert "How it was checked" in signed and "Nothing was found." in signed
