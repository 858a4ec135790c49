"""What the family asked us to look at, and the records of other agencies filed by it."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "look_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("body_id", sa.Uuid(), nullable=False),
        sa.Column("whose_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["named_body.id"]),
        sa.ForeignKeyConstraint(["file_id"], ["child_file.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_look_request_file_id"), "look_request", ["file_id"])
    op.create_index(op.f("ix_look_request_body_id"), "look_request", ["body_id"])
    op.create_table(
        "agency_record",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("look_id", sa.Uuid(), nullable=True),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["child_file.id"]),
        sa.ForeignKeyConstraint(["look_id"], ["look_request.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_agency_record_file_id"), "agency_record", ["file_id"])
    op.create_index(op.f("ix_agency_record_part_id"), "agency_record", ["part_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_agency_record_part_id"), table_name="agency_record")
    op.drop_index(op.f("ix_agency_record_file_id"), table_name="agency_record")
    op.drop_table("agency_record")
    op.drop_index(op.f("ix_look_request_body_id"), table_name="look_request")
    op.drop_index(op.f("ix_look_request_file_id"), table_name="look_request")
    op.drop_table("look_request")
