"""The staff group at the simulator over real HTTP, the desk's rounds in this process, and staff with phones."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from desk.office import Office
from desk.settings import StaffGroupSettings
from desk.staff_group.group import Group, group_of
from desk.staff_group.looking import look_round
from desk.staff_group.posting import post_round
from desk.staff_group.receipts import receipt_round
from desk.staff_group.recovering import recover
from desk.staff_group.updates import update_round
from records.clock import Clock
from records.models import AuditEntry, GroupUpdate, Message, Outbound, Staff, Ticket
from simulator.app import Simulator, build
from simulator.chats import Item
from simulator.control.groups import STAFF, USUAL_ID
from simulator.settings import SimulatorSettings
from simulator.wire import Reply
from tests.desk.making import Scene
from tests.simulator.serving import serving

TOKEN = "7000000001:gladi"
PHONES = {"sari": 0, "joko": 1, "lela": 2, "ani": 3, "bagas": 4}
SETTINGS = {"telegram_token": SecretStr(TOKEN), "telegram_staff_group": USUAL_ID, "_env_file": None}


class Hall:
    """The group, who is in it, and the desk behind it."""

    def __init__(self, office: Office, group: Group, simulator: Simulator, scene: Scene, control: Any) -> None:
        self.office, self.group, self.simulator, self.scene, self.control = office, group, simulator, scene, control

    async def go(self, times: int = 12) -> None:
        """Let the desk go round until there is nothing to do."""
        for _ in range(times):
            done = await update_round(self.office, self.group)
            done += await recover(self.office, self.group) + await post_round(self.office, self.group)
            if not done + await receipt_round(self.office, self.group):
                return

    async def look(self) -> None:
        """Have the desk look at the group now."""
        await self.sql("UPDATE staff_groups SET checked_at = NULL")
        await look_round(self.office, self.group)

    async def sql(self, statement: str, **given: Any) -> None:
        async with self.office.database.write() as session:
            await session.execute(text(statement), given)

    async def linked(self, *who: str) -> None:
        """Have their accounts be proven already."""
        for name in who:
            given = {"who": name, "id": str(STAFF[PHONES[name]].id)}
            await self.sql("UPDATE staff SET telegram_user_id = :id WHERE username = :who", **given)

    async def act(self, who: str, **what: Any) -> dict[str, Any]:
        """Do something on this person's phone; the bot's door then has it."""
        account = STAFF[PHONES[who]].model_dump()
        where = {} if what.pop("private", False) else {"group": {"id": USUAL_ID}}
        answer = await self.control.post("/control/send", json={"as": account, **where, **what})
        assert answer.status_code == 200, answer.text
        await self.taken()
        done: dict[str, Any] = answer.json()["sent"][0]
        return done

    async def say(self, who: str, words: str, case: str | None = None, **more: Any) -> dict[str, Any]:
        return await self.act(who, text=words, **(more | ({"thread": self.thread(case)} if case else {})))

    async def press(self, who: str, title: str, case: str) -> str:
        """Press a button of the case's card, let the desk act, and return what is shown."""
        before = await self.act(who, do="press", title=title, thread=self.thread(case))
        await self.go()
        pressed = self.simulator.chats.find("telegram", str(USUAL_ID), before["message_id"])
        return str(pressed.extra.get("answer", "")) if pressed else ""

    async def taken(self) -> None:
        async with asyncio.timeout(60):
            while self.simulator.stage.telegram.state.pending:  # noqa: ASYNC110 (it is delivered behind our back)
                await asyncio.sleep(0.005)

    def topics(self) -> dict[str, dict[str, Any]]:
        """Return the topics that stand, by number of the case."""
        stood = self.simulator.stage.telegram.forums.topics.get(USUAL_ID, {}).values()
        return {one.name.partition(" ")[0]: {"topic": one} for one in stood if not one.deleted}

    def standing(self, case: str) -> list[Any]:
        """Return every topic of a case that was not deleted, open or closed."""
        number = self.scene.tickets[case].number
        stood = self.simulator.stage.telegram.forums.topics.get(USUAL_ID, {}).values()
        return [one for one in stood if one.name.startswith(number + " ") and not one.deleted]

    def thread(self, case: str) -> int:
        return int(self.standing(case)[-1].thread_id)

    def items(self, case: str | None = None) -> list[Item]:
        """Return what stands in a case's topic, or in General."""
        thread = self.thread(case) if case else None
        return [it for it in self.simulator.chats.items("telegram", str(USUAL_ID)) if it.extra.get("thread") == thread]

    def posts(self, case: str | None = None) -> list[str]:
        return [it.text for it in self.items(case) if it.who == "bot" and it.type == "text"]

    def cards(self) -> set[int]:
        """Return the topics that have their card."""
        said = self.simulator.chats.items("telegram", str(USUAL_ID))
        return {it.extra["thread"] for it in said if it.who == "bot" and it.type == "text" and "thread" in it.extra}

    def card(self, case: str) -> Item:
        return next(it for it in self.items(case) if it.who == "bot" and it.type == "text")

    def asked(self, case: str) -> Item:
        """Return the bot's last question."""
        return next(it for it in reversed(self.items(case)) if it.extra.get("force_reply"))

    def reaction(self, message_id: str) -> str | None:
        item = self.simulator.chats.find("telegram", str(USUAL_ID), message_id)
        return item.extra.get("reaction") if item else None

    async def answer(self, who: str, words: str, case: str) -> dict[str, Any]:
        """Reply to the bot's question."""
        return await self.say(who, words, case, reply_to=self.asked(case).message_id)

    async def ticket(self, case: str) -> Ticket:
        async with self.office.database.read() as session:
            return await session.get_one(Ticket, self.scene.tickets[case].id)

    async def messages(self, case: str, direction: str) -> list[str]:
        chat = self.scene.conversations[case].id
        query = select(Message.text).where(Message.conversation_id == chat, Message.direction == direction)
        async with self.office.database.read() as session:
            return list(await session.scalars(query.order_by(Message.position)))

    async def participant_says(self, case: str, words: str, kind: str = "text") -> None:
        async with self.office.database.write() as session:
            said = Message(
                conversation_id=self.scene.conversations[case].id,
                direction="in",
                author="participant",
                text=words,
                kind=kind,
                created_at=self.office.clock(),
            )
            session.add(said)

    async def receipts(self, case: str, status: str, error: str | None = None) -> None:
        """Have the channel say what became of what agents wrote."""
        mine = Outbound.conversation_id == self.scene.conversations[case].id, Outbound.author == "agent"
        async with self.office.database.write() as session:
            await session.execute(update(Outbound).where(*mine).values(status=status, error=error))

    async def audited(self, case: str) -> list[tuple[str, str, str | None]]:
        number = f"ticket:{self.scene.tickets[case].number}"
        async with self.office.database.read() as session:
            rows = await session.scalars(select(AuditEntry).where(AuditEntry.object == number).order_by(AuditEntry.id))
            return [(row.actor, row.action, row.detail.get("via")) for row in rows]

    async def staff(self, who: str) -> Staff:
        async with self.office.database.read() as session:
            return await session.get_one(Staff, self.scene.staff[who].id)

    async def fault(self, **fault: Any) -> None:
        answer = await self.control.post("/control/faults", json={"target": "telegram", **fault})
        assert answer.status_code == 200, answer.text

    async def no_more_waiting(self) -> None:
        """Let the time pass that Telegram asked us to wait, and the minute of the posts made so far."""
        await self.sql("UPDATE staff_groups SET paused_until = NULL, problem = NULL")
        await self.sql("UPDATE group_posts SET held_until = now() WHERE status IN ('due', 'sending')")
        await self.sql("UPDATE group_posts SET taken_at = taken_at - interval '2 minutes'")
        self.simulator.stage.telegram.gate.passed.clear()


@asynccontextmanager
async def hall_of(app: FastAPI, scene: Scene, clock: Clock, folder: Path, **more: Any) -> AsyncIterator[Hall]:
    """Open a simulator with the group in it, whose updates are kept as the bot keeps them."""
    office: Office = app.state.office

    async def keep(url: str, headers: dict[str, str], body: bytes | None) -> Reply:
        row = {"id": orjson.loads(body or b"")["update_id"], "sealed_event": office.seal.close(body or b"")}
        async with office.database.write() as session:
            kept = insert(GroupUpdate).values(**row, received_at=office.clock()).on_conflict_do_nothing()
            await session.execute(kept)
        return Reply(200)

    settings = SimulatorSettings(
        data=folder,
        telegram_token=SecretStr(TOKEN),
        whatsapp_token=SecretStr("wa"),
        whatsapp_app_secret=SecretStr("app"),
        whatsapp_verify_token=SecretStr("verify"),
        sign_key=SecretStr("sign"),
        telegram_retry_base=timedelta(milliseconds=5),
    )
    simulator = build(settings, post=keep, clock=clock)
    async with serving(simulator.app) as address, httpx.AsyncClient(base_url=address, timeout=20) as control:
        given = StaffGroupSettings(**SETTINGS, telegram_api_url=f"{address}/telegram")
        group = group_of(given, control)
        assert group is not None
        group = replace(group, **more)
        hook = {"url": "http://127.0.0.1/telegram/webhook"}
        await control.post(f"/telegram/bot{TOKEN}/setWebhook", json=hook)
        assert (await control.post("/control/groups", json={})).status_code == 200
        hall = Hall(replace(office, staff_group=group), group, simulator, scene, control)
        await hall.taken()
        yield hall
