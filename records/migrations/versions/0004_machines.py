"""Machines: which run, and which database a store of documents belongs to."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "machine",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("watches", sa.Boolean(), nullable=False),
        sa.Column("works", sa.Boolean(), nullable=False),
        sa.Column("started_at", columns.UtcMoment(), nullable=False),
        sa.Column("seen_at", columns.UtcMoment(), nullable=False),
        sa.Column("clock_was", columns.UtcMoment(), nullable=True),
        sa.Column("free_mb", sa.Integer(), nullable=False),
        sa.Column("protected", sa.Boolean(), nullable=True),
        sa.Column("chain_checked_at", columns.UtcMoment(), nullable=True),
        sa.Column("chain_entries", sa.Integer(), nullable=True),
        sa.Column("chain_broken_at", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("machine", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_machine_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "document_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("key_check", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_table("document_place")
    op.drop_table("machine")
