"""First tables."""

import sqlalchemy as sa
from alembic import op

from records import columns

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sign_in_name", sa.String(), nullable=False),
        sa.Column("display_name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("created_at", columns.UtcMoment(), nullable=False),
        sa.Column("disabled_at", columns.UtcMoment(), nullable=True),
        sa.Column("changed_by", sa.String(), nullable=True),
        sa.Column("changed_at", columns.UtcMoment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("sign_in_name"),
    )
    op.create_table(
        "audit_entry",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", columns.UtcMoment(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("mac", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_act"), ["act"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "counter",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("created_at", columns.UtcMoment(), nullable=False),
        sa.Column("expires_at", columns.UtcMoment(), nullable=False),
        sa.Column("used_at", columns.UtcMoment(), nullable=True),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_table(
        "original",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("proposal", sa.String(), nullable=False),
        sa.Column("proposal_reason", sa.String(), nullable=False),
        sa.Column("proposal_rule", sa.String(), nullable=False),
        sa.Column("wait_until", sa.Date(), nullable=True),
        sa.Column("asked_to_keep", sa.String(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("logged_at", columns.UtcMoment(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=True),
        sa.Column("changed_at", columns.UtcMoment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("part_id"),
    )
    with op.batch_alter_table("original", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_original_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_original_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_original_state"), ["state"], unique=False)

    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", columns.UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_failure_name_hash"), ["name_hash"], unique=False)

    op.create_table(
        "storage_refusal",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("refused_on", sa.Date(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("paper", sa.String(), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "wrapped_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", columns.UtcMoment(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "child_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("officer_id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", columns.UtcMoment(), nullable=False),
        sa.Column("closed_at", columns.UtcMoment(), nullable=True),
        sa.Column("changed_by", sa.String(), nullable=True),
        sa.Column("changed_at", columns.UtcMoment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"],
            ["wrapped_key.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("number"),
    )
    with op.batch_alter_table("child_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_child_file_officer_id"), ["officer_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("part_id", sa.Uuid(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("blob", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=False),
        sa.Column("stored_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"],
            ["wrapped_key.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("blob"),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_key_id"), ["key_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_part_id"), ["part_id"], unique=False)

    op.create_table(
        "item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("claim_id", sa.Uuid(), nullable=False),
        sa.Column("key_id", sa.Uuid(), nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("sealed_name", sa.LargeBinary(), nullable=False),
        sa.Column("likeness", sa.LargeBinary(length=32), nullable=False),
        sa.Column("arrived_at", columns.UtcMoment(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason_code", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("pages_read", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("leased_by", sa.String(), nullable=True),
        sa.Column("lease_until", columns.UtcMoment(), nullable=True),
        sa.Column("read_at", columns.UtcMoment(), nullable=True),
        sa.Column("changed_by", sa.String(), nullable=True),
        sa.Column("changed_at", columns.UtcMoment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"],
            ["wrapped_key.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("claim_id"),
        sa.UniqueConstraint("number"),
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_arrived_at"), ["arrived_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_likeness"), ["likeness"], unique=False)
        batch_op.create_index(batch_op.f("ix_item_state"), ["state"], unique=False)

    op.create_table(
        "original_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("original_id", sa.Uuid(), nullable=False),
        sa.Column("from_state", sa.String(), nullable=True),
        sa.Column("to_state", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column("moved_by", sa.String(), nullable=False),
        sa.Column("second_person", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=True),
        sa.Column("moved_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["original_id"],
            ["original.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("original_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_original_move_original_id"), ["original_id"], unique=False)

    op.create_table(
        "sign_in_session",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", columns.UtcMoment(), nullable=False),
        sa.Column("last_seen_at", columns.UtcMoment(), nullable=False),
        sa.Column("csrf", sa.String(), nullable=False),
        sa.Column("notice", sa.String(), nullable=True),
        sa.Column("ended_at", columns.UtcMoment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "birth_date_fact",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["child_file.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("birth_date_fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_birth_date_fact_file_id"), ["file_id"], unique=False)

    op.create_table(
        "consent_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("giver", sa.String(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("effective_assumed", sa.Boolean(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=False),
        sa.Column("route", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("edition", sa.String(), nullable=True),
        sa.Column("wording", sa.String(), nullable=True),
        sa.Column("sealed_detail", sa.LargeBinary(), nullable=True),
        sa.Column("part_id", sa.Uuid(), nullable=True),
        sa.Column("field_id", sa.String(), nullable=True),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("page", sa.Integer(), nullable=True),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["child_file.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("consent_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_event_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_event_item_code"), ["item_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_consent_event_part_id"), ["part_id"], unique=False)

    op.create_table(
        "page",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("picture_id", sa.Uuid(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("dpi", sa.Float(), nullable=True),
        sa.Column("turned", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["item.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("item_id", "number"),
    )
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_page_part_id"), ["part_id"], unique=False)

    op.create_table(
        "part",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("edition", sa.String(), nullable=True),
        sa.Column("sealed_reading", sa.LargeBinary(), nullable=True),
        sa.Column("evidence_id", sa.Uuid(), nullable=True),
        sa.Column("doubtful", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("quarantine", sa.String(), nullable=True),
        sa.Column("ask_by", sa.Date(), nullable=True),
        sa.Column("held_by", sa.String(), nullable=True),
        sa.Column("held_until", columns.UtcMoment(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("read_at", columns.UtcMoment(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", columns.UtcMoment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["item.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_part_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_part_held_by"), ["held_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_part_item_id"), ["item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_part_read_at"), ["read_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_part_state"), ["state"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("relationship", sa.String(), nullable=False),
        sa.Column("parental_responsibility", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", columns.UtcMoment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["child_file.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_file_id"), ["file_id"], unique=False)

    op.create_table(
        "search_token",
        sa.Column("token", sa.LargeBinary(length=16), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"],
            ["child_file.id"],
        ),
        sa.PrimaryKeyConstraint("token", "file_id"),
    )
    with op.batch_alter_table("search_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_token_file_id"), ["file_id"], unique=False)

    op.create_table(
        "confirmation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("part_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_by", sa.String(), nullable=False),
        sa.Column("confirmed_at", columns.UtcMoment(), nullable=False),
        sa.Column("policy_version", sa.String(), nullable=False),
        sa.Column("sealed_answers", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["part_id"],
            ["part.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_confirmation_part_id"), ["part_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("confirmation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_confirmation_part_id"))

    op.drop_table("confirmation")
    with op.batch_alter_table("search_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_token_file_id"))

    op.drop_table("search_token")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_file_id"))

    op.drop_table("person")
    with op.batch_alter_table("part", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_part_state"))
        batch_op.drop_index(batch_op.f("ix_part_read_at"))
        batch_op.drop_index(batch_op.f("ix_part_item_id"))
        batch_op.drop_index(batch_op.f("ix_part_held_by"))
        batch_op.drop_index(batch_op.f("ix_part_file_id"))

    op.drop_table("part")
    with op.batch_alter_table("page", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_page_part_id"))
        batch_op.drop_index(batch_op.f("ix_page_item_id"))

    op.drop_table("page")
    with op.batch_alter_table("consent_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_event_part_id"))
        batch_op.drop_index(batch_op.f("ix_consent_event_item_code"))
        batch_op.drop_index(batch_op.f("ix_consent_event_file_id"))

    op.drop_table("consent_event")
    with op.batch_alter_table("birth_date_fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_birth_date_fact_file_id"))

    op.drop_table("birth_date_fact")
    with op.batch_alter_table("sign_in_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_session_account_id"))

    op.drop_table("sign_in_session")
    with op.batch_alter_table("original_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_original_move_original_id"))

    op.drop_table("original_move")
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_state"))
        batch_op.drop_index(batch_op.f("ix_item_likeness"))
        batch_op.drop_index(batch_op.f("ix_item_arrived_at"))

    op.drop_table("item")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_document_part_id"))
        batch_op.drop_index(batch_op.f("ix_document_kind"))
        batch_op.drop_index(batch_op.f("ix_document_key_id"))
        batch_op.drop_index(batch_op.f("ix_document_item_id"))
        batch_op.drop_index(batch_op.f("ix_document_file_id"))

    op.drop_table("document")
    with op.batch_alter_table("child_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_child_file_officer_id"))

    op.drop_table("child_file")
    op.drop_table("wrapped_key")
    op.drop_table("storage_refusal")
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_failure_name_hash"))

    op.drop_table("sign_in_failure")
    with op.batch_alter_table("original", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_original_state"))
        batch_op.drop_index(batch_op.f("ix_original_item_id"))
        batch_op.drop_index(batch_op.f("ix_original_file_id"))

    op.drop_table("original")
    op.drop_table("invitation")
    op.drop_table("counter")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_act"))

    op.drop_table("audit_entry")
    op.drop_table("account")
