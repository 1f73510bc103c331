"""When a person must look at something about buying, the card or the system."""

from checks import card, course, deadline
from checks.escalation.how_long import A_DAY, TWO_HOURS, how_long, lasted
from checks.finding import Escalation, Priority, Queue
from checks.purchase import bundle, charge, payment
from checks.purchase.choosing import PAID, failed_attempts, subject
from checks.situation import Situation, could_not_ask, known
from checks.system_status import clear, incident_for

MANY_REPORTS = 10
TRANSACTION = Queue.PMO_TRANSACTION


def package_not_found(s: Situation) -> Escalation | None:
    """No incident and an active course, over a day, or an incident past its estimate."""
    if lasted(s, A_DAY):
        return Escalation(f"Paket tidak ditemukan, {how_long(s)}", TRANSACTION)
    incident = incident_for(s)
    if incident is not None and incident.overdue_at(s.now):
        return Escalation("Paket masih tidak ditemukan setelah perkiraan gangguan lewat", TRANSACTION)
    if clear(s) and course.active_course(s):
        return Escalation("Kelas aktif dan tidak ada gangguan tercatat, tetapi tidak ditemukan", TRANSACTION)
    return None


def payment_failed(s: Situation) -> Escalation | None:
    """Every record in order and it failed twice, or evidence of a charge."""
    meant = subject(s)
    if charge.wrongly_charged(s) or payment.success(s) or (meant is not None and meant.state in PAID):
        return Escalation("Gagal bayar, tetapi ada tanda saldo terpotong", TRANSACTION, Priority.HIGH)
    if meant is not None and payment.disagree(meant, s):
        return Escalation("Platform dan program berbeda tentang pembayaran", TRANSACTION, Priority.HIGH)
    twice = failed_attempts(s) > 1 or (s.times or 0) > 1 or s.repeated
    return Escalation("Catatan beres, pembayaran gagal dua kali", TRANSACTION) if twice and _in_order(s) else None


def _in_order(s: Situation) -> bool:
    if could_not_ask(s.card, s.courses, s.purchases):
        return False
    owned = known(s.card)
    return owned is None or (owned.status == "active" and owned.available_balance > 0)


def purchase_otp(s: Situation) -> Escalation | None:
    """The number is right, the status clear, and over two hours."""
    changed = s.says("nomor lama", "ganti nomor", "no lama", "hp hilang")
    if lasted(s, TWO_HOURS) and clear(s, ("otp",)) and not changed:
        return Escalation(f"OTP pembelian tidak masuk, {how_long(s)}", TRANSACTION)
    return None


def paid_no_code(s: Situation) -> Escalation | None:
    """Unresolved by the records; high where the class begins within a day."""
    meant = subject(s)
    if meant is None:
        unresolved = s.bound or lasted(s, A_DAY)
        return Escalation("Mengaku sudah bayar, kode belum ada", TRANSACTION) if unresolved else None
    if payment.disagree(meant, s):
        return Escalation("Platform dan program berbeda tentang pembayaran", TRANSACTION, Priority.HIGH)
    if meant.state != "paid_without_code":
        return None
    soon = payment.starts_within_a_day(meant, s)
    reason = "Sudah bayar, kode belum terbit" + (", kelas mulai dalam 24 jam" if soon else "")
    return Escalation(reason, TRANSACTION, Priority.HIGH if soon else Priority.NORMAL)


def purchase_status(s: Situation) -> Escalation | None:
    """Pending past its expiry, or platform and programme disagree."""
    meant = subject(s)
    if meant is None:
        return None
    if payment.disagree(meant, s):
        return Escalation("Platform dan program berbeda tentang pembayaran", TRANSACTION, Priority.HIGH)
    if payment.pending_too_long(meant, s):
        return Escalation("Pesanan menunggu melewati batasnya", TRANSACTION)
    return paid_no_code(s.meaning("paid_no_code")) if meant.state == "paid_without_code" else None


def cancel_or_refund(s: Situation) -> Escalation | None:
    """The class was cancelled or the money did not return; never for plain regret."""
    meant = subject(s)
    if meant is not None and meant.state == "refunded" and not charge.returned(meant, s):
        return Escalation("Dana pengembalian belum tercatat kembali", TRANSACTION)
    if (meant is not None and charge.class_cancelled(meant)) or s.says(
        "dibatalin lembaga", "kelas dibatalkan", "kelasnya dibatal"
    ):
        return Escalation("Kelas dibatalkan lembaga", TRANSACTION)
    return None


def wrong_charge(s: Situation) -> Escalation:
    """Always; high where the ledger itself shows it."""
    wrong = charge.wrongly_charged(s)
    reason = "Potongan saldo tercatat ganda atau tanpa pembelian" if wrong else "Menyanggah potongan saldo"
    return Escalation(reason, TRANSACTION, Priority.HIGH if wrong else Priority.NORMAL)


def purchase_deadline(s: Situation) -> Escalation | None:
    """Three days or fewer remain and an incident blocks buying."""
    if not deadline.blocked_near_deadline(s):
        return None
    return Escalation(
        "Batas pembelian tinggal 3 hari atau kurang dan ada gangguan pembelian", TRANSACTION, Priority.URGENT
    )


def revoked(s: Situation) -> Escalation | None:
    """An incident overlapped the deadline."""
    owned = known(s.card)
    if owned is None or owned.status != "revoked" or not card.overlapping_incident(s, owned):
        return None
    return Escalation("Kepesertaan dicabut, gangguan tercatat sebelum batasnya", TRANSACTION, Priority.HIGH)


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
    """Their incentive really stopped."""
    stopped = any(it.status in ("on_hold", "failed") for it in known(s.incentives) or ())
    if bundle.bought_bundle(s) is None or not stopped:
        return None
    return Escalation("Insentif pembeli bundling berhenti", Queue.PMO_INCENTIVE)
