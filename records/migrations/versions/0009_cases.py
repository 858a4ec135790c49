"""Cases: referrals, enquiries, notes."""

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled in with the tables of its slice."""


def downgrade() -> None:
    """The reverse of `upgrade`."""
