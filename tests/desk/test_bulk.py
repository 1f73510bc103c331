"""Acts on many cases: a true count before, each case once whatever dies in between, and a result for every one."""

import asyncio
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update

from desk.acts.claim import claim
from desk.bulk import running
from desk.bulk.acts import ACTS
from desk.office import Office
from records import failpoints
from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, BulkAct, BulkItem, Conversation, Message, Outbound, Staff, Ticket
from tests.desk.conftest import Browse, Browser
from tests.desk.making import Scene

KEY = re.compile(r'name="key" value="([^"]+)"')
CHOSEN = re.compile(r'name="tiket" value="([^"]*)"')


@pytest.fixture
def office(app: FastAPI) -> Office:
    office: Office = app.state.office
    return office


async def preview(browser: Browser, act: str, **fields: object) -> httpx.Response:
    """Choose cases in the queue and press the button of an act."""
    await browser.get("/antrean?tab=semua")
    data = {"csrf": browser.csrf, "act": act, "saring_tab": "semua", **fields}
    return await browser.client.post("/antrean/banyak", data=data)


async def begin(browser: Browser, shown: httpx.Response, act: str, **fields: str) -> str:
    """Press the button of the preview; returns the address of the progress page."""
    key, chosen = KEY.search(shown.text), CHOSEN.search(shown.text)
    assert key is not None
    assert chosen is not None
    made = await browser.post("/antrean/banyak/mulai", act=act, key=key[1], tiket=chosen[1], **fields)
    assert made.status_code == 303, made.text
    return made.headers["location"]


async def became(database: Database) -> dict[str, tuple[str, str]]:
    async with database.read() as session:
        rows = await session.execute(
            select(Ticket.number, BulkItem.status, BulkItem.said).join(Ticket, Ticket.id == BulkItem.ticket_id)
        )
        return {number: (status, said) for number, status, said in rows}


async def replies(database: Database) -> int:
    async with database.read() as session:
        return await session.scalar(select(func.count()).where(Message.text == "Kami cek ya, Kak.")) or 0


def numbers(scene: Scene, *who: str) -> list[str]:
    return [scene.tickets[each].number for each in who]


async def test_the_preview_says_how_many_it_reaches_and_who_would_be_refused_and_why(
    scene: Scene, browse: Browse, database: Database
) -> None:
    async with database.write() as session:
        await session.execute(
            update(Conversation).where(Conversation.id == scene.conversations["budi"].id).values(unreachable="diblokir")
        )
    joko = await browse(scene, "joko")
    shown = (await preview(joko, "balas", pilih=numbers(scene, "siti", "budi", "yanto"))).text
    assert "Balas 3 tiket" in shown
    assert "<strong>0</strong> akan dikerjakan, <strong>1</strong> belum diambil siapa pun, <strong>2</strong>" in shown
    assert "dipegang Sari Dewanti" in shown
    assert "tidak bisa dikirimi pesan" in shown


async def test_all_of_a_filter_are_chosen_by_their_true_number(scene: Scene, browse: Browse) -> None:
    joko = await browse(scene, "joko")
    shown = await preview(joko, "ambil", semua="1", saring_kanal="whatsapp")
    assert "Ambil 2 tiket" in shown.text
    chosen = CHOSEN.search(shown.text)
    assert chosen is not None
    assert set(chosen[1].split(",")) == set(numbers(scene, "rina", "budi"))


async def test_many_are_claimed_and_answered_each_once_however_often_the_button_is_pressed(
    scene: Scene, browse: Browse, database: Database, office: Office
) -> None:
    joko = await browse(scene, "joko")
    shown = await preview(joko, "balas", pilih=numbers(scene, "siti", "rina", "yanto"))
    first = await begin(joko, shown, "balas", text="Kami cek ya, Kak.", take="1")
    assert first == await begin(joko, shown, "balas", text="Kami cek ya, Kak.", take="1")
    assert "menunggu giliran" in (await joko.get(first)).text
    await running.run(office)
    await running.run(office)
    assert await replies(database) == 2
    told = await became(database)
    assert {told[number][0] for number in numbers(scene, "siti", "rina")} == {"done"}
    assert told[scene.tickets["yanto"].number] == (
        "refused",
        "Tiket ini sudah diambil Sari Dewanti. Pilih tiket lain dari antrean.",
    )
    result = (await joko.get(first)).text
    assert "<strong>2</strong> dikerjakan, <strong>1</strong> ditolak" in result
    assert "sudah diambil Sari Dewanti" in result


@pytest.fixture
def doomed(tmp_path: Path) -> Iterator[None]:
    """The desk dies at the next case, just before it is written down."""
    orders = tmp_path / "failpoints.json"
    orders.write_text('{"desk bulk item": {"act": "exception"}}')
    failpoints.arm(orders, "desk")
    yield
    failpoints.arm(None, "desk")


async def test_a_desk_that_dies_in_the_middle_leaves_nobody_out_and_answers_nobody_twice(
    scene: Scene, browse: Browse, database: Database, office: Office, request: pytest.FixtureRequest
) -> None:
    joko = await browse(scene, "joko")
    shown = await preview(joko, "balas", pilih=numbers(scene, "siti", "rina", "budi"))
    await begin(joko, shown, "balas", text="Kami cek ya, Kak.", take="1")
    assert await running.one(office, (await acts(database))[0].id)
    request.getfixturevalue("doomed")
    with pytest.raises(failpoints.Tripped):
        await running.run(office)
    assert await replies(database) == 1
    # the desk that comes back and one that stood by both take it up
    await asyncio.gather(running.run(office), running.run(office))
    assert await replies(database) == 3
    await running.run(office)
    async with database.read() as session:
        sent = await session.scalar(select(func.count()).where(Outbound.author == "agent"))
        assert sent == 3 + 1  # Sari answered Yanto before
        assert await session.scalar(select(BulkAct.done_at)) is not None


async def test_who_claims_meanwhile_wins_and_the_rest_is_done(
    scene: Scene, browse: Browse, database: Database, office: Office, bell: Bell, clock: Clock
) -> None:
    lela = await browse(scene, "lela")
    shown = await preview(lela, "tugaskan", pilih=numbers(scene, "siti", "rina"))
    joko = scene.staff["joko"]
    await begin(lela, shown, "tugaskan", to=str(joko.id), text="Tolong bantu, antre panjang.")
    async with database.write() as session:
        await claim(session, bell, ticket_id=scene.tickets["siti"].id, staff=scene.staff["sari"], at=clock())
    await running.run(office)
    told = await became(database)
    assert told[scene.tickets["siti"].number][0] == "refused"
    assert told[scene.tickets["rina"].number] == ("done", "Ditugaskan ke Joko Prasetyo.")
    async with database.read() as session:
        assert (await session.get_one(Ticket, scene.tickets["siti"].id)).staff_id == scene.staff["sari"].id


@pytest.mark.parametrize(
    ("act", "given", "changed"),
    [
        ("tag", {"tag": "Refund"}, {"tags": ["refund"]}),
        ("prioritas", {"priority": "urgent"}, {"priority": "urgent"}),
        ("ambil", {}, {"status": "claimed"}),
        ("selesai", {"text": "Sudah pulih.", "take": "1"}, {"status": "resolved", "resolution": "Sudah pulih."}),
    ],
)
async def test_every_act_does_what_the_act_of_one_case_does(
    scene: Scene,
    browse: Browse,
    database: Database,
    office: Office,
    act: str,
    given: dict[str, str],
    changed: dict[str, object],
) -> None:
    joko = await browse(scene, "joko")
    shown = await preview(joko, act, pilih=numbers(scene, "siti", "budi"))
    await begin(joko, shown, act, **given)
    await running.run(office)
    async with database.read() as session:
        for who in ("siti", "budi"):
            case = await session.get_one(Ticket, scene.tickets[who].id)
            assert {name: getattr(case, name) for name in changed} == changed, await became(database)
        done = await session.scalar(select(func.count()).where(AuditEntry.action == "bulk"))
        assert done == 1


async def test_what_is_put_off_comes_back_by_itself(
    scene: Scene, browse: Browse, database: Database, office: Office, clock: Clock
) -> None:
    joko = await browse(scene, "joko")
    shown = await preview(joko, "tunda", pilih=numbers(scene, "siti"))
    await begin(joko, shown, "tunda", until="1-jam")
    await running.run(office)
    async with database.read() as session:
        case = await session.get_one(Ticket, scene.tickets["siti"].id)
        assert case.snoozed_until == clock() + timedelta(hours=1)


async def test_words_that_do_not_do_are_shown_again_and_nothing_begins(
    scene: Scene, browse: Browse, database: Database
) -> None:
    joko = await browse(scene, "joko")
    shown = await preview(joko, "tag", pilih=numbers(scene, "siti"))
    key, chosen = KEY.search(shown.text), CHOSEN.search(shown.text)
    assert key is not None
    assert chosen is not None
    again = await joko.post("/antrean/banyak/mulai", act="tag", key=key[1], tiket=chosen[1], tag="3201012345678901")
    assert again.status_code == 422
    assert "Tag tidak boleh berisi nomor" in again.text
    assert CHOSEN.search(again.text) is not None
    assert await became(database) == {}


async def test_what_is_stopped_leaves_the_rest_as_it_was(
    scene: Scene, browse: Browse, database: Database, office: Office
) -> None:
    joko = await browse(scene, "joko")
    shown = await preview(joko, "ambil", pilih=numbers(scene, "siti", "rina"))
    address = await begin(joko, shown, "ambil")
    assert await running.one(office, (await acts(database))[0].id)
    await joko.post(f"{address}/hentikan")
    await running.run(office)
    assert sorted(status for status, _ in (await became(database)).values()) == ["done", "left"]
    assert "Dihentikan" in (await joko.get(address)).text


async def acts(database: Database) -> list[BulkAct]:
    async with database.read() as session:
        return list(await session.scalars(select(BulkAct)))


async def test_an_act_of_somebody_who_left_is_not_done(
    scene: Scene, browse: Browse, database: Database, office: Office
) -> None:
    joko = await browse(scene, "joko")
    await begin(joko, await preview(joko, "ambil", pilih=numbers(scene, "siti")), "ambil")
    async with database.write() as session:
        await session.execute(update(Staff).where(Staff.id == scene.staff["joko"].id).values(active=False))
    await running.run(office)
    assert (await became(database))[scene.tickets["siti"].number][1] == running.GONE


async def test_only_a_lead_assigns_and_only_ones_own_acts_are_seen(
    scene: Scene, browse: Browse, database: Database
) -> None:
    joko, sari = await browse(scene, "joko"), await browse(scene, "sari")
    assert "Tugaskan" not in (await joko.get("/antrean?tab=semua")).text
    fields = {"act": "tugaskan", "key": str(uuid4()), "tiket": scene.tickets["siti"].number}
    refused = await joko.post("/antrean/banyak/mulai", **fields, to=str(scene.staff["sari"].id), text="coba")
    assert refused.status_code == 403
    address = await begin(sari, await preview(sari, "ambil", pilih=numbers(scene, "siti")), "ambil")
    assert (await joko.get(address)).status_code == 404
    assert (await (await browse(scene, "lela")).get(address)).status_code == 200


async def test_nothing_chosen_is_said_so_and_a_strange_form_breaks_nothing(scene: Scene, browse: Browse) -> None:
    joko = await browse(scene, "joko")
    assert "Belum ada tiket yang dipilih" in (await preview(joko, "ambil")).text
    assert (await preview(joko, "hapus", pilih=numbers(scene, "siti"))).status_code == 422
    assert (await joko.post("/antrean/banyak/mulai", act="ambil", key="x", tiket="T-1")).status_code == 422
    assert set(ACTS) == {"ambil", "balas", "tag", "prioritas", "tunda", "tugaskan", "selesai"}
