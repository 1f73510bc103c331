"""Working days at the desk in real browsers: people race, lines drop, promises run out, rights end in mid-session."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, Page, async_playwright, expect
from sqlalchemy import Select, func, select

from bot.claiming import claim as claim_sends
from desk.app import create_app
from desk.people import set_active
from desk.rounds.watch import going_round
from records.bell import DESK, Bell
from records.clock import Clock
from records.database import Database
from records.models import Message, Outbound, Staff, Ticket
from tests.desk.conftest import A_SEAL
from tests.desk.making import Scene
from tests.desk.scenes import CHEAP
from tests.desk.test_browser import CHROMIUM, FLAGS
from tests.desk.test_stream import served, signed_in

pytestmark = [
    pytest.mark.stack,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


class Day:
    """A desk that is served, and whoever sits down at it."""

    def __init__(self, browser: Browser, database: Database, scene: Scene, address: str) -> None:
        self.browser, self.database, self.scene, self.address = browser, database, scene, address

    async def sits_down(self, who: str, at: str = "/antrean") -> Page:
        """Open a browser of their own, signed in, at a page."""
        context = await self.browser.new_context(viewport={"width": 1366, "height": 768}, locale="id-ID")
        context.set_default_timeout(30_000)
        cookies = await signed_in(self.database, self.scene, who)
        given = [{"name": name, "value": value, "url": self.address} for name, value in cookies.items()]
        await context.add_cookies(given)  # type: ignore[arg-type]
        page = await context.new_page()
        await page.goto(self.address + at)
        return page

    def case(self, of: str) -> str:
        """The address of somebody's conversation."""
        return f"/percakapan/{self.scene.conversations[of].id}"

    async def ticket(self, of: str) -> Ticket:
        async with self.database.read() as session:
            return await session.get_one(Ticket, self.scene.tickets[of].id)


@asynccontextmanager
async def day_of(app: FastAPI, database: Database, scene: Scene) -> AsyncIterator[Day]:
    async with served(app) as address, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield Day(browser, database, scene, address)
        await browser.close()


@pytest.fixture
async def day(app: FastAPI, database: Database, scene: Scene) -> AsyncIterator[Day]:
    async with day_of(app, database, scene) as day:
        yield day


async def test_of_two_agents_who_press_at_once_one_has_the_case_and_the_other_reads_who(day: Day) -> None:
    pages = [await day.sits_down(who, day.case("siti")) for who in ("sari", "joko")]
    await asyncio.gather(*(page.get_by_role("button", name="Ambil tiket ini").click() for page in pages))
    async with asyncio.timeout(30):
        while (holder := (await day.ticket("siti")).staff_id) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    won = {day.scene.staff["sari"].id: 0, day.scene.staff["joko"].id: 1}[holder]
    await expect(pages[won].get_by_text("Tiket ini sekarang Anda pegang")).to_be_visible()
    await expect(pages[won].get_by_placeholder("Tulis balasan ke peserta")).to_be_visible()
    await expect(pages[1 - won].locator("#kabar p, .kabar").first).to_be_visible()
    name = ("Sari Dewanti", "Joko Prasetyo")[won]
    await expect(pages[1 - won].get_by_text(name).first).to_be_visible()
    await expect(pages[1 - won].get_by_placeholder("Tulis balasan ke peserta")).to_have_count(0)


async def test_words_of_the_bot_that_come_after_the_take_over_are_a_note_and_reach_nobody(
    day: Day, database: Database, bell: Bell, clock: Clock
) -> None:
    page = await day.sits_down("sari", day.case("siti"))
    chat = day.scene.conversations["siti"]
    async with database.write() as session:
        said = Message(
            conversation_id=chat.id, direction="out", author="bot", text="Terlambat dari bot", created_at=clock()
        )
        session.add(said)
        await session.flush()
        session.add(
            Outbound(
                conversation_id=chat.id,
                message_id=said.id,
                channel=chat.channel,
                payload={"text": said.text, "buttons": []},
                author="bot",
                owner_version=chat.owner_version,
                status="due",
            )
        )
    await page.get_by_role("button", name="Ambil tiket ini").click()
    await expect(page.get_by_text("Tiket ini sekarang Anda pegang")).to_be_visible()
    await claim_sends(database.at_once, chat.channel, 50)
    async with database.write() as session:
        await bell.ring(session, DESK, str(chat.id))
    late = page.locator(".pesan.note", has_text="Terlambat dari bot")
    await expect(late).to_be_visible()
    await expect(late).to_contain_text("tidak terkirim, tiket sudah dipegang petugas")


async def test_who_loses_the_right_in_mid_reply_sends_nothing_and_sees_the_door(
    day: Day, database: Database, bell: Bell, clock: Clock
) -> None:
    page = await day.sits_down("sari", day.case("yanto"))
    # the page does not hear of it: the line for news is dead
    await page.context.route("**/aliran*", lambda route: route.abort())
    await page.reload()
    words = f"jawaban terakhir {uuid4()}"
    await page.get_by_placeholder("Tulis balasan ke peserta").fill(words)
    async with database.write() as session:
        ani = await session.get_one(Staff, day.scene.staff["ani"].id)
        await set_active(session, bell, staff_id=day.scene.staff["sari"].id, active=False, by=ani, at=clock())
    await page.get_by_role("button", name="Kirim", exact=True).click()
    await expect(page.get_by_label("Nama pengguna")).to_be_visible()
    async with database.read() as session:
        assert await session.scalar(select(func.count(Message.id)).where(Message.text == words)) == 0
        assert (await session.get_one(Ticket, day.scene.tickets["yanto"].id)).status == "open"


async def test_a_lead_hands_a_case_to_another_and_both_see_it_as_it_happens(day: Day) -> None:
    sari, joko = await day.sits_down("sari", day.case("yanto")), await day.sits_down("joko", "/antrean?tab=saya")
    lela = await day.sits_down("lela", day.case("yanto"))
    await lela.keyboard.press("o")
    await lela.get_by_label("Kepada").select_option(label="Joko Prasetyo")
    await lela.get_by_label("Alasan, dibaca penerima").fill("Sari pulang lebih awal; OTP sudah dijelaskan")
    await lela.get_by_role("button", name="Oper tiket").click()
    number = day.scene.tickets["yanto"].number
    await expect(joko.locator(f"#b-{number}")).to_be_visible()
    await expect(joko.get_by_text("1 belum dibaca").first).to_be_attached()
    await expect(sari.get_by_placeholder("Tulis balasan ke peserta")).to_have_count(0)
    await joko.get_by_role("link", name="Sebutan").click()
    await expect(joko.get_by_text("OTP sudah dijelaskan")).to_be_visible()
    assert (await day.ticket("yanto")).staff_id == day.scene.staff["joko"].id


async def test_when_a_promise_runs_out_the_person_the_lead_and_the_queue_know_with_no_browser_asking(
    database: Database, scene: Scene, clock: Clock, bell: Bell
) -> None:
    gone = [timedelta()]
    app = create_app(database=database, clock=lambda: clock() + gone[0], bell=bell, seal=A_SEAL, passwords=CHEAP)
    async with going_round(app.state.office), day_of(app, database, scene) as day:
        lela = await day.sits_down("lela")
        number = scene.tickets["siti"].number
        await expect(lela.locator(f"#b-{number}")).to_contain_text("12 m")
        gone[0] = timedelta(minutes=8)
        hers = Message.conversation_id == scene.conversations["siti"].id
        told = select(func.count(Message.id)).where(Message.kind == "promise", hers)
        async with asyncio.timeout(90):
            while not await one(database, told):  # noqa: ASYNC110 (what is waited for is in the database)
                await asyncio.sleep(0.5)
        gone[0] = timedelta(minutes=20)
        await lela.reload()
        await expect(lela.locator(f"#b-{number}")).to_contain_text("Janji lewat")
        await lela.get_by_role("link", name="Sebutan").click()
        await expect(lela.get_by_text(number).first).to_be_visible()
    assert await one(database, told) == 1


async def one(database: Database, query: Select[int]) -> int:
    async with database.read() as session:
        return await session.scalar(query) or 0
