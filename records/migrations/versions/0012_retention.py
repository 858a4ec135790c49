"""Holds, retention, destruction."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _holds()
    _keeping()
    _lists()
    _ledger()


def _holds() -> None:
    op.create_table(
        "hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("placed_by", sa.String(), nullable=False),
        sa.Column("placed_on", sa.Date(), nullable=False),
        sa.Column("placed_at", columns.UtcMoment(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("released_by", sa.String(), nullable=True),
        sa.Column("released_at", columns.UtcMoment(), nullable=True),
        sa.Column("sealed_release", sa.LargeBinary(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("kind", "scope", "subject_id", "file_id", "source", "review_on", "lifted_on"):
        op.create_index(f"ix_hold_{column}", "hold", [column], unique=False)
    op.create_table(
        "hold_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=False),
        sa.Column("reviewed_by", sa.String(), nullable=False),
        sa.Column("reviewed_at", columns.UtcMoment(), nullable=False),
        sa.Column("was_due_on", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_hold_review_hold_id", "hold_review", ["hold_id"], unique=False)


def _keeping() -> None:
    op.create_table(
        "keep_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["child_file.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_keep_decision_file_id", "keep_decision", ["file_id"], unique=False)
    op.create_table(
        "due_month",
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("facts", sa.String(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["child_file.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("file_id"),
    )
    op.create_index("ix_due_month_month", "due_month", ["month"], unique=False)
    op.create_index("ix_due_month_policy_version", "due_month", ["policy_version"], unique=False)


def _lists() -> None:
    op.create_table(
        "disposal_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", columns.UtcMoment(), nullable=False),
        sa.Column("looked_by", sa.String(), nullable=True),
        sa.Column("looked_at", columns.UtcMoment(), nullable=True),
        sa.Column("approved_by", sa.String(), nullable=True),
        sa.Column("approved_at", columns.UtcMoment(), nullable=True),
        sa.Column("approved_count", sa.Integer(), nullable=True),
        sa.Column("grace_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_index("ix_disposal_list_state", "disposal_list", ["state"], unique=False)
    op.create_table(
        "disposal_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("changed_by", sa.String(), nullable=True),
        sa.Column("changed_at", columns.UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["disposal_list.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("list_id", "file_id", "state"):
        op.create_index(f"ix_disposal_line_{column}", "disposal_line", [column], unique=False)


def _ledger() -> None:
    op.create_table(
        "destroyed",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reference", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("file_number", sa.Integer(), nullable=True),
        sa.Column("ids", sa.String(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("month_due", sa.String(), nullable=True),
        sa.Column("month_done", sa.String(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=True),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("witnessed_by", sa.String(), nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
        sa.UniqueConstraint("reference"),
    )
    for column in ("file_id", "file_number", "run"):
        op.create_index(f"ix_destroyed_{column}", "destroyed", [column], unique=False)
    op.create_table(
        "destruction_run",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("started_by", sa.String(), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("stopped", sa.Integer(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=True),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("head_sequence", sa.Integer(), nullable=True),
        sa.Column("head_mac", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("list_id"),
    )
    op.create_index("ix_destruction_run_month", "destruction_run", ["month"], unique=False)
    op.create_table(
        "pending_blob",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "retention_turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ran_at", columns.UtcMoment(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("vouched_sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    for table in (
        "retention_turn", "pending_blob", "destruction_run", "destroyed", "disposal_line", "disposal_list", "due_month",
        "keep_decision",
    ):  # fmt: skip
        op.drop_table(table)
    op.drop_table("hold_review")
    op.drop_table("hold")
