"""Custody: places, sheets, remarks, waste, returns, stocktakes."""

import uuid

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_return",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", columns.UtcMoment(), nullable=False),
        sa.Column("proof", sa.String(), nullable=True),
        sa.Column("proof_by", sa.String(), nullable=True),
        sa.Column("proof_at", columns.UtcMoment(), nullable=True),
        sa.Column("entitled_why", sa.String(), nullable=True),
        sa.Column("entitled_by", sa.String(), nullable=True),
        sa.Column("entitled_at", columns.UtcMoment(), nullable=True),
        sa.Column("found_by", sa.String(), nullable=True),
        sa.Column("found_at", columns.UtcMoment(), nullable=True),
        sa.Column("checked_by", sa.String(), nullable=True),
        sa.Column("checked_at", columns.UtcMoment(), nullable=True),
        sa.Column("sealed_address", sa.LargeBinary(), nullable=True),
        sa.Column("method", sa.String(), nullable=True),
        sa.Column("address_checked", sa.Boolean(), nullable=False),
        sa.Column("tracking", sa.String(), nullable=True),
        sa.Column("sent_by", sa.String(), nullable=True),
        sa.Column("sent_at", columns.UtcMoment(), nullable=True),
        sa.Column("receipt_due", sa.Date(), nullable=True),
        sa.Column("receipt", sa.String(), nullable=True),
        sa.Column("picture_wish", sa.String(), nullable=True),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("closed_at", columns.UtcMoment(), nullable=True),
        sa.Column("closed_why", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_index(op.f("ix_paper_return_due_on"), "paper_return", ["due_on"], unique=False)
    op.create_index(op.f("ix_paper_return_file_id"), "paper_return", ["file_id"], unique=False)
    op.create_index(op.f("ix_paper_return_state"), "paper_return", ["state"], unique=False)
    op.create_table(
        "stocktake",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("cabinet", sa.String(), nullable=False),
        sa.Column("drawer", sa.String(), nullable=False),
        sa.Column("begun_by", sa.String(), nullable=False),
        sa.Column("begun_at", columns.UtcMoment(), nullable=False),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("ended_at", columns.UtcMoment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    op.create_table(
        "waste_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("least_level", sa.Integer(), nullable=True),
        sa.Column("seal", sa.String(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=True),
        sa.Column("opened_by", sa.String(), nullable=False),
        sa.Column("opened_at", columns.UtcMoment(), nullable=False),
        sa.Column("closed_by", sa.String(), nullable=True),
        sa.Column("closed_at", columns.UtcMoment(), nullable=True),
        sa.Column("sealed_by", sa.String(), nullable=True),
        sa.Column("sealed_at", columns.UtcMoment(), nullable=True),
        sa.Column("handed_over_by", sa.String(), nullable=True),
        sa.Column("collected_at", columns.UtcMoment(), nullable=True),
        sa.Column("contractor", sa.String(), nullable=True),
        sa.Column("collector", sa.String(), nullable=True),
        sa.Column("consignment", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("seal"),
    )
    op.create_index(op.f("ix_waste_batch_state"), "waste_batch", ["state"], unique=False)
    op.create_table(
        "original_sheet",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["original_id"],
            ["original.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("batch", "sequence", "original_id"),
    )
    op.create_index(op.f("ix_original_sheet_original_id"), "original_sheet", ["original_id"], unique=False)
    op.create_table(
        "paper_remark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("irreplaceable", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("said_by", sa.String(), nullable=False),
        sa.Column("said_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["original_id"],
            ["original.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_paper_remark_original_id"), "paper_remark", ["original_id"], unique=False)
    op.create_table(
        "return_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("return_id", sa.Uuid(), nullable=False),
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["original_id"],
            ["original.id"],
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["paper_return.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("return_id", "original_id"),
    )
    op.create_index(op.f("ix_return_line_original_id"), "return_line", ["original_id"], unique=False)
    op.create_index(op.f("ix_return_line_return_id"), "return_line", ["return_id"], unique=False)
    op.create_table(
        "stocktake_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stocktake_id", sa.Uuid(), nullable=False),
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("expected", sa.Boolean(), nullable=False),
        sa.Column("seen_by", sa.String(), nullable=True),
        sa.Column("seen_at", columns.UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["original_id"],
            ["original.id"],
        ),
        sa.ForeignKeyConstraint(
            ["stocktake_id"],
            ["stocktake.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stocktake_id", "original_id"),
    )
    op.create_index(op.f("ix_stocktake_line_original_id"), "stocktake_line", ["original_id"], unique=False)
    op.create_index(op.f("ix_stocktake_line_stocktake_id"), "stocktake_line", ["stocktake_id"], unique=False)
    op.create_table(
        "waste_certificate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("company", sa.String(), nullable=False),
        sa.Column("destroyed_on", sa.Date(), nullable=False),
        sa.Column("site", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("bags", sa.Integer(), nullable=False),
        sa.Column("weight_kg", sa.String(), nullable=True),
        sa.Column("seals", sa.String(), nullable=False),
        sa.Column("signatory", sa.String(), nullable=False),
        sa.Column("gaps", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["waste_batch.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_waste_certificate_batch_id"), "waste_certificate", ["batch_id"], unique=False)
    op.create_table(
        "waste_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("added_by", sa.String(), nullable=False),
        sa.Column("added_at", columns.UtcMoment(), nullable=False),
        sa.Column("removed_by", sa.String(), nullable=True),
        sa.Column("removed_at", columns.UtcMoment(), nullable=True),
        sa.Column("removed_why", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["waste_batch.id"],
        ),
        sa.ForeignKeyConstraint(
            ["original_id"],
            ["original.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_waste_line_batch_id"), "waste_line", ["batch_id"], unique=False)
    op.create_index(op.f("ix_waste_line_original_id"), "waste_line", ["original_id"], unique=False)
    op.add_column("original", sa.Column("cabinet", sa.String(), nullable=True))
    op.add_column("original", sa.Column("drawer", sa.String(), nullable=True))
    op.add_column("original", sa.Column("folder", sa.String(), nullable=True))
    op.add_column("original", sa.Column("checked_by", sa.String(), nullable=True))
    op.add_column("original", sa.Column("checked_at", columns.UtcMoment(), nullable=True))
    op.add_column("original", sa.Column("irreplaceable", sa.String(), nullable=True))
    op.add_column("original", sa.Column("due_back", sa.Date(), nullable=True))
    op.create_index(op.f("ix_original_cabinet"), "original", ["cabinet"], unique=False)
    _who_checked()
    _number_sheets()


def downgrade() -> None:
    op.drop_index(op.f("ix_original_cabinet"), table_name="original")
    op.drop_column("original", "due_back")
    op.drop_column("original", "irreplaceable")
    op.drop_column("original", "checked_at")
    op.drop_column("original", "checked_by")
    op.drop_column("original", "folder")
    op.drop_column("original", "drawer")
    op.drop_column("original", "cabinet")
    op.drop_index(op.f("ix_waste_line_original_id"), table_name="waste_line")
    op.drop_index(op.f("ix_waste_line_batch_id"), table_name="waste_line")
    op.drop_table("waste_line")
    op.drop_index(op.f("ix_waste_certificate_batch_id"), table_name="waste_certificate")
    op.drop_table("waste_certificate")
    op.drop_index(op.f("ix_stocktake_line_stocktake_id"), table_name="stocktake_line")
    op.drop_index(op.f("ix_stocktake_line_original_id"), table_name="stocktake_line")
    op.drop_table("stocktake_line")
    op.drop_index(op.f("ix_return_line_return_id"), table_name="return_line")
    op.drop_index(op.f("ix_return_line_original_id"), table_name="return_line")
    op.drop_table("return_line")
    op.drop_index(op.f("ix_paper_remark_original_id"), table_name="paper_remark")
    op.drop_table("paper_remark")
    op.drop_index(op.f("ix_original_sheet_original_id"), table_name="original_sheet")
    op.drop_table("original_sheet")
    op.drop_index(op.f("ix_waste_batch_state"), table_name="waste_batch")
    op.drop_table("waste_batch")
    op.drop_table("stocktake")
    op.drop_index(op.f("ix_paper_return_state"), table_name="paper_return")
    op.drop_index(op.f("ix_paper_return_file_id"), table_name="paper_return")
    op.drop_index(op.f("ix_paper_return_due_on"), table_name="paper_return")
    op.drop_table("paper_return")


def _who_checked() -> None:
    """Papers that somebody compared with their scan before: by whom, from their moves."""
    rows = op.get_bind().execute(
        sa.text(
            "SELECT original_id, moved_by, moved_at FROM original_move WHERE to_state = 'checked' ORDER BY moved_at"
        )
    )
    for original_id, moved_by, moved_at in rows.all():
        op.get_bind().execute(
            sa.text("UPDATE original SET checked_by = :by, checked_at = :at WHERE id = :id"),
            {"by": moved_by, "at": moved_at, "id": original_id},
        )


def _number_sheets() -> None:
    """Sheets of papers that were logged before, from the pages that were read of them."""
    rows = op.get_bind().execute(
        sa.text(
            "SELECT DISTINCT original.id, item.number, page.sheet FROM original "
            "JOIN page ON page.part_id = original.part_id JOIN item ON item.id = page.item_id"
        )
    )
    sheet = sa.table(
        "original_sheet",
        sa.column("id", sa.Uuid()),
        sa.column("original_id"),
        sa.column("batch"),
        sa.column("sequence"),
    )
    for original_id, batch, sequence in rows.all():
        op.get_bind().execute(
            sheet.insert().values(id=uuid.uuid4(), original_id=original_id, batch=batch, sequence=sequence)
        )
