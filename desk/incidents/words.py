"""How staff read incidents: states, severities, what happened, what is in the scope; and words to begin from."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from checks.system_status import COMPONENT_LABELS
from desk.detection.words import usual as usual
from desk.incidents.moving import CONFIRMED, MONITORING, RESOLVED, SUSPECTED
from desk.pictures.numbers import whole as whole
from desk.wording import moment
from records.models import Incident, Suspicion
from trends.labels import channel_label, intent_label, platform_label

STATUSES = {SUSPECTED: "Dugaan", CONFIRMED: "Dikonfirmasi", MONITORING: "Dipantau", RESOLVED: "Selesai"}
TONES = {SUSPECTED: "awas", CONFIRMED: "urgent", MONITORING: "claimed", RESOLVED: "resolved"}
MOVES = {
    CONFIRMED: "Konfirmasi",
    MONITORING: "Sudah membaik, pantau",
    RESOLVED: "Selesai",
}
SEVERITIES = {"minor": "Ringan", "major": "Sedang", "critical": "Berat"}
SEVERITY_HINTS = {
    "minor": "sebagian kecil peserta, ada jalan lain",
    "major": "banyak peserta, tanpa jalan lain yang mudah",
    "critical": "hampir semua peserta, atau uang dan batas waktu terancam",
}
HOW = {"scope": "menurut keluhannya", "by_hand": "dimasukkan petugas", "ticket": "tiketnya dikaitkan"}
OUT_AS = {"by_hand": "Dikeluarkan", "scope": "Keluar karena lingkup dipersempit", "ticket": "Tiketnya dilepas"}
EVENTS = {
    "opened": "membuka insiden",
    "said": "memberi kabar baru",
    "moved": "mengubah status",
    "changed": "mengubah keterangan",
    "rescoped": "mengubah lingkup",
    "handed_over": "menyerahkan insiden",
    "noted": "mencatat",
    "person_in": "memasukkan satu orang",
    "person_out": "mengeluarkan satu orang",
    "person_back": "memasukkan kembali satu orang",
    "reviewed": "menulis tinjauan",
    "follow_up": "menambah tindak lanjut",
    "follow_up_done": "menyelesaikan tindak lanjut",
    "follow_up_open": "membuka lagi tindak lanjut",
}
DETAILS = {
    "components": "Bagian",
    "intents": "Keluhan",
    "platforms": "Platform",
    "partners": "Mitra pembayaran",
    "channels": "Kanal",
    "by_purchase": "Yang tak menyebut platform",
    "started_at": "Sejak",
    "ended_at": "Pulih",
    "estimate": "Perkiraan pulih",
    "status": "Status",
    "severity": "Tingkat",
    "title": "Judul",
    "source": "Sumber",
    "owner": "Pemilik",
    "from": "Dari",
    "to": "Menjadi",
    "due": "Tenggat",
    "people": "Orang",
    "conversations": "Percakapan",
    "cases": "Tiket",
    "joined": "Masuk",
    "left": "Keluar",
}
COUNTED = {"complaints": "laporan", "checks": "cek gagal", "sends": "pengiriman gagal"}
"""What a suspicion counts, by its kind."""
NO_NEED = "Kakak tidak perlu melapor berulang; perkembangannya kami sampaikan di sini."
PARTNERS = {"bni": "BNI", "ovo": "OVO", "gopay": "GoPay", "linkaja": "LinkAja", "dana": "DANA", "bca": "BCA"}
"""Where the register of payment partners is empty."""


def component_label(component: str) -> str:
    """Return how a component is called."""
    return COMPONENT_LABELS.get(component, component)


def touches(incident: Incident) -> str:
    """Return which components are in trouble."""
    return listed(map(component_label, incident.components))


def where(incident: Incident) -> str:
    """Return at which platforms and partners and on which channels, as far as that is narrowed."""
    platforms = listed(map(platform_label, incident.platforms), "semua platform")
    partners = [PARTNERS.get(it, it) for it in incident.partners]
    narrowed = [listed(partners)] if partners else []
    narrowed += [f"lewat {listed(map(channel_label, incident.channels))}"] if incident.channels else []
    return " · ".join([platforms, *narrowed])


def listed(labels: Iterable[str], none: str = "semua") -> str:
    """Return a list as it is read, or what its being empty means."""
    return ", ".join(labels) or none


def estimate(incident: Incident, now: datetime) -> str:
    """Return when it may be over; an estimate that has passed is told as what it was, never as a promise."""
    if incident.estimated_end_at is None:
        return "belum ada perkiraan pulih"
    at = moment(incident.estimated_end_at, now)
    if incident.status == RESOLVED:
        return f"perkiraan semula {at}"
    return f"perkiraan semula {at}, sudah lewat" if incident.estimated_end_at <= now else f"perkiraan pulih {at}"


def detail_lines(detail: dict[str, Any], now: datetime) -> list[tuple[str, str]]:
    """Return what an event says beside its words: name and value, a change with its arrow."""
    return [(said, _value(name, detail[name], now)) for name, said in DETAILS.items() if detail.get(name)]


def _value(name: str, value: Any, now: datetime) -> str:
    if isinstance(value, list) and name in ("estimate", "started_at"):
        return " → ".join(_one(name, it, now) or "tidak ada" for it in value)
    if isinstance(value, list) and name in ("owner", "title", "severity", "source"):
        return " → ".join(_one(name, it, now) or "belum ada" for it in value)
    if isinstance(value, list):
        return listed(_one(name, it, now) for it in value)
    return _one(name, value, now)


def _one(name: str, value: Any, now: datetime) -> str:
    if not value:
        return ""
    if name in ("estimate", "started_at", "ended_at"):
        return moment(datetime.fromisoformat(value), now)
    known = {
        "components": component_label,
        "intents": intent_label,
        "platforms": platform_label,
        "channels": channel_label,
        "partners": lambda it: PARTNERS.get(it, it),
        "severity": lambda it: SEVERITIES.get(it, it),
    }
    states = {"status", "from", "to"}
    say = known.get(name) or (STATUSES.get if name in states else None)
    said = [(say(it) or it) if say else it for it in str(value).split(", ")]
    return listed(said)


def counted(suspicion: Suspicion) -> str:
    """Return how many there were, and of what."""
    return f"{whole(round(suspicion.observed))} {COUNTED[suspicion.kind]}"


def suggested_title(suspicion: Suspicion) -> str:
    """Return a title to begin from."""
    if suspicion.kind == "checks":
        return f"Cek gagal: sumber {suspicion.source} tidak menjawab" if suspicion.source else "Cek gagal"
    if suspicion.kind == "sends":
        return f"Pengiriman gagal{_by(suspicion)}"
    what = intent_label(suspicion.intent) if suspicion.intent else "Gangguan"
    return f"{what}{_at(suspicion)}: laporan melonjak"


def suggested_words(suspicion: Suspicion) -> str:
    """Return public words to begin from: what is known, and no promise."""
    return f"{_known(suspicion)} Sedang kami periksa bersama pihak terkait. {NO_NEED}"


def _known(suspicion: Suspicion) -> str:
    if suspicion.kind == "checks":
        return "Sebagian data program sedang tidak bisa kami cek, jadi jawaban kami bisa lebih lambat dari biasanya."
    if suspicion.kind == "sends":
        return f"Sebagian pesan kami{_by(suspicion)} sedang gagal terkirim, jadi balasan kami bisa terlambat sampai."
    what = f" tentang “{intent_label(suspicion.intent)}”" if suspicion.intent else ""
    return f"Kami menerima lebih banyak laporan dari biasanya{what}{_at(suspicion)}."


def _at(suspicion: Suspicion) -> str:
    return f" di {platform_label(suspicion.platform)}" if suspicion.platform else ""


def _by(suspicion: Suspicion) -> str:
    return f" lewat {channel_label(suspicion.channel)}" if suspicion.channel else ""
