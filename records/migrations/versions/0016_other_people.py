"""What was answered about other people and health on the pages of an access copy."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "health_opinion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("advice", sa.String(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["rights_request.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("request_id", "sequence"),
    )
    op.create_index("ix_health_opinion_document_id", "health_opinion", ["document_id"], unique=False)
    op.create_index("ix_health_opinion_request_id", "health_opinion", ["request_id"], unique=False)
    for column in ("others", "steps", "health"):
        op.add_column("request_decision", sa.Column(column, sa.String(), nullable=True))
    op.add_column("redaction", sa.Column("steps", sa.String(), nullable=True))
    op.add_column("redaction", sa.Column("sealed", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("redaction") as batch:
        batch.drop_column("sealed")
        batch.drop_column("steps")
    with op.batch_alter_table("request_decision") as batch:
        for column in ("health", "steps", "others"):
            batch.drop_column(column)
    op.drop_table("health_opinion")
