"""Each word of a name once, with the keys under which it is found although it is spelt differently."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_spelling",
        sa.Column("key", sa.LargeBinary(length=16), nullable=False),
        sa.Column("word", sa.LargeBinary(length=16), nullable=False),
        sa.PrimaryKeyConstraint("key", "word"),
    )
    op.create_index("ix_search_spelling_word", "search_spelling", ["word"], unique=False)
    op.drop_index("ix_search_token_file_id", table_name="search_token")
    op.create_index("ix_search_token_file", "search_token", ["file_id", "token"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_search_token_file", table_name="search_token")
    op.create_index("ix_search_token_file_id", "search_token", ["file_id"], unique=False)
    op.drop_index("ix_search_spelling_word", table_name="search_spelling")
    op.drop_table("search_spelling")
