"""By which text of its form a part was read, beside the reading; forms that wait are found in their order without opening any."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("part", sa.Column("template_sum", sa.String(), nullable=True))
    op.create_index("ix_part_waits", "part", ["state", "read_at", "id"])
    op.create_index("ix_part_read_by", "part", ["state", "form", "edition", "template_sum", "read_at", "id"])
    op.drop_index("ix_part_state", "part")


def downgrade() -> None:
    op.create_index("ix_part_state", "part", ["state"])
    op.drop_index("ix_part_read_by", "part")
    op.drop_index("ix_part_waits", "part")
    with op.batch_alter_table("part") as batch:
        batch.drop_column("template_sum")
