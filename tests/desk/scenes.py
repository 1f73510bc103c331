"""A small cast for scenes at the desk: four of staff, and participants in every state a desk must show.

siti   Telegram, bound: cannot find a course at Sisnaker for three days; open ticket with three findings
budi   WhatsApp, bound: cannot pay; open ticket, the window closes in two hours
rina   WhatsApp, bound: paid without a code; urgent, promise broken
yanto  Telegram, not bound: claimed by Sari, who has answered; every delivery state in the thread
tamu   web chat, a stranger: the bot answered, no ticket
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.ext.asyncio import AsyncSession

from desk.claim import claim
from desk.passwords import Passwords
from desk.people import add_staff, make_first_administrator
from desk.reply import reply
from records.bell import PostgresBell
from records.database import Database
from records.models import ChannelIdentity, Conversation, Inbound, Message, Outbound, Staff, Ticket, Turn

PASSWORD = "sandi rahasia 2020"
CHEAP = Passwords(Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1))
PEOPLE = {
    "ani": ("Ani Kusumo", "admin"),
    "sari": ("Sari Dewanti", "agent"),
    "joko": ("Joko Prasetyo", "agent"),
    "rudi": ("Rudi Hartono", "pmo"),
}


@dataclass
class Scene:
    """Who is there, and the cases on the desk."""

    staff: dict[str, Staff]
    conversations: dict[str, Conversation]
    tickets: dict[str, Ticket]


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
    """Make the four of staff."""
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
    first = await turn(
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
    assert first != last
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


async def conversation(
    session: AsyncSession,
    scene: Scene,
    who: str,
    name: str | None,
    channel: str,
    at: datetime,
    *,
    bound: str | None = None,
    window_until: datetime | None = None,
) -> Conversation:
    """Open a conversation and remember it under the name of who writes."""
    identity = ChannelIdentity(
        channel=channel,
        external_id=f"{channel}-{who}",
        display_name=name,
        participant_id=bound,
        bound_by="rehearsal" if bound else None,
        bound_at=at if bound else None,
    )
    session.add(identity)
    await session.flush()
    chat = Conversation(
        channel=channel,
        external_id=f"{channel}-{who}",
        identity_id=identity.id,
        opened_at=at,
        last_inbound_at=at,
        window_until=window_until,
    )
    session.add(chat)
    await session.flush()
    scene.conversations[who] = chat
    return chat


async def turn(
    session: AsyncSession,
    chat: Conversation,
    text: str,
    at: datetime,
    *,
    intent: str | None,
    confidence: float | None,
    platform: str | None,
    findings: list[dict[str, Any]] | None = None,
    outcome: str = "answered",
    also: list[dict[str, Any]] | None = None,
) -> UUID:
    """The participant says something and the bot understands it."""
    inbound = Inbound(
        channel=chat.channel,
        external_id=str(uuid4()),
        conversation_id=chat.id,
        kind="text",
        order_key=1,
        received_at=at,
        status="done",
    )
    session.add(inbound)
    await session.flush()
    turn_id = uuid4()
    session.add(
        Message(
            conversation_id=chat.id,
            direction="in",
            author="participant",
            text=text,
            inbox_id=inbound.id,
            turn_id=turn_id,
            created_at=at,
        )
    )
    session.add(
        Turn(
            id=turn_id,
            inbox_id=inbound.id,
            conversation_id=chat.id,
            channel=chat.channel,
            intent=intent,
            confidence=confidence,
            ranking=[
                {"name": intent, "confidence": confidence},
                {"name": "system_outage", "confidence": 0.09},
                {"name": "purchase_requirements", "confidence": 0.04},
            ],
            also=also or [],
            platform=platform,
            findings=findings or [],
            outcome=outcome,
            model="model-scene",
            took_ms=21.0,
            created_at=at,
        )
    )
    await session.flush()
    return turn_id


async def bot_says(
    session: AsyncSession,
    chat: Conversation,
    text: str,
    at: datetime,
    *,
    buttons: list[str] | None = None,
    status: str = "sent",
) -> None:
    """The bot answers."""
    choices = [{"title": title, "token": title, "choice": {}} for title in buttons or []]
    said = Message(conversation_id=chat.id, direction="out", author="bot", text=text, buttons=choices, created_at=at)
    session.add(said)
    await session.flush()
    session.add(
        Outbound(
            conversation_id=chat.id,
            message_id=said.id,
            channel=chat.channel,
            payload={"text": text, "buttons": []},
            author="bot",
            owner_version=chat.owner_version,
            status=status,
            error="403 bot was blocked" if status == "refused" else None,
        )
    )
    await session.flush()


async def ticket(
    session: AsyncSession,
    scene: Scene,
    who: str,
    chat: Conversation,
    opened_by: UUID,
    *,
    opened: datetime,
    promised: datetime,
    **values: Any,
) -> None:
    """A case is opened."""
    case = Ticket(
        conversation_id=chat.id,
        opened_by_turn=opened_by,
        opened_at=opened,
        promised_at=promised,
        status="open",
        version=0,
        **values,
    )
    session.add(case)
    await session.flush()
    await session.refresh(case)
    scene.tickets[who] = case


FINDINGS: list[dict[str, Any]] = [
    {
        "check": "system_status",
        "verdict": "yes",
        "summary": "Ada penyesuaian sistem yang menyentuh pembelian di semua platform.",
        "evidence": [
            {
                "label": "Gangguan",
                "value": "Penyesuaian sistem Permenko 11/2020",
                "source": "catatan insiden",
                "as_of": "2020-08-23T02:00:00+00:00",
                "took_ms": 3.2,
            },
            {
                "label": "Perkiraan semula",
                "value": "akhir Agustus 2020",
                "source": "catatan insiden",
                "as_of": "2020-08-23T02:00:00+00:00",
                "took_ms": 3.2,
            },
        ],
        "advice": None,
        "escalate": None,
    },
    {
        "check": "participant",
        "verdict": "yes",
        "summary": "Penerima gelombang 4, kartu aktif, batas beli pertama 2 September 2020.",
        "evidence": [
            {
                "label": "Kartu",
                "value": "aktif, berakhir 4821",
                "source": "tabel program",
                "as_of": "2020-08-24T01:00:00+00:00",
                "took_ms": 4.0,
            },
            {
                "label": "Saldo",
                "value": "Rp1.000.000",
                "source": "tabel program",
                "as_of": "2020-08-24T01:00:00+00:00",
                "took_ms": 4.1,
            },
        ],
        "advice": None,
        "escalate": None,
    },
    {
        "check": "course",
        "verdict": "unknown",
        "summary": "Katalog Sisnaker tidak menjawab, jadi belum tentu kelasnya hilang.",
        "evidence": [
            {
                "label": "Katalog",
                "value": "tidak menjawab dalam 5 detik",
                "source": "API program",
                "as_of": None,
                "took_ms": 5003.0,
            }
        ],
        "advice": None,
        "escalate": {"reason": "Sudah lebih dari 24 jam", "queue": "PMO_TRANSACTION", "priority": "high"},
    },
]
PAID: dict[str, Any] = {
    "check": "purchase",
    "verdict": "no",
    "summary": "Pembayaran SUCCESS di PMO, kode belum terbit.",
    "evidence": [
        {
            "label": "Status bayar",
            "value": "SUCCESS, Rp300.000",
            "source": "API program",
            "as_of": "2020-08-24T02:10:00+00:00",
            "took_ms": 88.0,
        },
        {
            "label": "Kelas mulai",
            "value": "25 Agu 2020 09.00 WIB",
            "source": "tabel program",
            "as_of": "2020-08-24T02:00:00+00:00",
            "took_ms": 2.0,
        },
    ],
    "advice": None,
    "escalate": {"reason": "Kelas mulai kurang dari 24 jam lagi", "queue": "PMO_TRANSACTION", "priority": "urgent"},
}
