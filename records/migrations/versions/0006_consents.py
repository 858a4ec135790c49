"""Consents: standing of the giver, changes told to us, named bodies, what went out, sharing for safety."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "consent_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("sent_key", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("giver", sa.String(), nullable=False),
        sa.Column("giver_person_id", sa.Uuid(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("sealed_note", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["child_file.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sent_key"),
    )
    op.create_index("ix_consent_change_file_id", "consent_change", ["file_id"], unique=False)
    with op.batch_alter_table("consent_event") as batch:
        batch.add_column(sa.Column("giver_person_id", sa.Uuid(), nullable=True))
        batch.add_column(sa.Column("capacity", sa.String(), nullable=True))
        batch.add_column(sa.Column("settles", sa.String(), nullable=True))
        batch.add_column(sa.Column("change_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key("fk_consent_event_change_id", "consent_change", ["change_id"], ["id"])
        batch.create_index("ix_consent_event_change_id", ["change_id"], unique=False)
    op.create_table(
        "named_body",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("looked_at_since", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.Column("told_family_at", columns.UtcMoment(), nullable=True),
        sa.Column("told_family_by", sa.String(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["child_file.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_named_body_file_id", "named_body", ["file_id"], unique=False)
    op.create_table(
        "safety_share",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("sent_key", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.String(), nullable=False),
        sa.Column("lawful_route", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("consent_sought", sa.String(), nullable=False),
        sa.Column("family_told", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("shared_at", columns.UtcMoment(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("seen_by", sa.String(), nullable=True),
        sa.Column("seen_at", columns.UtcMoment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["child_file.id"]),
        sa.ForeignKeyConstraint(["key_id"], ["wrapped_key.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sent_key"),
    )
    op.create_index("ix_safety_share_file_id", "safety_share", ["file_id"], unique=False)
    op.create_index("ix_safety_share_recorded_at", "safety_share", ["recorded_at"], unique=False)
    op.create_table(
        "disclosure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("body_id", sa.Uuid(), nullable=True),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("things", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("relied_on", sa.String(), nullable=False),
        sa.Column("safety_id", sa.Uuid(), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("at", columns.UtcMoment(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["child_file.id"]),
        sa.ForeignKeyConstraint(["safety_id"], ["safety_share.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_disclosure_file_id", "disclosure", ["file_id"], unique=False)


def downgrade() -> None:
    op.drop_table("disclosure")
    op.drop_table("safety_share")
    op.drop_table("named_body")
    with op.batch_alter_table("consent_event") as batch:
        batch.drop_index("ix_consent_event_change_id")
        batch.drop_constraint("fk_consent_event_change_id", type_="foreignkey")
        for name in ("change_id", "settles", "capacity", "giver_person_id"):
            batch.drop_column(name)
    op.drop_table("consent_change")
