"""Watching: when each watched folder was last looked at."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "watched_folder",
        sa.Column("watcher", sa.String(), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("mounted", sa.Boolean(), nullable=False),
        sa.Column("looked_at", columns.UtcMoment(), nullable=False),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("since", columns.UtcMoment(), nullable=True),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("watcher", "path"),
    )


def downgrade() -> None:
    op.drop_table("watched_folder")
