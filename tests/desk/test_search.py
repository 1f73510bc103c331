"""Search: what is found by which words, by whom, and what is never found or shown."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import cast, func, select, text, update
from sqlalchemy.dialects.postgresql import TSQUERY

from desk.search import finding
from desk.search.finding import Looking
from desk.search.fragment import fragment
from desk.search.narrowed import Narrowed
from desk.search.trail import Trail
from desk.search.wanted import read
from knowledge_base.words import stem
from records.clock import Clock
from records.database import Database
from records.models import AuditEntry, ChannelIdentity, Message, SearchMessage, SearchPerson, SearchTicket, Team, Ticket
from records.privacy.erasing import erase
from records.privacy.person import subject_of
from tests.desk.conftest import Browse, Browser
from tests.desk.counting import counted
from tests.desk.making import Scene
from tests.desk.queueing import person_of

MARKS = """
    SELECT DISTINCT word FROM search_messages AS s JOIN messages AS m ON m.position = s.id
    CROSS JOIN LATERAL unnest(tsvector_to_array(s.words)) AS word
    WHERE m.conversation_id = :conversation AND word LIKE '#%' AND word NOT LIKE '%~%'
"""
LINK = re.compile(r'<li data-baris><a href="/percakapan/([0-9a-f-]+)')


async def found(browser: Browser, scene: Scene, **asked: str) -> list[str]:
    """Whose conversations are found, in the order they stand there."""
    answer = await browser.get("/cari/hasil", params=asked)
    assert answer.status_code == 200
    who = {str(chat.id): name for name, chat in scene.conversations.items()}
    return [who[link] for link in LINK.findall(answer.text)]


async def said(database: Database, scene: Scene, who: str, words: str, **values: Any) -> Message:
    """Somebody says something in a conversation."""
    async with database.write() as session:
        chat = scene.conversations[who]
        given = {"direction": "in", "author": "participant", "created_at": chat.opened_at, **values}
        message = Message(conversation_id=chat.id, text=words, **given)
        session.add(message)
    return message


FOUND: list[tuple[str, set[str]]] = [
    ("tidak ditemukan", {"siti"}),
    ("ditemuk", {"siti"}),
    ("dipilih", {"siti"}),
    ("siti", {"siti"}),
    ("rahma", {"siti"}),
    ("desain grafis", {"siti"}),
    ("saldo kepotong", {"rina"}),
    ("kode vouch", {"rina"}),
    ("tokped gagal", {"budi"}),
    ("byr", {"budi", "rina"}),
    ("tim transaksi", {"yanto"}),
    ("saldo tidakadakatanya", set()),
    ("' | saldo:* & !", {"rina", "budi"}),
    ("<script>", set()),
    ("\\", set()),
    ("%", set()),
]


async def test_words_find_what_was_said_written_and_summed_up(browse: Browse, scene: Scene) -> None:
    sari = await browse(scene, "sari")
    for words, expected in FOUND:
        assert expected <= set(await found(sari, scene, q=words)) or not expected, words
        if not expected:
            assert await found(sari, scene, q=words) == [], words


async def test_a_number_finds_its_case_whole_or_begun(browse: Browse, scene: Scene) -> None:
    sari = await browse(scene, "sari")
    number = scene.tickets["budi"].number
    for typed in (number, number.lower(), number.removeprefix("T-")):
        assert await found(sari, scene, q=typed) == ["budi"], typed
    assert {"siti", "budi", "rina", "yanto"} == set(await found(sari, scene, q=number[:6]))


async def test_a_conversation_without_a_case_is_found_by_nobody(browse: Browse, scene: Scene) -> None:
    for who in ("sari", "ani", "rudi", "hasan"):
        assert await found(await browse(scene, who), scene, q="halo") == []
        assert await found(await browse(scene, who), scene, q="tamu") == []


@pytest.fixture
async def apart(database: Database, scene: Scene) -> Scene:
    """Budi's case belongs to a team nobody of the cast is in."""
    async with database.write() as session:
        other = Team(name="Tim Lain")
        session.add(other)
        await session.flush()
        await session.execute(update(Ticket).where(Ticket.id == scene.tickets["budi"].id).values(team_id=other.id))
    return scene


async def test_another_teams_case_is_found_by_its_number_alone_and_says_only_that(browse: Browse, apart: Scene) -> None:
    sari = await browse(apart, "sari")
    for words in ("budi", "pembayaran gagal", "tokopedia bayar"):
        assert "budi" not in await found(sari, apart, q=words), words
    answer = (await sari.get("/cari", params={"q": apart.tickets["budi"].number})).text
    assert f'href="/percakapan/{apart.conversations["budi"].id}">Minta izin melihat' in answer
    assert "Budi Santoso" not in answer
    assert "Gagal bayar" not in answer


async def test_who_only_looks_finds_nobodys_words_without_a_permit(browse: Browse, scene: Scene) -> None:
    for who in ("rudi", "hasan", "ani"):
        assert await found(await browse(scene, who), scene, q="saldo") == [], who


async def test_who_holds_another_teams_case_finds_it(browse: Browse, apart: Scene, database: Database) -> None:
    async with database.write() as session:
        held = {"status": "claimed", "staff_id": apart.staff["sari"].id}
        await session.execute(update(Ticket).where(Ticket.id == apart.tickets["budi"].id).values(**held))
    sari, joko = await browse(apart, "sari"), await browse(apart, "joko")
    assert "budi" in await found(sari, apart, q="pembayaran")
    assert "budi" in await found(sari, apart, q="santoso")
    assert "budi" not in await found(joko, apart, q="pembayaran")


CANARIES = {
    "NIK": "3174012345678901",
    "phone": "0812-3456-7890",
    "plain phone": "081298765432",
    "e-mail": "kenari.rahasia@contoh.id",
    "code": "KNR9X2B7QP41",
    "long code": "55512",
}


async def test_personal_numbers_are_neither_found_nor_shown_whoever_wrote_them(
    browse: Browse, scene: Scene, database: Database
) -> None:
    sari = await browse(scene, "sari")
    for canary in CANARIES.values():
        await said(database, scene, "siti", f"kenarinya {canary} ya kak", direction="out", author="agent")
        for typed in (canary, canary[:9], canary.replace("-", " ")):
            answer = (await sari.get("/cari/hasil", params={"q": typed})).text
            assert LINK.findall(answer) == [], typed
    shown = (await sari.get("/cari/hasil", params={"q": "kenarinya"})).text
    assert len(LINK.findall(shown)) == len(CANARIES)
    plain = re.sub(r"<[^>]+>", "", shown)
    assert [canary for name, canary in CANARIES.items() if canary in plain and name != "long code"] == []


async def test_a_name_with_a_number_in_it_is_found_by_the_name_only(
    browse: Browse, scene: Scene, database: Database
) -> None:
    async with database.write() as session:
        named = update(ChannelIdentity).where(ChannelIdentity.display_name == "Siti Rahmawati")
        await session.execute(named.values(display_name="Siti Kenari 081234567890"))
    sari = await browse(scene, "sari")
    assert "siti" in await found(sari, scene, q="siti kenari")
    answer = (await sari.get("/cari/hasil", params={"q": "kenari"})).text
    assert "081234567890" not in answer
    assert await found(sari, scene, q="081234567890") == []


async def test_an_erased_person_is_in_no_table_that_is_searched(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    chat = scene.conversations["rina"]
    assert chat.identity_id
    async with database.write() as session:
        await erase(session, await subject_of(session, chat.id), clock())
        await session.execute(update(Ticket).where(Ticket.conversation_id == chat.id).values(tags=["lama"]))
    sari = await browse(scene, "sari")
    for words in ("rina", "marlina", "kepotong", "dihapus", "lama"):
        assert "rina" not in await found(sari, scene, q=words), words
    async with database.read() as session:
        positions = select(Message.position).where(Message.conversation_id == chat.id)
        for table, ids in (
            (SearchMessage, positions),
            (SearchTicket, [scene.tickets["rina"].id]),
            (SearchPerson, [chat.identity_id]),
        ):
            assert await session.scalar(select(func.count()).select_from(table).where(table.id.in_(ids))) == 0


async def test_filters_narrow_and_a_page_goes_on_where_the_last_ended(
    browse: Browse, scene: Scene, database: Database, clock: Clock
) -> None:
    for number in range(35):
        await said(database, scene, "siti", f"kelapa nomor {number}", created_at=clock() - timedelta(days=number))
    sari, seen, address = await browse(scene, "sari"), [], "/cari?q=kelapa&jenis=pesan"
    for _ in range(2):
        page = (await sari.get(address)).text
        seen += re.findall(r"nomor (\d+)", re.sub(r"<[^>]+>", "", page))
        onward = re.search(r'href="(/cari\?[^"]*sesudah=[^"]+)"', page)
        address = onward[1].replace("&amp;", "&") if onward else ""
        await said(database, scene, "siti", "kelapa nomor 99", created_at=clock() + timedelta(days=1))
    assert seen == [str(number) for number in range(35)]
    assert address == ""
    assert len(await found(sari, scene, q="kelapa", jenis="pesan", dari="2020-08-20", sampai="2020-08-22")) == 3
    assert await found(sari, scene, q="kelapa", kanal="whatsapp") == []
    assert await found(sari, scene, q="kelapa", penulis="agent") == []
    assert await found(sari, scene, q="kelapa", status="resolved") == []
    assert len(await found(sari, scene, q="kelapa", status="open")) == 12
    for wrong in ("%00", "abc", "MjAyMA"):
        assert (await sari.get(f"/cari?q=kelapa&jenis=pesan&sesudah={wrong}")).status_code == 200


async def test_words_are_found_in_any_week_the_newest_first_though_none_is_among_the_newest_rows(
    database: Database, scene: Scene, clock: Clock
) -> None:
    ago = {-1: "nanti", 10: "kemarin", 40: "bulan lalu", 90: "musim lalu", 700: "tahun lalu"}
    for days, when in reversed(ago.items()):
        await said(database, scene, "siti", f"kelapa {when}", created_at=clock() - timedelta(days=days))
    await said(database, scene, "siti", "bukan itu", created_at=clock() + timedelta(days=2))
    sari = await person_of(database, scene.staff["sari"])
    async with database.read() as session:
        await finding.care(session)
        since = Narrowed(since=(clock() - timedelta(days=50)).date())
        for narrowed, whens in ((Narrowed(), list(ago.values())), (since, list(ago.values())[:3])):
            asked = Looking(session, sari, read("kelapa"), narrowed, clock(), own=(), newest=1)
            for count in range(1, 6):
                seen = await finding.messages(asked, count)
                assert [it.text.removeprefix("kelapa ") for it in seen.found] == whens[:count]
                assert seen.more is (len(whens) > count)


async def test_what_is_shown_of_a_text_is_escaped_and_the_words_are_marked(
    browse: Browse, scene: Scene, database: Database
) -> None:
    await said(database, scene, "siti", '<img src=x onerror="alert(1)"> kelapa </mark><script>alert(2)</script>')
    sari = await browse(scene, "sari")
    shown = (await sari.get("/cari", params={"q": "kelapa <b>"})).text
    assert "<mark>kelapa</mark>" in shown
    assert "<img" not in shown
    assert "<script>alert" not in shown
    assert "<b>" not in shown


def test_a_fragment_begins_near_the_word_and_loses_nothing_of_a_short_text() -> None:
    long = "kata " * 80 + "insentifnya belum cair " + "lagi " * 80
    pieces = fragment(long, read("insentif"))
    assert [piece.text for piece in pieces if piece.found] == ["insentifnya"]
    assert sum(len(piece.text) for piece in pieces) < 200
    assert "".join(piece.text for piece in fragment("halo min", read("zzz"))) == "halo min"


def unhurried(app: Any) -> Trail:
    """The desk's trail; however slowly is typed here, it is one search."""
    trail: Trail = app.state.office.trail
    trail.pause = timedelta(hours=1)
    return trail


async def test_what_somebody_looked_for_is_written_down_once_and_masked(
    database: Database, clock: Clock, browse: Browse, scene: Scene, app: Any
) -> None:
    sari, trail = await browse(scene, "sari"), unhurried(app)
    for typed in ("sal", "saldo", "saldo 0812345", "saldo 081234567890", "budi"):
        await sari.get("/cari/hasil", params={"q": typed})
    await trail.aclose()
    async with database.read() as session:
        entries = await session.scalars(select(AuditEntry).where(AuditEntry.action == "search").order_by(AuditEntry.id))
        assert [(entry.actor, entry.detail["words"]) for entry in entries] == [
            ("sari", "saldo [TELEPON]"),
            ("sari", "budi"),
        ]


async def test_letters_taken_back_take_nothing_from_what_is_written_down(
    database: Database, browse: Browse, scene: Scene, app: Any
) -> None:
    sari, trail = await browse(scene, "sari"), unhurried(app)
    for typed in ("siti aminah", "siti", "s", "saldo", "sal", "salah"):
        await sari.get("/cari/hasil", params={"q": typed})
    await trail.aclose()
    async with database.read() as session:
        entries = await session.scalars(select(AuditEntry).where(AuditEntry.action == "search").order_by(AuditEntry.id))
        assert [entry.detail["words"] for entry in entries] == ["siti aminah", "saldo", "salah"]


async def test_the_words_of_a_case_follow_what_becomes_of_it(database: Database, scene: Scene) -> None:
    async def has(table: Any, words: str) -> int:
        async with database.read() as session:
            asked = select(func.count()).select_from(table).where(table.words.op("@@")(cast(words, TSQUERY)))
            return int(await session.scalar(asked) or 0)

    assert await has(SearchTicket, "'sakti'") == 0
    async with database.write() as session:
        changed = {"resolution": "Mantra sakti dibacakan.", "tags": ["kopi-susu"]}
        await session.execute(update(Ticket).where(Ticket.id == scene.tickets["siti"].id).values(**changed))
    assert await has(SearchTicket, "'sakti' & 'susu'") == 1
    await said(database, scene, "tamu", "kata pertama kelapa")
    assert await has(SearchMessage, "'kelapa'") == 0
    async with database.write() as session:
        tamu = Ticket(
            conversation_id=scene.conversations["tamu"].id,
            intent="login_failed",
            summary="tidak bisa masuk",
            reason="minta petugas",
            queue="PMO_ACCOUNT",
            opened_by_turn=scene.conversations["tamu"].id,
            opened_at=scene.tickets["siti"].opened_at,
            promised_at=scene.tickets["siti"].promised_at,
        )
        session.add(tamu)
    assert await has(SearchMessage, "'kelapa'") == 1
    await said(database, scene, "tamu", "kata kedua kelapa")
    assert await has(SearchMessage, "'kelapa'") == 2


async def test_words_are_found_by_the_team_of_the_present_case_and_of_it_alone(
    database: Database, apart: Scene
) -> None:
    async def marks() -> set[str]:
        async with database.read() as session:
            words = await session.scalars(text(MARKS), {"conversation": first.conversation_id})
            return set(words)

    async def change(**values: Any) -> None:
        async with database.write() as session:
            await session.execute(update(Ticket).where(Ticket.id == first.id).values(**values))

    first = apart.tickets["siti"]
    own = f"#{str(first.team_id)[:8]}"
    assert await marks() == {own}
    async with database.write() as session:
        other = await session.scalar(select(Team.id).where(Team.id != first.team_id))
    await change(status="resolved", resolved_at=first.opened_at)
    async with database.write() as session:
        asked = {"intent": "login_failed", "summary": "", "reason": "", "queue": "PMO_ACCOUNT", "team_id": other}
        times = {"opened_at": first.opened_at + timedelta(hours=1), "promised_at": first.promised_at}
        later = Ticket(conversation_id=first.conversation_id, opened_by_turn=first.conversation_id, **asked, **times)
        session.add(later)
    assert await marks() == {f"#{str(other)[:8]}"}
    async with database.write() as session:
        await session.execute(update(Ticket).where(Ticket.id == later.id).values(status="resolved"))
    await change(status="open", resolved_at=None)
    assert await marks() == {own}
    await change(team_id=other)
    assert await marks() == {f"#{str(other)[:8]}"}


async def test_a_search_asks_the_same_however_much_it_finds(browse: Browse, scene: Scene, database: Database) -> None:
    sari, asked = await browse(scene, "sari"), []
    for count in (1, 12):
        for _ in range(count):
            await said(database, scene, "siti", "kelapa muda")
        with counted(database) as statements:
            await sari.get("/cari", params={"q": "kelapa"})
        asked.append(len(statements))
    assert max(asked) <= 18, asked


async def test_an_empty_box_teaches_and_nothing_found_says_what_to_try(browse: Browse, scene: Scene) -> None:
    sari = await browse(scene, "sari")
    assert "Apa yang bisa dicari" in (await sari.get("/cari")).text
    assert "Tidak ada yang cocok" in (await sari.get("/cari?q=tidakadakatanya")).text
    assert "Ketik sedikit lagi" in (await sari.get("/cari?q=a")).text
    assert "bagian itu dilewati" in (await sari.get("/cari?q=081234567890")).text


async def test_the_stems_here_are_the_stems_of_the_database(database: Database) -> None:
    words = sorted({word for typed, _ in FOUND for word in typed.split() if word.isalpha()} | set(KINDS.split()))
    async with database.read() as session:
        theirs = (await session.scalars(STEMS, {"words": words})).all()
    assert {word: [stem(word)] for word in words} == dict(zip(words, theirs, strict=True))


STEMS = text(
    "SELECT ts_lexize('indonesian_stem', word) FROM unnest(CAST(:words AS text[])) WITH ORDINALITY AS each(word, place)"
    " ORDER BY place"
)
KINDS = "pembayaran dicairkan menunggu ditolak pelatihan mengikuti terdaftar membeli saldonya keterangannya kepotong"
