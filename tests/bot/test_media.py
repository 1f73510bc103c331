"""What people attach: noted with the message, kept clean and sealed, or refused and said so; once, whoever dies."""

import asyncio
import io
import signal
import sys
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import text

from bot import wording
from bot.media import fetcher as fetching
from bot.media import reasons
from bot.media.cleaning import Clean
from bot.media.reasons import Refuse
from bot.media.scanner import Scanner
from bot.media.uploads import Uploads
from bot.settings import MediaSettings
from records.clock import Clock
from records.database import Database
from records.privacy.columns import PERSONAL
from records.privacy.erasing import erase
from records.privacy.person import subject_of
from records.privacy.retention import Limits, sweep
from records.privacy.showing import everything_held
from tests.bot.corridor import SITI, update
from tests.bot.media_scene import Clamd, Scene, album, document, on_whatsapp, photo, scene_of
from tests.bot.provider import Provider, provider
from tests.conftest import OPENING


@pytest.fixture
async def meta(tmp_path: Path) -> AsyncIterator[Provider]:
    async with provider(tmp_path) as served:
        yield served


@pytest.fixture
async def scene(database: Database, clock: Clock, data_key: str, meta: Provider) -> AsyncIterator[Scene]:
    async with scene_of(database, clock, data_key, meta) as scene:
        yield scene


@pytest.fixture
async def clamd() -> AsyncIterator[Clamd]:
    clamd = await Clamd().open()
    yield clamd
    await clamd.close()


async def test_a_screenshot_reaches_the_case_that_the_words_after_it_open(scene: Scene) -> None:
    await scene.hear(photo(1))
    await scene.hear(update(2, "gagal terus min"))
    await scene.fetch()
    file = await scene.file()
    assert (file["status"], file["type"], file["ticket_id"]) == ("kept", "image/png", await scene.ticket())
    assert scene.corridor.telegram.words[0] == wording.PHOTO
    assert Image.open(io.BytesIO(scene.content(file))).size == (720, 1440)
    assert file["sealed_preview"]


async def test_a_photo_with_words_is_understood_by_them_and_goes_with_the_case(scene: Scene) -> None:
    await scene.hear(photo(1, caption="gagal terus, ini layarnya"))
    await scene.fetch()
    assert scene.corridor.rasa.asked[0]["text"] == "gagal terus, ini layarnya"
    assert (await scene.file())["ticket_id"] == await scene.ticket()


async def test_a_photo_that_comes_while_a_case_is_open_joins_it_and_the_answer_says_so(scene: Scene) -> None:
    await scene.hear(update(1, "gagal terus min"))
    await scene.hear(photo(2, "receipt"))
    assert (await scene.file())["ticket_id"] == await scene.ticket()
    assert scene.corridor.telegram.words[-1] == wording.FILE_JOINED.format(file="Gambar").replace(
        "{ticket}", "T-100001"
    )


async def test_words_that_say_nothing_new_do_not_make_a_question_of_a_picture(scene: Scene) -> None:
    await scene.hear(photo(1, caption="ini buktinya"))
    assert scene.corridor.telegram.words[-1] == "Yang mana?"
    await scene.hear(update(2, "gagal terus min"))
    before = await scene.corridor.row("SELECT dialogue_state FROM conversations")
    await scene.hear(photo(3, "receipt", caption="ini buktinya"))
    joined = wording.FILE_JOINED.format(file="Gambar").replace("{ticket}", "T-100001")
    assert (scene.corridor.telegram.words[-1], scene.corridor.telegram.sent[-1].buttons) == (joined, ())
    assert await scene.corridor.row("SELECT dialogue_state FROM conversations") == before


async def test_a_photo_for_a_person_who_holds_the_chat_joins_their_case(scene: Scene) -> None:
    await scene.hear(update(1, "mau petugas"))
    await scene.hear(photo(2, "receipt"))
    assert (await scene.file())["ticket_id"] == await scene.ticket()
    assert len(scene.corridor.rasa.asked) == 1


async def test_a_photo_of_long_ago_belongs_to_no_case_of_today(scene: Scene, database: Database) -> None:
    await scene.hear(photo(1))
    async with database.write() as session:
        await session.execute(text("UPDATE media SET received_at = received_at - interval '25 hours'"))
    await scene.hear(update(2, "gagal terus min"))
    assert (await scene.file())["ticket_id"] is None


async def test_every_picture_of_an_album_is_kept(scene: Scene) -> None:
    await scene.hear(*album(1, "error", "receipt", "place", caption="gagal terus"))
    await scene.fetch()
    files = await scene.files()
    assert [file["status"] for file in files] == ["kept"] * 3
    assert {file["ticket_id"] for file in files} == {await scene.ticket()}
    assert len(scene.corridor.telegram.words) == 1


async def test_a_file_on_whatsapp_is_kept_by_its_id_and_digest(scene: Scene) -> None:
    await scene.corridor.inbox.store(on_whatsapp("receipt", caption="gagal"))
    await scene.corridor.rest()
    await scene.fetch()
    file = await scene.file()
    assert (file["status"], file["type"], file["channel"]) == ("kept", "image/jpeg", "whatsapp")


async def test_where_a_photograph_was_taken_is_kept_nowhere(scene: Scene, database: Database) -> None:
    await scene.hear(photo(1, "place"))
    await scene.fetch()
    file = await scene.file()
    content = scene.content(file)
    preview = scene.seal.open_file(bytes(file["sealed_preview"]))
    assert b"Kamera Rekaan" in scene.provider.content("place")
    for kept in (content, preview):
        assert not Image.open(io.BytesIO(kept)).getexif()
        assert b"Kamera Rekaan" not in kept
        assert b"Exif" not in kept


async def test_a_dump_of_the_database_shows_no_picture(scene: Scene, database: Database) -> None:
    await scene.hear(photo(1, "receipt"), document(2, file_name="KTP 3171234507900001.pdf"))
    await scene.fetch()
    for file in await scene.files():
        assert file["status"] == "kept"
        for sealed in (file["sealed_content"], file["sealed_preview"] or b""):
            assert not {b"JFIF", b"PNG", b"%PDF"} & {bytes(sealed[i : i + 4]) for i in range(len(sealed))}
        assert "3171234507900001" not in str(file)


async def test_a_message_written_twice_notes_its_file_once(scene: Scene, database: Database) -> None:
    await scene.hear(*[photo(1)] * 5)
    await scene.hear(photo(1))
    assert len(await scene.files()) == 1


async def test_an_edited_caption_tells_of_the_same_file(scene: Scene) -> None:
    await scene.hear(photo(1))
    await scene.hear(
        photo(1, caption="gagal terus")
        .replace(b'"update_id":900001', b'"update_id":900002')
        .replace(b'"message":', b'"edited_message":')
    )
    assert len(await scene.files()) == 1


STRANGE = [
    {"photo": [{"file_id": "a\x00b", "file_unique_id": {"x": 1}, "width": 9, "height": 9, "file_size": "besar"}]},
    {"document": {"file_id": 7, "file_unique_id": "u", "file_name": "a\x00\u202eb" * 900, "file_size": 2**60}},
    {"document": {"file_id": "d", "file_unique_id": "u", "file_name": ["daftar"], "file_size": -1}},
    {"voice": {"file_id": "", "file_unique_id": "", "duration": 1}},
    {"photo": "bukan daftar"},
]


@pytest.mark.parametrize("strange", STRANGE, ids=range(len(STRANGE)))
async def test_an_announcement_that_makes_no_sense_stops_no_turn(scene: Scene, strange: dict[str, Any]) -> None:
    await scene.hear(update(1, None, **strange), update(2, "halo"))
    assert await scene.corridor.count("inbox WHERE status = 'pending'") == 0
    assert scene.corridor.telegram.words[-1] == "Baik, Kak."


async def test_nothing_of_a_group_is_kept(scene: Scene) -> None:
    group = {"chat": {"id": -5, "type": "group", "title": "RT 5"}}
    await scene.hear(photo(1, **group))
    assert await scene.files() == []


async def test_two_fetchers_store_one_file_once(scene: Scene) -> None:
    await scene.hear(photo(1), photo(2, "receipt"), photo(3, "place"))
    ours = [scene.fetcher() for _ in range(4)]
    while sum(await asyncio.gather(*(one.look() for one in ours))):
        pass
    assert sum(one.counts["kept"] for one in ours) == 3
    assert [file["attempts"] for file in await scene.files()] == [1, 1, 1]


async def test_a_fetcher_that_died_before_storing_is_followed_and_cannot_store_later(scene: Scene) -> None:
    await scene.hear(photo(1))
    (claimed,) = await scene.store().claim(5, timedelta(minutes=2))
    assert await scene.store().claim(5, timedelta(minutes=2)) == []
    await scene.hurry()
    await scene.fetch()
    before = await scene.file()
    assert (before["status"], before["attempts"]) == ("kept", 2)
    assert not await scene.store().keep(claimed, Clean("image/png", b"late"))
    assert await scene.file() == before


async def test_of_two_who_hold_a_file_only_the_later_stores_it(scene: Scene) -> None:
    await scene.hear(photo(1))
    (slow,) = await scene.store().claim(5, timedelta(minutes=2))
    await scene.hurry()
    (later,) = await scene.store().claim(5, timedelta(minutes=2))
    assert not await scene.store().keep(slow, Clean("image/png", b"slow"))
    assert not await scene.store().refuse(slow, reasons.BROKEN)
    assert await scene.store().keep(later, Clean("image/png", b"later"))
    assert scene.content(await scene.file()) == b"later"


async def test_a_fetcher_killed_between_fetching_and_storing_leaves_nothing_half_done(
    scene: Scene, tmp_path: Path
) -> None:
    await scene.hear(photo(1))
    orders = tmp_path / "failpoints.json"
    orders.write_text('{"media store": {"act": "kill"}}')
    given = (scene.database.url, scene.data_key, scene.provider.address, str(orders))
    killed = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.bot.fetching_process", *given)
    assert await killed.wait() == -signal.SIGKILL
    left = await scene.file()
    assert (left["status"], left["sealed_content"], left["attempts"]) == ("waiting", None, 1)
    assert (await scene.fetch()).counts["kept"] == 0
    await scene.hurry()
    assert (await scene.fetch()).counts["kept"] == 1
    assert len(scene.corridor.telegram.words) == 1


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (photo(1, "bomb"), reasons.PIXELS),
        (photo(1, "broken"), reasons.BROKEN),
        (document(1, "page"), reasons.TYPE),
        (document(1, "oversize"), reasons.TOO_LARGE),
    ],
)
async def test_a_file_that_may_not_be_kept_is_refused_and_its_sender_told(
    scene: Scene, body: bytes, reason: str
) -> None:
    await scene.hear(body)
    await scene.fetch()
    file = await scene.file()
    assert (file["status"], file["reason"], file["sealed_content"]) == ("refused", reason, None)
    assert scene.corridor.telegram.words[1:] == [wording.file_not_kept("refused", reason, file["kind"])]


async def test_what_leads_elsewhere_is_refused_without_a_word_about_where(scene: Scene) -> None:
    await scene.hear(photo(1, "redirect"), photo(2, "foreign"))
    await scene.fetch()
    assert {(file["status"], file["reason"]) for file in await scene.files()} == {("refused", reasons.FOREIGN)}
    assert scene.corridor.telegram.words.count(wording.FILE_LOST.format(file="Gambar")) == 1
    assert not any("169.254" in words for words in scene.corridor.telegram.words)


async def test_a_file_that_is_said_to_be_too_large_is_never_said_to_be_kept(scene: Scene) -> None:
    await scene.hear(document(1, file_size=15_000_001))
    assert (await scene.file())["status"] == "refused"
    assert scene.corridor.telegram.words == [wording.FILE_TOO_LARGE.format(file="Berkas", megabytes=15)]


async def test_a_provider_that_is_away_is_asked_again_and_in_the_end_the_file_is_lost(
    scene: Scene, database: Database
) -> None:
    await scene.hear(photo(1, "expired"))
    fetcher = await scene.fetch()
    for _ in range(2):
        await scene.hurry()
        await scene.fetch(fetcher)
    file = await scene.file()
    assert (file["status"], file["reason"], file["attempts"]) == ("waiting", reasons.EXPIRED_LINK, 3)
    assert len(scene.corridor.telegram.words) == 1
    async with database.write() as session:
        await session.execute(text("UPDATE media SET give_up_at = clock_timestamp(), due_at = clock_timestamp()"))
    await scene.fetch(fetcher)
    assert (await scene.file())["status"] == "lost"
    assert scene.corridor.telegram.words[1:] == [wording.FILE_LOST.format(file="Gambar")]


def test_each_pause_is_longer_than_the_one_before_up_to_ten_minutes() -> None:
    pauses = [fetching.pause_after(attempts) for attempts in range(1, 30)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(seconds=2), timedelta(minutes=10))


async def test_a_provider_is_believed_that_a_file_is_gone_after_it_said_so_four_times(scene: Scene) -> None:
    await scene.hear(photo(1, "gone"))
    fetcher, said = scene.fetcher(), []
    for _ in range(4):
        await scene.hurry()
        await scene.fetch(fetcher)
        said.append((await scene.file())["status"])
    assert said == ["waiting", "waiting", "waiting", "lost"]


async def test_an_infected_file_is_refused_and_counted_for_the_alarm(scene: Scene, clamd: Clamd) -> None:
    await scene.hear(document(1, "virus"), photo(2))
    await scene.fetch(scene.fetcher(clamd.scanner))
    bad, good = await scene.files()
    assert (bad["status"], bad["reason"], bad["sealed_content"]) == ("refused", reasons.INFECTED, None)
    assert good["status"] == "kept"
    assert wording.file_not_kept("refused", reasons.INFECTED, "document") in scene.corridor.telegram.words


@pytest.mark.parametrize("trouble", [b"", b"INSTREAM size limit exceeded. ERROR", b"stream: what OKAY"])
async def test_no_clear_answer_of_the_scanner_is_no_clean_bill(scene: Scene, clamd: Clamd, trouble: bytes) -> None:
    clamd.says = trouble
    await scene.hear(photo(1))
    await scene.fetch(scene.fetcher(clamd.scanner))
    assert ((await scene.file())["status"], (await scene.file())["reason"]) == ("unscanned", reasons.SCANNER_AWAY)
    clamd.says = None
    await scene.hurry()
    await scene.fetch(scene.fetcher(clamd.scanner))
    assert (await scene.file())["status"] == "kept"


async def test_while_the_scanner_is_away_a_file_waits_and_outlives_the_providers_copy(
    scene: Scene, clamd: Clamd
) -> None:
    nobody = Scanner("127.0.0.1", 1, patience_seconds=1)
    await scene.hear(photo(1, "place"))
    await scene.fetch(scene.fetcher(nobody))
    waiting = await scene.file()
    assert (waiting["status"], waiting["type"], waiting["sealed_preview"]) == ("unscanned", None, None)
    async with scene.database.write() as session:
        await session.execute(text("UPDATE media SET reference = 'gone', give_up_at = clock_timestamp()"))
    await scene.hurry()
    await scene.fetch(scene.fetcher(nobody))
    assert (await scene.file())["status"] == "unscanned"
    await scene.hurry()
    await scene.fetch(scene.fetcher(clamd.scanner))
    kept = await scene.file()
    assert kept["status"] == "kept"
    assert b"Kamera Rekaan" not in scene.content(kept)
    assert clamd.scanned == [scene.provider.content("place")]


@pytest.mark.parametrize("place", ["clamd", "clamd:", ":3310", "clamd:port"])
def test_a_scanner_that_is_named_wrongly_stops_the_bot_at_its_start(place: str) -> None:
    with pytest.raises(ValueError, match="MEDIA_SCANNER"):
        Scanner.at(place)


async def erased(scene: Scene) -> None:
    async with scene.database.write() as session:
        chat = await session.scalar(text("SELECT id FROM conversations WHERE external_id = :key"), {"key": str(SITI)})
        assert chat
        await erase(session, await subject_of(session, chat), OPENING)


async def test_nothing_of_an_erased_persons_files_is_left(scene: Scene) -> None:
    await scene.hear(photo(1, "receipt"), document(2, file_name="surat siti.pdf"))
    await scene.fetch()
    await erased(scene)
    for file in await scene.files():
        assert file["status"] == "gone"
        assert {file[name] for name in PERSONAL["media"].emptied} == {None, "gone"}


async def test_a_file_fetched_while_its_person_is_erased_is_not_stored(scene: Scene) -> None:
    await scene.hear(photo(1, "receipt"))
    (claimed,) = await scene.store().claim(5, timedelta(minutes=2))
    await erased(scene)
    assert not await scene.store().keep(claimed, Clean("image/png", b"late"))
    await scene.hurry()
    await scene.fetch()
    assert ((await scene.file())["status"], (await scene.file())["sealed_content"]) == ("gone", None)


async def test_what_is_shown_of_a_person_names_their_files_without_the_bytes(scene: Scene) -> None:
    await scene.hear(photo(1, "receipt"))
    await scene.fetch()
    async with scene.database.read() as session:
        chat = await session.scalar(text("SELECT id FROM conversations"))
        held = await everything_held(session, await subject_of(session, chat), scene.seal)
    (file,) = held["media"]
    assert (file["kind"], file["status"]) == ("photo", "kept")
    assert not {"sealed_content", "sealed_preview", "reference"} & set(file)


@pytest.mark.parametrize(
    ("closed", "days", "left"),
    [(None, 400, 1), (0, 29, 1), (0, 31, 0), (20, 45, 1), (20, 51, 0)],
)
async def test_files_end_thirty_days_after_their_case_was_closed(
    scene: Scene, closed: int | None, days: int, left: int
) -> None:
    await scene.hear(photo(1, caption="gagal terus"))
    await scene.fetch()
    if closed is not None:
        close = "UPDATE tickets SET status = 'resolved', resolved_at = :at"
        async with scene.database.write() as session:
            await session.execute(text(close), {"at": OPENING + timedelta(days=closed)})
    limits = Limits(timedelta(days=30), timedelta(days=8), timedelta(days=30))

    def later() -> datetime:
        return OPENING + timedelta(days=days)

    await sweep(scene.database, later, limits, by="uji")
    assert await scene.corridor.count("media WHERE sealed_content IS NOT NULL AND sealed_preview IS NOT NULL") == left
    assert (await scene.file())["status"] == ("kept" if left else "gone")


class TestUploads:
    """A visitor of the web chat sends a file with a message."""

    @pytest.fixture
    def uploads(self, scene: Scene) -> Uploads:
        return Uploads(scene.database, scene.seal, scene.clock, MediaSettings(_env_file=None))  # type: ignore[call-arg]

    async def test_an_upload_waits_for_its_message_and_is_checked_like_any_file(
        self, scene: Scene, uploads: Uploads
    ) -> None:
        for _ in range(2):
            await uploads.hold("v" * 20, "k1", scene.provider.content("place"))
        await scene.fetch()
        assert (await scene.file())["status"] == "unscanned"
        await self.says(scene, "v" * 20, "gagal terus", "k1")
        await scene.fetch()
        file = await scene.file()
        assert (file["status"], file["ticket_id"]) == ("kept", await scene.ticket())
        assert b"Kamera Rekaan" not in scene.content(file)

    async def test_nobody_can_name_anothers_upload(self, scene: Scene, uploads: Uploads) -> None:
        await uploads.hold("v" * 20, "k1", scene.provider.content("receipt"))
        await self.says(scene, "w" * 20, "gagal terus", "k1")
        assert (await scene.file())["conversation_id"] is None

    @pytest.mark.parametrize("content", [b"<html></html>", b""])
    async def test_what_is_not_of_the_short_list_is_refused_at_the_door(
        self, scene: Scene, uploads: Uploads, content: bytes
    ) -> None:
        with pytest.raises(Refuse):
            await uploads.hold("v" * 20, "k1", content)
        assert await scene.files() == []

    async def test_what_no_message_claims_is_deleted_after_a_day(self, scene: Scene, uploads: Uploads) -> None:
        await uploads.hold("v" * 20, "k1", scene.provider.content("receipt"))
        async with scene.database.write() as session:
            await session.execute(text("UPDATE media SET created_at = created_at - interval '25 hours'"))
        await uploads.hold("w" * 20, "k1", scene.provider.content("receipt"))
        assert len(await scene.files()) == 1

    @staticmethod
    async def says(scene: Scene, visitor: str, said: str, *uploads: str) -> None:
        import orjson

        from bot.channels import pulled
        from bot.channels.pulled import PulledMessage

        body = orjson.loads(pulled.event_body("web", PulledMessage("m1", visitor, said, None, 1_598_238_000_000)))
        await scene.corridor.inbox.store([pulled.parse(orjson.dumps(body | {"uploads": list(uploads)}))])
        await scene.corridor.rest()
