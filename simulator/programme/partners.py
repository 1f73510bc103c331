"""Platforms, payment partners, roles by date, waves and the open incident of August 2020.

These rows are published facts with their source; everything else in the rehearsal is invented.
"""

from datetime import date

from simulator.programme.moment import PROGRAMME_START, RUANGGURU_END, wib
from simulator.programme.tables import Row

PLATFORMS = {
    "tokopedia": ("Tokopedia", ("tokped", "toped", "tkpd"), "TOKPED"),
    "bukalapak": ("Bukalapak", ("bl", "bukalapk"), "BLAPAK"),
    "pintaria": ("Pintaria", ("pintar ria",), "PNTRIA"),
    "sekolahmu": ("Sekolah.mu", ("sekolahmu", "kariermu", "karier.mu"), "SKLHMU"),
    "pijarmahir": ("Pijar Mahir", ("pijar", "pijarmahir"), "PIJARM"),
    "maubelajarapa": ("MauBelajarApa", ("mau belajar apa", "mba"), "MBAPID"),
    "sisnaker": ("Sisnaker", ("kemnaker", "kemenaker", "siapkerja"), "SISNKR"),
    "ruangguru": ("Ruangguru", ("skill academy", "skillacademy", "ruang guru", "sa"), "RUANGG"),
}
PARTNERS = (
    ("bni", "BNI", ("bank bni", "bni 46"), "bank", date(2020, 4, 11), "1500046", "beritadiy, 28 Sep 2020"),
    ("ovo", "OVO", (), "ewallet", date(2020, 4, 11), "1500696", "beritadiy, 28 Sep 2020"),
    ("gopay", "GoPay", ("gojek", "go-pay"), "ewallet", date(2020, 4, 11), "021-50849000", "beritadiy, 28 Sep 2020"),
    ("linkaja", "LinkAja", ("link aja",), "ewallet", date(2020, 4, 11), "150911", "beritadiy, 28 Sep 2020"),
    ("dana", "DANA", (), "ewallet", date(2021, 8, 25), None, "seputarlampung, 25 Agu 2021"),
    ("bca", "BCA", ("bank bca",), "bank", date(2023, 4, 6), None, "surabaya.tribunnews.com, 6 Apr 2023"),
)
# opens, closes, decided, quota, selected, source
WAVES: dict[int, tuple[Row, str]] = {
    1: (
        {"opens_at": wib(2020, 4, 11), "closes_at": wib(2020, 4, 16, 16), "decided_at": wib(2020, 4, 17, 19)},
        "jumlah: tribunnews.com 5 Sep 2020; tanggal: gladi",
    ),
    2: (
        {"opens_at": wib(2020, 4, 20, 8), "closes_at": wib(2020, 4, 23, 16), "decided_at": wib(2020, 4, 27, 12)},
        "jumlah: tribunnews.com 5 Sep 2020; tanggal: gladi",
    ),
    3: (
        {"opens_at": wib(2020, 4, 27, 9), "closes_at": wib(2020, 4, 30, 16), "decided_at": wib(2020, 5, 5, 12)},
        "jumlah: tribunnews.com 5 Sep 2020; tanggal: gladi",
    ),
    4: (
        {"opens_at": wib(2020, 8, 8, 12), "closes_at": wib(2020, 8, 11, 12), "decided_at": wib(2020, 8, 14, 12)},
        "kuota: tribunnews.com 5 Sep 2020; tanggal: gladi",
    ),
    5: ({"opens_at": wib(2020, 8, 15, 12), "closes_at": wib(2020, 8, 23, 12)}, "Kompas, 23 Agu 2020"),
}
SELECTED = {1: 168_111, 2: 288_154, 3: 224_615, 4: 800_000}
QUOTA = {4: 800_000, 5: 800_000}


def platform_rows() -> list[Row]:
    """List the eight platforms."""
    return [
        {"platform_id": key, "name": name, "aliases": aliases, "invoice_prefix": prefix}
        for key, (name, aliases, prefix) in PLATFORMS.items()
    ]


def partner_rows() -> list[Row]:
    """List the payment partners with their dates."""
    keys = ("partner_id", "name", "aliases", "kind", "valid_from", "contact", "source")
    return [dict(zip(keys, values, strict=True)) for values in PARTNERS]


def platform_role_rows() -> list[Row]:
    """Say since when each is a platform, and that Ruangguru's role ends."""
    rows: list[Row] = [
        {
            "role_id": f"R-{key}-platform",
            "organisation_id": key,
            "kind": "platform",
            "valid_from": PROGRAMME_START,
            "source": "goodmoneyID, 23 Apr 2020",
        }
        for key in PLATFORMS
    ]
    rows[-1] |= {
        "valid_to": RUANGGURU_END,
        "announced_at": RUANGGURU_END,
        "effective_note": "sejak gelombang 4 dibuka, menurut Ruangguru",
        "source": "Bongkah.id, 4 Sep 2020",
    }
    return rows


def wave_rows() -> list[Row]:
    """List the waves up to the one that closed yesterday."""
    return [
        {"wave": wave, **dates, "quota": QUOTA.get(wave), "selected": SELECTED.get(wave), "source": source}
        for wave, (dates, source) in WAVES.items()
    ]


def incident_rows() -> list[Row]:
    """Describe the open system adjustment of August 2020."""
    return [
        {
            "incident_id": "INC-2020-08-20",
            "components": ("purchase", "catalogue"),
            "platforms": tuple(PLATFORMS),
            "payment_partners": (),
            "started_at": wib(2020, 8, 20),
            "estimated_end": wib(2020, 8, 31, 23, 59, 59),
            "status": "confirmed",
            "public_message": (
                "Sedang ada penyesuaian dan integrasi sistem sesuai Permenko 11/2020, ditargetkan lancar akhir "
                "Agustus 2020. Tidak semua kendala berasal dari penyesuaian ini; ikuti langkah di platform yang "
                "dipilih dan coba lagi."
            ),
            "source": "Pernyataan PMO (Louisa Tuhatu), 22–23 Agu 2020, Kompas",
            "as_of": wib(2020, 8, 23, 12),
        }
    ]
