"""Closing and opening a child's file, appended. A file whose referrals have all ended is closed since the last of them."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "file_turn",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("turned_by", sa.String(), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["child_file.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_file_turn_file_id"), "file_turn", ["file_id"])
    _close_what_has_ended()


def downgrade() -> None:
    op.drop_index(op.f("ix_file_turn_file_id"), table_name="file_turn")
    op.drop_table("file_turn")


def _close_what_has_ended() -> None:
    """Until now a case ended with its referral, and no file could be closed in any other way."""
    bound = op.get_bind()
    files = sa.table("child_file", sa.column("id", sa.Uuid()), sa.column("closed_at", columns.UtcMoment()))
    referrals = sa.table("referral", sa.column("file_id", sa.Uuid()), sa.column("state", sa.String()))
    ends = sa.table(
        "referral_end", sa.column("file_id", sa.Uuid()), sa.column("outcome", sa.String()), sa.column("ended_on", sa.Date()),
        sa.column("recorded_by", sa.String()), sa.column("recorded_at", columns.UtcMoment()),
    )  # fmt: skip
    turns = sa.table(
        "file_turn", sa.column("id", sa.Uuid()), sa.column("file_id", sa.Uuid()), sa.column("closed", sa.Boolean()),
        sa.column("turned_by", sa.String()), sa.column("happened_on", sa.Date()), sa.column("recorded_by", sa.String()),
        sa.column("recorded_at", columns.UtcMoment()),
    )  # fmt: skip
    still = set(bound.execute(sa.select(referrals.c.file_id).where(referrals.c.state == "open")).scalars())
    last: dict[object, sa.Row[tuple[object, ...]]] = {}
    for row in bound.execute(sa.select(ends).where(ends.c.outcome.is_not(None)).order_by(ends.c.recorded_at)):
        last[row.file_id] = row
    for file_id, row in last.items():
        if file_id in still:
            continue
        at = row.recorded_at
        changed = sa.update(files).where(files.c.id == file_id, files.c.closed_at.is_(None)).values(closed_at=at)
        if bound.execute(changed).rowcount:
            bound.execute(
                sa.insert(turns).values(
                    id=uuid4(), file_id=file_id, closed=True, turned_by="referral", happened_on=row.ended_on,
                    recorded_by=row.recorded_by, recorded_at=at,
                )
            )  # fmt: skip
