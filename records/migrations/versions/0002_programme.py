"""The programme's tables: participants, cards, ledger, purchases, catalogue, incentives, dated rules, imports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LEDGER_IS_APPEND_ONLY = """
CREATE FUNCTION programme.refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'HD003';
END $$;
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON programme.ledger_entries
    FOR EACH STATEMENT EXECUTE FUNCTION programme.refuse_ledger_change();
"""


def upgrade() -> None:
    op.execute("CREATE SCHEMA programme")
    op.create_table(
        "import_runs",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("report", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_runs")),
        schema="programme",
    )
    op.create_table(
        "organisations",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("platform_name", sa.String(), nullable=True),
        sa.Column("platform_aliases", postgresql.JSONB(), nullable=True),
        sa.Column("invoice_prefix", sa.String(), nullable=True),
        sa.Column("institution_name", sa.String(), nullable=True),
        sa.Column("institution_aliases", postgresql.JSONB(), nullable=True),
        sa.Column("city", sa.String(), nullable=True),
        sa.CheckConstraint(
            "platform_name IS NOT NULL OR institution_name IS NOT NULL", name=op.f("ck_organisations_name")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
        schema="programme",
    )
    op.create_table(
        "participants",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("nik_hash", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email_masked", sa.String(), nullable=False),
        sa.Column("phone_hash", sa.String(), nullable=False),
        sa.Column("phone_masked", sa.String(), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("education", sa.String(), nullable=True),
        sa.Column("account_status", sa.String(), nullable=False),
        sa.Column("verified_email", sa.Boolean(), nullable=False),
        sa.Column("verified_ktp", sa.Boolean(), nullable=False),
        sa.Column("verified_face", sa.Boolean(), nullable=False),
        sa.Column("verified_nik_kk", sa.Boolean(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recipient_wave", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "account_status IN ('new', 'verified', 'blocked')", name=op.f("ck_participants_account_status")
        ),
        sa.CheckConstraint(
            "education IN ('sd', 'smp', 'sma', 'diploma', 'sarjana')", name=op.f("ck_participants_education")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
        sa.UniqueConstraint("nik_hash", name=op.f("uq_participants_nik_hash")),
        schema="programme",
    )
    op.create_index(
        op.f("ix_participants_phone_hash"), "participants", ["phone_hash"], unique=False, schema="programme"
    )
    op.create_table(
        "payment_partners",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("aliases", postgresql.JSONB(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("contact", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('bank', 'ewallet')", name=op.f("ck_payment_partners_kind")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_payment_partners_dates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_partners")),
        schema="programme",
    )
    op.create_table(
        "policies",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_policies_dates")),
        sa.PrimaryKeyConstraint("key", "valid_from", name=op.f("pk_policies")),
        schema="programme",
    )
    op.create_table(
        "waves",
        sa.Column("wave", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("selected", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("wave", name=op.f("pk_waves")),
        schema="programme",
    )
    op.create_table(
        "cards",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("participant_id", sa.String(), nullable=False),
        sa.Column("number_hash", sa.String(), nullable=False),
        sa.Column("last4", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("recipient_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_purchase_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("status <> 'revoked' OR revoked_at IS NOT NULL", name=op.f("ck_cards_revoked_at")),
        sa.CheckConstraint("status IN ('inactive', 'active', 'revoked', 'finished')", name=op.f("ck_cards_status")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["programme.participants.id"], name=op.f("fk_cards_participant_id_participants")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
        sa.UniqueConstraint("number_hash", name=op.f("uq_cards_number_hash")),
        sa.UniqueConstraint("participant_id", name=op.f("uq_cards_participant_id")),
        schema="programme",
    )
    op.create_table(
        "courses",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("institution_id", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("is_bundle", sa.Boolean(), nullable=False),
        sa.Column("sell_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("min_education", sa.String(), nullable=True),
        sa.Column("status_note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "min_education IN ('sd', 'smp', 'sma', 'diploma', 'sarjana')", name=op.f("ck_courses_min_education")
        ),
        sa.CheckConstraint("status IN ('active', 'suspended', 'withdrawn')", name=op.f("ck_courses_status")),
        sa.CheckConstraint("type IN ('webinar', 'self_paced', 'offline')", name=op.f("ck_courses_type")),
        sa.ForeignKeyConstraint(
            ["institution_id"], ["programme.organisations.id"], name=op.f("fk_courses_institution_id_organisations")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_courses")),
        schema="programme",
    )
    op.create_table(
        "incentives",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("participant_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("scheduled_for", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("partner_id", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint("kind IN ('job_search', 'survey')", name=op.f("ck_incentives_kind")),
        sa.CheckConstraint("status <> 'paid' OR paid_at IS NOT NULL", name=op.f("ck_incentives_paid_at")),
        sa.CheckConstraint(
            "status IN ('conditions_not_met', 'scheduled', 'processing', 'paid', 'failed', 'on_hold')",
            name=op.f("ck_incentives_status"),
        ),
        sa.CheckConstraint("amount >= 0 AND sequence > 0", name=op.f("ck_incentives_amount")),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["programme.participants.id"], name=op.f("fk_incentives_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["programme.payment_partners.id"], name=op.f("fk_incentives_partner_id_payment_partners")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incentives")),
        sa.UniqueConstraint(
            "participant_id", "kind", "sequence", name=op.f("uq_incentives_participant_id_kind_sequence")
        ),
        schema="programme",
    )
    op.create_table(
        "loaded_files",
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("run_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["programme.import_runs.id"], name=op.f("fk_loaded_files_run_id_import_runs")
        ),
        sa.PrimaryKeyConstraint("file", name=op.f("pk_loaded_files")),
        schema="programme",
    )
    op.create_table(
        "organisation_roles",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("organisation_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("effective_note", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('platform', 'institution')", name=op.f("ck_organisation_roles_kind")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name=op.f("ck_organisation_roles_dates")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["programme.organisations.id"],
            name=op.f("fk_organisation_roles_organisation_id_organisations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_roles")),
        schema="programme",
    )
    op.create_index(
        "ix_organisation_roles_kind_valid_from",
        "organisation_roles",
        ["kind", "valid_from"],
        unique=False,
        schema="programme",
    )
    op.create_index(
        op.f("ix_organisation_roles_organisation_id"),
        "organisation_roles",
        ["organisation_id"],
        unique=False,
        schema="programme",
    )
    op.create_table(
        "payout_accounts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("participant_id", sa.String(), nullable=False),
        sa.Column("partner_id", sa.String(), nullable=False),
        sa.Column("last4", sa.String(), nullable=False),
        sa.Column("nik_matches", sa.Boolean(), nullable=False),
        sa.Column("kyc", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kyc IN ('none', 'premium')", name=op.f("ck_payout_accounts_kyc")),
        sa.CheckConstraint(
            "status IN ('not_linked', 'linked', 'failed', 'unlinked')", name=op.f("ck_payout_accounts_status")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["programme.participants.id"],
            name=op.f("fk_payout_accounts_participant_id_participants"),
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"],
            ["programme.payment_partners.id"],
            name=op.f("fk_payout_accounts_partner_id_payment_partners"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_accounts")),
        schema="programme",
    )
    op.create_index(
        op.f("ix_payout_accounts_participant_id"),
        "payout_accounts",
        ["participant_id"],
        unique=False,
        schema="programme",
    )
    op.create_table(
        "wave_applications",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("participant_id", sa.String(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status IN ('joined', 'selected', 'not_selected')", name=op.f("ck_wave_applications_status")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["programme.participants.id"],
            name=op.f("fk_wave_applications_participant_id_participants"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wave_applications")),
        sa.UniqueConstraint("participant_id", "wave", name=op.f("uq_wave_applications_participant_id_wave")),
        schema="programme",
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("course_code", sa.String(), nullable=False),
        sa.Column("platform_id", sa.String(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("schedule_code", sa.String(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("quota_left", sa.Integer(), nullable=True),
        sa.CheckConstraint("price >= 0 AND quota_left >= 0", name=op.f("ck_offers_amounts")),
        sa.ForeignKeyConstraint(
            ["course_code"], ["programme.courses.code"], name=op.f("fk_offers_course_code_courses")
        ),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["programme.organisations.id"], name=op.f("fk_offers_platform_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
        sa.UniqueConstraint(
            "course_code", "platform_id", "schedule_code", name=op.f("uq_offers_course_code_platform_id_schedule_code")
        ),
        schema="programme",
    )
    op.create_table(
        "purchases",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("participant_id", sa.String(), nullable=False),
        sa.Column("course_code", sa.String(), nullable=False),
        sa.Column("platform_id", sa.String(), nullable=False),
        sa.Column("schedule_code", sa.String(), nullable=True),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("platform_status", sa.String(), nullable=True),
        sa.Column("invoice_code", sa.String(), nullable=True),
        sa.Column("transaction_code", sa.String(), nullable=True),
        sa.Column("redeem_code_hash", sa.String(), nullable=True),
        sa.Column("redeem_code_last4", sa.String(), nullable=True),
        sa.Column("selected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("redeemed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("class_starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("class_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("certificate_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure_reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "platform_status IN ('unpaid', 'paid', 'cancelled', 'failed')", name=op.f("ck_purchases_platform_status")
        ),
        sa.CheckConstraint(
            "state IN ('selected', 'awaiting_payment', 'failed', 'expired') OR "
            "(invoice_code IS NOT NULL AND paid_at IS NOT NULL)",
            name=op.f("ck_purchases_paid"),
        ),
        sa.CheckConstraint(
            "state IN ('selected', 'awaiting_payment', 'paid_without_code', 'code_issued', 'redeemed', "
            "'in_progress', 'completed', 'failed', 'expired', 'code_expired', 'cancelling', 'refunded', 'forfeited')",
            name=op.f("ck_purchases_state"),
        ),
        sa.CheckConstraint("price >= 0", name=op.f("ck_purchases_price")),
        sa.ForeignKeyConstraint(
            ["course_code"], ["programme.courses.code"], name=op.f("fk_purchases_course_code_courses")
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"], ["programme.participants.id"], name=op.f("fk_purchases_participant_id_participants")
        ),
        sa.ForeignKeyConstraint(
            ["platform_id"], ["programme.organisations.id"], name=op.f("fk_purchases_platform_id_organisations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchases")),
        sa.UniqueConstraint("invoice_code", name=op.f("uq_purchases_invoice_code")),
        sa.UniqueConstraint("redeem_code_hash", name=op.f("uq_purchases_redeem_code_hash")),
        sa.UniqueConstraint("transaction_code", name=op.f("uq_purchases_transaction_code")),
        schema="programme",
    )
    op.create_index(
        "ix_purchases_participant_id_selected_at",
        "purchases",
        ["participant_id", "selected_at"],
        unique=False,
        schema="programme",
    )
    op.create_table(
        "ledger_entries",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("participant_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("purchase_id", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.CheckConstraint(
            "CASE kind WHEN 'grant' THEN purchase_id IS NULL WHEN 'forfeit' THEN true ELSE purchase_id IS NOT NULL END",
            name=op.f("ck_ledger_entries_purchase"),
        ),
        sa.CheckConstraint(
            "kind IN ('grant', 'hold', 'capture', 'release', 'refund', 'forfeit')", name=op.f("ck_ledger_entries_kind")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_entries_amount")),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["programme.participants.id"],
            name=op.f("fk_ledger_entries_participant_id_participants"),
        ),
        sa.ForeignKeyConstraint(
            ["purchase_id"], ["programme.purchases.id"], name=op.f("fk_ledger_entries_purchase_id_purchases")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entries")),
        sa.UniqueConstraint("purchase_id", "kind", name=op.f("uq_ledger_entries_purchase_id_kind")),
        schema="programme",
    )
    op.create_index(
        "ix_ledger_entries_participant_id_at",
        "ledger_entries",
        ["participant_id", "at"],
        unique=False,
        schema="programme",
    )
    op.execute(LEDGER_IS_APPEND_ONLY)
