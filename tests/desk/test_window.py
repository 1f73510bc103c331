"""WhatsApp's 24 hours at the desk: a deadline everybody sees, and a template for when it has passed."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import select, text, update

from desk.acts.case import Case
from desk.acts.inviting import asking, invite
from desk.acts.reply import reply
from desk.app import create_app
from desk.message_templates import STATUS_TOPIC, catalogue, usable
from desk.window import window_until
from records.bell import Bell, PostgresBell
from records.channel_news import Told, latest, mend, tell, troubles
from records.clock import Clock
from records.database import Database
from records.models import Conversation, Outbound
from tests.conftest import OPENING
from tests.desk.conftest import A_SEAL, Browse
from tests.desk.making import Scene
from tests.desk.scenes import CHEAP

ALL = ",".join(catalogue())
FOR_AGENTS = [name for name, it in catalogue().items() if not it.for_broadcasts]


def told(name: str, event: str) -> Told:
    return Told("whatsapp", STATUS_TOPIC, f"{name} (id)", event, event != "APPROVED", f"Templat {name}", OPENING)


@pytest.fixture
def app(database: Database, clock: Clock, bell: Bell) -> FastAPI:
    return create_app(database=database, clock=clock, bell=bell, seal=A_SEAL, passwords=CHEAP, whatsapp_templates=ALL)


@pytest.fixture
async def late(database: Database, scene: Scene) -> Scene:
    """Budi's window closed an hour ago."""
    async with database.write() as session:
        await session.execute(
            update(Conversation)
            .where(Conversation.id == scene.conversations["budi"].id)
            .values(window_until=OPENING - timedelta(hours=1), last_inbound_at=OPENING - timedelta(hours=25))
        )
    return scene


@pytest.mark.parametrize(
    ("left", "state"),
    [
        (timedelta(hours=24), "open"),
        (timedelta(hours=4), "near"),
        (timedelta(minutes=61), "near"),
        (timedelta(hours=1), "soon"),
        (timedelta(seconds=1), "soon"),
        (timedelta(0), "closed"),
        (timedelta(hours=-5), "closed"),
    ],
)
def test_the_window_says_how_pressing_it_is(left: timedelta, state: str) -> None:
    window = window_until("whatsapp", OPENING + left, OPENING)
    assert window is not None
    assert window.state == state
    assert window_until("telegram", OPENING + left, OPENING) is None


async def test_the_queue_and_the_conversation_count_down(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    sari = await browse(scene, "sari")
    budi = scene.conversations["budi"].id
    for left, said in ((timedelta(minutes=40), "40 menit lagi"), (timedelta(hours=-1), "tutup")):
        async with database.write() as session:
            await session.execute(
                update(Conversation).where(Conversation.id == budi).values(window_until=clock() + left)
            )
        state = "soon" if left > timedelta(0) else "closed"
        queue, page = (await sari.get("/antrean?tab=semua")).text, (await sari.get(f"/percakapan/{budi}")).text
        assert re.search(rf'class="cap jendela {state}">WA (40 m|tutup)', queue)
        assert f'class="jendela {state}"' in page
        assert said in page


def test_only_what_meta_approved_and_did_not_take_back_can_be_used() -> None:
    assert [one.name for one in usable(ALL, [])] == FOR_AGENTS
    assert [one.name for one in usable("balasan_petugas, tidak_ada", [])] == ["balasan_petugas"]
    assert usable("", []) == []
    for event in ("PAUSED", "DISABLED", "REJECTED"):
        assert "balasan_petugas" not in [one.name for one in usable(ALL, [told("balasan_petugas", event)])]
    assert len(usable(ALL, [told("balasan_petugas", "APPROVED")])) == len(FOR_AGENTS)


async def test_of_a_template_the_last_word_holds(database: Database) -> None:
    async with database.write() as session:
        assert await tell(session, told("balasan_petugas", "PAUSED"))
        assert not await tell(session, told("balasan_petugas", "PAUSED"))
        assert [one.event for one in await troubles(session)] == ["PAUSED"]
        assert await mend(session, told("balasan_petugas", "APPROVED"))
        assert not await mend(session, told("laporan_selesai", "APPROVED"))
        assert await troubles(session) == []
        assert [one.event for one in await latest(session)] == ["APPROVED"]


def test_templates_say_nothing_personal_and_fill_every_place() -> None:
    for template in catalogue().values():
        assert template.category == "utility" or template.for_broadcasts
        given = dict.fromkeys(template.parameters, "T-2020-000001")
        assert template.for_broadcasts or set(given) <= {"ticket"}
        filled = template.filled(given)
        assert "T-2020-000001" in filled.text
        assert "{{" not in filled.text
        assert filled.payload == {"name": template.name, "language": "id", "parameters": list(given.values())}
        assert not template.body.startswith("{{")
        assert not template.body.endswith("}}")


async def test_with_the_window_closed_words_wait_and_one_template_asks_for_a_word(
    browse: Browse, late: Scene, database: Database
) -> None:
    sari = await browse(late, "sari")
    budi, ticket = late.conversations["budi"].id, late.tickets["budi"].number
    await sari.post(f"/tiket/{ticket}/ambil")
    page = (await sari.get(f"/percakapan/{budi}")).text
    assert "Ajak peserta menulis dengan templat" in page
    answer = await sari.post(
        f"/tiket/{ticket}/balas", key=str(uuid4()), text="Sudah kami cek, Kak.", template="balasan_petugas"
    )
    assert answer.headers["location"].endswith("kabar=diajak")
    again = await sari.post(f"/tiket/{ticket}/balas", key=str(uuid4()), text="Satu lagi.", template="balasan_petugas")
    assert again.headers["location"].endswith("kabar=menunggu")
    async with database.read() as session:
        rows = (await session.scalars(select(Outbound).order_by(Outbound.position))).all()
        rows = [row for row in rows if row.conversation_id == budi and row.author == "agent"]
    assert [(row.status, (row.payload.get("template") or {}).get("name")) for row in rows] == [
        ("waiting", None),
        ("due", "balasan_petugas"),
        ("waiting", None),
    ]
    page = (await sari.get(f"/percakapan/{budi}")).text
    assert "Ajakan sudah terkirim" in page
    assert "Ajak peserta menulis dengan templat" not in page


async def test_after_the_person_wrote_a_template_may_ask_again(database: Database, late: Scene) -> None:
    bell, staff = PostgresBell(database.url), late.staff["sari"]
    template = catalogue()["butuh_keterangan"]
    async with database.write() as session:
        chat = await session.get_one(Conversation, late.conversations["budi"].id)
        case = Case(late.tickets["budi"], chat)
        assert await invite(session, bell, case, template, key=uuid4(), staff=staff, at=OPENING)
        assert not await invite(session, bell, case, template, key=uuid4(), staff=staff, at=OPENING)
        chat.last_inbound_at = OPENING + timedelta(hours=1)
        later = OPENING + timedelta(days=2)
        assert await invite(session, bell, case, template, key=uuid4(), staff=staff, at=later)


async def test_nothing_is_offered_while_the_window_is_open_or_the_person_blocked_us(
    database: Database, late: Scene
) -> None:
    async with database.read() as session:
        chat = await session.get_one(Conversation, late.conversations["budi"].id)
        offered = await asking(session, chat, ALL, OPENING)
        assert offered is not None
        assert len(offered.templates) == len(FOR_AGENTS)
        assert await asking(session, chat, ALL, OPENING - timedelta(hours=2)) is None
        chat.unreachable = "memblokir bot"
        assert await asking(session, chat, ALL, OPENING) is None


async def test_a_second_press_keeps_the_words_once(database: Database, late: Scene) -> None:
    bell, key = PostgresBell(database.url), uuid4()
    staff, ticket, budi = late.staff["sari"], late.tickets["budi"].id, late.conversations["budi"].id
    said = []
    async with database.write() as session:
        given = {"staff": staff.id, "ticket": ticket, "conversation": budi}
        await session.execute(
            text("UPDATE tickets SET status = 'claimed', staff_id = :staff WHERE id = :ticket"),
            {"staff": given["staff"], "ticket": given["ticket"]},
        )
        await session.execute(
            text("UPDATE conversations SET owner = 'human', staff_id = :staff WHERE id = :conversation"),
            {"staff": given["staff"], "conversation": given["conversation"]},
        )
    for _ in range(2):
        async with database.write() as session:
            said.append(
                await reply(
                    session,
                    bell,
                    ticket_id=ticket,
                    key=key,
                    text="Halo",
                    staff=staff,
                    at=OPENING,
                    template=catalogue()["balasan_petugas"],
                )
            )
    assert said == ["diajak", ""]
