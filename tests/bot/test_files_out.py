"""A file of staff on its way: looked through first, sent once by each channel as that channel wants it, else a note."""

import io
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

import httpx
import pytest
from PIL import Image
from sqlalchemy import text

from bot import wording
from bot.channels.telegram import TelegramChannel
from bot.channels.whatsapp import WhatsAppChannel
from bot.media.kept import Files
from bot.sending import FileOut, Refused
from records.clock import Clock
from records.database import Database
from records.sealed import Seal
from simulator.faults import Fault
from simulator.people import WhatsAppAccount
from tests.bot.corridor import A_TICKET, Corridor, ScriptedRasa, says, update
from tests.bot.media_scene import Scene
from tests.bot.provider import SITI, Provider, provider
from tests.bot.test_secrets import whatsapp
from tests.conftest import OPENING

BUDI = WhatsAppAccount(user_id="ID.8001", wa_id="62800000001", profile_name="Budi")
LATER = timedelta(minutes=1)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n%%EOF\n"


def picture(width: int = 60, height: int = 40) -> bytes:
    kept = io.BytesIO()
    image = Image.new("RGB", (width, height), "white")
    exif = Image.Exif()
    exif[0x010E] = "rumah saya di Jalan Melati"
    image.save(kept, "JPEG", exif=exif)
    return kept.getvalue()


@pytest.fixture
async def meta(tmp_path: Path) -> AsyncIterator[Provider]:
    async with provider(tmp_path) as served:
        yield served


@pytest.fixture
async def scene(database: Database, clock: Clock, data_key: str, meta: Provider) -> AsyncIterator[Scene]:
    """Siti has written on both channels, so both may write to her."""
    telegram = TelegramChannel(meta.telegram)
    async with httpx.AsyncClient() as client:
        on_whatsapp = WhatsAppChannel(meta.whatsapp, client, clock)
        answers = ScriptedRasa(lambda asked: says("Baik, Kak."))
        async with Corridor(
            database, clock, data_key, rasa=answers, channel=telegram, on_whatsapp=on_whatsapp
        ) as corridor:
            scene = Scene(corridor, meta, data_key, clock)
            meta.simulator.stage.telegram.writer.text(SITI, "halo")
            meta.simulator.stage.whatsapp.writer.text(BUDI, "halo")
            yield scene
            for lines in scene.lines:
                await lines.close()
    await telegram.stop()


async def hand_in(scene: Scene, channel: str, content: bytes, caption: str = "Ini contohnya, Kak") -> UUID:
    """What the desk writes when an agent sends a file."""
    key = uuid4()
    async with scene.database.write() as session:
        chat = (await session.execute(text("SELECT id FROM conversations WHERE channel = :c"), {"c": channel})).scalar()
        values = {"key": key, "chat": chat, "words": caption, "now": OPENING, "channel": channel}
        await session.execute(
            text(
                "INSERT INTO messages (id, conversation_id, direction, author, text, kind, created_at)"
                " VALUES (:key, :chat, 'out', 'agent', :words, 'photo', :now)"
            ),
            values,
        )
        await session.execute(
            text(
                "INSERT INTO media (id, conversation_id, message_id, channel, kind, received_at, status, give_up_at,"
                " sealed_content) VALUES (:id, :chat, :key, :channel, 'photo', :now, 'unscanned',"
                " now() + interval '1 day', :sealed)"
            ),
            values | {"id": uuid5(key, "file"), "sealed": scene.seal.close_file(content)},
        )
    return key


def phone(scene: Scene, channel: str) -> list[Any]:
    who = {"telegram": str(SITI.id), "whatsapp": BUDI.user_id}[channel]
    return [it for it in scene.provider.simulator.chats.items(channel, who) if it.who == "bot"]


async def greet(scene: Scene, channel: str) -> None:
    if channel == "telegram":
        await scene.hear(update(1, "halo", chat=SITI.id))
    else:
        await scene.corridor.inbox.store(whatsapp({"type": "text", "text": {"body": "halo"}, "id": f"wamid.{uuid4()}"}))
        await scene.corridor.rest()


@pytest.mark.parametrize("channel", ["telegram", "whatsapp"])
@pytest.mark.parametrize(("content", "kind"), [(picture(), "photo"), (PDF, "document")], ids=["picture", "pdf"])
async def test_it_reaches_the_phone_once_with_its_words_and_without_what_the_camera_wrote(
    scene: Scene, channel: str, content: bytes, kind: str
) -> None:
    await greet(scene, channel)
    await hand_in(scene, channel, content)
    await scene.fetch()
    await scene.fetch()
    got = phone(scene, channel)[-1]
    assert [it.type for it in phone(scene, channel)].count(kind) == 1
    assert (got.type, got.text, got.status) == (kind, "Ini contohnya, Kak", got.status)
    kept = scene.provider.simulator.media.at(got.extra["file"]["path"])
    assert kept is not None
    assert b"Melati" not in kept.content
    assert got.extra["file"]["name"].startswith("meja-bantuan-")
    assert (await scene.corridor.row("SELECT status FROM outbox WHERE author = 'agent'"))["status"] == "sent"


async def test_a_very_long_strip_goes_as_a_document_for_telegram_takes_it_as_no_photo(scene: Scene) -> None:
    await greet(scene, "telegram")
    await hand_in(scene, "telegram", picture(2000, 40))
    await scene.fetch()
    assert phone(scene, "telegram")[-1].type == "document"


async def test_a_broken_picture_is_not_sent_and_only_staff_read_why(scene: Scene) -> None:
    await greet(scene, "telegram")
    before = len(phone(scene, "telegram"))
    await hand_in(scene, "telegram", picture()[:200])
    await scene.fetch()
    assert len(phone(scene, "telegram")) == before
    assert await scene.corridor.count("outbox WHERE author = 'agent'") == 0
    async with scene.database.read() as session:
        notes = (
            await session.scalars(text("SELECT text FROM messages WHERE direction = 'note' ORDER BY author"))
        ).all()
    assert list(notes) == ["Ini contohnya, Kak", wording.file_not_sent("broken")]


@pytest.mark.parametrize("wrote", ["nothing else", "a line too"])
async def test_a_file_that_was_not_sent_answers_nobody(scene: Scene, wrote: str) -> None:
    scene.corridor.rasa.answer = lambda asked: says("Kami teruskan.", proposals=[A_TICKET])
    await greet(scene, "telegram")
    key = await hand_in(scene, "telegram", picture()[:200])
    await _answers_the_case(scene, key, a_line=wrote == "a line too")
    await scene.fetch()
    case = await scene.corridor.row("SELECT first_reply_at, waiting_since, opened_at FROM tickets")
    if wrote == "nothing else":
        assert (case["first_reply_at"], case["waiting_since"]) == (None, case["opened_at"])
    else:
        assert (case["first_reply_at"], case["waiting_since"]) == (OPENING + LATER, None)


async def test_what_answered_a_case_before_it_was_reopened_is_no_answer_now(scene: Scene) -> None:
    scene.corridor.rasa.answer = lambda asked: says("Kami teruskan.", proposals=[A_TICKET])
    await greet(scene, "telegram")
    key = await hand_in(scene, "telegram", picture()[:200])
    await _answers_the_case(scene, key, a_line=True)
    async with scene.database.write() as session:
        of_the_file = {"key": key, "then": OPENING + 2 * LATER}
        await session.execute(text("UPDATE messages SET created_at = :then WHERE id = :key"), of_the_file)
        await session.execute(text("UPDATE media SET received_at = :then"), {"then": OPENING + 2 * LATER})
        await session.execute(
            text("UPDATE tickets SET reopened = 1, first_reply_at = :then"), {"then": OPENING + 2 * LATER}
        )
    await scene.fetch()
    case = await scene.corridor.row("SELECT first_reply_at, waiting_since, opened_at FROM tickets")
    assert (case["first_reply_at"], case["waiting_since"]) == (None, case["opened_at"])


async def _answers_the_case(scene: Scene, key: UUID, *, a_line: bool) -> None:
    """What else the desk writes: the file is the first answer, and perhaps words follow it."""
    async with scene.database.write() as session:
        await session.execute(text("UPDATE media SET ticket_id = (SELECT id FROM tickets)"))
        await session.execute(text("UPDATE tickets SET first_reply_at = :now, waiting_since = NULL"), {"now": OPENING})
        if a_line:
            await session.execute(
                text(
                    "INSERT INTO messages (id, conversation_id, direction, author, text, kind, created_at)"
                    " SELECT gen_random_uuid(), conversation_id, 'out', 'agent', 'Sebentar ya', 'text', :then"
                    " FROM messages WHERE id = :key"
                ),
                {"key": key, "then": OPENING + LATER},
            )


async def test_where_the_window_is_closed_the_file_waits_until_the_person_writes(scene: Scene) -> None:
    await greet(scene, "whatsapp")
    async with scene.database.write() as session:
        await session.execute(
            text("UPDATE conversations SET window_until = :then"), {"then": OPENING - timedelta(hours=1)}
        )
    await hand_in(scene, "whatsapp", picture())
    await scene.fetch()
    assert (await scene.corridor.row("SELECT status FROM outbox WHERE author = 'agent'"))["status"] == "waiting"
    await greet(scene, "whatsapp")
    await scene.corridor.rest()
    assert phone(scene, "whatsapp")[-1].type == "photo" or phone(scene, "whatsapp")[-2].type == "photo"


async def test_an_upload_that_fails_is_tried_again_for_nothing_was_sent(scene: Scene) -> None:
    await greet(scene, "whatsapp")
    scene.provider.simulator.board.switch_on(Fault(target="whatsapp", side="api", kind="error", status=500, count=1))
    await hand_in(scene, "whatsapp", picture())
    await scene.fetch()
    assert [it.type for it in phone(scene, "whatsapp")].count("photo") == 1


async def test_a_stranger_is_given_no_file_of_anybody(scene: Scene, database: Database, data_key: str) -> None:
    await greet(scene, "telegram")
    key = await hand_in(scene, "telegram", picture())
    await scene.fetch()
    files = Files(database, Seal(data_key))
    with pytest.raises(Refused):
        await files.for_visitor("siapa saja", uuid5(key, "file"))
    assert (await files.fetch(FileOut(str(uuid5(key, "file")), "photo"))).type == "image/jpeg"
