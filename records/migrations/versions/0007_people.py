"""People: facts about persons, merges, tasks."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "person_fact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("true_on", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["file_id"], ["child_file.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_person_fact_person_id", "person_fact", ["person_id"], unique=False)
    op.create_index("ix_person_fact_file_id", "person_fact", ["file_id"], unique=False)
    op.create_table(
        "file_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("taken_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("merged_by", sa.String(), nullable=False),
        sa.Column("merged_at", columns.UtcMoment(), nullable=False),
        sa.Column("unmerged_by", sa.String(), nullable=True),
        sa.Column("unmerged_at", columns.UtcMoment(), nullable=True),
        sa.Column("in_force", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["kept_id"], ["child_file.id"]),
        sa.ForeignKeyConstraint(["taken_id"], ["child_file.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("in_force"),
    )
    op.create_index("ix_file_merge_kept_id", "file_merge", ["kept_id"], unique=False)
    op.create_index("ix_file_merge_taken_id", "file_merge", ["taken_id"], unique=False)
    op.create_table(
        "task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("for_officer", sa.Uuid(), nullable=True),
        sa.Column("raised_by", sa.String(), nullable=False),
        sa.Column("raised_at", columns.UtcMoment(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("closed_at", columns.UtcMoment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    for column in ("kind", "file_id", "for_officer", "closed_at"):
        op.create_index(f"ix_task_{column}", "task", [column], unique=False)
    op.create_table(
        "job_day",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("job"),
    )


def downgrade() -> None:
    op.drop_table("job_day")
    op.drop_table("task")
    op.drop_table("file_merge")
    op.drop_table("person_fact")
