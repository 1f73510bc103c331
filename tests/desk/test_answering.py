"""Answering: suggestions with their sources, prepared words that must be filled, drafts only their writer sees."""

import re
from datetime import date, timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, update

from desk.answering.drafts import ACTS
from desk.answering.examples import examples
from desk.answering.suggestions import suggested
from desk.answering.variables import MEANINGS, filled, unfilled
from desk.findings import read_finding
from desk.rounds.old_drafts import forget_old_drafts
from knowledge_base.search import default_index
from records.clock import Clock, wib
from records.database import Database
from records.models import AuditEntry, CannedReply, Message, ReplyDraft, ReplySource, Team, Ticket
from tests.desk.conftest import Browse, Browser
from tests.desk.making import Scene
from tests.desk.test_conversation import claimed, page_of

SAID = "Kartu Kakak aktif dengan saldo Rp1.000.000."
CARD = {
    "check": "card",
    "run": "card",
    "verdict": "yes",
    "summary": "Kartu aktif",
    "said": SAID,
    "evidence": [{"label": "Kartu", "value": "aktif", "source": "tabel program", "as_of": "2020-08-24T01:00:00+00:00"}],
}


async def with_card(database: Database, scene: Scene, who: str = "siti") -> None:
    async with database.write() as session:
        await session.execute(update(Ticket).where(Ticket.id == scene.tickets[who].id).values(evidence=[CARD]))


async def sent(browser: Browser, scene: Scene, text: str, *sources: str, key: UUID | None = None) -> int:
    data = {"csrf": browser.csrf, "key": str(key or uuid4()), "text": text, "dari": list(sources)}
    return (await browser.client.post(f"/tiket/{scene.tickets['siti'].number}/balas", data=data)).status_code


def of(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(text)))


# --- suggestions


async def test_a_finding_suggests_what_the_bot_would_say_with_its_source_and_age(
    browse: Browse, scene: Scene, database: Database
) -> None:
    await with_card(database, scene)
    sari = await claimed(browse, scene)
    page = unescape((await sari.get(page_of(scene, "siti"))).text)
    assert f'data-isi="{SAID} (Data per hari ini 08.00 WIB.)" data-dari="finding:card"' in page
    begun = await sari.get(f"{page_of(scene, 'siti')}?saran=finding:card")
    assert f">{SAID} (Data per hari ini 08.00 WIB.)</textarea>" in begun.text
    assert 'name="dari" value="finding:card"' in begun.text


def test_what_could_not_be_asked_or_has_no_words_suggests_nothing(clock: Clock) -> None:
    unknown = read_finding({**CARD, "verdict": "unknown"})
    silent = read_finding({**CARD, "said": None})
    open_ended = read_finding({**CARD, "said": "Laporan {ticket} kami teruskan."})
    assert suggested([unknown, silent, open_ended], "", (), clock()) == ()


def test_what_the_bot_said_already_comes_last_and_says_so(clock: Clock) -> None:
    other = read_finding({**CARD, "check": "deadline", "run": "deadline", "said": "Batasnya 2 September."})
    first, last = suggested([read_finding(CARD), other], "", (), clock(), [f"Halo Kak. {SAID} Terima kasih."])
    assert (first.reference, first.caution) == ("deadline", "")
    assert (last.reference, last.caution) == ("card", "Bot sudah mengatakan ini.")


def test_an_article_is_offered_on_the_days_it_is_valid_only(clock: Clock) -> None:
    ended = [it for it in default_index().articles if it.valid_to and it.valid_to < date(2020, 8, 24)]
    asked = ["berapa lama batas beli pelatihan pertama", *(it.title for it in ended)]
    offered = [it for said in asked for it in suggested([], said, ("ask_how_to_buy", "purchase_deadline"), clock())]
    assert offered
    by_id = {it.id: it for it in default_index().articles}
    assert all(by_id[it.reference].valid_on(wib(clock()).date()) for it in offered)
    assert all(it.source and it.as_of and it.text.endswith(it.source.partition(", berlaku")[0]) for it in offered)


async def test_what_a_reply_was_made_from_is_kept_with_its_age_and_shown(
    browse: Browse, scene: Scene, database: Database
) -> None:
    await with_card(database, scene)
    sari = await claimed(browse, scene)
    assert await sent(sari, scene, SAID, "finding:card", "finding:nonsense", "article:nowhere", "canned:x") == 303
    async with database.read() as session:
        (source,) = await session.scalars(select(ReplySource))
    assert (source.kind, source.reference, source.as_of and source.as_of.hour) == ("finding", "card", 1)
    assert "Dari: cek “Kartu aktif?” (data hari ini)" in of((await sari.get(page_of(scene, "siti"))).text)


# --- prepared words


async def prepare(browser: Browser, shortcut: str, text: str, **more: str) -> int:
    await browser.get("/siap-pakai")
    return (await browser.post("/siap-pakai", shortcut=shortcut, title=shortcut, text=text, **more)).status_code


async def ids(database: Database) -> dict[str, UUID]:
    async with database.read() as session:
        return {reply.shortcut: reply.id for reply in await session.scalars(select(CannedReply))}


async def test_prepared_words_come_filled_and_what_is_not_known_stays_to_be_filled(
    browse: Browse, scene: Scene
) -> None:
    sari = await claimed(browse, scene)
    await prepare(sari, "salam", "Halo Kak {nama}, {nomor} soal {kursus} dipegang {petugas}. {hasil}")
    listed = unescape((await sari.get(f"{page_of(scene, 'siti')}/siap-pakai")).text)
    number = scene.tickets["siti"].number
    assert f"Halo Kak Siti, {number} soal Desain Grafis Dasar dipegang Sari. {{hasil}}" in listed


async def test_words_with_an_open_variable_are_refused_and_come_back(browse: Browse, scene: Scene) -> None:
    sari = await claimed(browse, scene)
    answer = await sari.post(f"/tiket/{scene.tickets['siti'].number}/balas", key=str(uuid4()), text="Sudah, {hasil}.")
    assert answer.status_code == 422
    assert "Masih ada yang harus diisi sebelum dikirim: {hasil}." in answer.text
    assert "Sudah, {hasil}.</textarea>" in answer.text
    closing = await sari.post(f"/tiket/{scene.tickets['siti'].number}/selesai", key=str(uuid4()), text="{hasil}")
    assert closing.status_code == 422


async def test_each_sees_their_own_their_teams_and_everybodys(browse: Browse, scene: Scene, database: Database) -> None:
    sari, joko, lela = await browse(scene, "sari"), await browse(scene, "joko"), await browse(scene, "lela")
    async with database.write() as session:
        elsewhere = Team(name="Insentif")
        session.add(elsewhere)
        await session.flush()
        team = await session.scalar(select(Team.id).where(Team.is_default))
    assert await prepare(sari, "milikku", "punya sari") == 303
    assert await prepare(lela, "tim", "punya tim", scope=str(team)) == 303
    assert await prepare(lela, "lain", "tim lain", scope=str(elsewhere.id)) == 403
    assert await prepare(lela, "semua", "punya semua", scope="all") == 303
    for browser, seen in ((sari, {"milikku", "tim", "semua"}), (joko, {"tim", "semua"})):
        shown = (await browser.get("/siap-pakai")).text
        assert {name for name in ("milikku", "tim", "semua", "lain") if f"/{name}<" in shown} == seen


async def test_an_agent_changes_only_their_own_and_every_change_is_audited(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sari, lela = await browse(scene, "sari"), await browse(scene, "lela")
    await prepare(lela, "semua", "punya semua", scope="all")
    everybodys = (await ids(database))["semua"]
    await sari.get("/siap-pakai")
    assert (await sari.post(f"/siap-pakai/{everybodys}/hapus")).status_code == 403
    assert await prepare(sari, "semua-ku", "x", scope="all") == 403
    assert await prepare(sari, "maaf", "Maaf ya, Kak.") == 303
    assert await prepare(sari, "maaf", "lagi") == 422
    mine = (await ids(database))["maaf"]
    await sari.post(f"/siap-pakai/{mine}", shortcut="maaf", title="Maaf", text="Mohon maaf ya, Kak.")
    await sari.post(f"/siap-pakai/{mine}/hapus")
    async with database.read() as session:
        canned = select(AuditEntry.action).where(AuditEntry.action.like("canned%")).order_by(AuditEntry.id)
        actions = list(await session.scalars(canned))
    assert actions == ["canned_added", "canned_added", "canned_changed", "canned_removed"]
    assert list(await ids(database)) == ["semua"]


async def test_use_is_counted_when_the_words_are_sent(browse: Browse, scene: Scene, database: Database) -> None:
    sari = await claimed(browse, scene)
    await prepare(sari, "maaf", "Maaf ya, Kak.")
    canned = f"canned:{(await ids(database))['maaf']}"
    key = uuid4()
    assert await sent(sari, scene, "Maaf ya, Kak.", canned, key=key) == 303
    assert await sent(sari, scene, "Maaf ya, Kak.", canned, key=key) == 303
    async with database.read() as session:
        assert await session.scalar(select(CannedReply.used)) == 1


async def test_a_lead_begins_with_the_examples_once(browse: Browse, scene: Scene, database: Database) -> None:
    lela = await browse(scene, "lela")
    assert "Mulai dengan contoh" in (await lela.get("/siap-pakai")).text
    for _ in range(2):
        await lela.post("/siap-pakai/contoh")
    assert len(await ids(database)) == len(examples()) >= 12


@pytest.mark.parametrize("wanted", examples(), ids=lambda it: it.shortcut)
def test_an_example_is_short_warm_and_leaves_at_most_one_place_open(wanted: object) -> None:
    text = str(getattr(wanted, "text", ""))
    assert "Kak" in text
    assert "Anda" not in text
    assert len(text) <= 420
    assert len(set(unfilled(text)) - MEANINGS.keys()) <= 1
    assert filled("{nama} {lain}", {"nama": "Siti"}) == "Siti {lain}"


# --- drafts


async def draft(browser: Browser, scene: Scene, text: str, key: UUID, act: str = "reply", who: str = "siti") -> int:
    answer = await browser.post(f"{page_of(scene, who)}/draf", key=str(key), act=act, text=text)
    return answer.status_code


async def test_a_draft_goes_on_in_another_browser_with_its_key_and_nobody_else_sees_it(
    browse: Browse, scene: Scene
) -> None:
    sari, key = await claimed(browse, scene), uuid4()
    assert await draft(sari, scene, "kalimat setengah jadi", key) == 204
    other_browser = (await (await browse(scene, "sari")).get(page_of(scene, "siti"))).text
    assert ">kalimat setengah jadi</textarea>" in other_browser
    assert f'name="key" value="{key}"' in other_browser
    assert "setengah jadi" not in (await (await browse(scene, "joko")).get(page_of(scene, "siti"))).text


async def test_what_was_sent_from_one_browser_is_not_sent_again_from_the_other(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sari, key = await claimed(browse, scene), uuid4()
    await draft(sari, scene, "sekali saja", key)
    assert await sent(sari, scene, "sekali saja", key=key) == 303
    assert await draft(sari, scene, "sekali saja", key) == 410
    assert await sent(sari, scene, "sekali saja", key=key) == 303
    async with database.read() as session:
        assert await session.scalar(select(func.count(Message.id)).where(Message.text == "sekali saja")) == 1
        assert await session.scalar(select(func.count()).select_from(ReplyDraft)) == 0


async def test_a_draft_outlives_the_loss_of_the_case_and_is_shown_to_its_writer(browse: Browse, scene: Scene) -> None:
    sari, key = await claimed(browse, scene), uuid4()
    await draft(sari, scene, "jawaban yang sudah panjang", key)
    lela = await browse(scene, "lela")
    await lela.get(page_of(scene, "siti"))
    await lela.post(f"/tiket/{scene.tickets['siti'].number}/lepas")
    assert "jawaban yang sudah panjang" in (await sari.get(page_of(scene, "siti"))).text


async def test_a_note_sent_leaves_the_draft_of_the_reply_alone(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sari = await claimed(browse, scene)
    reply_key, note_key = uuid4(), uuid4()
    await draft(sari, scene, "balasan", reply_key)
    await draft(sari, scene, "catatan", note_key, act="note")
    await sari.post(f"/tiket/{scene.tickets['siti'].number}/catat", key=str(note_key), text="catatan")
    async with database.read() as session:
        assert [it.text for it in await session.scalars(select(ReplyDraft))] == ["balasan"]


async def test_a_draft_is_kept_only_for_what_a_form_writes(browse: Browse, scene: Scene, database: Database) -> None:
    sari = await claimed(browse, scene)
    assert await draft(sari, scene, "keterangan berkas", uuid4(), act="berkas") == 422
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(ReplyDraft)) == 0
    page = (await sari.get(page_of(scene, "siti"))).text
    assert set(re.findall(r'data-act="(\w+)"', page)) == set(ACTS)


async def test_who_may_not_open_the_conversation_keeps_no_draft_there(
    browse: Browse, scene: Scene, database: Database
) -> None:
    ani = await browse(scene, "ani")
    assert await draft(ani, scene, "mengintip", uuid4()) in (303, 403)
    async with database.read() as session:
        assert await session.scalar(select(func.count()).select_from(ReplyDraft)) == 0


async def test_a_draft_nobody_went_on_with_is_forgotten_after_thirty_days(
    app: FastAPI, browse: Browse, scene: Scene, database: Database
) -> None:
    sari = await claimed(browse, scene)
    await draft(sari, scene, "lama", uuid4())
    assert await forget_old_drafts(app.state.office) == 0
    async with database.write() as session:
        await session.execute(update(ReplyDraft).values(written_at=ReplyDraft.written_at - timedelta(days=31)))
    assert await forget_old_drafts(app.state.office) == 1
