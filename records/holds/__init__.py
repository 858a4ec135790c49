"""What stops destruction: requests, complaints, court cases, safeguarding, inquiries (R44, R45).

Asked as `holds.blocking(session, file_id=…)`; placed and lifted with `holds.place` and `holds.release`.
"""

from records.holds.kinds import Category, Hold, HoldKind, Scope
from records.holds.register import blocking, let_run_out, of_source, place, release

__all__ = ["Category", "Hold", "HoldKind", "Scope", "blocking", "let_run_out", "of_source", "place", "release"]
