"""A redeem code goes to the actions sealed, of a bound person alone, and stands nowhere else."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.identity.keys import IdentityKeys
from records.clock import Clock
from records.database import Database
from records.sealed import Seal
from tests.bot.corridor import Corridor, PhoneBook, update

CODE, SAID = "PRKABCDEF123", "kode redeem saya PRKABCDEF123 ditolak, PRAT-9X8Y7Z juga"
CONTACT = {"phone_number": "+62840000001", "user_id": 7001, "first_name": "Siti"}

type Make = Callable[..., Corridor]


@pytest.fixture
def make(database: Database, clock: Clock, data_key: str) -> Make:
    return lambda **parts: Corridor(database, clock, data_key, **parts)


@pytest.fixture
def siti_known(data_key: str) -> PhoneBook:
    """A registry that knows Siti's number."""
    book = PhoneBook({"+62840000001": ("P000001",)})
    book.keys = IdentityKeys(data_key)
    return book


def metadata(corridor: Corridor) -> dict[str, Any]:
    """What the last turn was asked with."""
    asked: dict[str, Any] = corridor.rasa.asked[-1]["metadata"]
    return asked


async def test_a_bound_person_s_codes_go_along_sealed_beside_their_placeholders(
    make: Make, siti_known: PhoneBook, data_key: str
) -> None:
    async with make(registry=siti_known) as corridor:
        await corridor.hear(update(1, None, contact=CONTACT))
        await corridor.hear(update(2, SAID))
    asked = corridor.rasa.asked[-1]
    assert asked["text"] == "kode redeem saya [KODE] ditolak, [KODE] juga"
    assert [Seal(data_key).open(code.encode()) for code in metadata(corridor)["sealed_codes"]] == [
        CODE,
        "PRAT-9X8Y7Z",
    ]
    assert CODE not in str(asked)


async def test_a_stranger_s_code_stays_at_the_door(make: Make) -> None:
    async with make() as corridor:
        await corridor.hear(update(1, SAID))
    assert metadata(corridor)["sealed_codes"] == []


async def test_no_more_than_a_few_are_carried(make: Make, siti_known: PhoneBook) -> None:
    async with make(registry=siti_known) as corridor:
        await corridor.hear(update(1, None, contact=CONTACT))
        await corridor.hear(update(2, "redeem " + " ".join(f"PRKABCDEF{n:03d}" for n in range(200, 240))))
    assert len(metadata(corridor)["sealed_codes"]) == 3


async def test_the_code_stands_in_no_row(make: Make, siti_known: PhoneBook) -> None:
    async with make(registry=siti_known) as corridor:
        await corridor.hear(update(1, None, contact=CONTACT))
        await corridor.hear(update(2, SAID))
        rows = await corridor.row(
            "SELECT string_agg(t::text, ' ') AS everything FROM ("
            "SELECT turns::text AS t FROM turns UNION ALL SELECT messages::text FROM messages "
            "UNION ALL SELECT conversations::text FROM conversations UNION ALL SELECT outbox::text FROM outbox) AS r"
        )
    assert "[KODE]" in rows["everything"]
    assert CODE not in rows["everything"]
