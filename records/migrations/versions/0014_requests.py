"""Requests, access bundles, breaches."""

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in with the tables of its slice."""


def downgrade() -> None:
    """The reverse of `upgrade`."""
