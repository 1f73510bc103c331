"""The queue: counts that are the rows, filters that combine, promises in danger, and parts sent only when changed."""

import re
from datetime import timedelta
from itertools import product

from sqlalchemy import select

from desk.claim import claim
from desk.queue import PAGE, TABS, Filter, cases, counts, in_danger, promise_state
from desk.resolve import resolve
from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.models import Message, Ticket
from tests.desk.conftest import Browse
from tests.desk.making import Scene, conversation, ticket, turn

MARK = re.compile(r'name="sidik" value="([^"]+)"')


async def listed(database: Database, scene: Scene, clock: Clock, tab: str, **wanted: object) -> list[str]:
    async with database.read() as session:
        lines = await cases(
            session,
            Filter(**wanted),  # type: ignore[arg-type]
            tab=tab,
            me=scene.staff["sari"].id,
            now=clock(),
        )
    who = {ticket.number: name for name, ticket in scene.tickets.items()}
    return [who[line.ticket.number] for line in lines]


async def test_the_promise_that_ends_first_stands_first(database: Database, scene: Scene, clock: Clock) -> None:
    assert await listed(database, scene, clock, "belum-diambil") == ["rina", "siti", "budi"]
    assert await listed(database, scene, clock, "saya") == ["yanto"]
    assert await listed(database, scene, clock, "semua") == ["rina", "siti", "budi", "yanto"]
    assert await listed(database, scene, clock, "selesai") == []


FOUND: list[tuple[dict[str, object], set[str]]] = [
    ({"channel": "whatsapp"}, {"rina", "budi"}),
    ({"platform": "sisnaker"}, {"siti"}),
    ({"intent": "talk_to_human"}, {"yanto"}),
    ({"priority": "urgent"}, {"rina"}),
    ({"queue": "PMO_TRANSACTION"}, {"rina", "siti", "budi", "yanto"}),
    ({"queue": "SECURITY"}, set()),
    ({"endangered": True}, {"rina", "siti", "budi"}),
    ({"words": "santoso"}, {"budi"}),
    ({"words": "T-100001"}, {"siti"}),
    ({"words": "100001"}, {"siti"}),
    ({"words": "%"}, set()),
    ({"words": "_"}, set()),
    ({"words": "'; DROP TABLE tickets; --"}, set()),
    ({"channel": "whatsapp", "priority": "urgent", "words": "rina"}, {"rina"}),
]


async def test_filters_find_what_they_say(database: Database, scene: Scene, clock: Clock) -> None:
    for wanted, expected in FOUND:
        assert set(await listed(database, scene, clock, "semua", **wanted)) == expected, wanted


async def test_every_count_is_its_rows_under_every_filter(
    database: Database, scene: Scene, clock: Clock, bell: Bell
) -> None:
    async with database.write() as session:
        await resolve(
            session,
            bell,
            ticket_id=scene.tickets["yanto"].id,
            resolution="Beres.",
            staff=scene.staff["sari"],
            at=clock(),
        )
    for channel, endangered, words in product(("", "whatsapp", "telegram"), (False, True), ("", "i")):
        wanted = Filter(channel=channel, endangered=endangered, words=words)
        async with database.read() as session:
            numbers = await counts(session, wanted, me=scene.staff["sari"].id, now=clock())
            for tab in TABS:
                rows = await cases(session, wanted, tab=tab, me=scene.staff["sari"].id, now=clock())
                assert numbers[tab] == len(rows), (tab, wanted)


async def test_the_rule_of_a_promise_in_danger_is_the_same_in_both_its_forms(
    database: Database, scene: Scene, clock: Clock
) -> None:
    for minutes in range(-60, 300, 7):
        now = clock() + timedelta(minutes=minutes)
        async with database.read() as session:
            endangered = set(await session.scalars(select(Ticket.number).where(in_danger(now))))
            everybody = await session.scalars(select(Ticket))
            assert endangered == {t.number for t in everybody if promise_state(t, now) in {"endangered", "broken"}}


async def test_waiting_counts_from_the_first_words_no_person_has_answered(
    database: Database, scene: Scene, clock: Clock
) -> None:
    async def waiting() -> object:
        async with database.read() as session:
            (line,) = await cases(session, Filter(), tab="saya", me=scene.staff["sari"].id, now=clock())
        return line.waiting_since

    assert await waiting() is None
    for minutes in (20, 10):
        async with database.write() as session:
            session.add(
                Message(
                    conversation_id=scene.conversations["yanto"].id,
                    direction="in",
                    author="participant",
                    text="gimana min?",
                    created_at=clock() - timedelta(minutes=minutes),
                )
            )
    assert await waiting() == clock() - timedelta(minutes=20)


async def test_a_long_queue_comes_in_pages_without_loss(
    database: Database, scene: Scene, clock: Clock, browse: Browse
) -> None:
    async with database.write() as session:
        for number in range(PAGE):
            chat = await conversation(session, scene, f"p{number}", f"Peserta {number}", "web", clock())
            opened = await turn(session, chat, "halo", clock(), intent="login_failed", confidence=0.6, platform=None)
            await ticket(
                session,
                scene,
                f"p{number}",
                chat,
                opened,
                intent="login_failed",
                queue="PMO_ACCOUNT",
                summary="tidak bisa masuk",
                reason="gagal terus",
                opened=clock(),
                promised=clock() + timedelta(hours=8),
            )
    seen: set[str] = set()
    browser = await browse(scene, "sari")
    for page in (1, 2):
        text = (await browser.get(f"/antrean?tab=semua&halaman={page}")).text
        seen |= set(re.findall(r'id="baris-(T-\d+)"', text))
    assert len(seen) == PAGE + 4


async def test_an_unchanged_list_is_not_sent_again_and_a_changed_one_is(
    database: Database, scene: Scene, clock: Clock, bell: Bell, browse: Browse
) -> None:
    browser = await browse(scene, "joko")
    shown = MARK.search((await browser.get("/antrean")).text)
    assert shown is not None
    again = f"/antrean/daftar?tab=belum-diambil&sidik={shown[1]}"
    assert (await browser.get(again)).status_code == 204
    async with database.write() as session:
        await claim(session, bell, ticket_id=scene.tickets["siti"].id, staff=scene.staff["sari"], at=clock())
    changed = await browser.get(again)
    assert changed.status_code == 200
    assert "Siti Rahmawati" not in changed.text
    assert "Rina Marlina" in changed.text


async def test_an_empty_tab_teaches(browse: Browse, scene: Scene) -> None:
    joko = await browse(scene, "joko")
    for tab in TABS:
        assert "Longgarkan saringannya" in (await joko.get(f"/antrean?tab={tab}&cari=tidak+ada+namanya")).text


async def test_an_empty_desk_says_what_will_come(browse: Browse, scene: Scene) -> None:
    joko = await browse(scene, "joko")
    assert "tekan <b>Ambil</b>" in (await joko.get("/antrean?tab=saya")).text
    assert "Tiket pindah ke sini" in (await joko.get("/antrean?tab=selesai")).text


async def test_the_first_page_weighs_less_than_150_kilobytes_with_all_it_needs(browse: Browse, scene: Scene) -> None:
    browser = await browse(scene, "sari")
    page = await browser.get("/antrean?tab=semua")
    needed = re.findall(r'(?:src|href)="(/aset/[^"]+)"', page.text)
    weight = len(page.content) + sum([len((await browser.get(one)).content) for one in needed])
    assert len(needed) == 4
    assert weight < 150_000
