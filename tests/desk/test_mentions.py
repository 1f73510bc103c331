"""Notes among staff: who is named is told, the participant never is, and one's own can be changed for five minutes."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from desk.acts.note import note
from desk.acts.note_changes import NotChangeable, change_note, versions, withdraw_note
from desk.acts.transfer import transfer
from desk.ears import Listener, Wish
from desk.mentions import names_in
from desk.notices import notices, unseen
from desk.sessions import Person
from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.models import Message, Outbound, TeamMember
from tests.desk.casework import Work
from tests.desk.conftest import Browse
from tests.desk.making import Scene


@pytest.fixture
def work(database: Database, bell: Bell, scene: Scene, clock: Clock) -> Work:
    return Work(database, bell, scene, clock)


async def written(work: Work, who: str, text: str, case: str = "yanto") -> UUID:
    key = uuid4()
    await work.do(note, who, case, key=key, text=text)
    return key


async def changed(work: Work, who: str, message_id: UUID, text: str, later: timedelta = timedelta(minutes=1)) -> bool:
    async with work.database.write() as session:
        staff, at = work.scene.staff[who], work.now + later
        return await change_note(session, work.bell, message_id=message_id, text=text, staff=staff, at=at)


def test_names_are_read_as_people_write_them() -> None:
    assert names_in("@joko tolong, lalu (@Lela.) dan @tim: cek @sari.d, bukan siti@contoh.id atau a@joko") == {
        *("joko", "lela", "tim", "sari.d"),
    }


async def test_whom_a_note_names_is_told_once_and_its_writer_never(work: Work) -> None:
    key = await written(work, "sari", "@joko @joko @sari @tak-ada lihat ini")
    await work.do(note, "sari", "yanto", key=key, text="@joko @joko @sari @tak-ada lihat ini")
    assert await work.told("joko") == [("mention", "")]
    assert await work.told("sari") == []


async def test_the_team_is_told_but_not_who_left_it(work: Work) -> None:
    async with work.database.write() as session:
        left = select(TeamMember).where(TeamMember.staff_id == work.staff("hasan"))
        await session.delete(await session.scalar(left))
    await written(work, "sari", "@tim ada gangguan OTP")
    told = {who for who in work.scene.staff if await work.told(who)}
    assert told == {"ani", "joko", "lela", "rudi"}


async def test_a_note_never_reaches_the_participant(work: Work) -> None:
    key = await written(work, "sari", "@joko peserta ini sulit")
    await changed(work, "sari", key, "@joko peserta ini perlu sabar")
    what: dict[str, Any] = {"to": work.staff("joko"), "reason": "peserta ini sulit", "seen_holder": work.staff("sari")}
    await work.do(transfer, "sari", "yanto", **what)
    async with work.database.read() as session:
        sent = await session.scalars(select(Outbound.payload))
        assert not [payload for payload in sent if "peserta ini" in payload["text"]]
        notes = select(Outbound.id).join(Message, Message.id == Outbound.message_id).where(Message.direction == "note")
        assert (await session.scalars(notes)).all() == []


async def test_ones_own_note_is_said_better_and_what_it_said_stays_for_the_auditor(work: Work) -> None:
    key = await written(work, "sari", "@joko saldonya 1 juta")
    assert await changed(work, "sari", key, "@lela saldonya 100 ribu")
    assert (await work.says("yanto", "note"))[-1] == "@lela saldonya 100 ribu"
    assert (await work.told("joko"), await work.told("lela")) == ([], [("mention", "")]), "Joko had not seen it"
    async with work.database.write() as session:
        await withdraw_note(session, work.bell, message_id=key, staff=work.scene.staff["sari"], at=work.now)
    assert (await work.says("yanto", "note"))[-1] == ""
    async with work.database.read() as session:
        kept = await versions(session, key)
    assert [(one.text, one.withdrawn) for one in kept] == [
        ("@joko saldonya 1 juta", False),
        ("@lela saldonya 100 ribu", True),
    ]
    assert (await work.acts("yanto"))[-2:] == ["note_changed", "note_withdrawn"]


async def test_nobody_changes_anothers_note_or_an_old_one(work: Work) -> None:
    key = await written(work, "sari", "catatan Sari")
    with pytest.raises(NotChangeable):
        await changed(work, "lela", key, "catatan Lela")
    with pytest.raises(NotChangeable):
        await changed(work, "sari", key, "terlambat", later=timedelta(minutes=6))
    assert (await work.says("yanto", "note"))[-1] == "catatan Sari"


async def test_a_notice_shows_no_words_of_a_case_one_may_not_open(work: Work) -> None:
    await work.team("Lain", "joko")
    await written(work, "sari", "@joko saldo peserta 300 ribu")
    joko = work.scene.staff["joko"]
    async with work.database.read() as session:
        outside = Person(joko.id, "joko", joko.name, "agent", "", "")
        inside = Person(
            joko.id, "joko", joko.name, "agent", "", "", teams=frozenset({(await work.ticket("yanto")).team_id})
        )
        assert [(one.by, one.said) for one in await notices(session, outside)] == [("Sari Dewanti", None)]
        assert [one.said for one in await notices(session, inside)] == ["@joko saldo peserta 300 ribu"]


async def test_only_ones_own_pages_are_told_and_no_queue_looks_again_for_it() -> None:
    joko, sari = str(uuid4()), str(uuid4())
    streams = {who: Listener(Wish(anything=True), who=who) for who in (joko, sari)}
    for stream in streams.values():
        stream.hear(f"sebutan {joko}")
    assert streams[joko].take() == [("sebutan", "")]
    assert streams[sari].take() == []
    assert not any(stream.stale for stream in streams.values())


async def test_the_list_counts_what_is_new_until_the_case_is_opened(work: Work, browse: Browse) -> None:
    await written(work, "sari", "@joko tolong")
    joko = await browse(work.scene, "joko")
    assert ">1<" in (await joko.get("/sebutan/jumlah")).text
    page = (await joko.get("/sebutan")).text
    assert "menyebut Anda" in page
    assert "@joko tolong" in page
    await joko.get(f"/percakapan/{work.scene.conversations['yanto'].id}")
    async with work.database.read() as session:
        assert await unseen(session, work.staff("joko")) == 0
    assert "Baru" not in (await joko.get("/sebutan")).text


async def test_the_writer_changes_a_note_on_its_page_and_only_the_auditor_reads_what_it_said(
    work: Work, browse: Browse
) -> None:
    key = await written(work, "sari", "tulisan pertama")
    sari = await browse(work.scene, "sari")
    assert f"/catatan/{key}" in (await sari.get(f"/percakapan/{work.scene.conversations['yanto'].id}")).text
    await sari.get(f"/catatan/{key}")
    done = await sari.post(f"/catatan/{key}", text="tulisan kedua")
    assert done.status_code == 303
    assert (await sari.get(f"/catatan/{key}/sebelumnya")).status_code == 403
    hasan = await (await browse(work.scene, "hasan")).permitted(work.scene.conversations["yanto"])
    assert "tulisan pertama" in (await hasan.get(f"/catatan/{key}/sebelumnya")).text
