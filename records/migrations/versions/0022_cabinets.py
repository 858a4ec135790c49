"""Who holds the keys of the cabinets, and the looks whether they are locked."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lock_check",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cabinet", sa.String(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        sa.Column("out", sa.Integer(), nullable=False),
        sa.Column("checked_by", sa.String(), nullable=False),
        sa.Column("checked_at", columns.UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_lock_check_cabinet"), "lock_check", ["cabinet"])
    op.create_table(
        "cabinet_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cabinet", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("given_by", sa.String(), nullable=False),
        sa.Column("given_at", columns.UtcMoment(), nullable=False),
        sa.Column("back_by", sa.String(), nullable=True),
        sa.Column("back_at", columns.UtcMoment(), nullable=True),
        sa.Column("in_force", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("in_force"),
    )


def downgrade() -> None:
    op.drop_table("cabinet_key")
    op.drop_index(op.f("ix_lock_check_cabinet"), table_name="lock_check")
    op.drop_table("lock_check")
