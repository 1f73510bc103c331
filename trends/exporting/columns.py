"""The columns of an export: what stands above each, what is under it, and what it means."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from records.clock import wib
from trends.exporting.cells import Cell
from trends.exporting.conversations import ConversationRow
from trends.labels import channel_label, intent_label, outcome_label, platform_label
from trends.rows import ComplaintRow
from trends.within import NONE

AND = "; "
UNKNOWN = "tidak diketahui"
PRIORITIES = {"normal": "Biasa", "high": "Tinggi", "urgent": "Mendesak"}


@dataclass(frozen=True)
class Column[Row]:
    """One column of a form."""

    heading: str
    of: Callable[[Row], Cell]
    width: int
    """Characters it is wide in a spreadsheet."""
    meaning: str


CONVERSATION: tuple[Column[ConversationRow], ...] = (
    Column("Percakapan", lambda it: str(it.conversation_id), 37, "Nomor percakapan; halamannya /percakapan/nomor"),
    Column("Kanal", lambda it: channel_label(it.channel), 13, "Tempat peserta menulis"),
    Column("Pesan pertama (WIB)", lambda it: _moment(it.first_at), 20, "Keluhan pertama dalam rentang dan saringan"),
    Column("Pesan terakhir (WIB)", lambda it: _moment(it.last_at), 20, "Keluhan terakhir dalam rentang dan saringan"),
    Column("Keluhan", lambda it: AND.join(map(intent_label, it.intents)), 34, "Jenis keluhan, setelah ralat petugas"),
    Column("Jumlah keluhan", lambda it: it.written, 10, "Pesan berisi keluhan dalam rentang dan saringan"),
    Column("Platform", lambda it: _platforms(it.platforms), 22, "Platform yang disebut peserta"),
    Column("Lembaga", lambda it: it.institution or UNKNOWN, 24, "Lembaga pelatihan peserta saat menulis"),
    Column("Mitra pembayaran", lambda it: it.partner or UNKNOWN, 18, "Mitra pembayaran insentif"),
    Column("Gelombang", lambda it: it.wave or UNKNOWN, 12, "Gelombang peserta saat menulis"),
    Column("Provinsi", lambda it: it.province or UNKNOWN, 18, "Provinsi peserta saat menulis"),
    Column("Hasil", lambda it: outcome_label(it.outcome) if it.outcome else None, 24, "Nasib keluhan terakhir"),
    Column("Tiket", lambda it: it.ticket, 11, "Kasus yang hidup dalam rentang ini; yang terbaru bila beberapa"),
    Column("Prioritas", lambda it: _priority(it.priority), 10, "Prioritas kasus"),
    Column("Tim", lambda it: it.team, 18, "Tim pemegang kasus"),
    Column(
        "Jawaban petugas (menit)",
        lambda it: _minutes(it.answered_in),
        12,
        "Dari kasus dibuka sampai petugas pertama menjawab, waktu jalan; kosong: belum atau tidak ada",
    ),
    Column("Selesai (menit)", lambda it: _minutes(it.resolved_in), 12, "Dari kasus dibuka sampai selesai, waktu jalan"),
    Column("Janji ditepati", lambda it: _kept(it.kept), 12, "ya, tidak, atau kosong: belum jatuh tempo"),
    Column("Penilaian (1-5)", lambda it: it.rating, 10, "Nilai dari peserta setelah kasus selesai"),
    Column("Insiden", lambda it: it.incident, 34, "Gangguan tempat percakapan ini tergabung"),
    Column("Pesan masuk", lambda it: it.messages_in, 10, "Semua pesan peserta dalam rentang"),
    Column("Pesan keluar", lambda it: it.messages_out, 10, "Semua pesan bot dan petugas dalam rentang"),
)

MESSAGE: tuple[Column[ComplaintRow], ...] = (
    Column("Waktu (WIB)", lambda it: _moment(it.at), 20, "Saat pesan ditulis"),
    Column("Kanal", lambda it: channel_label(it.channel), 13, "Tempat peserta menulis"),
    Column("Platform", lambda it: platform_label(it.platform), 22, "Platform yang disebut peserta"),
    Column("Keluhan", lambda it: intent_label(it.intent), 34, "Jenis keluhan, setelah ralat petugas"),
    Column("Dibaca model", lambda it: intent_label(it.read_as), 34, "Jenis keluhan menurut model"),
    Column("Keyakinan", lambda it: None if it.confidence is None else round(it.confidence, 3), 10, "Keyakinan model"),
    Column("Hasil", lambda it: outcome_label(it.outcome), 24, "Nasib pesan"),
    Column("Tiket", lambda it: it.ticket, 11, "Kasus yang dibuka oleh pesan ini"),
    Column("Percakapan", lambda it: str(it.conversation_id), 37, "Nomor percakapan; halamannya /percakapan/nomor"),
    Column("Pesan (disamarkan)", lambda it: it.said, 80, "Kosong untuk percakapan yang tidak boleh Anda buka"),
)


def cells_of[Row](columns: Sequence[Column[Row]], rows: Iterable[Row]) -> list[list[Cell]]:
    """Return what stands in the cells of these rows."""
    return [[column.of(row) for column in columns] for row in rows]


def _moment(at: datetime) -> datetime:
    """The moment as read in Jakarta, to the minute and without a zone, as spreadsheets have it."""
    return wib(at).replace(tzinfo=None, second=0, microsecond=0)


def _platforms(named: Sequence[str]) -> str:
    return AND.join(platform_label(None if key == NONE else key) for key in named)


def _priority(said: str | None) -> str | None:
    return PRIORITIES.get(said, said) if said else None


def _minutes(time: timedelta | None) -> float | None:
    return None if time is None else round(time / timedelta(minutes=1), 1)


def _kept(kept: bool | None) -> str | None:
    return None if kept is None else "ya" if kept else "tidak"
