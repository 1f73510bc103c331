"""Two cases of one participant become one: each chat keeps its channel, each is answered, and it can be undone."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from bot.tickets import open_ticket
from desk.acts.claim import claim
from desk.acts.files_out import Given, send_file
from desk.acts.merge import NotTheSamePerson, TooLate, merge, unmerge
from desk.acts.note import note
from desk.acts.release import release
from desk.acts.reopen import GoesOnElsewhere, reopen
from desk.acts.reply import reply
from desk.acts.resolve import resolve
from desk.acts.transfer import transfer
from desk.joined import joined_channels
from desk.merged import merged_into
from desk.refusals import AlreadyResolved, HeldByOther, NotHeldByYou, NotWellSaid
from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.models import ChannelIdentity, Conversation, Media, Message, Ticket
from tests.desk.casework import Work
from tests.desk.conftest import A_SEAL
from tests.desk.making import Scene


@pytest.fixture
async def work(database: Database, bell: Bell, scene: Scene, clock: Clock) -> Work:
    """Siti wrote on Telegram and, as Budi's WhatsApp is hers here, on WhatsApp too; Sari holds the first."""
    work = Work(database, bell, scene, clock)
    await bind(work, "budi", "P-1001")
    await work.do(claim, "sari", "siti")
    return work


async def bind(work: Work, case: str, participant: str | None) -> None:
    async with work.database.write() as session:
        identity = await session.get_one(ChannelIdentity, work.scene.conversations[case].identity_id)
        identity.participant_id = participant


async def merged(work: Work, who: str = "sari", into: str = "siti", other: str = "budi", **more: Any) -> None:
    await work.do(merge, who, into, other_id=work.id(other), **more)


async def test_the_other_case_is_closed_into_the_master_and_its_chat_goes_along(work: Work) -> None:
    fence, promised = (await work.chat("budi")).owner_version, (await work.ticket("budi")).promised_at
    await work.do(note, "joko", "budi", key=uuid4(), text="sudah saya telepon")
    await merged(work)
    other, chat, master = await work.ticket("budi"), await work.chat("budi"), await work.ticket("siti")
    assert (other.status, other.merged_into_id) == ("resolved", work.id("siti"))
    assert (chat.owner, chat.staff_id, chat.owner_version) == ("human", work.staff("sari"), fence + 1)
    assert master.promised_at <= promised
    assert ("merge" in await work.acts("budi"), "merged_in" in await work.acts("siti")) == (True, True)
    async with work.database.read() as session:
        [shown] = await merged_into(session, [work.id("budi")], work.now)
    assert [found.check for found in shown.evidence] == ["system_status", "participant"]
    assert "sudah saya telepon" in [line.text for line in shown.lines if line.direction == "note"]


async def test_every_answer_goes_to_every_chat_of_the_case(work: Work) -> None:
    await merged(work)
    await work.do(reply, "sari", "siti", key=uuid4(), text="Sudah kami cek, Kak.")
    await work.do(resolve, "sari", "siti", resolution="Kodenya terbit.")
    for case in ("siti", "budi"):
        said = await work.sent(case)
        assert said[-2] == "Sudah kami cek, Kak.", case
        assert "Kodenya terbit." in said[-1], case
        chat = await work.chat(case)
        assert (chat.owner, chat.staff_id) == ("bot", None), case


async def test_a_file_goes_to_every_chat_of_the_case_once(work: Work) -> None:
    await merged(work)
    what = {"seal": A_SEAL, "key": uuid4(), "given": Given(b"%PDF-1.4 surat", "Suratnya, Kak")}
    for _ in range(2):
        await work.do(send_file, "sari", "siti", **what)
    async with work.database.read() as session:
        found = select(Media.conversation_id, Media.channel, Message.text, Media.ticket_id).join(
            Message, Message.id == Media.message_id
        )
        kept = {chat: tuple(of) for chat, *of in await session.execute(found)}
    assert kept == {
        (await work.chat("siti")).id: ("telegram", "Suratnya, Kak", work.id("siti")),
        (await work.chat("budi")).id: ("whatsapp", "Suratnya, Kak", work.id("siti")),
    }


async def test_no_file_goes_where_nobody_can_be_reached(work: Work) -> None:
    await merged(work)
    async with work.database.write() as session:
        (await session.get_one(Conversation, (await work.chat("budi")).id)).unreachable = "diblokir"
    given = Given(b"%PDF-1.4 surat")
    await work.do(send_file, "sari", "siti", seal=A_SEAL, key=uuid4(), given=given)
    async with work.database.read() as session:
        chats = list(await session.scalars(select(Media.conversation_id).where(Media.message_id.is_not(None))))
        there = Message.conversation_id == (await work.chat("budi")).id
        notes = list(await session.scalars(select(Message.text).where(there, Message.direction == "note")))
    assert chats == [(await work.chat("siti")).id]
    assert any(note.startswith("Berkas tidak dikirim.") and "diblokir" in note for note in notes)


async def test_the_joined_chat_goes_wherever_the_case_goes(work: Work) -> None:
    await merged(work)
    joko = work.staff("joko")
    await work.do(transfer, "sari", "siti", to=joko, reason="ganti jaga", seen_holder=work.staff("sari"))
    assert (await work.chat("budi")).staff_id == joko
    await work.do(release, "joko", "siti")
    assert (await work.chat("budi")).staff_id is None
    assert (await work.chat("budi")).owner == "human"
    versions = [(await work.chat(case)).owner_version for case in ("siti", "budi")]
    await work.do(claim, "joko", "siti")
    assert [(await work.chat(case)).owner_version for case in ("siti", "budi")] == [one + 1 for one in versions]


async def test_words_in_the_joined_chat_belong_to_the_master(work: Work) -> None:
    await merged(work)
    async with work.database.write() as session:
        found = await open_ticket(session, work.scene.conversations["budi"].id)
        assert found is not None
        assert found.id == work.id("siti")
    await work.do(resolve, "sari", "siti", resolution="Beres.")
    async with work.database.write() as session:
        assert await open_ticket(session, work.scene.conversations["budi"].id) is None


async def test_it_is_undone_with_the_old_promise(work: Work) -> None:
    promised = (await work.ticket("budi")).promised_at
    await merged(work)
    fence = (await work.chat("budi")).owner_version
    await work.do(unmerge, "sari", "budi")
    other, chat = await work.ticket("budi"), await work.chat("budi")
    assert (other.status, other.staff_id, other.merged_into_id) == ("claimed", work.staff("sari"), None)
    assert (other.promised_at, other.resolved_at) == (promised, None)
    assert other.waiting_since is not None, "nobody has answered them yet"
    assert (chat.staff_id, chat.owner_version) == (work.staff("sari"), fence + 1)
    await work.do(reply, "sari", "siti", key=uuid4(), text="hanya Telegram")
    assert "hanya Telegram" not in await work.sent("budi")


async def test_it_is_too_late_once_a_day_went_by_or_the_master_is_done(work: Work) -> None:
    await merged(work)
    with pytest.raises(TooLate):
        await work.do(unmerge, "sari", "budi", later=timedelta(hours=25))
    await work.do(resolve, "sari", "siti", resolution="Beres.")
    with pytest.raises(TooLate):
        await work.do(unmerge, "sari", "budi")
    with pytest.raises(GoesOnElsewhere, match=work.scene.tickets["siti"].number):
        await work.do(reopen, "sari", "budi", reason="x")


async def test_two_people_are_never_put_together(work: Work) -> None:
    await bind(work, "budi", "P-1002")
    for who in ("sari", "lela"):
        with pytest.raises(NotTheSamePerson):
            await merged(work, who, surely=True)
    await bind(work, "budi", None)
    with pytest.raises(NotTheSamePerson):
        await merged(work, "lela", surely=True)
    assert (await work.ticket("budi")).status == "open"


async def test_strangers_are_put_together_only_by_a_lead_who_is_sure(work: Work) -> None:
    for case in ("siti", "budi"):
        await bind(work, case, None)
    with pytest.raises(NotTheSamePerson, match="ketua tim"):
        await merged(work, surely=True)
    with pytest.raises(NotTheSamePerson, match="Centang"):
        await merged(work, "lela")
    await merged(work, "lela", surely=True)
    assert (await work.ticket("budi")).merged_into_id == work.id("siti")


async def test_what_cannot_be_merged_is_refused_and_nothing_is_written(work: Work) -> None:
    await bind(work, "yanto", "P-1001")
    await work.do(release, "sari", "yanto")
    await work.do(claim, "joko", "yanto")
    with pytest.raises(HeldByOther, match="Joko"):
        await merged(work, other="yanto")
    with pytest.raises(NotWellSaid):
        await merged(work, other="siti")
    with pytest.raises(NotHeldByYou):
        await merged(work, into="budi", other="siti")
    await merged(work)
    with pytest.raises(AlreadyResolved):
        await merged(work)


async def test_what_was_merged_before_names_the_case_that_goes_on(work: Work) -> None:
    await merged(work)
    await bind(work, "rina", "P-1001")
    await work.do(claim, "sari", "rina")
    await merged(work, into="rina", other="siti")
    for case in ("siti", "budi"):
        assert (await work.ticket(case)).merged_into_id == work.id("rina")
    await work.do(reply, "sari", "rina", key=uuid4(), text="Satu jawaban.")
    assert ["Satu jawaban." in await work.sent(case) for case in ("rina", "siti", "budi")] == [True] * 3


async def opened_anew(work: Work, case: str, at: datetime) -> None:
    """A newer case begins in somebody's chat."""
    async with work.database.write() as session:
        old = await session.get_one(Ticket, work.id(case))
        same: dict[str, Any] = {
            name: getattr(old, name) for name in ("conversation_id", "intent", "summary", "reason", "queue")
        }
        session.add(Ticket(**same, opened_by_turn=uuid4(), opened_at=at, promised_at=at))


async def test_words_of_a_newer_case_in_the_joined_chat_are_not_shown_with_the_master(work: Work) -> None:
    await work.do(note, "joko", "budi", key=uuid4(), text="sudah saya telepon")
    await merged(work)
    chat, began = work.scene.conversations["budi"].id, work.now + timedelta(hours=1)
    async with work.database.read() as session:
        assert await joined_channels(session, await session.get_one(Ticket, work.id("siti"))) == ["whatsapp"]
    await opened_anew(work, "budi", began)
    async with work.database.write() as session:
        for direction, author, said in (("in", "participant", "soal lain"), ("note", "agent", "rahasia tim lain")):
            at = began + timedelta(minutes=1)
            session.add(Message(conversation_id=chat, direction=direction, author=author, text=said, created_at=at))
    async with work.database.read() as session:
        [shown] = await merged_into(session, [work.id("budi")], work.now)
        assert await joined_channels(session, await session.get_one(Ticket, work.id("siti"))) == []
    said = [line.text for line in shown.lines]
    assert "sudah saya telepon" in said
    assert not {"soal lain", "rahasia tim lain"} & set(said)


async def test_a_newer_case_in_the_joined_chat_is_a_case_of_its_own(work: Work) -> None:
    await merged(work)
    await opened_anew(work, "budi", work.now + timedelta(hours=1))
    await work.do(release, "sari", "siti")
    assert (await work.chat("budi")).staff_id == work.staff("sari"), "untouched: it belongs to the newer case"
    with pytest.raises(TooLate):
        await work.do(unmerge, "sari", "budi")
