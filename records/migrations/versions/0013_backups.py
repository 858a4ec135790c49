"""Audit anchors and backups."""

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in with the tables of its slice."""


def downgrade() -> None:
    """The reverse of `upgrade`."""
