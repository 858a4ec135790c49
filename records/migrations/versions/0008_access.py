"""Access: allocation, restrictions, break-glass, what the child gave."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("child_file") as table:
        table.add_column(sa.Column("restricted", sa.String(), nullable=True))
    op.create_table(
        "file_allocation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["child_file.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_file_allocation_file_id", "file_allocation", ["file_id"], unique=False)
    op.create_table(
        "access_restriction",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("thing_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("placed_by", sa.String(), nullable=False),
        sa.Column("placed_at", columns.UtcMoment(), nullable=False),
        sa.Column("in_force", sa.Uuid(), nullable=True),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("lifted_at", columns.UtcMoment(), nullable=True),
        sa.Column("sealed_end", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["child_file.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("in_force"),
    )
    op.create_index("ix_access_restriction_file_id", "access_restriction", ["file_id"], unique=False)
    op.create_table(
        "restriction_named",
        sa.Column("restriction_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["restriction_id"], ["access_restriction.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("restriction_id", "account_id"),
    )
    op.create_index("ix_restriction_named_account_id", "restriction_named", ["account_id"], unique=False)
    op.create_table(
        "broken_glass",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", columns.UtcMoment(), nullable=False),
        sa.Column("until", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["child_file.id"]),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("file_id", "account_id", "opened_at"):
        op.create_index(f"ix_broken_glass_{column}", "broken_glass", [column], unique=False)
    op.create_table(
        "given_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("given", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["child_file.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("file_id", "part_id"):
        op.create_index(f"ix_given_mark_{column}", "given_mark", [column], unique=False)


def downgrade() -> None:
    op.drop_table("given_mark")
    op.drop_table("broken_glass")
    op.drop_table("restriction_named")
    op.drop_table("access_restriction")
    op.drop_table("file_allocation")
    with op.batch_alter_table("child_file") as table:
        table.drop_column("restricted")
