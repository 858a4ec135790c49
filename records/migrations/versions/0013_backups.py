"""Audit anchors and backups."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_anchor",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("anchored_at", columns.UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_table(
        "backup_made",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("began_at", columns.UtcMoment(), nullable=False),
        sa.Column("verified_at", columns.UtcMoment(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_backup_made_began_at", "backup_made", ["began_at"], unique=False)


def downgrade() -> None:
    op.drop_table("backup_made")
    op.drop_table("audit_anchor")
