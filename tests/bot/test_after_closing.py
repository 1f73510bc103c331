"""After a case was closed: it is rated once, a low rating is asked about, and it may be opened again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text

from bot import wording
from bot.after_closing import meant_by
from desk.acts.claim import claim
from desk.acts.resolve import resolve
from records.clock import Clock
from records.database import Database
from records.models import Staff, StaffNotice, Ticket
from tests.bot.corridor import A_TICKET, Corridor, ScriptedRasa, press, says, update
from tests.desk.scenes import hire

HANDS_OVER = {"kind": "hand_over", "reason": "diminta"}


@dataclass
class Closed:
    """A corridor in which one case was handled and closed, and the clock that goes on."""

    corridor: Corridor
    staff: dict[str, Staff]
    gone: timedelta = timedelta()
    number: int = 100

    async def says(self, words: str) -> str:
        """Say something; return what comes back."""
        self.number += 1
        await self.corridor.hear(update(self.number, words))
        return self.corridor.telegram.words[-1]

    async def presses(self, title: str) -> str:
        """Press a button of the last message that has any."""
        message = next(it for it in reversed(self.corridor.telegram.sent) if it.buttons)
        token = next(button.token for button in message.buttons if button.title == title)
        self.number += 1
        await self.corridor.hear(press(self.number, token))
        return self.corridor.telegram.words[-1]

    async def ticket(self) -> Ticket:
        async with self.corridor.database.read() as session:
            return (await session.scalars(select(Ticket))).one()

    async def ratings(self) -> list[tuple[int, bool]]:
        async with self.corridor.database.read() as session:
            rows = await session.execute(text("SELECT score, told_why FROM ratings ORDER BY times"))
            return [(score, why) for score, why in rows]

    async def leads_read(self) -> list[str]:
        async with self.corridor.database.read() as session:
            mine = select(StaffNotice.said).where(StaffNotice.staff_id == self.staff["lela"].id)
            return list(await session.scalars(mine.order_by(StaffNotice.at, StaffNotice.said)))

    async def close(self) -> None:
        """Sari takes the case and resolves it."""
        database, at = self.corridor.database, self.corridor.clock()
        ticket_id: UUID = (await self.ticket()).id
        async with database.write() as session:
            await claim(session, self.corridor.bell, ticket_id=ticket_id, staff=self.staff["sari"], at=at)
        async with database.write() as session:
            said = {"resolution": "Paketnya sudah muncul lagi.", "staff": self.staff["sari"]}
            await resolve(session, self.corridor.bell, ticket_id=ticket_id, at=at, **said)  # type: ignore[arg-type]
        self.corridor.outbox._said.set()
        await self.corridor.rest()


@pytest.fixture
async def closed(database: Database, clock: Clock, data_key: str) -> AsyncIterator[Closed]:
    async with _closed(database, clock, data_key) as closed:
        yield closed


@asynccontextmanager
async def _closed(database: Database, clock: Clock, data_key: str) -> AsyncIterator[Closed]:
    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        hands_over = [A_TICKET, HANDS_OVER] if "petugas" in asked["text"] else []
        return says("Nomor {ticket}, {promise}." if hands_over else "dengar", proposals=hands_over)

    async with database.write() as session:
        staff = await hire(session, clock())
    made: list[Closed] = []

    def moving() -> datetime:
        return clock() + (made[0].gone if made else timedelta())

    async with Corridor(database, moving, data_key, rasa=ScriptedRasa(answer)) as corridor:
        made.append(Closed(corridor, staff))
        await corridor.hear(update(1, "mana petugas"))
        await made[0].close()
        yield made[0]


async def test_the_closing_message_asks_and_a_rating_counts_once(closed: Closed) -> None:
    last = closed.corridor.telegram.sent[-1]
    assert [button.title for button in last.buttons] == ["Belum beres", "5 Bagus", "4", "3 Cukup", "2", "1 Jelek"]
    assert await closed.presses("4") == wording.RATED
    assert await closed.ratings() == [(4, False)]
    assert await closed.leads_read() == []
    assert await closed.presses("5 Bagus") == wording.STALE_BUTTON
    assert await closed.ratings() == [(4, False)]


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *[("bagus kak, makasih", 5), ("5", -1), ("3 bintang", -1), ("cukup", 3), ("jelek", 1), ("kurang membantu", 1)],
        *[("belum beres", 0), ("masih sama min", 0), ("blm selesai kak", 0), ("makasih", None), ("15", None)],
        *[("semoga selesai ya kak", None), ("udah mau puasa", None)],
    ],
)
def test_words_mean_what_buttons_mean(said: str, meant: int | None) -> None:
    assert meant_by(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        *["tdk puas", "tdk membantu", "belum puas", "blm membantu", "gk membantu", "g puas", "ga puas", "tidak bagus"],
        *["kurang memuaskan", "tidak memuaskan", "tidak terlalu membantu", "tidak cukup", "tidak bisa membantu"],
        *["pelayanannya sama sekali tidak memuaskan kak", "kecewa, kapan selesainya?"],
    ],
)
def test_praise_that_is_denied_is_a_low_rating(said: str) -> None:
    assert meant_by(said) == 1


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *[("puas", 5), ("sangat puas", 5), ("mantap kak", 5), ("bagus sekali, terima kasih banyak kak", 5)],
        *[
            ("terima kasih, sangat membantu", 5),
            ("terima kasih kak sudah membantu", 5),
            ("sangat membantu sekali kak", 5),
        ],
        *[("lumayan", 3), ("cukup membantu kak", 3), ("biasa aja sih", 3), ("lumayan cepat tapi masih bingung", 3)],
    ],
)
def test_real_praise_counts(said: str, meant: int) -> None:
    assert meant_by(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        *["saldo saya tidak cukup kak", "cara agar saldo cukup gimana", "bisa membantu cek saldo saya?"],
        *["kapan aplikasinya bagus lagi kak", "sudah bagus?", "foto yang diunggah harus bagus"],
    ],
)
async def test_a_question_right_after_the_closing_message_is_answered_and_rates_nothing(
    closed: Closed, said: str
) -> None:
    assert await closed.says(said) == "dengar"
    assert await closed.ratings() == []


async def test_a_rating_may_be_said_in_words(closed: Closed) -> None:
    assert await closed.says("3 bintang") == wording.RATED
    assert await closed.ratings() == [(3, False)]


async def test_a_low_rating_asks_why_and_the_lead_hears_of_both(closed: Closed) -> None:
    assert await closed.presses("1 Jelek") == wording.RATED_LOW
    assert await closed.says("lama sekali, seminggu baru dibalas, hp 081234567890") == wording.WHY_TOLD
    assert await closed.ratings() == [(1, True)]
    assert await closed.leads_read() == [
        "Alasan nilai rendah: lama sekali, seminggu baru dibalas, hp [TELEPON]",
        "Dinilai 1 dari 5.",
    ]
    assert await closed.says("mau tanya yang lain") == "dengar"


@pytest.mark.parametrize("way", ["press", "masih sama min"])
async def test_not_settled_opens_the_same_case_again_with_its_history(closed: Closed, way: str) -> None:
    before = await closed.ticket()
    closed.gone = timedelta(days=1)
    said = await (closed.presses("Belum beres") if way == "press" else closed.says(way))
    number = before.number
    assert said == (
        f"Baik Kak, laporan {number} kami buka lagi, dengan semua catatannya. Dijawab di chat ini paling lambat "
        "Kamis, 27 Agustus 2020 pukul 10.00 WIB. Kakak urutan ke-1. Kalau ada yang baru, tuliskan saja di sini."
    )
    after = await closed.ticket()
    assert (after.id, after.status, after.reopened) == (before.id, "open", 1)
    assert after.previous_staff_id == closed.staff["sari"].id
    assert after.waiting_since == closed.corridor.clock()
    row = await closed.corridor.row("SELECT owner, staff_id FROM conversations")
    assert row == {"owner": "human", "staff_id": None}
    assert await closed.says("halo?") == wording.JOINED.replace("{ticket}", number)
    assert await closed.corridor.count("hand_overs WHERE reason LIKE 'dibuka lagi%'") == 1


async def test_after_a_week_a_new_report_is_asked_for(closed: Closed) -> None:
    closed.gone = timedelta(days=7, minutes=1)
    assert "sudah lama selesai" in await closed.presses("Belum beres")
    assert (await closed.ticket()).status == "resolved"


async def test_once_the_talk_went_on_words_are_about_something_else(closed: Closed) -> None:
    assert await closed.says("cara beli pelatihan gimana ya") == "dengar"
    assert await closed.says("bagus") == "dengar"
    assert await closed.ratings() == []


async def test_a_closed_case_that_was_reopened_can_be_rated_for_its_second_end(closed: Closed) -> None:
    await closed.presses("2")
    await closed.says("belum beres")
    await closed.close()
    assert await closed.presses("5 Bagus") == wording.RATED
    assert await closed.ratings() == [(2, False), (5, False)]


@pytest.mark.parametrize(
    ("since", "said"),
    [
        ("UPDATE tickets SET reopened = 1, status = 'open', resolved_at = NULL", wording.OPEN_AGAIN),
        ("UPDATE tickets SET reopened = 1", wording.STALE_BUTTON),
        (
            "INSERT INTO ratings (ticket_id, times, score, at, team_id, intent, queue, channel) "
            "SELECT id, 0, 4, resolved_at, team_id, intent, queue, channel FROM tickets",
            wording.RATED_ALREADY,
        ),
    ],
)
async def test_an_old_rating_button_says_what_became_of_the_case(closed: Closed, since: str, said: str) -> None:
    # what happens to a merged case in another chat of theirs leaves the buttons of this one
    async with closed.corridor.database.write() as session:
        await session.execute(text(since))
    ratings = await closed.ratings()
    assert await closed.presses("5 Bagus") == said.format(number=(await closed.ticket()).number)
    assert await closed.ratings() == ratings
