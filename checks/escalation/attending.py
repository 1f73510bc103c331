"""When a person must look at something about the code, the class, the certificate or the review."""

from checks.escalation.how_long import A_DAY, how_long, lasted
from checks.finding import Escalation, Priority, Queue
from checks.purchase import attending
from checks.purchase.choosing import subject
from checks.situation import Situation

TRANSACTION = Queue.PMO_TRANSACTION


def redeem_failed(s: Situation) -> Escalation | None:
    """Used by someone else or cancelled unasked."""
    if s.says("sudah digunakan", "udah digunakan", "udah dipake", "udah dipakai", "sudah dipakai", "telah digunakan"):
        return Escalation("Kode redeem dikatakan sudah dipakai orang lain", Queue.SECURITY, Priority.HIGH)
    if s.says("dibatalkan", "dibatalin"):
        return Escalation("Kode atau transaksi dibatalkan tanpa diminta", TRANSACTION)
    return None


def class_access(s: Situation) -> Escalation | None:
    """Redeemed and the institution silent over a day, or the session within two hours."""
    meant = subject(s)
    if meant is None:
        return None
    if attending.session_within(meant, s, hours=2):
        return Escalation("Sesi kelas mulai dalam 2 jam", Queue.PLATFORM, Priority.URGENT)
    if meant.state in attending.REDEEMED and lasted(s, A_DAY):
        return Escalation(f"Kode sudah ditukar, lembaga belum menjawab, {how_long(s)}", Queue.PLATFORM)
    return None


def attendance(s: Situation) -> Escalation | None:
    """Attended but recorded absent after the session."""
    meant = subject(s)
    if meant is None or not attending.session_over(meant, s):
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
    if s.says("orang lain", "punya orang", "milik orang", "bukan punya saya", "nama orang"):
        return Escalation("Sertifikat menampilkan data orang lain", Queue.PRIVACY, Priority.HIGH)
    return None


def rating(s: Situation) -> Escalation | None:
    """Over a day after submitting."""
    meant = subject(s)
    stored = meant is not None and meant.rated_at is not None
    return (
        Escalation("Ulasan belum tercatat lebih dari 24 jam", TRANSACTION) if lasted(s, A_DAY) and not stored else None
    )
