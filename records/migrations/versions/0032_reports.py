"""True counts of finished years, checks of reports, and by which rule a report on a year first went out."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_year",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kept_by", sa.String(), nullable=False),
        sa.Column("kept_at", columns.UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "report_count",
        sa.Column("year", sa.String(), nullable=False),
        sa.Column("table_code", sa.String(), nullable=False),
        sa.Column("row_code", sa.String(), nullable=False),
        sa.Column("column_code", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["year"], ["report_year.code"]),
        sa.PrimaryKeyConstraint("year", "table_code", "row_code", "column_code"),
    )
    op.create_table(
        "report_check",
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("checked_by", sa.String(), nullable=False),
        sa.Column("checked_at", columns.UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index(op.f("ix_report_check_report"), "report_check", ["report"])
    op.create_table(
        "report_release",
        sa.Column("report", sa.String(), nullable=False),
        sa.Column("year", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("released_by", sa.String(), nullable=False),
        sa.Column("released_at", columns.UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("report", "year"),
    )


def downgrade() -> None:
    op.drop_table("report_release")
    op.drop_index(op.f("ix_report_check_report"), table_name="report_check")
    op.drop_table("report_check")
    op.drop_table("report_count")
    op.drop_table("report_year")
