"""What the status page says: calm, dated, no promise, nothing internal."""

from collections.abc import Iterable
from datetime import datetime

from bot.status_page.public import PublicIncident
from checks.indonesian import day as long_day
from checks.system_status import COMPONENT_LABELS
from records.clock import wib
from trends.labels import platform_label

TITLE = "Status layanan Prakerja"
ALL_WELL = "Tidak ada gangguan yang tercatat saat ini"
NOT_READ = "Keadaan layanan belum bisa dibaca"
NOT_READ_WHY = "Halaman ini belum sempat membaca catatan gangguan. Coba muat ulang sebentar lagi."
STALE = "Sejak {at} halaman ini tidak bisa diperbarui. Yang tampil adalah keadaan terakhir yang diketahui."
NO_NEWS = "Gangguan ini belum dinyatakan selesai, dan belum ada kabar baru kapan pulih."
STATES = {
    "suspected": "Sedang diperiksa",
    "confirmed": "Terganggu",
    "monitoring": "Membaik, masih dipantau",
    "resolved": "Pulih",
    "": "Tidak ada gangguan tercatat",
}
WORST = ("confirmed", "suspected", "monitoring", "")
"""Which state a component has when several incidents touch it: the first of these."""
PARTNERS = {"bni": "BNI", "ovo": "OVO", "gopay": "GoPay", "linkaja": "LinkAja", "dana": "DANA", "bca": "BCA"}


def moment(at: datetime) -> str:
    """Return a moment in full, for a page does not know when it is read: 24 Agustus 2020 pukul 10.00 WIB."""
    return f"{long_day(at)} pukul {wib(at):%H.%M} WIB"


def component(key: str) -> str:
    """Return how a component is called."""
    label = COMPONENT_LABELS.get(key, key)
    return label[:1].upper() + label[1:]


def heading(incident: PublicIncident) -> str:
    """Return what an incident is about: Gangguan pembelian dan katalog pelatihan di Sisnaker."""
    what = _listed(COMPONENT_LABELS.get(key, key) for key in incident.components)
    where = [*map(platform_label, incident.platforms), *(PARTNERS.get(key, key) for key in incident.partners)]
    # eight names say less than "several"
    at = f" di {_listed(where)}" if 0 < len(where) <= 3 else " di beberapa platform" if where else ""
    return f"Gangguan {what}{at}"


def all_in_all(open_now: Iterable[PublicIncident]) -> str:
    """Return the page's first sentence."""
    touched = dict.fromkeys(key for incident in open_now for key in incident.components)
    return f"Ada gangguan pada {_listed(COMPONENT_LABELS.get(it, it) for it in touched)}" if touched else ALL_WELL


def estimate(incident: PublicIncident, now: datetime) -> str:
    """Return when it may be over; one that has passed is told as what it was, and never as a promise."""
    if incident.estimated_end_at is None or not incident.open_at(now):
        return ""
    at = moment(incident.estimated_end_at)
    return f"Perkiraan semula {at}, sudah lewat." if incident.overdue_at(now) else f"Perkiraan pulih {at}."


def _listed(names: Iterable[str]) -> str:
    *first, last = list(names) or [""]
    return f"{', '.join(first)} dan {last}" if first else last
