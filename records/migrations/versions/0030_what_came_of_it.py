"""What came of a request to look at another agency's records; by which contact a plan was kept."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("planned_contact", sa.Column("disclosure_id", sa.Uuid(), nullable=True))
    op.add_column("look_request", sa.Column("agency_asked_on", sa.Date(), nullable=True))
    op.add_column("look_request", sa.Column("ended", sa.String(), nullable=True))
    op.add_column("look_request", sa.Column("ended_on", sa.Date(), nullable=True))
    op.add_column("look_request", sa.Column("ended_at", columns.UtcMoment(), nullable=True))
    op.add_column("look_request", sa.Column("version", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "look_step",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("look_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("disclosure_id", sa.Uuid(), nullable=True),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("route", sa.String(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["look_id"], ["look_request.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_look_step_look_id"), "look_step", ["look_id"])


def downgrade() -> None:
    op.drop_table("look_step")
    with op.batch_alter_table("look_request") as batch:
        batch.drop_column("version")
        batch.drop_column("ended_at")
        batch.drop_column("ended_on")
        batch.drop_column("ended")
        batch.drop_column("agency_asked_on")
    with op.batch_alter_table("planned_contact") as batch:
        batch.drop_column("disclosure_id")
