"""How staff read a suspicion."""

from records.models import Suspicion
from trends.labels import channel_label, intent_label, platform_label

KINDS = {"complaints": "Keluhan naik", "checks": "Cek gagal", "sends": "Pengiriman gagal"}
STATUSES = {"open": "Menunggu keputusan", "incident": "Jadi insiden", "dismissed": "Bukan gangguan", "over": "Reda"}
TONES = {"open": "awas", "incident": "urgent", "dismissed": "resolved", "over": "resolved"}
PARTS = {"intent": "Keluhan", "platform": "Platform", "channel": "Kanal"}
NEWS = {
    "diabaikan": "Dicatat: bukan gangguan. Kenaikan yang sama tidak diberitahukan lagi.",
    "sudah": "Dugaan ini sudah diputuskan orang lain.",
    "alasan": "Tulis alasannya dulu, agar rekan lain paham.",
}


def about(it: Suspicion) -> str:
    """Return what a suspicion is about: "Gagal bayar · Tokopedia"."""
    parts = [
        intent_label(it.intent) if it.intent else None,
        platform_label(it.platform) if it.platform else None,
        channel_label(it.channel) if it.channel else None,
        it.source,
    ]
    named = [part for part in parts if part]
    return " · ".join(named) if named else "Semua keluhan"


def label_of(part: str, key: str) -> str:
    """Return how staff read a value of one part."""
    return {"intent": intent_label, "platform": platform_label, "channel": channel_label}[part](key)


def told(it: Suspicion) -> str:
    """Return a suspicion in one sentence."""
    return f"{KINDS[it.kind]}: {about(it)}, {it.observed:.0f} (biasanya {usual(it.expected)})"


def usual(expected: float) -> str:
    """Say a number that is usual."""
    return f"{expected:.0f}" if expected >= 2 else f"{expected:.1f}".replace(".", ",")
