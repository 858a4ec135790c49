"""Contacts with a named body that are planned for a day ahead."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "planned_contact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("planned_for", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("planned_by", sa.String(), nullable=False),
        sa.Column("planned_at", columns.UtcMoment(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("ended", sa.String(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_at", columns.UtcMoment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["named_body.id"]),
        sa.ForeignKeyConstraint(["file_id"], ["child_file.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_planned_contact_file_id"), "planned_contact", ["file_id"])
    op.create_index(op.f("ix_planned_contact_ended_at"), "planned_contact", ["ended_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_planned_contact_ended_at"), table_name="planned_contact")
    op.drop_index(op.f("ix_planned_contact_file_id"), table_name="planned_contact")
    op.drop_table("planned_contact")
