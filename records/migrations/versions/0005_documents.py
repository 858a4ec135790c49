"""Documents: recognised text, its index of words, possible requests."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_text",
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("read_at", columns.UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id"),
    )
    op.create_index("ix_page_text_state", "page_text", ["state"], unique=False)
    op.create_table(
        "text_word",
        sa.Column("token", sa.LargeBinary(length=16), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token", "document_id"),
    )
    op.create_index("ix_text_word_document_id", "text_word", ["document_id"], unique=False)
    op.create_table(
        "possible_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("closed_at", columns.UtcMoment(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_possible_request_document_id", "possible_request", ["document_id"], unique=False)
    op.create_index("ix_possible_request_item_id", "possible_request", ["item_id"], unique=False)


def downgrade() -> None:
    op.drop_table("possible_request")
    op.drop_table("text_word")
    op.drop_table("page_text")
