"""Policies: dated changes; letters to families."""

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in with the tables of its slice."""


def downgrade() -> None:
    """The reverse of `upgrade`."""
