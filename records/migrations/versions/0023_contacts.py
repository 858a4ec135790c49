"""When a contact happened and when it was written down, what was said, and whether it was without leave."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("disclosure", sa.Column("recorded_at", columns.UtcMoment(), nullable=True))
    op.add_column("disclosure", sa.Column("without_leave", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("disclosure", sa.Column("sealed_told", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("disclosure") as batch:
        batch.drop_column("sealed_told")
        batch.drop_column("without_leave")
        batch.drop_column("recorded_at")
