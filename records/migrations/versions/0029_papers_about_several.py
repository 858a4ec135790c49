"""Papers about several children, and what is covered on them."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_about",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("paper", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("other_number", sa.Integer(), nullable=False),
        sa.Column("noted_by", sa.String(), nullable=False),
        sa.Column("noted_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["part_id"], ["part.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("part_id", "other_number"),
    )
    op.create_index(op.f("ix_paper_about_paper"), "paper_about", ["paper"])
    op.create_index(op.f("ix_paper_about_part_id"), "paper_about", ["part_id"])
    op.create_table(
        "cover_area",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("top", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("drawn_by", sa.String(), nullable=False),
        sa.Column("drawn_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["paper_about.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_cover_area_about_id"), "cover_area", ["about_id"])
    op.create_index(op.f("ix_cover_area_document_id"), "cover_area", ["document_id"])
    op.create_table(
        "cover_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("about_id", sa.Uuid(), nullable=False),
        sa.Column("covered", sa.Boolean(), nullable=False),
        sa.Column("areas", sa.Integer(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["paper_about.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_cover_decision_about_id"), "cover_decision", ["about_id"])


def downgrade() -> None:
    op.drop_table("cover_decision")
    op.drop_table("cover_area")
    op.drop_table("paper_about")
