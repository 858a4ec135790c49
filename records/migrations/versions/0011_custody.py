"""Custody: places, waste, returns, stocktakes."""

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in with the tables of its slice."""


def downgrade() -> None:
    """The reverse of `upgrade`."""
