"""What belongs to an item, a part or a file, by kind."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OWNERS = ("item", "part", "file")


def upgrade() -> None:
    for owner in OWNERS:
        op.drop_index(f"ix_document_{owner}_id", table_name="document")
        op.create_index(f"ix_document_{owner}_kind", "document", [f"{owner}_id", "kind"], unique=False)


def downgrade() -> None:
    for owner in OWNERS:
        op.drop_index(f"ix_document_{owner}_kind", table_name="document")
        op.create_index(f"ix_document_{owner}_id", "document", [f"{owner}_id"], unique=False)
