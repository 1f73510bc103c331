"""A small cast for scenes at the desk: six of staff, and participants in every state a desk must show.

siti   Telegram, bound: cannot find a course at Sisnaker for three days; open ticket with three findings
budi   WhatsApp, bound: cannot pay; open ticket, the window closes in two hours
rina   WhatsApp, bound: paid without a code; urgent, promise broken
yanto  Telegram, not bound: claimed by Sari, who has answered; every delivery state in the thread
tamu   web chat, a stranger: the bot answered, no ticket
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.ext.asyncio import AsyncSession

from desk.acts.claim import claim
from desk.acts.reply import reply
from desk.broadcasts.audience import Chosen
from desk.broadcasts.making import Given
from desk.broadcasts.making import make as make_broadcast
from desk.broadcasts.words import ANNOUNCEMENT
from desk.incidents.opening import Opening, open_incident
from desk.incidents.scope import Scope
from desk.passwords import Passwords
from desk.people import add_staff, make_first_administrator
from desk.sessions import Person
from records.bell import PostgresBell
from records.database import Database
from records.models import Incident, Staff
from tests.desk.findings import FINDINGS, PAID
from tests.desk.making import Scene, bot_says, conversation, ticket, turn

PASSWORD = "sandi rahasia 2020"
CHEAP = Passwords(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))
PEOPLE = {
    "ani": ("Ani Kusumo", "admin"),
    "sari": ("Sari Dewanti", "agent"),
    "joko": ("Joko Prasetyo", "agent"),
    "rudi": ("Rudi Hartono", "pmo"),
    "lela": ("Lela Anggraini", "lead"),
    "hasan": ("Hasan Basri", "auditor"),
}


async def seed(database: Database, now: datetime, passwords: Passwords = CHEAP) -> Scene:
    """Make the whole cast."""
    scene = Scene({}, {}, {})
    async with database.write() as session:
        scene.staff = await hire(session, now, passwords)
    async with database.write() as session:
        await siti(session, scene, now)
        await budi(session, scene, now)
        await rina(session, scene, now)
        await yanto(session, scene, now)
        await tamu(session, scene, now)
    bell = PostgresBell(database.url)
    async with database.write() as session:
        sari = scene.staff["sari"]
        at = now - timedelta(minutes=40)
        await claim(session, bell, ticket_id=scene.tickets["yanto"].id, staff=sari, at=at)
        said = "Mohon maaf atas kendalanya, Kak. Kami cek dulu ke tim transaksi."
        await reply(session, bell, ticket_id=scene.tickets["yanto"].id, key=uuid4(), text=said, staff=sari, at=at)
    return scene


async def hire(session: AsyncSession, now: datetime, passwords: Passwords = CHEAP) -> dict[str, Staff]:
    """Make the staff."""
    staff = {}
    for username, (name, role) in PEOPLE.items():
        if role == "admin":
            made = await make_first_administrator(
                session, passwords, username=username, name=name, password=PASSWORD, at=now
            )
        else:
            made = await add_staff(
                session, passwords, username=username, name=name, role=role, password=PASSWORD, by="ani", at=now
            )
        staff[username] = made
    return staff


async def siti(session: AsyncSession, scene: Scene, now: datetime) -> None:
    chat = await conversation(
        session, scene, "siti", "Siti Rahmawati", "telegram", now - timedelta(hours=2), bound="P-1001"
    )
    text = (
        "Mohon penjelasanya Bapak/Ibu sudah 3 hari ini saya tidak bisa memilih paket pelatihan, keterangannya selalu "
        "paket kursus tidak ditemukan. Apakah memang sedang gangguan?"
    )
    await turn(
        session, chat, text, now - timedelta(minutes=50), intent="package_not_found", confidence=0.82, platform=None
    )
    await bot_says(
        session, chat, "Platform mana yang Kakak pakai?", now - timedelta(minutes=50), buttons=["Tokopedia", "Sisnaker"]
    )
    last = await turn(
        session,
        chat,
        "di sisnaker, kelas desain grafis dasar",
        now - timedelta(minutes=48),
        intent="package_not_found",
        confidence=0.91,
        platform="sisnaker",
        findings=FINDINGS,
        outcome="handed_over",
    )
    await bot_says(
        session,
        chat,
        "Ya, sedang ada penyesuaian sistem sesuai Permenko 11/2020 (per 23 Agu 2020). Karena sudah tiga hari, laporan "
        "Kakak kami teruskan ke petugas.",
        now - timedelta(minutes=48),
        status="read",
    )
    await ticket(
        session,
        scene,
        "siti",
        chat,
        last,
        intent="package_not_found",
        platform="sisnaker",
        course="Desain Grafis Dasar",
        queue="PMO_TRANSACTION",
        priority="high",
        summary="Paket kursus tidak ditemukan di Sisnaker, 3 hari; kelas Desain Grafis Dasar.",
        reason="Kendala sudah lebih dari 24 jam.",
        evidence=FINDINGS,
        opened=now - timedelta(minutes=48),
        promised=now + timedelta(minutes=12),
    )


async def budi(session: AsyncSession, scene: Scene, now: datetime) -> None:
    chat = await conversation(
        session,
        scene,
        "budi",
        "Budi Santoso",
        "whatsapp",
        now - timedelta(hours=22),
        bound="P-1002",
        window_until=now + timedelta(hours=2),
    )
    text = "min kok saya gak bisa melakukan pembayaran via kartu prakerja untuk kursus yang saya minati ya?"
    asked = await turn(
        session,
        chat,
        text,
        now - timedelta(hours=22),
        intent="payment_failed",
        confidence=0.74,
        platform="tokopedia",
        findings=FINDINGS[:2],
        outcome="handed_over",
        also=[{"name": "purchase_otp", "confidence": 0.41}],
    )
    await bot_says(
        session,
        chat,
        "Kartu dan saldo Kakak beres; pembayaran gagal dua kali di Tokopedia.",
        now - timedelta(hours=22),
        status="delivered",
    )
    await ticket(
        session,
        scene,
        "budi",
        chat,
        asked,
        intent="payment_failed",
        platform="tokopedia",
        queue="PMO_TRANSACTION",
        also=["purchase_otp"],
        summary="Gagal bayar dua kali di Tokopedia; kartu aktif dan saldo cukup.",
        reason="Semua data beres tetapi gagal dua kali.",
        evidence=FINDINGS[:2],
        opened=now - timedelta(hours=22),
        promised=now + timedelta(hours=2),
    )


async def rina(session: AsyncSession, scene: Scene, now: datetime) -> None:
    chat = await conversation(
        session,
        scene,
        "rina",
        "Rina Marlina",
        "whatsapp",
        now - timedelta(hours=5),
        bound="P-1004",
        window_until=now + timedelta(hours=19),
    )
    paid = await turn(
        session,
        chat,
        "saldo kepotong 300rb tp kode vouchernya ga ada",
        now - timedelta(hours=5),
        intent="paid_no_code",
        confidence=0.88,
        platform="tokopedia",
        findings=[PAID],
        outcome="handed_over",
    )
    await bot_says(
        session,
        chat,
        "Pembayaran Kakak tercatat, kodenya belum terbit. Jangan beli ulang dulu ya.",
        now - timedelta(hours=5),
        status="sent",
    )
    await ticket(
        session,
        scene,
        "rina",
        chat,
        paid,
        intent="paid_no_code",
        platform="tokopedia",
        queue="PMO_TRANSACTION",
        priority="urgent",
        summary="Sudah bayar Rp300.000, kode belum terbit; kelas mulai besok 09.00.",
        reason="Kelas mulai kurang dari 24 jam lagi.",
        evidence=[PAID],
        opened=now - timedelta(hours=5),
        promised=now - timedelta(hours=1),
    )


async def yanto(session: AsyncSession, scene: Scene, now: datetime) -> None:
    chat = await conversation(session, scene, "yanto", "Yanto Wibowo", "telegram", now - timedelta(hours=3))
    angry = await turn(
        session,
        chat,
        "BOT GOBLOK udah 3 hari ga bisa beli, otp jg ga masuk, mana adminnya!!",
        now - timedelta(hours=1),
        intent="talk_to_human",
        confidence=0.96,
        platform=None,
        outcome="handed_over",
        also=[{"name": "package_not_found", "confidence": 0.5}],
    )
    for number, status in enumerate(("read", "unknown", "refused")):
        await bot_says(
            session,
            chat,
            f"Kami paham ini melelahkan, Kak. ({number + 1})",
            now - timedelta(minutes=59 - number),
            status=status,
        )
    await ticket(
        session,
        scene,
        "yanto",
        chat,
        angry,
        intent="talk_to_human",
        also=["package_not_found", "purchase_otp"],
        queue="PMO_TRANSACTION",
        priority="normal",
        summary="Minta petugas: tiga hari tidak bisa beli dan OTP tidak masuk.",
        reason="Peserta minta petugas.",
        evidence=[],
        opened=now - timedelta(minutes=59),
        promised=now + timedelta(hours=3),
    )


async def tamu(session: AsyncSession, scene: Scene, now: datetime) -> None:
    chat = await conversation(session, scene, "tamu", None, "web", now - timedelta(minutes=30))
    await turn(
        session,
        chat,
        "gimana cara beli pelatihan",
        now - timedelta(minutes=30),
        intent="ask_how_to_buy",
        confidence=0.7,
        platform=None,
    )
    await bot_says(
        session,
        chat,
        "Pilih pelatihan di salah satu platform, lalu bayar dengan nomor kartu.",
        now - timedelta(minutes=30),
        status="sent",
    )


async def announced(session: AsyncSession, bell: PostgresBell, scene: Scene, now: datetime) -> UUID:
    """Lela makes an announcement to everybody who wrote these days; nobody has approved it."""
    lela = scene.staff["lela"]
    person = Person(lela.id, lela.username, lela.name, lela.role, "", "")
    text = "Senin 31 Agustus 2020 meja bantuan libur. Kami membalas lagi Selasa pagi."
    chosen = Chosen(first=(now - timedelta(days=7)).date(), last=now.date())
    given = Given("Libur 31 Agustus", {"all": {"": text}}, rate=600, template=True, chosen=chosen)
    what: dict[str, Any] = {"key": uuid4(), "kind": ANNOUNCEMENT, "given": given, "person": person, "at": now}
    return await make_broadcast(session, bell, **what, fastest=1200)


async def outage(session: AsyncSession, bell: PostgresBell, scene: Scene, now: datetime) -> Incident:
    """Lela opens an incident for what Siti and others cannot do; siti belongs to it with her case."""
    scope = Scope(
        components=("purchase", "catalogue"),
        intents=("package_not_found", "payment_failed"),
        platforms=("sisnaker",),
        since=now - timedelta(hours=6),
    )
    opening = Opening(
        title="Tidak bisa beli di Sisnaker",
        scope=scope,
        severity="major",
        status="confirmed",
        public_message="Pembelian di Sisnaker sedang terganggu. Kakak tidak perlu mengulang; kami kabari di sini.",
        as_of=now,
        estimate=now + timedelta(hours=5),
        owner_id=scene.staff["lela"].id,
    )
    opened = await open_incident(session, bell, opening, by=scene.staff["lela"], at=now)
    return opened.incident
