"""The programme's own rules held by the database: states that may follow each other, money that must agree."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# as registry/purchase_states.py: what may be seen later, steps between unseen
WHAT_MAY_FOLLOW = """
CREATE FUNCTION programme.purchase_may_become(before text, after text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
SELECT before = after OR after = ANY (CASE before
    WHEN 'selected' THEN ARRAY['awaiting_payment', 'failed', 'expired', 'paid_without_code', 'code_issued', 'redeemed',
        'in_progress', 'completed', 'code_expired', 'cancelling', 'refunded', 'forfeited']
    WHEN 'awaiting_payment' THEN ARRAY['failed', 'expired', 'paid_without_code', 'code_issued', 'redeemed',
        'in_progress', 'completed', 'code_expired', 'cancelling', 'refunded', 'forfeited']
    WHEN 'paid_without_code' THEN ARRAY['code_issued', 'redeemed', 'in_progress', 'completed', 'code_expired',
        'cancelling', 'refunded', 'forfeited']
    WHEN 'code_issued' THEN ARRAY['redeemed', 'in_progress', 'completed', 'code_expired', 'cancelling', 'refunded',
        'forfeited']
    WHEN 'redeemed' THEN ARRAY['in_progress', 'completed', 'cancelling', 'refunded']
    WHEN 'in_progress' THEN ARRAY['completed']
    WHEN 'cancelling' THEN ARRAY['refunded']
    WHEN 'code_expired' THEN ARRAY['refunded', 'forfeited']
    ELSE ARRAY[]::text[]
END) $$;
CREATE FUNCTION programme.incentive_may_become(before text, after text, held_from text) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
SELECT after IN (before, 'on_hold') OR CASE before
    WHEN 'conditions_not_met' THEN after <> before
    WHEN 'scheduled' THEN after IN ('processing', 'paid', 'failed')
    WHEN 'processing' THEN after IN ('scheduled', 'paid', 'failed')
    WHEN 'failed' THEN after IN ('scheduled', 'processing', 'paid')
    WHEN 'on_hold' THEN held_from IS NULL OR after = held_from OR held_from = 'conditions_not_met'
        OR held_from <> 'paid' AND after <> 'conditions_not_met'
    ELSE false
END $$;
"""

STATES_GO_ON = """
CREATE FUNCTION programme.refuse_purchase_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT programme.purchase_may_become(OLD.state, NEW.state) THEN
        RAISE EXCEPTION 'a purchase cannot go from % to %', OLD.state, NEW.state
            USING ERRCODE = '23000', CONSTRAINT = 'purchase_goes_on';
    END IF;
    IF OLD.redeem_code_hash IS DISTINCT FROM NEW.redeem_code_hash AND OLD.redeem_code_hash IS NOT NULL THEN
        RAISE EXCEPTION 'a purchase has one redeem code for good'
            USING ERRCODE = '23000', CONSTRAINT = 'purchase_has_one_code';
    END IF;
    IF (OLD.price, OLD.participant_id) IS DISTINCT FROM (NEW.price, NEW.participant_id)
        AND EXISTS (SELECT FROM programme.ledger_entries WHERE purchase_id = OLD.id)
    THEN
        RAISE EXCEPTION 'what is in the ledger keeps its price and its buyer'
            USING ERRCODE = '23000', CONSTRAINT = 'purchase_keeps_its_price';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER purchase_goes_on BEFORE UPDATE ON programme.purchases FOR EACH ROW
    WHEN ((OLD.state, OLD.redeem_code_hash, OLD.price, OLD.participant_id)
        IS DISTINCT FROM (NEW.state, NEW.redeem_code_hash, NEW.price, NEW.participant_id))
    EXECUTE FUNCTION programme.refuse_purchase_change();

CREATE FUNCTION programme.refuse_incentive_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT programme.incentive_may_become(OLD.status, NEW.status, OLD.held_from) THEN
        RAISE EXCEPTION 'an incentive cannot go from % to %', OLD.status, NEW.status
            USING ERRCODE = '23000', CONSTRAINT = 'incentive_goes_on';
    END IF;
    NEW.held_from = CASE WHEN NEW.status = 'on_hold' THEN OLD.status END;
    RETURN NEW;
END $$;
CREATE TRIGGER incentive_goes_on BEFORE UPDATE ON programme.incentives FOR EACH ROW
    WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION programme.refuse_incentive_change();
"""

# a statement at a time, for an import adds millions of entries in one
MONEY_AGREES = """
CREATE FUNCTION programme.refuse_broken_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    broken text;
BEGIN
    SELECT CASE
        WHEN e.participant_id <> p.participant_id THEN 'ledger_of_its_buyer'
        WHEN e.amount <> p.price THEN 'ledger_amount_is_the_price'
        WHEN p.state = 'completed' THEN 'no_refund_after_completion'
        ELSE 'nothing_back_that_was_not_taken'
    END INTO broken
    FROM added e JOIN programme.purchases p ON p.id = e.purchase_id
    WHERE e.participant_id <> p.participant_id OR e.amount <> p.price
        OR e.kind = 'refund' AND p.state = 'completed'
        OR e.kind IN ('refund', 'release') AND NOT EXISTS (
            SELECT FROM programme.ledger_entries taken WHERE taken.purchase_id = e.purchase_id
            AND taken.kind = CASE e.kind WHEN 'refund' THEN 'capture' ELSE 'hold' END
        )
    LIMIT 1;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION 'the ledger does not agree with the purchase: %', broken
            USING ERRCODE = '23000', CONSTRAINT = broken;
    END IF;
    IF EXISTS (
        SELECT FROM programme.ledger_entries e
        WHERE e.participant_id IN (SELECT participant_id FROM added WHERE kind IN ('hold', 'capture', 'forfeit'))
        GROUP BY e.participant_id
        HAVING sum(CASE
            WHEN e.kind IN ('grant', 'refund') THEN e.amount
            WHEN e.kind = 'capture' OR e.kind = 'forfeit' AND e.purchase_id IS NULL THEN -e.amount
            WHEN e.kind = 'hold' AND NOT EXISTS (
                SELECT FROM programme.ledger_entries closing
                WHERE closing.purchase_id = e.purchase_id AND closing.kind IN ('capture', 'release')
            ) THEN -e.amount
            ELSE 0
        END) < 0
    ) THEN
        RAISE EXCEPTION 'nobody spends what they do not have'
            USING ERRCODE = '23000', CONSTRAINT = 'balance_not_below_zero';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_agrees AFTER INSERT ON programme.ledger_entries REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION programme.refuse_broken_ledger();
"""


def upgrade() -> None:
    """Bring the tables to this version."""
    op.add_column("participants", sa.Column("nik_last4_hash", sa.String(), nullable=True), schema="programme")
    op.add_column("incentives", sa.Column("held_from", sa.String(), nullable=True), schema="programme")
    op.create_check_constraint(
        op.f("ck_purchases_code"),
        "purchases",
        "redeem_code_hash IS NULL OR "
        "state NOT IN ('selected', 'awaiting_payment', 'failed', 'expired', 'paid_without_code')",
        schema="programme",
    )
    op.create_check_constraint(
        op.f("ck_purchases_redeemed"),
        "purchases",
        "redeemed_at IS NULL OR (paid_at IS NOT NULL AND redeemed_at >= paid_at)",
        schema="programme",
    )
    op.execute(WHAT_MAY_FOLLOW)
    op.execute(STATES_GO_ON)
    op.execute(MONEY_AGREES)
