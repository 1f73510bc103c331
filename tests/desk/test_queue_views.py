"""Saved views: a question of the queue under a name, one's own or the team's, in one's order; one opens first."""

import re
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import select

from records.database import Database
from records.models import SavedView, Team, TeamMember
from tests.desk.conftest import Browse, Browser
from tests.desk.making import Scene

CHIP = re.compile(r'<a class="keping" href="([^"]+)"[^>]*>([^<]+)')


async def save(browser: Browser, name: str, bagi: str = "", **words: str) -> None:
    await browser.get("/antrean")
    saved = await browser.post("/antrean/tampilan", nama=name, bagi=bagi, **words)
    assert saved.status_code == 303, saved.text


async def chips(browser: Browser) -> dict[str, str]:
    shown = (await browser.get("/antrean?tab=semua")).text
    return {name.strip(): address.replace("&amp;", "&") for address, name in CHIP.findall(shown)}


async def id_of(database: Database, name: str) -> str:
    async with database.read() as session:
        return str(await session.scalar(select(SavedView.id).where(SavedView.name == name)))


async def team_of(database: Database, scene: Scene, who: str) -> str:
    async with database.read() as session:
        theirs = select(TeamMember.team_id).where(TeamMember.staff_id == scene.staff[who].id)
        return str(await session.scalar(theirs))


async def test_a_view_keeps_tab_filters_and_order_and_nothing_else(scene: Scene, browse: Browse) -> None:
    sari = await browse(scene, "sari")
    await save(sari, "WA mendesak", tab="semua", kanal="whatsapp", prioritas="urgent", urut="menunggu", halaman="7")
    (address,) = (await chips(sari)).values()
    assert parse_qs(urlsplit(address).query) == {
        **{"tab": ["semua"], "kanal": ["whatsapp"], "prioritas": ["urgent"], "urut": ["menunggu"]}
    }
    shown = (await sari.get(address)).text
    assert "Rina Marlina" in shown
    assert "Siti Rahmawati" not in shown
    assert 'aria-current="page" data-tombol="v 1"' in shown


async def test_the_same_name_is_the_same_view(scene: Scene, browse: Browse) -> None:
    sari = await browse(scene, "sari")
    await save(sari, "Pagi", tab="semua")
    await save(sari, "Pagi", tab="saya")
    assert await chips(sari) == {"Pagi": "/antrean?tab=saya"}


async def test_what_is_shared_is_seen_by_the_team_and_by_nobody_else(
    scene: Scene, browse: Browse, database: Database
) -> None:
    sari, joko, ani = [await browse(scene, who) for who in ("sari", "joko", "ani")]
    await save(sari, "Sendiri", tab="saya")
    await save(sari, "Bersama", tab="semua", kanal="whatsapp", bagi=await team_of(database, scene, "sari"))
    async with database.write() as session:
        session.add(other := Team(name="Keamanan"))
        await session.flush()
        place = select(TeamMember).where(TeamMember.staff_id == scene.staff["ani"].id)
        for member in await session.scalars(place):
            member.team_id = other.id
    assert set(await chips(joko)) == {"Bersama"}
    assert await chips(ani) == {}
    refused = await joko.post("/antrean/tampilan", nama="x", tab="semua", bagi=str(other.id))
    assert refused.status_code == 422


async def test_the_first_view_opens_the_queue_until_it_does_no_longer(
    scene: Scene, browse: Browse, database: Database
) -> None:
    sari = await browse(scene, "sari")
    await save(sari, "Pembuka", tab="semua", platform="tokopedia")
    address = f"/antrean/tampilan/{await id_of(database, 'Pembuka')}"
    await sari.post(address, ubah="utama")
    opened = await sari.get("/antrean")
    assert opened.headers["location"] == "/antrean?tab=semua&platform=tokopedia"
    assert (await sari.get("/antrean?tab=saya")).status_code == 200
    await sari.post(address, ubah="biasa")
    assert (await sari.get("/antrean")).status_code == 200


async def test_views_stand_in_the_order_one_gives_them(scene: Scene, browse: Browse, database: Database) -> None:
    sari = await browse(scene, "sari")
    for name in ("Satu", "Dua", "Tiga"):
        await save(sari, name, tab="semua")
    await sari.post(f"/antrean/tampilan/{await id_of(database, 'Tiga')}", ubah="naik")
    assert list(await chips(sari)) == ["Satu", "Tiga", "Dua"]
    await sari.post(f"/antrean/tampilan/{await id_of(database, 'Satu')}", ubah="turun")
    assert list(await chips(sari)) == ["Tiga", "Satu", "Dua"]


async def test_only_its_maker_or_a_lead_of_the_team_takes_a_view_away(
    scene: Scene, browse: Browse, database: Database
) -> None:
    sari, joko, lela = [await browse(scene, who) for who in ("sari", "joko", "lela")]
    await save(sari, "Bersama", tab="semua", bagi=await team_of(database, scene, "sari"))
    await save(sari, "Sendiri", tab="semua")
    shared, own = [f"/antrean/tampilan/{await id_of(database, name)}" for name in ("Bersama", "Sendiri")]
    assert (await joko.post(shared, ubah="hapus")).status_code == 409
    assert (await joko.post(shared, ubah="naik")).status_code == 409
    assert (await lela.post(own, ubah="hapus")).status_code == 404
    assert (await lela.post(shared, ubah="hapus")).status_code == 303
    assert (await sari.post(own, ubah="hapus")).status_code == 303
    assert "Belum ada tampilan" in (await sari.get("/antrean/tampilan")).text


async def test_a_view_without_a_name_or_one_too_many_is_not_kept(scene: Scene, browse: Browse) -> None:
    sari = await browse(scene, "sari")
    assert (await sari.post("/antrean/tampilan", nama=" ", tab="semua")).status_code == 422
    for number in range(20):
        await save(sari, f"Tampilan {number}", tab="semua")
    assert (await sari.post("/antrean/tampilan", nama="Lebih", tab="semua")).status_code == 422
    await save(sari, "Tampilan 3", tab="saya")
