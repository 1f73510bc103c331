"""A browser at the web chat: opening, writing, hiding a tab, killing the whole of it, and staff on the other side."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import pytest
from playwright.async_api import BrowserContext, Locator, Page, Playwright, async_playwright
from sqlalchemy import select, text
from starlette.applications import Starlette

from records.bell import OUTBOX
from records.models import Conversation, Message, Outbound, Staff
from tests.bot.corridor import Corridor
from tests.bot.web import Served, pulled_doors
from tests.conftest import OPENING

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
BROWSER = [
    pytest.mark.stack,
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
PICTURES = os.environ.get("PICTURES")
"""Folder for screenshots; none are taken without it."""
PHONE = {"width": 390, "height": 844}


async def picture(page: Page, name: str) -> None:
    if PICTURES:
        await page.wait_for_timeout(300)
        await page.screenshot(path=Path(PICTURES) / f"{name}.png")


@dataclass
class Chat:
    """A browser, and the help desk it writes to."""

    corridor: Corridor
    served: Served
    playwright: Playwright
    profile: Path | None
    complaints: list[str] = field(default_factory=list)

    async def begin_again(self) -> None:
        """Start the browser; with a profile it remembers what the one before it kept."""
        given: dict[str, Any] = {"viewport": PHONE, "locale": "id-ID", "ignore_https_errors": True}
        launch = self.playwright.chromium
        if self.profile:
            self.context: BrowserContext = await launch.launch_persistent_context(
                self.profile, executable_path=CHROMIUM, args=FLAGS, **given
            )
        else:
            browser = await launch.launch(executable_path=CHROMIUM, args=FLAGS)
            self.context = await browser.new_context(**given)
        self.context.set_default_timeout(60_000)
        self.context.on("weberror", lambda problem: self.complaints.append(str(problem.error)))
        self.context.on("console", lambda said: self._note(said.type, said.text))

    def _note(self, kind: str, said: str) -> None:
        if kind == "error" and "Failed to load resource" not in said:
            self.complaints.append(said)

    def kill(self) -> None:
        """Kill every process of the browser, as an empty battery does."""
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                if str(self.profile) in " ".join(process.cmdline()):
                    process.send_signal(signal.SIGKILL)

    async def open(self, path: str = "/chat") -> Page:
        page = await self.context.new_page()
        await page.goto(self.served.address + path)
        return page

    async def write(self, page: Page, said: str) -> None:
        await page.get_by_label("Tulis pesan").fill(said)
        await page.get_by_role("button", name="Kirim", exact=True).click()

    def mine(self, page: Page) -> Locator:
        return page.locator("#messages li.me")

    def theirs(self, page: Page) -> Locator:
        return page.locator("#messages li:not(.me) .said")

    async def hide(self, page: Page) -> None:
        """Put another tab before this one, as far as the page can tell."""
        await page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    async def show(self, page: Page) -> None:
        await page.evaluate("Object.defineProperty(document, 'hidden', {value: false, configurable: true})")
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    async def staff_say(self, name: str, said: str) -> None:
        """Have somebody on the staff answer, as the desk does."""
        async with self.corridor.database.write() as session:
            chat = (await session.scalars(select(Conversation).where(Conversation.channel == "web"))).one()
            staff = (await session.scalars(select(Staff).where(Staff.name == name))).first()
            if staff is None:
                staff = Staff(
                    id=uuid4(), username=uuid4().hex, name=name, role="agent", password_hash="x", created_at=OPENING
                )
                session.add(staff)
                await session.flush()
            message = Message(
                id=uuid4(),
                conversation_id=chat.id,
                direction="out",
                author="agent",
                text=said,
                staff_id=staff.id,
                created_at=OPENING,
            )
            session.add(message)
            await session.flush()
            session.add(
                Outbound(
                    conversation_id=chat.id,
                    message_id=message.id,
                    channel="web",
                    author="agent",
                    payload={"text": said, "buttons": []},
                    owner_version=chat.owner_version,
                )
            )
            await self.corridor.bell.ring(session, OUTBOX)

    async def fill(self, count: int) -> None:
        """Let the chat have been a long one."""
        async with self.corridor.database.write() as session:
            chat = (await session.scalars(select(Conversation).where(Conversation.channel == "web"))).one()
            for number in range(count):
                session.add(
                    Message(
                        conversation_id=chat.id,
                        direction="in",
                        author="participant",
                        text=f"lama {number}",
                        created_at=OPENING,
                    )
                )

    async def until(self, query: str, wanted: int, seconds: float = 60) -> None:
        """Wait until a count is what it is to be."""
        async with asyncio.timeout(seconds):
            while True:
                async with self.corridor.database.read() as session:
                    if await session.scalar(text(query)) == wanted:
                        return
                await asyncio.sleep(0.05)


@asynccontextmanager
async def playing(
    corridor: Corridor, profile: Path | None = None, serving: dict[str, str] | None = None, **more: object
) -> AsyncIterator[Chat]:
    """A browser and a bot behind a socket; `serving` is the socket's TLS, `more` the bot's settings."""
    app = Starlette(routes=pulled_doors(corridor, **more).routes())
    waiting = asyncio.create_task(corridor.waiting.run())
    async with Served(app, **(serving or {})) as served, async_playwright() as playwright:
        chat = Chat(corridor, served, playwright, profile)
        await chat.begin_again()
        yield chat
        with suppress(Exception):
            await chat.context.close()
            if chat.context.browser:
                await chat.context.browser.close()
        corridor.waiting.close()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
