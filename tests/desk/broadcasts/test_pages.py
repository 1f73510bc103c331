"""The pages of broadcasts: what is shown before is what is done, and every number opens its people."""

import csv
import io
import re
from html import unescape

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from desk.broadcasts.making import first_texts
from records.database import Database
from records.models import AuditEntry
from tests.desk.broadcasts.outage import ID, After
from tests.desk.conftest import Browse, Browser

NUMBER = re.compile(r'href="(/siaran/[^"]+/orang[^"]*)"><span>([^<]+)</span><strong>(\d+)</strong>')
NUMBER_LINK = re.compile(r'href="(/siaran/[^"]+/orang[^"]*)"')
COUNTED = re.compile(r'<li>(?:<a href="([^"]+)">)?([^<]+)(?:</a>)?<(?:span|strong) class="angka">(\d+)<')


def words_of(page: httpx.Response) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.text)))


def recovery_form() -> dict[str, str]:
    texts = {f"teks_{what}": said[""] for what, said in first_texts("recovery").items()}
    return {**texts, "jenis": "recovery", "untuk": ID, "judul": "Kabar pulih", "laju": "600", "templat": "1"}


async def made_on(browser: Browser, **fields: str) -> str:
    """Fill in the form of a recovery; returns the address of its page."""
    shown = await browser.get(f"/siaran/baru?insiden={ID}")
    assert shown.status_code == 200, shown.text
    key = re.search(r'name="key" value="([^"]+)"', shown.text)
    assert key is not None
    answer = await browser.post("/siaran", **{**recovery_form(), "key": key[1], **fields})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


async def test_the_page_says_why_a_recovery_waits(after: After, browse: Browse) -> None:
    await after.hit("dewi", "rina")
    broadcast = await after.approved(await after.made())
    lela = await browse(after.scene, "lela")
    await after.goes("confirmed")
    await after.rounds()
    assert "insidennya terbuka lagi" in words_of(await lela.get(f"/siaran/{broadcast}"))
    await after.goes("monitoring")
    await after.rounds()
    said = words_of(await lela.get(f"/siaran/{broadcast}"))
    assert "insidennya terbuka lagi" not in said
    assert set(await after.heard()) == {"dewi"}


async def test_made_by_one_approved_by_another_and_sent(after: After, browse: Browse) -> None:
    await after.hit("dewi", "agus", "rina", "eko")
    lela, rudi = await browse(after.scene, "lela"), await browse(after.scene, "rudi")
    address = await made_on(lela)
    await after.rounds(1)
    preview = await lela.get(address)
    said = words_of(preview)
    assert "Akan dikirimi pesan 3" in said
    assert "Cek ulang: Belum beres 1" in said
    assert "tidak ada yang tertahan" in said  # the text, as it will be read
    assert "Siaran ini Anda buat sendiri" in said
    refused = await lela.post(f"{address}/setujui", versi="0", dibaca="1")
    assert refused.status_code == 403
    assert "Setujui dan mulai" in (await rudi.get(address)).text
    assert (await rudi.post(f"{address}/setujui", versi="0", dibaca="1")).status_code == 303
    await after.rounds()
    await after.channel_says("sent")
    await after.rounds(1)
    done = words_of(await rudi.get(address))
    assert "Selesai." in done
    assert "Terkirim 3" in done
    incident = await lela.get(f"/insiden/{ID}")
    assert address in incident.text
    assert "3 dari 4 terkirim" in words_of(incident)
    assert "Kabari yang terdampak lagi" in words_of(incident)


async def test_every_number_opens_exactly_its_people(after: After, browse: Browse) -> None:
    await after.hit("dewi", "agus", "rina", "eko", "maya")
    await after.wants_none("eko")
    await after.chat("agus", window_until=after.clock.now)
    lela = await browse(after.scene, "lela")
    address = await made_on(lela)
    await after.rounds(1)
    page = (await lela.get(address)).text
    numbers = [(link, int(n)) for link, _, n in NUMBER.findall(page)]
    numbers += [(link, int(n)) for link, _, n in COUNTED.findall(page) if link]
    assert len(numbers) > 8
    for link, number in numbers:
        listed = (await lela.get(unescape(link))).text
        assert listed.count("<li data-baris>") == number, link


async def test_the_people_of_every_number_leave_as_they_are_listed(
    after: After, browse: Browse, database: Database
) -> None:
    await after.hit("dewi", "agus", "rina", "eko", "maya")
    await after.wants_none("eko")
    broadcast = await after.approved(await after.made())
    await after.rounds()
    await after.channel_says("sent", "dewi")
    await after.channel_says("refused", "agus")
    rudi = await browse(after.scene, "rudi")
    address = f"/siaran/{broadcast}"
    numbers = {unescape(link) for link in NUMBER_LINK.findall((await rudi.get(address)).text)}
    taken = 0
    for link in {f"{address}/orang"} | numbers:
        page = (await rudi.get(link)).text
        shown = re.findall(r'<li data-baris><div><a href="/percakapan/([^"]+)"', page)
        files = [unescape(it) for it in re.findall(r'href="(/siaran/[^"]+/ekspor[^"]*)" download', page)]
        assert len(files) == (2 if shown else 0), link
        if not shown:
            continue
        told = list(csv.DictReader(io.StringIO((await rudi.get(files[1])).text, newline="")))
        assert [it["Percakapan"] for it in told] == shown, link
        header, *rows = load_workbook(io.BytesIO((await rudi.get(files[0])).content))["Data"].iter_rows(
            values_only=True
        )
        assert [row[header.index("Percakapan")] for row in rows] == shown, link
        taken += 2
    told = list(csv.DictReader(io.StringIO((await rudi.get(f"{address}/ekspor")).text, newline="")))
    stands = {it["Percakapan"]: (it["Bagian"], it["Keadaan"]) for it in told}
    chat = {who: str(after.scene.conversations[who].id) for who in ("dewi", "agus", "eko", "rina")}
    assert stands[chat["dewi"]] == ("Terkirim", "diterima kanal")
    assert stands[chat["agus"]] == ("Gagal", "ditolak kanal")
    assert stands[chat["eko"]][0] == stands[chat["rina"]][0] == "Dilewati"
    assert not [it for it in told if "Dewi" in "".join(it.values())]
    async with database.read() as session:
        entries = list(
            await session.scalars(
                select(AuditEntry).where(AuditEntry.action == "broadcast_exported").order_by(AuditEntry.id)
            )
        )
    assert len(entries) == taken + 1 > 6
    assert {(entry.actor, entry.object) for entry in entries} == {("rudi", f"broadcast:{broadcast}")}
    assert entries[-1].detail["lines"] == len(told) == 5


@pytest.mark.parametrize("who", ["lela", "hasan", "sari"])
async def test_who_may_not_export_gets_no_recipients_and_no_link(after: After, browse: Browse, who: str) -> None:
    await after.hit("dewi")
    address = f"/siaran/{await after.made()}"
    one = await browse(after.scene, who)
    assert "/ekspor" not in (await one.get(f"{address}/orang")).text
    assert (await one.get(f"{address}/ekspor")).status_code == 403


async def test_what_no_database_keeps_is_no_part_of_a_number(after: After, browse: Browse) -> None:
    await after.hit("dewi")
    rudi, address = await browse(after.scene, "rudi"), f"/siaran/{await after.made()}/ekspor"
    assert (await rudi.get(f"{address}?bagian=kolom:%00")).status_code == 200
    assert (await rudi.get(f"{address}?bagian=%00")).status_code == 200


async def test_a_broadcast_that_is_none_has_no_file(after: After, browse: Browse) -> None:
    rudi = await browse(after.scene, "rudi")
    assert (await rudi.get("/siaran/00000000-0000-0000-0000-000000000000/ekspor")).status_code == 404


async def test_a_changed_text_ends_the_approval_and_an_old_page_approves_nothing(after: After, browse: Browse) -> None:
    await after.hit("dewi")
    lela, rudi = await browse(after.scene, "lela"), await browse(after.scene, "rudi")
    address = await made_on(lela)
    await rudi.get(address)
    assert (await rudi.post(f"{address}/setujui", versi="0", dibaca="1")).status_code == 303
    await lela.get(f"{address}/ubah")
    changed = recovery_form() | {"teks_fixed": "Sudah pulih, Kak."}
    assert (await lela.post(f"{address}/ubah", **changed)).status_code == 303
    await after.rounds()
    assert await after.heard() == {}
    assert (await rudi.post(f"{address}/setujui", versi="0", dibaca="1")).status_code == 409
    assert (await rudi.post(f"{address}/setujui", versi="1", dibaca="1")).status_code == 303


async def test_who_changed_it_reads_why_they_cannot_approve_it_and_its_maker_can(after: After, browse: Browse) -> None:
    await after.hit("dewi")
    lela, rudi = await browse(after.scene, "lela"), await browse(after.scene, "rudi")
    address = await made_on(lela)
    await rudi.get(f"{address}/ubah")
    changed = recovery_form() | {"teks_fixed": "Sudah pulih, Kak."}
    assert (await rudi.post(f"{address}/ubah", **changed)).status_code == 303
    page = words_of(await rudi.get(address))
    assert "terakhir Anda ubah sendiri" in page
    assert "Setujui dan mulai" not in page
    assert (await rudi.post(f"{address}/setujui", versi="1", dibaca="1")).status_code == 403
    seen = words_of(await lela.get(address))
    assert "terakhir diubah Rudi" in seen
    assert (await lela.post(f"{address}/setujui", versi="1", dibaca="1")).status_code == 303


async def test_what_is_not_well_said_is_told_and_nothing_is_lost(after: After, browse: Browse) -> None:
    await after.hit("dewi")
    lela = await browse(after.scene, "lela")
    await lela.get(f"/siaran/baru?insiden={ID}")
    bad = recovery_form() | {"key": "6f1d3a52-7f0e-4b43-9d29-7a3f2f6f5a10", "teks_closed": "Sudah dicek {dicek}, Kak."}
    answer = await lela.post("/siaran", **bad)
    assert answer.status_code == 422
    assert "data penerimanya tidak dicek" in answer.text
    assert "Sudah dicek {dicek}, Kak." in answer.text


async def test_agents_have_no_broadcasts_and_auditors_only_look(after: After, browse: Browse) -> None:
    await after.hit("dewi")
    lela, sari = await browse(after.scene, "lela"), await browse(after.scene, "sari")
    hasan = await browse(after.scene, "hasan")
    address = await made_on(lela)
    assert (await sari.get(address)).status_code == 403
    looked = await hasan.get(address)
    assert looked.status_code == 200
    assert "Setujui" not in looked.text
    assert (await hasan.post(f"{address}/setujui", versi="0", dibaca="1")).status_code == 403


async def test_the_list_shows_the_books(after: After, browse: Browse) -> None:
    await after.hit("dewi", "eko")
    rudi = await browse(after.scene, "rudi")
    await after.made()
    assert "2 penerima: 0 terkirim" in words_of(await rudi.get("/siaran"))


async def test_an_open_page_is_sent_only_what_changed(after: After, browse: Browse) -> None:
    await after.hit("dewi")
    lela = await browse(after.scene, "lela")
    address = await made_on(lela)
    await after.rounds(1)
    page = await lela.get(address)
    mark = re.search(r'name="sidik" value="([^"]+)"', page.text)
    assert mark is not None
    assert (await lela.get(f"{address}/langsung", params={"sidik": mark[1]})).status_code == 204
    assert (await lela.get(f"{address}/langsung", params={"sidik": "lama"})).status_code == 200
