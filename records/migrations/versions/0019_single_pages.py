"""Which pages of a letter are erased."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("request_decision", sa.Column("pages", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("request_decision") as batch:
        batch.drop_column("pages")
