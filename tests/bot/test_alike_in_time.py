"""What fails, fails alike: the same work on every path, so that neither words nor time tell a stranger anything.

Times are compared as ratios of medians, taken in turns, and generously: the machine has other things to do. Where they
are not alike at once more of them are taken: what is really longer stays longer.
"""

import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from bot.events import InboundEvent, Kind, SharedContact
from bot.heard import Heard
from bot.identity.keys import IdentityKeys, token_hash
from bot.identity.numbers import ForeignNumbers
from bot.identity.proving import Proofs
from bot.lanes import Job
from bot.masking import Masked
from bot.outcome import Outcome
from records.clock import Clock
from records.database import Database
from records.models import ChannelIdentity, Conversation, OneTimeLink, Ticket
from registry.identifiers import Keyed
from registry.importing import import_folder
from registry.own_tables import OwnTables
from tests.conftest import OPENING
from tests.registry.conftest import PATIENT
from tests.registry.handed_over import JOKO, PAID, RINA, SITI, phone, small_programme, write_folder

ROUNDS, AT_MOST = 20, 200
ALIKE = 1.6
"""How many times longer one path may take than another."""

STRANGER = Job(
    fence=1,
    conversation=uuid4(),
    channel="telegram",
    chat="7",
    address="",
    state={},
    offered=[],
    owner="bot",
    owner_version=0,
    staff_id=None,
    window_until=None,
    unreachable=None,
    identity_id=None,
    person="7",
    participant_id=None,
    display_name=None,
    inbox_id=1,
    event_id="e",
    kind="text",
    sealed_event=b"",
    received_at=OPENING,
    attempts=0,
)
type Try = Callable[[Job], Awaitable[Outcome]]


@dataclass
class House:
    """A registry with people in it, and what looks at proofs."""

    database: Database
    registry: OwnTables
    keys: IdentityKeys
    proofs: Proofs


@pytest.fixture
async def house(database: Database, database_url: str, clock: Clock, data_key: str, tmp_path: Path) -> House:
    files = small_programme()
    files["participants"][1]["phone"] = files["participants"][2]["phone"]
    assert import_folder(database_url, write_folder(tmp_path / "csv", files), clock, data_key).clean
    registry, keys = OwnTables(database, clock, Keyed(data_key), PATIENT), IdentityKeys(data_key)
    return House(database, registry, keys, Proofs(database, registry, keys, clock))


async def alike(house: House, tries: dict[str, Try]) -> set[str]:
    """Try each in turn, many times, each time as another stranger; returns the words, once the times are alike."""
    took: dict[str, list[float]] = {name: [] for name in tries}
    words: set[str] = set()
    medians: dict[str, float] = {}
    for number in range(AT_MOST):
        for name, attempt in tries.items():
            stranger = replace(STRANGER, person=f"{name}-{number}")
            began = time.perf_counter()
            outcome = await attempt(stranger)
            async with house.database.write() as session:
                for change in outcome.changes:
                    await change.write(session, stranger, OPENING)
            took[name].append(time.perf_counter() - began)
            words.add(repr((outcome.text, outcome.buttons, outcome.request_contact, outcome.name)))
        medians = {name: statistics.median(times) for name, times in took.items()}
        if number + 1 >= ROUNDS and max(medians.values()) < ALIKE * min(medians.values()):
            break
    assert max(medians.values()) < ALIKE * min(medians.values()), medians
    return words


def sharing(house: House, number: str, *, own: bool) -> Try:
    event = InboundEvent("telegram", "e", "7", "7", Kind.CONTACT, 1, b"", contact=SharedContact(number, own))
    return lambda job: house.proofs.contact(job, Heard(event, Masked("", ())))


async def test_contacts_that_prove_nothing_are_alike_and_so_are_wrong_digits(house: House) -> None:
    pending = {
        "candidates": [RINA, JOKO],
        "phone_hash": house.keys.phone(phone("08")),
        "by": "telegram_contact",
        "until": (OPENING + timedelta(minutes=9)).isoformat(),
    }
    words = await alike(
        house,
        {
            "another's, registered": sharing(house, phone("01"), own=False),
            "another's, registered to two": sharing(house, phone("08"), own=False),
            "another's, not registered": sharing(house, "+6281299999999", own=False),
            "own, not registered": sharing(house, "+6281299999999", own=True),
            "no number at all": sharing(house, "", own=False),
            "wrong digits": lambda job: house.proofs.digits(replace(job, pending_number=pending), "7777"),
        },
    )
    assert len(words) == 1


async def test_a_locked_chat_is_answered_as_before(house: House) -> None:
    own = sharing(house, phone("01"), own=True)
    for _ in range(6):
        outcome = await sharing(house, phone("09"), own=False)(STRANGER)
        async with house.database.write() as session:
            for change in outcome.changes:
                await change.write(session, STRANGER, OPENING)
    assert repr((await own(STRANGER)).text) == repr(outcome.text)


async def test_links_that_do_not_work_are_alike(house: House) -> None:
    used = await a_link(house, used=True)
    words = await alike(
        house,
        {
            "used": lambda job: house.proofs.link(job, used),
            "unknown": lambda job: house.proofs.link(job, "A" * 32),
            "malformed": lambda job: house.proofs.link(job, "x"),
        },
    )
    assert len(words) == 1


async def test_numbers_of_tickets_and_orders_are_alike_whether_they_exist_or_not(house: House) -> None:
    ticket = await a_ticket(house)
    numbers = ForeignNumbers(house.database, house.registry, house.keys)

    def typed(text: str, participant: str | None = None) -> Try:
        async def attempt(job: Job) -> Outcome:
            return Outcome("answered", changes=await numbers.of(job, text, participant, job.person))

        return attempt

    await alike(
        house,
        {
            "somebody's ticket": typed(f"laporan {ticket} gimana"),
            "nobody's ticket": typed("laporan T-999999 gimana"),
        },
    )
    await alike(
        house,
        {
            "another's order": typed(f"invoice {PAID} gimana", SITI),
            "nobody's order": typed("invoice TOKPED-ZZZZZ9 gimana", SITI),
        },
    )


async def a_link(house: House, *, used: bool) -> str:
    token = "T" * 32
    async with house.database.write() as session:
        identity = ChannelIdentity(channel="telegram", external_id="1", participant_id=SITI)
        session.add(identity)
        await session.flush()
        chat = Conversation(channel="telegram", external_id="1", identity_id=identity.id, opened_at=OPENING)
        session.add(chat)
        await session.flush()
        link = OneTimeLink(
            token_hash=token_hash(token),
            identity_id=identity.id,
            conversation_id=chat.id,
            expires_at=OPENING + timedelta(days=9999),
            used_at=OPENING if used else None,
        )
        session.add(link)
    return token


async def a_ticket(house: House) -> str:
    async with house.database.write() as session:
        chat = Conversation(channel="telegram", external_id="2", opened_at=OPENING)
        session.add(chat)
        await session.flush()
        case = Ticket(
            conversation_id=chat.id,
            participant_id=SITI,
            intent="paid_no_code",
            summary="uji",
            reason="uji",
            queue="PMO_TRANSACTION",
            opened_by_turn=uuid4(),
            opened_at=OPENING,
            promised_at=OPENING,
        )
        session.add(case)
        await session.flush()
        await session.refresh(case, ["number"])
        return case.number
