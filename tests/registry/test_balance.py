"""The balance is the sum of the ledger, whatever happened in whatever order."""

from dataclasses import dataclass
from random import Random
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from records.database import Database
from registry.interface import Known
from registry.own_tables import OwnTables
from registry.tables import CardRow, LedgerEntryRow, ParticipantRow, PurchaseRow
from tests.conftest import OPENING
from tests.registry.handed_over import RINA

LIVES = {
    (): 0,
    ("hold",): 1,
    ("hold", "release"): 0,
    ("hold", "capture"): 1,
    ("capture",): 1,
    ("hold", "capture", "refund"): 0,
    ("capture", "refund"): 0,
    ("hold", "capture", "forfeit"): 1,
}
"""What may become of a purchase, and how many times its price is then gone."""


@dataclass(frozen=True)
class Story:
    """What was granted, taken back unspent, and bought."""

    grants: list[int]
    unspent: list[int]
    purchases: list[tuple[tuple[str, ...], int]]
    order: Random

    @property
    def available(self) -> int:
        gone = sum(LIVES[life] * price for life, price in self.purchases)
        return sum(self.grants) - sum(self.unspent) - gone

    @property
    def held(self) -> int:
        return sum(price for life, price in self.purchases if life == ("hold",))


money = st.integers(min_value=1, max_value=3_500_000)
stories = st.builds(
    Story,
    st.lists(money, max_size=3),
    st.lists(money, max_size=2),
    st.lists(st.tuples(st.sampled_from(sorted(LIVES)), money), max_size=6),
    st.randoms(use_true_random=False),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(story=stories)
async def test_the_balance_is_what_was_granted_less_what_is_gone_and_never_less_than_nothing(
    filled: OwnTables, programme: Database, story: Story
) -> None:
    if story.available < 0:
        with pytest.raises(IntegrityError, match="nobody spends"):
            await live(programme, story)
        return
    who = await live(programme, story)
    answer = await filled.card(who)
    assert isinstance(answer, Known)
    assert (answer.value.available_balance, answer.value.open_holds) == (story.available, story.held)


async def live(programme: Database, story: Story) -> str:
    who = uuid4().hex
    entries = [("grant", amount, None) for amount in story.grants]
    entries += [("forfeit", amount, None) for amount in story.unspent]
    bought = [(f"{who}-{number}", life, price) for number, (life, price) in enumerate(story.purchases)]
    moves = [*entries, *((kind, price, key) for key, life, price in bought for kind in life)]
    story.order.shuffle(moves)
    async with programme.write() as session:
        await session.execute(insert(ParticipantRow), person(who))
        await session.execute(insert(CardRow), card(who))
        if bought:
            await session.execute(insert(PurchaseRow), [purchase(who, key, price) for key, _, price in bought])
        if moves:
            # in one statement: the ledger is looked at when a statement is over, whatever the order in it
            every = [entry(who, number, *it) for number, it in enumerate(moves)]
            await session.execute(insert(LedgerEntryRow).values(every))
    return who


def person(who: str) -> dict[str, object]:
    return {
        **{"id": who, "name": "Uji", "email_masked": "u…", "phone_hash": who, "phone_masked": "…00"},
        **{"account_status": "verified", "registered_at": OPENING},
        **dict.fromkeys(("verified_email", "verified_ktp", "verified_face", "verified_nik_kk"), True),
    }


def card(who: str) -> dict[str, object]:
    return {"id": who, "participant_id": who, "number_hash": who, "last4": "0000", "status": "active"}


def purchase(who: str, key: str, price: int) -> dict[str, object]:
    return {
        **{"id": key, "participant_id": who, "course_code": "K1", "platform_id": "tokopedia", "price": price},
        **{"state": "selected", "selected_at": OPENING},
    }


def entry(who: str, number: int, kind: str, amount: int, key: str | None) -> dict[str, object]:
    return {
        **{"id": f"{who}-L{number}", "participant_id": who, "kind": kind, "amount": amount},
        **{"purchase_id": key, "at": OPENING},
    }


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE programme.ledger_entries SET amount = 1",
        "DELETE FROM programme.ledger_entries",
        "TRUNCATE programme.ledger_entries",
    ],
)
async def test_the_ledger_only_grows(filled: OwnTables, programme: Database, change: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        async with programme.write() as session:
            await session.execute(text(change))


@pytest.mark.parametrize(
    ("kind", "amount", "key"),
    [("capture", 300_000, "B1"), ("hold", 1, None), ("grant", 1, "B1"), ("release", -1, "B2"), ("bonus", 1, None)],
)
async def test_the_database_refuses_an_entry_that_cannot_be(
    filled: OwnTables, programme: Database, kind: str, amount: int, key: str | None
) -> None:
    with pytest.raises(IntegrityError):
        async with programme.write() as session:
            await session.execute(insert(LedgerEntryRow), entry(RINA, 1, kind, amount, key))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE programme.purchases SET state = 'lunas'",
        "UPDATE programme.purchases SET price = -1",
        "UPDATE programme.purchases SET state = 'completed' WHERE id = 'B2'",
        "UPDATE programme.purchases SET invoice_code = 'SAMA'",
        "UPDATE programme.cards SET status = 'revoked'",
        "UPDATE programme.incentives SET status = 'paid'",
        "UPDATE programme.offers SET quota_left = -1",
    ],
)
async def test_the_database_refuses_a_state_that_cannot_be(filled: OwnTables, programme: Database, change: str) -> None:
    with pytest.raises(IntegrityError):
        async with programme.write() as session:
            await session.execute(text(change))
