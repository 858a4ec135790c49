"""Stacks: edits of a stack's pages, what pages look like, and what may be the same post again."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.add_column(sa.Column("arranged", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.add_column(sa.Column("turned_by_hand", sa.Integer(), nullable=False, server_default="0"))
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cover_file", sa.Integer(), nullable=True))
    with op.batch_alter_table("storage_refusal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("received_on", sa.Date(), nullable=True))
    op.create_table(
        "page_edit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("made_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("item_id", "number"),
    )
    with op.batch_alter_table("page_edit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_edit_item_id"), ["item_id"], unique=False)
    op.create_table(
        "page_print",
        sa.Column("page_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("blank", sa.String(), nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("sealed_print", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"]),
        sa.ForeignKeyConstraint(["key_id"], ["wrapped_key.id"]),
        sa.PrimaryKeyConstraint("page_id"),
    )
    with op.batch_alter_table("page_print", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_print_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_page_print_received_on"), ["received_on"], unique=False)
    op.create_table(
        "duplicate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("found_at", columns.UtcMoment(), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("answered_at", columns.UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["item.id"]),
        sa.ForeignKeyConstraint(["other_id"], ["item.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("item_id", "other_id", "why"),
    )
    with op.batch_alter_table("duplicate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duplicate_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_duplicate_other_id"), ["other_id"], unique=False)


def downgrade() -> None:
    op.drop_table("duplicate")
    op.drop_table("page_print")
    op.drop_table("page_edit")
    with op.batch_alter_table("storage_refusal", schema=None) as batch_op:
        batch_op.drop_column("received_on")
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.drop_column("cover_file")
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.drop_column("turned_by_hand")
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_column("arranged")
