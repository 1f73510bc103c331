"""Findings as checks hand them on: an incident, a person in order, a source that was away, a paid purchase."""

from typing import Any

FINDINGS: list[dict[str, Any]] = [
    {
        "check": "system_status",
        "verdict": "no",
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
