"""WhatsApp from end to end: the corridor, the real sending half and a strict server, over the person's own day."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from pydantic import SecretStr
from sqlalchemy import select, text

from bot.channels.whatsapp import WhatsAppChannel
from bot.sending import OutboundMessage
from bot.settings import WhatsAppSettings
from bot.webhooks import whatsapp_arrivals
from records.channel_news import troubles
from records.database import Database
from records.models import Conversation, Message, Outbound
from simulator.app import Simulator, build
from simulator.settings import SimulatorSettings
from simulator.wire import Reply
from tests.bot.corridor import Corridor, ScriptedRasa, says
from tests.conftest import OPENING

RINA = {"user_id": "ID.4411", "wa_id": "6281200004411", "profile_name": "Rina"}
TANPA_NOMOR = {"user_id": "ID.7712", "profile_name": "Tanpa Nomor"}
PATIENCE = 60
NUMBER_ID = "100000000000001"
TEMPLATES = "balasan_petugas:id:1"
SECRETS: dict[str, Any] = {
    name: SecretStr(f"rahasia-{name}")
    for name in ("telegram_token", "whatsapp_token", "whatsapp_app_secret", "whatsapp_verify_token", "sign_key")
}
CHOICES = [
    {"title": "Kelas desain di Tokopedia", "choice": {"intent": "inform", "slots": {"platform": "tokopedia"}}},
    {"title": "Kelas desain di Bukalapak", "choice": {"intent": "inform", "slots": {"platform": "bukalapak"}}},
]


class Day:
    """The clock of everybody in a scene."""

    def __init__(self) -> None:
        self.now = OPENING

    def __call__(self) -> datetime:
        return self.now

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)


class World:
    """A bot's corridor and Meta's side, with the person's telephone between them."""

    def __init__(self, corridor: Corridor, simulator: Simulator, http: httpx.AsyncClient, day: Day) -> None:
        self.corridor, self.simulator, self.day = corridor, simulator, day
        self._http = http

    async def writes(self, who: dict[str, Any], said: str = "", **act: Any) -> None:
        await self._http.post("/control/send", json={"as": who, "channel": "whatsapp", "text": said, **act})
        await self.rest()

    async def rest(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while self.simulator.stage.whatsapp.state.events:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        await self.corridor.rest(PATIENCE)
        async with asyncio.timeout(PATIENCE):
            while self.simulator.stage.whatsapp.state.events:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def until(self, rows: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await self.corridor.count(rows):  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def until_read(self, who: dict[str, Any], count: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while sum(item.status == "read" for item in self.items(who)) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def control(self, path: str, **body: Any) -> Any:
        return (await self._http.post(f"/control/{path}", json=body)).json()

    async def heard(self, who: dict[str, Any]) -> list[str]:
        chat = (await self._http.get(f"/control/chats/whatsapp/{who['user_id']}")).json()
        return [item["text"] for item in chat["items"] if item["who"] == "bot"]

    def items(self, who: dict[str, Any]) -> list[Any]:
        return self.simulator.chats.items("whatsapp", who["user_id"])

    def sends(self) -> int:
        """How many messages Meta's side has taken."""
        return sum(item.who == "bot" for _, _, items in self.simulator.chats.all() for item in items)

    async def rows(self) -> list[tuple[str, str]]:
        query = text("SELECT payload->>'text' AS said, status FROM outbox ORDER BY position")
        async with self.corridor.database.read() as session:
            return [(row.said, row.status) for row in await session.execute(query)]


@asynccontextmanager
async def world(
    database: Database, data_key: str, folder: Path, answer: Callable[[dict[str, Any]], Any] | None = None
) -> AsyncIterator[World]:
    """A bot and Meta's side with everything between them but the network."""
    day = Day()
    doors: list[Corridor] = []

    async def post(url: str, headers: Any, body: bytes | None) -> Reply:
        await doors[0].inbox.store(whatsapp_arrivals(body or b""))
        return Reply(200)

    simulator = build(SimulatorSettings(data=folder, **SECRETS, whatsapp_templates=TEMPLATES), post=post, clock=day)
    settings = WhatsAppSettings(
        whatsapp_token=SECRETS["whatsapp_token"],
        whatsapp_phone_number_id=NUMBER_ID,
        whatsapp_api_url="http://meta/whatsapp",
        _env_file=None,
    )
    async with (
        simulator.app.router.lifespan_context(simulator.app),
        httpx.AsyncClient(transport=httpx.ASGITransport(simulator.app), base_url="http://meta") as http,
    ):
        rasa = ScriptedRasa(answer) if answer else ScriptedRasa()
        channel = WhatsAppChannel(settings, http, day)
        async with Corridor(database, day, data_key, rasa, on_whatsapp=channel) as corridor:
            doors.append(corridor)
            yield World(corridor, simulator, http, day)


async def agent_says(world: World, said: str, template: dict[str, Any] | None = None) -> None:
    """An agent's words, as the desk puts them into the outbox."""
    async with world.corridor.database.write() as session:
        chat = await session.scalar(select(Conversation))
        assert chat is not None
        message = Message(
            conversation_id=chat.id,
            direction="out",
            author="agent",
            text=said,
            created_at=world.day(),
        )
        session.add(message)
        await session.flush()
        session.add(
            Outbound(
                conversation_id=chat.id,
                message_id=message.id,
                channel="whatsapp",
                payload={"text": said, "buttons": [], **({"template": template} if template else {})},
                author="agent",
                owner_version=0,
            )
        )
    await world.rest()


async def test_a_choice_is_tapped_or_typed_however_it_was_cut(
    database: Database, data_key: str, tmp_path: Path
) -> None:
    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        if asked.get("choice"):
            return says(f"pilihan: {asked['choice']['slots']['platform']}")
        return says("Kelas yang mana, Kak?", buttons=CHOICES)

    async with world(database, data_key, tmp_path, answer) as scene:
        await scene.writes(RINA, "kelas desain saya")
        shown = [item.buttons for item in scene.items(RINA) if item.who == "bot"][-1]
        assert [button["title"] for button in shown] == ["Kelas desain di Tok…", "Kelas desain di Buk…"]
        await scene.writes(RINA, do="press", title="Kelas desain di Buk…")
        await scene.writes(RINA, "kelas desain saya")
        await scene.writes(RINA, "kelas desain di tokopedia")
        assert [said for said in await scene.heard(RINA) if said.startswith("pilihan")] == [
            "pilihan: bukalapak",
            "pilihan: tokopedia",
        ]


async def test_choices_under_a_long_text_can_still_be_tapped(database: Database, data_key: str, tmp_path: Path) -> None:
    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        return says("dipilih") if asked.get("choice") else says("x" * 3000, buttons=CHOICES)

    async with world(database, data_key, tmp_path, answer) as scene:
        await scene.writes(RINA, "halo")
        await scene.writes(RINA, do="press", title="Kelas desain di Tokoped…")
        assert (await scene.heard(RINA))[-1] == "dipilih"


async def test_somebody_without_a_number_is_served_and_later_reached_by_the_number_that_appears(
    database: Database, data_key: str, tmp_path: Path
) -> None:
    async with world(database, data_key, tmp_path) as scene:
        await scene.writes(TANPA_NOMOR, "halo")
        assert await scene.heard(TANPA_NOMOR) == ["dengar: halo"]
        assert (await scene.corridor.row("SELECT address FROM conversations"))["address"] == ""
        await scene.writes(TANPA_NOMOR | {"wa_id": "6281200007712"}, "ini nomor saya")
        await scene.writes(TANPA_NOMOR, "lagi")
        assert (await scene.corridor.row("SELECT address FROM conversations"))["address"] == "6281200007712"
        assert len(await scene.heard(TANPA_NOMOR)) == 3


async def test_words_after_the_window_wait_for_the_person_and_come_before_the_answer(
    database: Database, data_key: str, tmp_path: Path
) -> None:
    async with world(database, data_key, tmp_path) as scene:
        await scene.writes(RINA, "halo")
        scene.day.later(hours=24)
        await agent_says(scene, "Sudah kami cek, Kak.")
        assert (await scene.rows())[-1] == ("Sudah kami cek, Kak.", "waiting")
        assert scene.sends() == 1
        assert await scene.corridor.count("messages WHERE direction = 'note' AND author = 'system'") == 1
        await scene.writes(RINA, "gimana min")
        assert await scene.heard(RINA) == ["dengar: halo", "Sudah kami cek, Kak.", "dengar: gimana min"]
        assert [status for _, status in await scene.rows()] == ["delivered"] * 3


async def test_at_the_edge_meta_says_closed_first_and_nothing_loops(
    database: Database, data_key: str, tmp_path: Path
) -> None:
    async with world(database, data_key, tmp_path) as scene:
        await scene.writes(RINA, "halo")
        # our clock runs a little behind Meta's
        scene.simulator.stage.whatsapp.state.wrote[RINA["user_id"]] -= 24 * 3600 + 1
        await agent_says(scene, "Terlambat sedetik.")
        calls = scene.sends()
        await asyncio.sleep(1.2)
        assert (await scene.rows())[-1] == ("Terlambat sedetik.", "waiting")
        assert scene.sends() == calls == 1
        await scene.writes(RINA, "masih di sini")
        assert (await scene.heard(RINA))[1:] == ["Terlambat sedetik.", "dengar: masih di sini"]


async def test_a_template_goes_out_while_the_words_wait(database: Database, data_key: str, tmp_path: Path) -> None:
    async with world(database, data_key, tmp_path) as scene:
        await scene.writes(RINA, "halo")
        scene.day.later(days=3)
        await agent_says(scene, "Jawabannya panjang.")
        filled = {"name": "balasan_petugas", "language": "id", "parameters": ["T-1"]}
        await agent_says(scene, "Ada jawaban untuk T-1.", filled)
        assert [status for _, status in await scene.rows()] == ["delivered", "waiting", "delivered"]
        await scene.writes(RINA, "lanjut")
        assert (await scene.heard(RINA))[1:] == ["[balasan_petugas] · T-1", "Jawabannya panjang.", "dengar: lanjut"]


async def test_an_answer_to_what_was_said_a_day_ago_waits(database: Database, data_key: str, tmp_path: Path) -> None:
    """The bot was away: the 24 hours count from when the person wrote, not from when it was read."""
    async with world(database, data_key, tmp_path) as scene:
        wrote = int((OPENING - timedelta(hours=25)).timestamp())
        told = {"from_user_id": "ID.4411", "id": "wamid.OLD", "timestamp": str(wrote), "type": "text"}
        value = {"contacts": [], "messages": [told | {"text": {"body": "kemarin"}}]}
        body = orjson.dumps({"entry": [{"changes": [{"field": "messages", "value": value}]}]})
        await scene.corridor.inbox.store(whatsapp_arrivals(body))
        await scene.rest()
        assert await scene.rows() == [("dengar: kemarin", "waiting")]


async def test_a_send_without_an_answer_is_settled_by_its_status_and_sent_once(
    database: Database, data_key: str, tmp_path: Path
) -> None:
    async with world(database, data_key, tmp_path) as scene:
        await scene.control("faults", target="whatsapp", kind="accept_then_reset", count=1)
        await scene.writes(RINA, "halo")
        await scene.rest()
        assert await scene.heard(RINA) == ["dengar: halo"]
        assert await scene.rows() == [("dengar: halo", "delivered")]


async def test_a_status_that_comes_before_our_own_mark_is_kept(
    database: Database, data_key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer of the API is late: Meta has told of delivery before we know that it was taken."""
    async with world(database, data_key, tmp_path) as scene:
        answered = asyncio.Event()
        channel = scene.corridor.outbox._channels["whatsapp"].sender
        at_once = channel.send

        async def late(message: OutboundMessage) -> str:
            taken = await at_once(message)
            await answered.wait()
            return taken

        monkeypatch.setattr(channel, "send", late)
        sending = asyncio.create_task(scene.writes(RINA, "halo"))
        await scene.until("receipts WHERE status = 'delivered'")
        before = await scene.corridor.row("SELECT status, sent_at FROM outbox")
        assert before == {"status": "delivered", "sent_at": None}
        answered.set()
        await sending
        await scene.until("outbox WHERE sent_at IS NOT NULL")
        kept = await scene.corridor.row("SELECT status, provider_message_id, sent_at FROM outbox")
        assert kept["status"] == "delivered"
        assert kept["provider_message_id"]
        assert kept["sent_at"]
        assert await scene.corridor.count("receipts") == 2


async def test_a_failure_after_sent_reaches_staff_and_ends_when_the_person_writes(
    database: Database, data_key: str, tmp_path: Path
) -> None:
    async with world(database, data_key, tmp_path) as scene:
        await scene.writes(RINA, "halo")
        await scene.control("standing", channel="whatsapp", who=RINA["user_id"], undeliverable=131026)
        await agent_says(scene, "Sudah beres, Kak.")
        assert (await scene.rows())[-1][1] == "refused"
        note = await scene.corridor.row("SELECT text FROM messages WHERE direction = 'note'")
        assert "131026" in note["text"]
        assert "131026" in (await scene.corridor.row("SELECT unreachable FROM conversations"))["unreachable"]
        await scene.control("standing", channel="whatsapp", who=RINA["user_id"])
        await scene.writes(RINA, "halo lagi")
        assert (await scene.corridor.row("SELECT unreachable FROM conversations"))["unreachable"] is None


async def test_a_closed_window_told_afterwards_waits_like_one_told_at_once(
    database: Database, data_key: str, tmp_path: Path
) -> None:
    async with world(database, data_key, tmp_path) as scene:
        await scene.writes(RINA, "halo")
        await scene.control("standing", channel="whatsapp", who=RINA["user_id"], undeliverable=131047)
        await agent_says(scene, "Kata-kata.")
        assert (await scene.rows())[-1] == ("Kata-kata.", "waiting")
        await scene.control("standing", channel="whatsapp", who=RINA["user_id"])
        await scene.writes(RINA, "halo lagi")
        assert [status for _, status in await scene.rows()] == ["delivered"] * 3


async def test_a_paused_template_is_told_to_whoever_raises_alarms(
    database: Database, data_key: str, tmp_path: Path
) -> None:
    async with world(database, data_key, tmp_path) as scene:
        await scene.control("whatsapp/template", name="balasan_petugas", event="PAUSED")
        await scene.rest()
        async with database.read() as session:
            (told,) = await troubles(session)
        assert (told.topic, told.subject) == ("message_template_status_update", "balasan_petugas (id)")
        await scene.control("whatsapp/template", name="balasan_petugas", event="APPROVED")
        await scene.rest()
        async with database.read() as session:
            assert await troubles(session) == []


async def test_edits_are_shown_to_staff_and_never_run(database: Database, data_key: str, tmp_path: Path) -> None:
    async with world(database, data_key, tmp_path) as scene:
        await scene.writes(RINA, "halo")
        await scene.writes(RINA, "/putuskan", do="edit")
        await scene.writes(RINA, do="revoke")
        assert await scene.heard(RINA) == ["dengar: halo"]
        kinds = "SELECT string_agg(kind, ' ' ORDER BY position) AS kinds FROM messages WHERE direction = 'in'"
        assert (await scene.corridor.row(kinds))["kinds"] == "text edited service"


async def test_a_new_number_ends_nothing_but_the_binding(database: Database, data_key: str, tmp_path: Path) -> None:
    async with world(database, data_key, tmp_path) as scene:
        await scene.writes(RINA, "halo")
        await scene.writes(RINA, "6281200009999", do="change_number")
        chats = "SELECT external_id, address FROM conversations"
        assert await scene.corridor.row(chats) == {"external_id": "ID.4411", "address": "6281200009999"}
        new = RINA | {"user_id": "ID.9999", "wa_id": "6281200009999"}
        await scene.writes(new, "ini saya")
        assert await scene.corridor.count("conversations") == 2
        assert await scene.corridor.count("identities WHERE participant_id IS NOT NULL") == 0


async def test_a_message_that_is_answered_is_marked_as_read_and_no_turn_hangs_on_it(
    database: Database, data_key: str, tmp_path: Path
) -> None:
    async with world(database, data_key, tmp_path) as scene:
        await scene.writes(RINA, "halo")
        await scene.until_read(RINA, 1)
        # the calls that carry no message are refused from now on
        await scene.control("faults", target="whatsapp", kind="error", method="*", chat="*", status=500, count=1)
        await scene.writes(RINA, "halo lagi")
        assert (await scene.heard(RINA))[-1] == "dengar: halo lagi"


async def test_a_slow_answer_shows_that_it_is_being_written(database: Database, data_key: str, tmp_path: Path) -> None:
    async with world(database, data_key, tmp_path) as scene:
        thinking = asyncio.Event()

        async def think() -> None:
            await thinking.wait()

        scene.corridor.rasa.meanwhile = think
        writing = asyncio.create_task(scene.writes(RINA, "halo"))
        async with asyncio.timeout(PATIENCE):
            while scene.simulator.stage.whatsapp.state.doing(RINA["user_id"]) != "typing":  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        thinking.set()
        await writing
        assert scene.simulator.stage.whatsapp.state.doing(RINA["user_id"]) is None
