"""The register of reviews of the policy, changes of data protection law, and questions about the policy."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "policy_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("reviewer", sa.String(), nullable=False),
        sa.Column("capacity", sa.String(), nullable=False),
        sa.Column("minute", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("new_version", sa.String(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_policy_review_service"), "policy_review", ["service"])
    op.create_table(
        "law_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_law_change_service"), "law_change", ["service"])
    op.create_table(
        "law_reviewed",
        sa.Column("law_id", sa.Uuid(), nullable=False),
        sa.Column("review_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["law_id"], ["law_change.id"]),
        sa.ForeignKeyConstraint(["review_id"], ["policy_review.id"]),
        sa.PrimaryKeyConstraint("law_id"),
    )
    op.create_index(op.f("ix_law_reviewed_review_id"), "law_reviewed", ["review_id"])
    op.create_table(
        "policy_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_policy_question_service"), "policy_question", ["service"])
    op.create_table(
        "policy_answer",
        sa.Column("question_id", sa.Uuid(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["policy_question.id"]),
        sa.PrimaryKeyConstraint("question_id"),
    )


def downgrade() -> None:
    op.drop_table("policy_answer")
    op.drop_index(op.f("ix_policy_question_service"), table_name="policy_question")
    op.drop_table("policy_question")
    op.drop_index(op.f("ix_law_reviewed_review_id"), table_name="law_reviewed")
    op.drop_table("law_reviewed")
    op.drop_index(op.f("ix_law_change_service"), table_name="law_change")
    op.drop_table("law_change")
    op.drop_index(op.f("ix_policy_review_service"), table_name="policy_review")
    op.drop_table("policy_review")
