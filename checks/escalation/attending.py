"""When a person must look at something about the code, the class, the certificate or the review."""

from checks.escalation.how_long import A_DAY, how_long, lasted
from checks.finding import Escalation, Priority, Queue
from checks.purchase import attending, charge, sent_code
from checks.purchase.choosing import subject
from checks.situation import Situation

TRANSACTION = Queue.PMO_TRANSACTION
USED = (
    "sudah dipakai",
    "sudah … dipakai",
    "dipakai orang",
    "sudah terpakai",
    "sudah ditukar",
    "sudah diredeem",
    "sudah redeem",
)
OWN_USE = (
    "sudah saya pakai",
    "saya sudah pakai",
    "sudah dipakai saya",
    "sudah saya tukar",
    "saya sudah tukar",
    "sudah saya redeem",
)
CANCELLED = ("dibatalkan", "batal sendiri", "kebatal")
OWN_CANCEL = ("saya batalkan", "saya yang batalkan", "dibatalkan saya", "saya batalin")
ATTENDED = ("hadir", "ikut", "masuk zoom", "sudah absen", "absen", "kehadiran", "presensi", "nyimak")
SUBMITTED = (
    *(
        "sudah isi",
        "sudah saya isi",
        "sudah review",
        "sudah ulasan",
        "sudah kirim",
        "sudah submit",
        "sudah rating",
        "sudah kasih",
    ),
    *("sudah beri", "sudah ngasih", "sudah diisi", "sudah … ulasan", "sudah … rating"),
)


def redeem_failed(s: Situation) -> Escalation | None:
    """Used by someone else or cancelled unasked."""
    if s.says(*USED) and not s.says(*OWN_USE):
        return Escalation("Kode redeem dikatakan sudah dipakai orang lain", Queue.SECURITY, Priority.HIGH)
    if sent_code.used(s):
        return Escalation("Kode redeem tercatat sudah dipakai di program", Queue.SECURITY, Priority.HIGH)
    if sent_code.cancelled(s) and not s.says(*OWN_CANCEL):
        return Escalation("Kode atau transaksi dibatalkan menurut program", TRANSACTION)
    meant = subject(s)
    if meant is not None and meant.state in attending.REDEEMED and not s.says(*OWN_USE):
        return Escalation("Kode tercatat sudah ditukar, peserta menyanggah", Queue.SECURITY, Priority.HIGH)
    unasked = meant is not None and charge.class_cancelled(meant)
    if unasked or (s.says(*CANCELLED) and not s.says(*OWN_CANCEL)):
        return Escalation("Kode atau transaksi dibatalkan tanpa diminta", TRANSACTION)
    return None


def class_access(s: Situation) -> Escalation | None:
    """Redeemed and the institution silent over a day, or the session within two hours or under way."""
    meant = subject(s)
    if meant is None:
        return None
    if attending.session_within(meant, s, hours=2):
        return Escalation("Sesi kelas mulai dalam 2 jam atau sedang berjalan", Queue.PLATFORM, Priority.URGENT)
    if meant.state in attending.REDEEMED and lasted(s, A_DAY):
        return Escalation(f"Kode sudah ditukar, lembaga belum menjawab, {how_long(s)}", Queue.PLATFORM)
    return None


def attendance(s: Situation) -> Escalation | None:
    """Attended but recorded absent after the session."""
    meant = subject(s)
    if meant is None or meant.state == "completed" or not attending.session_over(meant, s):
        return None
    if not s.says(*ATTENDED):
        return None
    return Escalation("Mengaku hadir, kehadiran tidak tercatat", Queue.PLATFORM)


def certificate_missing(s: Situation) -> Escalation | None:
    """Over seven working days after completion."""
    meant = subject(s)
    if meant is None or not attending.certificate_late(meant, s):
        return None
    return Escalation(f"Sertifikat belum ada lebih dari 7 hari kerja ({meant.institution_name})", Queue.PLATFORM)


def certificate_wrong(s: Situation) -> Escalation | None:
    """It shows another person."""
    if s.says(*attending.ANOTHER_PERSON):
        return Escalation("Sertifikat menampilkan data orang lain", Queue.PRIVACY, Priority.HIGH)
    return None


def rating(s: Situation) -> Escalation | None:
    """Over a day after submitting, and not in the records."""
    meant = subject(s)
    if meant is None or meant.rated_at is not None or not s.says(*SUBMITTED) or not lasted(s, A_DAY):
        return None
    return Escalation(f"Ulasan belum tercatat lebih dari 24 jam, {how_long(s)}", TRANSACTION)
