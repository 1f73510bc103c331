"""When a person must look at something about buying, the card or the system."""

from checks import card, course, deadline
from checks.escalation.how_long import A_DAY, TWO_HOURS, how_long, lasted
from checks.finding import Escalation, Priority, Queue, Verdict
from checks.participant import contact_right
from checks.purchase import bundle, charge, payment, told_apart
from checks.purchase.choosing import NOT_CHARGED, PAID, failed_attempts, subject
from checks.situation import Situation, could_not_ask, known
from checks.system_status import clear, incident_for

MANY_REPORTS = 10
TRANSACTION = Queue.PMO_TRANSACTION
CLASS_SOON = (
    "mulai besok",
    "besok mulai",
    "kelas besok",
    "besok pagi",
    "mulai hari ini",
    "kelas hari ini",
    "nanti malam",
)
CLASS_CANCELLED = (
    *("kelas dibatalkan", "kelas … dibatalkan", "pelatihan … dibatalkan", "webinar … dibatalkan", "kelas … batal"),
    *("dibatalkan lembaga", "dibatalkan oleh lembaga", "dibatalkan sama lembaga", "dibatalkan sepihak"),
)
NOT_RETURNED = tuple(
    f"{money} … {missing}"
    for money in ("saldo", "dana", "uang", "duit", "refund")
    for missing in ("belum kembali", "tidak kembali", "belum masuk", "tidak masuk", "belum dikembalikan")
)
OLD_NUMBER = (
    *("nomor lama", "ganti nomor", "nomor … hilang", "hp hilang", "nomor … tidak aktif", "nomor … mati"),
    *("nomor … hangus", "bukan nomor saya", "nomor … salah"),
)
NUMBER_RIGHT = ("nomor … benar", "nomor … aktif", "nomor … sesuai", "nomor saya itu", "benar itu nomor saya")


def package_not_found(s: Situation) -> Escalation | None:
    """No incident and an active course, or over a day; urgent where a deadline is near; or the estimate has passed."""
    if deadline.blocked_near_deadline(s) or deadline.passed_during_incident(s):
        return purchase_deadline(s)
    if lasted(s, A_DAY):
        return Escalation(f"Paket tidak ditemukan, {how_long(s)}", TRANSACTION)
    incident = incident_for(s)
    if incident is not None and incident.overdue_at(s.now):
        return Escalation("Paket masih tidak ditemukan setelah perkiraan gangguan lewat", TRANSACTION)
    if clear(s) and course.active_course(s):
        return Escalation("Kelas aktif dan tidak ada gangguan tercatat, tetapi tidak ditemukan", TRANSACTION)
    return None


def payment_failed(s: Situation) -> Escalation | None:
    """Evidence of a charge, or everything of theirs in order and it failed twice; urgent where a deadline is near.

    An open incident does not stand against it: by its own public words not every failure comes from it.
    """
    meant = subject(s)
    if charge.wrongly_charged(s) or told_apart.success(s) or (meant is not None and meant.state in PAID):
        return Escalation("Gagal bayar, tetapi ada tanda saldo terpotong", TRANSACTION, Priority.HIGH)
    if (differing := _differing(s)) is not None:
        return differing
    if deadline.blocked_near_deadline(s):
        return purchase_deadline(s)
    twice = failed_attempts(s) > 1 or (s.times or 0) > 1 or s.repeated
    return Escalation("Catatan beres, pembayaran gagal dua kali", TRANSACTION) if twice and _in_order(s) else None


def _differing(s: Situation) -> Escalation | None:
    """Platform, tables and programme do not say the same; high only where the programme itself was asked."""
    meant = subject(s)
    found = told_apart.apart(meant, s) if meant else None
    if found is None:
        return None
    return Escalation(found.reason, TRANSACTION, Priority.NORMAL if found.verdict is Verdict.UNKNOWN else Priority.HIGH)


def _in_order(s: Situation) -> bool:
    if could_not_ask(s.incidents, s.card, s.courses, s.purchases) or course.hindered(s):
        return False
    owned = known(s.card)
    return owned is None or owned.available_balance > 0


def purchase_otp(s: Situation) -> Escalation | None:
    """The number is right, the status clear, and over two hours."""
    right = contact_right(s, *NUMBER_RIGHT, wrong=OLD_NUMBER)
    if lasted(s, TWO_HOURS) and clear(s, ("otp",)) and right:
        return Escalation(f"OTP pembelian tidak masuk, {how_long(s)}", TRANSACTION)
    return None


def paid_no_code(s: Situation) -> Escalation | None:
    """Paid over a day ago or a class within a day, and no code; else where the records leave it unresolved."""
    soon_said = s.says(*CLASS_SOON)
    meant = subject(s)
    if meant is None:
        # of a person we know, purchases that could not be asked leave it just as unresolved
        unresolved = s.bound or lasted(s, A_DAY) or soon_said
        reason = "Mengaku sudah bayar, kode belum ada"
        return Escalation(reason, TRANSACTION, Priority.HIGH if soon_said else Priority.NORMAL) if unresolved else None
    if (differing := _differing(s)) is not None:
        return differing
    soon = payment.starts_within_a_day(meant, s)
    if meant.state == "paid_without_code":
        reason = "Sudah bayar, kode belum terbit" + (", kelas mulai dalam 24 jam" if soon else "")
        return Escalation(reason, TRANSACTION, Priority.HIGH if soon else Priority.NORMAL)
    if meant.state in told_apart.CODE_EXISTS:
        # they were told where the code is, and still do not have it
        return Escalation("Kode terbit, tetapi tetap tidak ditemukan peserta", TRANSACTION) if s.repeated else None
    held = known(s.card) is not None and payment.held(s)
    waited = held and (lasted(s, A_DAY) or s.now - meant.created_at > A_DAY)
    if meant.state in (*NOT_CHARGED, "awaiting_payment") and waited:
        return Escalation("Dana masih ditahan lebih dari 24 jam", TRANSACTION)
    return None


def purchase_status(s: Situation) -> Escalation | None:
    """Pending past its expiry, or platform and programme disagree."""
    meant = subject(s)
    if meant is None:
        return None
    if (differing := _differing(s)) is not None:
        return differing
    if payment.pending_too_long(meant, s):
        return Escalation("Pesanan menunggu melewati batasnya", TRANSACTION)
    return paid_no_code(s.meaning("paid_no_code")) if meant.state == "paid_without_code" else None


def cancel_or_refund(s: Situation) -> Escalation | None:
    """The class was cancelled or the money did not return; never for plain regret."""
    meant = subject(s)
    back = meant is not None and meant.state == "refunded" and s.ledger is not None and not could_not_ask(s.ledger)
    if meant is not None and back and not charge.returned(meant, s):
        return Escalation("Dana pengembalian belum tercatat kembali", TRANSACTION)
    if (meant is not None and charge.class_cancelled(meant)) or s.says(*CLASS_CANCELLED):
        return Escalation("Kelas dibatalkan lembaga", TRANSACTION)
    if s.says(*NOT_RETURNED) and not back:
        return Escalation("Mengaku dana pembatalan belum kembali", TRANSACTION)
    return None


def wrong_charge(s: Situation) -> Escalation:
    """Always; high where the ledger itself shows it, or a class that was paid for begins soon and has no code."""
    waiting = paid_no_code(s.meaning("paid_no_code"))
    if waiting is not None and waiting.priority is Priority.HIGH:
        # "saldo kepotong, kodenya mana" is either; the person must not wait longer for being read as the one
        return waiting
    wrong = charge.wrongly_charged(s)
    reason = "Potongan saldo tercatat ganda atau tanpa pembelian" if wrong else "Menyanggah potongan saldo"
    return Escalation(reason, TRANSACTION, Priority.HIGH if wrong else Priority.NORMAL)


def purchase_deadline(s: Situation) -> Escalation | None:
    """Three days or fewer remain and an incident blocks buying; or it passed while one did, as before a revocation."""
    if deadline.passed_during_incident(s):
        return Escalation("Batas pembelian lewat, gangguan tercatat menjelang batasnya", TRANSACTION, Priority.HIGH)
    if not deadline.blocked_near_deadline(s):
        return None
    said = "" if known(s.card) else ", menurut peserta,"
    trouble = "status sistem belum bisa dicek" if could_not_ask(s.incidents) else "ada gangguan pembelian"
    reason = f"Batas pembelian tinggal 3 hari atau kurang{said} dan {trouble}"
    return Escalation(reason, TRANSACTION, Priority.URGENT)


def revoked(s: Situation) -> Escalation | None:
    """An incident overlapped the deadline."""
    owned = known(s.card)
    if owned is None or owned.status != "revoked" or not card.overlapping_incident(s, owned):
        return None
    return Escalation("Kepesertaan dicabut, gangguan tercatat menjelang batasnya", TRANSACTION, Priority.HIGH)


def balance(s: Situation) -> Escalation | None:
    """Recipient over seven days and balance 0."""
    if not card.balance_missing(s):
        return None
    return Escalation("Penerima lebih dari 7 hari, saldo masih 0", TRANSACTION)


def outage(s: Situation) -> Escalation | None:
    """Many equal reports and no incident: staff are alerted."""
    many = (known(s.reports) or 0) >= MANY_REPORTS
    if not many or not clear(s):
        return None
    return Escalation(
        f"{known(s.reports)} laporan sejenis dalam 1 jam, belum ada gangguan tercatat", TRANSACTION, Priority.URGENT
    )


def bundling(s: Situation) -> Escalation | None:
    """Their incentive really stopped: held by the programme, not refused by a bank."""
    stopped = any(it.status == "on_hold" for it in known(s.incentives) or ())
    if bundle.bought_bundle(s) is None or not stopped:
        return None
    return Escalation("Insentif pembeli bundling berhenti", Queue.PMO_INCENTIVE)
