"""The database holds the programme's rules itself, whoever writes."""

from collections.abc import Iterator
from itertools import product

import psycopg
import pytest

from registry.purchase_states import incentive_may_become, may_become
from registry.tables import PurchaseRow
from registry.tables.states import INCENTIVE_STATUSES, PURCHASE_STATES
from tests.registry.handed_over import JOKO, LINA, RINA, SITI

type Connection = psycopg.Connection[tuple[object, ...]]


@pytest.fixture
def db(programme_url: str) -> Iterator[Connection]:
    """The database with the small programme; whatever a scene writes is taken back."""
    with psycopg.connect(programme_url.replace("+psycopg", "")) as connection:
        yield connection
        connection.rollback()


def entry(who: str, kind: str, amount: int, purchase: str | None, key: str = "L-new") -> str:
    bought = f"'{purchase}'" if purchase else "NULL"
    values = f"'{key}', '{who}', '{kind}', {amount}, {bought}, now()"
    columns = "id, participant_id, kind, amount, purchase_id, at"
    return f"INSERT INTO programme.ledger_entries ({columns}) VALUES ({values})"  # noqa: S608


def test_states_of_purchases_follow_each_other_as_the_programme_says(db: Connection) -> None:
    for before, after in product(PURCHASE_STATES, PURCHASE_STATES):
        said = db.execute("SELECT programme.purchase_may_become(%s, %s)", (before, after)).fetchone()
        assert said == (may_become(before, after),), (before, after)


def test_statuses_of_incentives_follow_each_other_as_the_programme_says(db: Connection) -> None:
    for before, after, held in product(INCENTIVE_STATUSES, INCENTIVE_STATUSES, (None, *INCENTIVE_STATUSES[:-1])):
        said = db.execute("SELECT programme.incentive_may_become(%s, %s, %s)", (before, after, held)).fetchone()
        assert said == (incentive_may_become(before, after, held),), (before, after, held)


def test_the_constraints_of_the_models_are_those_of_the_database(db: Connection) -> None:
    found = db.execute(
        "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = 'programme.purchases'::regclass"
    ).fetchall()
    named = {str(it.name) for it in PurchaseRow.__table__.constraints if str(it.name).startswith("ck_")}  # type: ignore[attr-defined]
    assert {name for (name,) in found} == named


def code(purchase: str, hashed: str) -> str:
    change = f"state = 'code_issued', redeem_code_hash = '{hashed}'"
    return f"UPDATE programme.purchases SET {change} WHERE id = '{purchase}'"  # noqa: S608


REFUSED: dict[str, tuple[list[str], str]] = {
    "paid back to awaiting payment": (
        ["UPDATE programme.purchases SET state = 'awaiting_payment' WHERE id = 'B1'"],
        "purchase_goes_on",
    ),
    "anything after a refund": (
        ["UPDATE programme.purchases SET state = 'code_issued' WHERE id = 'B3'"],
        "purchase_goes_on",
    ),
    "refund after completed": (
        [
            "UPDATE programme.purchases SET state = 'completed' WHERE id = 'B1'",
            "UPDATE programme.purchases SET state = 'refunded' WHERE id = 'B1'",
        ],
        "purchase_goes_on",
    ),
    "money back after completed": (
        ["UPDATE programme.purchases SET state = 'completed' WHERE id = 'B1'", entry(RINA, "refund", 300_000, "B1")],
        "no_refund_after_completion",
    ),
    "redeem before payment": (
        ["UPDATE programme.purchases SET state = 'redeemed', redeemed_at = now() WHERE id = 'B2'"],
        "ck_purchases_paid",
    ),
    "redeemed earlier than paid": (
        ["UPDATE programme.purchases SET redeemed_at = paid_at - interval '1 second' WHERE id = 'B1'"],
        "ck_purchases_redeemed",
    ),
    "a second code": ([code("B1", "a"), code("B1", "b")], "purchase_has_one_code"),
    "a code taken away": (
        [code("B1", "a"), "UPDATE programme.purchases SET redeem_code_hash = NULL WHERE id = 'B1'"],
        "purchase_has_one_code",
    ),
    "a code before payment": (
        ["UPDATE programme.purchases SET redeem_code_hash = 'a' WHERE id = 'B2'"],
        "ck_purchases_code",
    ),
    "one code for two purchases": (
        [
            code("B1", "a"),
            "UPDATE programme.purchases SET paid_at = now() WHERE id = 'B2'",
            code("B2", "a"),
        ],
        "uq_purchases_redeem_code_hash",
    ),
    "another price once in the ledger": (
        ["UPDATE programme.purchases SET price = 1 WHERE id = 'B1'"],
        "purchase_keeps_its_price",
    ),
    "captured twice": ([entry(RINA, "capture", 300_000, "B1")], "uq_ledger_entries_purchase_id_kind"),
    "refunded twice": (
        [entry(RINA, "refund", 300_000, "B1"), entry(RINA, "refund", 300_000, "B1", "L-again")],
        "uq_ledger_entries_purchase_id_kind",
    ),
    "refund without capture": ([entry(JOKO, "refund", 300_000, "B2")], "nothing_back_that_was_not_taken"),
    "release without hold": ([entry(LINA, "release", 300_000, "B3")], "nothing_back_that_was_not_taken"),
    "refund of more than was taken": ([entry(RINA, "refund", 300_001, "B1")], "ledger_amount_is_the_price"),
    "capture from somebody else": ([entry(SITI, "capture", 300_000, "B2")], "ledger_of_its_buyer"),
    "price above the balance": ([entry(LINA, "hold", 300_000, "B3")], "balance_not_below_zero"),
    "forfeit of more than there is": ([entry(RINA, "forfeit", 700_001, None)], "balance_not_below_zero"),
    "incentive back to the start": (
        ["UPDATE programme.incentives SET status = 'conditions_not_met' WHERE id = 'N1'"],
        "incentive_goes_on",
    ),
    "held incentive going on from elsewhere": (
        [
            "UPDATE programme.incentives SET status = 'on_hold' WHERE id = 'N1'",
            "UPDATE programme.incentives SET status = 'conditions_not_met' WHERE id = 'N1'",
        ],
        "incentive_goes_on",
    ),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_the_database_refuses(db: Connection, kind: str) -> None:
    (*before, last), constraint = REFUSED[kind]
    for change in before:
        db.execute(change.encode())
    with pytest.raises(psycopg.IntegrityError) as refusal:
        db.execute(last.encode())
    assert refusal.value.diag.constraint_name == constraint


ALLOWED: dict[str, list[str]] = {
    "steps nobody saw": [
        "UPDATE programme.purchases SET state = 'completed', paid_at = now() WHERE id = 'B2'",
    ],
    "given back once": [
        "UPDATE programme.purchases SET state = 'cancelling' WHERE id = 'B1'",
        entry(RINA, "refund", 300_000, "B1"),
        "UPDATE programme.purchases SET state = 'refunded' WHERE id = 'B1'",
    ],
    "all of it spent": [entry(SITI, "forfeit", 1_000_000, None)],
    "hold becomes capture": [entry(JOKO, "capture", 300_000, "B2")],
    "held, and on from where it was": [
        "UPDATE programme.incentives SET status = 'on_hold' WHERE id = 'N1'",
        "UPDATE programme.incentives SET status = 'scheduled' WHERE id = 'N1'",
        "UPDATE programme.incentives SET status = 'on_hold' WHERE id = 'N1'",
        "UPDATE programme.incentives SET status = 'paid', paid_at = now() WHERE id = 'N1'",
    ],
}


@pytest.mark.parametrize("kind", ALLOWED)
def test_the_database_lets_be(db: Connection, kind: str) -> None:
    for change in ALLOWED[kind]:
        assert db.execute(change.encode()).rowcount == 1


def test_captures_less_refunds_are_the_prices_of_what_is_captured_and_not_refunded(db: Connection) -> None:
    db.execute(entry(JOKO, "capture", 300_000, "B2").encode())
    db.execute(entry(RINA, "refund", 300_000, "B1", "L-back").encode())
    moved, worth = db.execute(
        "SELECT sum(CASE kind WHEN 'capture' THEN amount WHEN 'refund' THEN -amount ELSE 0 END),"
        " (SELECT sum(price) FROM programme.purchases p WHERE"
        "  EXISTS (SELECT FROM programme.ledger_entries WHERE purchase_id = p.id AND kind = 'capture')"
        "  AND NOT EXISTS (SELECT FROM programme.ledger_entries WHERE purchase_id = p.id AND kind = 'refund'))"
        " FROM programme.ledger_entries"
    ).fetchone() or (None, None)
    assert moved == worth
    assert moved
