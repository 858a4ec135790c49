"""Post that is in no child's file and that a manager keeps for a reason."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "post_kept",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_post_kept_item_id"), "post_kept", ["item_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_post_kept_item_id"), table_name="post_kept")
    op.drop_table("post_kept")
