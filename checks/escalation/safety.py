"""When a person must look at fraud, personal data or an earlier promise: what happened, not what is merely asked."""

from checks import earlier_reports
from checks.finding import Escalation, Priority, Queue
from checks.situation import Situation

ASKS = (
    *(
        "apakah",
        "apa itu",
        "apa benar",
        "boleh tidak",
        "bolehkah",
        "aman tidak",
        "aman kah",
        "bagaimana cara",
        "cara lapor",
    ),
    *("ciri ciri", "resmi tidak", "penipuan bukan", "hoax bukan", "kalau pakai joki", "boleh pakai", "joki boleh"),
)
TELLS = (
    *(
        "ada yang",
        "ada orang",
        "saya dapat",
        "saya ditelepon",
        "ditelpon",
        "dihubungi",
        "dikirim",
        "ditawari",
        "ditawarin",
    ),
    *(
        "ditawarkan",
        "diminta",
        "disuruh",
        "minta otp",
        "minta kode",
        "minta uang",
        "minta transfer",
        "minta ktp",
        "tertipu",
    ),
    *("sudah transfer", "telanjur", "dipotong", "disunat", "dipungut", "bayar joki", "mengaku dari", "ngaku dari"),
)
HARMED = (
    *("sudah transfer", "sudah saya transfer", "telanjur", "sudah kasih", "sudah saya kasih", "sudah kirim", "tertipu"),
    *("sudah bayar", "uang saya hilang", "saldo saya hilang"),
)
PRIVACY_ASKS = (
    *(
        "siapa",
        "apakah aman",
        "aman tidak",
        "data saya aman",
        "dipakai untuk apa",
        "buat apa",
        "kenapa harus",
    ),
    *("disimpan di mana", "disimpan berapa lama", "bagaimana data", "untuk apa"),
)
PRIVACY_TELLS = (
    *(
        "hapus",
        "dihapus",
        "hapuskan",
        "salinan",
        "minta data",
        "lihat data",
        "perbaiki",
        "ubah data",
        "koreksi",
        "bocor",
    ),
    *(
        "kesebar",
        "tersebar",
        "menyebar",
        "menyebarkan",
        "nyebar",
        "nyebarin",
        "disebar",
        "dijual",
        "disalahgunakan",
        "dipakai orang",
        "dicuri",
        "diretas",
    ),
    *("tarik persetujuan", "berhenti menyimpan"),
)


def fraud(s: Situation) -> Escalation | None:
    """Always for reports, never for a mere question."""
    if not reports_fraud(s):
        return None
    return Escalation("Laporan penipuan", Queue.SECURITY, Priority.URGENT if s.says(*HARMED) else Priority.HIGH)


def reports_fraud(s: Situation) -> bool:
    """Whether something happened, rather than a mere question being asked."""
    return s.says(*TELLS) or not s.mentions(*ASKS)


def personal_data(s: Situation) -> Escalation | None:
    """Always for requests and leaks; a mere question about how data is kept is answered."""
    asks = s.mentions(*PRIVACY_ASKS) and not s.mentions(*PRIVACY_TELLS)
    return None if asks else Escalation("Permintaan atau laporan data pribadi", Queue.PRIVACY)


def ticket_status(s: Situation) -> Escalation | None:
    """What was promised has passed."""
    late = earlier_reports.late(s)
    return Escalation(f"Janji laporan {late.number} sudah lewat", Queue(late.queue), Priority.HIGH) if late else None
