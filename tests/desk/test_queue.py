"""The queue: filters find what they say, pages lose nothing, and lines keep their place while the desk works."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from desk.acts.claim import claim
from desk.queue.filter import Filter
from desk.queue.promise import in_danger, promise_state
from desk.queue.reading import PAGE
from desk.queue.tabs import TABS
from desk.queue.words import briefly
from records.bell import Bell
from records.clock import Clock
from records.database import Database
from records.models import Incident, Team, Ticket
from tests.desk.conftest import Browse
from tests.desk.counting import counted
from tests.desk.making import Scene, conversation, ticket, turn
from tests.desk.queueing import asked, person_of

ROW = re.compile(r'data-nomor="([^"]+)" data-sidik="([^"]+)"')
MARK = re.compile(r'class="sidik" name="sidik" value="([^"]+)"')


async def listed(database: Database, scene: Scene, clock: Clock, tab: str, order: str = "", **wanted: Any) -> list[str]:
    sari = await person_of(database, scene.staff["sari"])
    lines = await asked(database, sari, clock(), tab, Filter(**wanted), order)
    who = {ticket.number: name for name, ticket in scene.tickets.items()}
    return [who[line.number] for line in lines]


async def change(database: Database, scene: Scene, who: str, **values: object) -> None:
    async with database.write() as session:
        await session.execute(update(Ticket).where(Ticket.id == scene.tickets[who].id).values(**values))


async def crowd(database: Database, scene: Scene, clock: Clock, number: int = PAGE) -> None:
    """Many alike: their promises end at the same moment."""
    async with database.write() as session:
        for each in range(number):
            chat = await conversation(session, scene, f"p{each}", f"Peserta {each}", "web", clock())
            opened = await turn(session, chat, "halo", clock(), intent="login_failed", confidence=0.6, platform=None)
            words = {"intent": "login_failed", "queue": "PMO_ACCOUNT", "summary": "tidak bisa masuk", "reason": "gagal"}
            until = clock() + timedelta(hours=8)
            await ticket(session, scene, f"p{each}", chat, opened, opened=clock(), promised=until, **words)


async def test_the_promise_that_ends_first_stands_first(database: Database, scene: Scene, clock: Clock) -> None:
    assert await listed(database, scene, clock, "belum-diambil") == ["rina", "siti", "budi"]
    assert await listed(database, scene, clock, "saya") == ["yanto"]
    assert await listed(database, scene, clock, "semua") == ["rina", "siti", "budi", "yanto"]
    assert await listed(database, scene, clock, "selesai") == []


async def test_who_waits_longest_or_came_last_may_stand_first_instead(
    database: Database, scene: Scene, clock: Clock
) -> None:
    assert await listed(database, scene, clock, "semua", "menunggu") == ["budi", "rina", "siti", "yanto"]
    assert await listed(database, scene, clock, "semua", "terbaru") == ["siti", "yanto", "rina", "budi"]


FOUND: list[tuple[dict[str, Any], set[str]]] = [
    ({"channel": "whatsapp"}, {"rina", "budi"}),
    ({"platform": "sisnaker"}, {"siti"}),
    ({"intent": "talk_to_human"}, {"yanto"}),
    ({"priority": "urgent"}, {"rina"}),
    ({"queue": "PMO_TRANSACTION"}, {"rina", "siti", "budi", "yanto"}),
    ({"queue": "SECURITY"}, set()),
    ({"endangered": True}, {"rina", "siti", "budi"}),
    ({"waiting": timedelta(hours=1)}, {"rina", "budi"}),
    ({"words": "santoso"}, {"budi"}),
    ({"words": "bud san"}, {"budi"}),
    ({"words": "antoso"}, set()),
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


async def test_what_is_put_off_leaves_the_tabs_of_work_until_its_time(
    database: Database, scene: Scene, clock: Clock
) -> None:
    await change(database, scene, "siti", snoozed_until=clock() + timedelta(minutes=1))
    await change(database, scene, "budi", snoozed_until=clock())
    assert await listed(database, scene, clock, "belum-diambil") == ["rina", "budi"]
    assert await listed(database, scene, clock, "ditunda") == ["siti"]
    assert set(await listed(database, scene, clock, "semua")) == {"rina", "siti", "budi", "yanto"}


async def test_cases_of_an_incident_stand_together_under_its_name(
    database: Database, scene: Scene, clock: Clock, browse: Browse
) -> None:
    async with database.write() as session:
        for name, title in (("ins-1", "OTP Tokopedia macet"), ("ins-2", "Sisnaker lambat")):
            session.add(
                Incident(
                    **{"id": name, "title": title, "components": ["otp"], "started_at": clock(), "as_of": clock()},
                    **{"status": "confirmed", "public_message": title, "source": "petugas"},
                )
            )
    for who, incident in (("rina", "ins-2"), ("siti", "ins-1"), ("yanto", "ins-2")):
        await change(database, scene, who, incident_id=incident)
    assert await listed(database, scene, clock, "insiden") == ["siti", "rina", "yanto"]
    assert await listed(database, scene, clock, "semua", incident_id="ins-2") == ["rina", "yanto"]
    shown = (await (await browse(scene, "sari")).get("/antrean?tab=insiden")).text
    order = ("OTP Tokopedia macet</h2>", "Siti Rahm", "Sisnaker lambat</h2>", "Rina Marl", "Yanto Wib")
    places = [shown.index(it) for it in order]
    assert places == sorted(places)


async def test_the_rule_of_a_promise_in_danger_is_the_same_in_both_its_forms(
    database: Database, scene: Scene, clock: Clock
) -> None:
    for minutes in range(-60, 300, 7):
        now = clock() + timedelta(minutes=minutes)
        async with database.read() as session:
            endangered = set(await session.scalars(select(Ticket.number).where(in_danger(now))))
            everybody = await session.scalars(select(Ticket))
            assert endangered == {t.number for t in everybody if promise_state(t, now) in {"endangered", "broken"}}


async def test_words_to_the_participant_end_their_wait(database: Database, scene: Scene, clock: Clock) -> None:
    sari = await person_of(database, scene.staff["sari"])
    (line,) = await asked(database, sari, clock(), "saya")
    assert line.waiting_since is None
    siti = next(line for line in await asked(database, sari, clock()) if line.name == "Siti Rahmawati")
    assert siti.waiting_since == siti.opened_at


async def test_a_long_queue_comes_in_pages_without_loss(
    database: Database, scene: Scene, clock: Clock, browse: Browse
) -> None:
    await crowd(database, scene, clock)
    browser, seen, address = await browse(scene, "sari"), [], "/antrean?tab=semua"
    while address:
        shown = (await browser.get(address)).text
        seen += re.findall(r'id="baris-(T-\d+)"', shown)
        onward = re.search(r'id="lanjut"[^>]* href="([^"]+)"', shown)
        address = onward[1].replace("&amp;", "&") if onward else ""
    assert (len(seen), len(set(seen))) == (PAGE + 4, PAGE + 4)


async def test_what_opens_meanwhile_makes_no_line_come_twice(
    database: Database, scene: Scene, clock: Clock, browse: Browse
) -> None:
    await crowd(database, scene, clock)
    browser = await browse(scene, "sari")
    first = (await browser.get("/antrean?tab=semua")).text
    onward = re.search(r'hx-get="(/antrean/lanjut[^"]+)"', first)
    assert onward is not None
    await change(database, scene, "p49", promised_at=clock())
    rest = (await browser.get(onward[1].replace("&amp;", "&"))).text
    numbers = [*re.findall(r'id="baris-(T-\d+)"', first), *re.findall(r'id="baris-(T-\d+)"', rest)]
    assert len(numbers) == len(set(numbers))


async def test_a_place_that_is_none_begins_at_the_top(browse: Browse, scene: Scene) -> None:
    browser = await browse(scene, "sari")
    for place in ("~", "1~gestern~T-1", "x~2020-08-24T00:00:00+00:00~T-1", "a" * 299, "\0"):
        assert "Rina Marlina" in (await browser.get("/antrean", params={"tab": "semua", "sesudah": place})).text


async def test_words_that_mean_nothing_narrow_nothing_and_break_nothing(browse: Browse, scene: Scene) -> None:
    browser = await browse(scene, "sari")
    strange = {"tab": "tim-x", "gelombang": "vier", "tim": "x", "menunggu": "-1", "urut": "acak"}
    assert "Rina Marlina" in (await browser.get("/antrean", params=strange)).text
    for name in ("gelombang", "menunggu"):
        assert (await browser.get("/antrean", params={name: "9" * 90})).status_code == 200


async def live(browse: Browse, scene: Scene, tab: str) -> tuple[object, str]:
    browser = await browse(scene, "joko")
    shown = (await browser.get(f"/antrean?tab={tab}")).text
    rows = "".join(f"&baris={number}.{mark}" for number, mark in ROW.findall(shown))
    marks = "".join(f"&sidik={mark}" for mark in MARK.findall(shown))
    return browser, f"/antrean/daftar?tab={tab}{rows}{marks}"


async def test_an_unchanged_list_is_not_sent_again(database: Database, scene: Scene, browse: Browse) -> None:
    browser, again = await live(browse, scene, "belum-diambil")
    assert again.count("&baris=") == 3
    assert (await browser.get(again)).status_code == 204  # type: ignore[attr-defined]


async def test_only_the_line_that_changed_is_sent_and_one_that_left_says_where_it_went(
    database: Database, scene: Scene, clock: Clock, bell: Bell, browse: Browse
) -> None:
    browser, again = await live(browse, scene, "belum-diambil")
    await change(database, scene, "budi", priority="urgent")
    async with database.write() as session:
        await claim(session, bell, ticket_id=scene.tickets["siti"].id, staff=scene.staff["sari"], at=clock())
    sent = (await browser.get(again)).text  # type: ignore[attr-defined]
    assert sorted(re.findall(r'id="b-(T-\d+)"', sent)) == sorted(scene.tickets[who].number for who in ("siti", "budi"))
    assert "sudah tidak di sini: dipegang Sari Dewanti" in sent
    assert "Rina Marlina" not in sent
    assert "baru" not in sent


async def test_new_cases_are_counted_and_push_nothing(
    database: Database, scene: Scene, clock: Clock, browse: Browse
) -> None:
    browser, again = await live(browse, scene, "belum-diambil")
    await crowd(database, scene, clock, 3)
    sent = (await browser.get(again)).text  # type: ignore[attr-defined]
    assert "3 baru" in sent
    assert "data-nomor" not in sent


async def test_an_empty_tab_teaches(browse: Browse, scene: Scene) -> None:
    joko = await browse(scene, "joko")
    for tab in TABS:
        assert "Longgarkan saringannya" in (await joko.get(f"/antrean?tab={tab}&cari=tidak+ada+namanya")).text
    assert "tekan <b>Ambil</b>" in (await joko.get("/antrean?tab=saya")).text
    assert "Tiket pindah ke sini" in (await joko.get("/antrean?tab=selesai")).text


async def test_another_teams_case_is_not_in_the_queue_and_an_administrator_reads_only_what_it_is(
    database: Database, scene: Scene, browse: Browse
) -> None:
    async with database.write() as session:
        session.add(team := Team(name="Keamanan"))
        await session.flush()
    await change(database, scene, "siti", team_id=team.id)
    assert "Siti Rahmawati" not in (await (await browse(scene, "joko")).get("/antrean?tab=semua")).text
    ani = await browse(scene, "ani")
    shown = (await ani.get("/antrean?tab=semua")).text
    assert scene.tickets["siti"].number in shown
    assert "Siti Rahmawati" not in shown
    assert "Desain Grafis" not in shown
    assert "Tidak ada yang cocok" in (await ani.get("/antrean?tab=semua&cari=siti")).text


async def test_the_page_asks_the_database_as_often_for_fifty_lines_as_for_four(
    database: Database, scene: Scene, clock: Clock, browse: Browse
) -> None:
    browser = await browse(scene, "sari")
    with counted(database) as few:
        await browser.get("/antrean?tab=semua")
    await crowd(database, scene, clock)
    with counted(database) as many:
        await browser.get("/antrean?tab=semua")
    assert len(few) == len(many) <= 11, many
    with counted(database) as again:
        await browser.get(f"/antrean/daftar?tab=semua&baris={scene.tickets['siti'].number}.x")
    assert len(again) <= 7, again


async def test_the_first_page_weighs_less_than_150_kilobytes_with_all_it_needs(browse: Browse, scene: Scene) -> None:
    browser = await browse(scene, "sari")
    page = await browser.get("/antrean?tab=semua")
    needed = re.findall(r'(?:src|href)="(/aset/[^"]+)"', page.text)
    weight = len(page.content) + sum([len((await browser.get(one)).content) for one in needed])
    assert len(needed) >= 5
    assert weight < 150_000


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "baru saja"),
        (5, "5 menit"),
        (90, "1 jam"),
        (47 * 60, "47 jam"),
        (48 * 60, "2 hari"),
        (15 * 1440, "2 minggu"),
    ],
)
def test_times_are_told_as_people_say_them(minutes: int, said: str) -> None:
    assert briefly(timedelta(minutes=minutes)) == said
