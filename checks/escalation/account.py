"""When a person must look at something about incentives, the payout account, the account or fraud."""

from checks import incentive as incentives
from checks import payout_account
from checks.escalation.how_long import A_DAY, TWO_HOURS, how_long, lasted
from checks.finding import Escalation, Priority, Queue
from checks.situation import Situation, known
from checks.system_status import clear, incident_for

ACCOUNT, INCENTIVE = Queue.PMO_ACCOUNT, Queue.PMO_INCENTIVE


def incentive(s: Situation) -> Escalation | None:
    """All conditions met and over five working days past schedule, or the mended account failed again."""
    if incentives.conditions_met_and_late(s):
        return Escalation("Syarat terpenuhi, insentif lewat 5 hari kerja dari jadwal", INCENTIVE)
    meant = incentives.in_question(s)
    if meant is not None and meant.status == "failed" and s.repeated:
        return Escalation("Insentif tetap gagal setelah rekening diperbaiki", INCENTIVE)
    return None


def payout_failed(s: Situation) -> Escalation | None:
    """NIK matches and KYC is done yet refused; always under someone else."""
    if s.says("orang lain", "bukan punya saya", "dipakai orang", "dipake orang"):
        return Escalation("Rekening atau NIK tersambung ke orang lain", Queue.SECURITY, Priority.HIGH)
    if payout_account.refused_in_order(s):
        return Escalation("NIK sesuai dan sudah premium, tetapi tetap ditolak", Queue.PAYMENT_PARTNER)
    return None


def login_otp(s: Situation) -> Escalation | None:
    """Two hours passed and nothing else explains it."""
    if lasted(s, TWO_HOURS) and clear(s):
        return Escalation(f"OTP atau email masuk tidak datang, {how_long(s)}", ACCOUNT)
    return None


def login_failed(s: Situation) -> Escalation | None:
    """The e-mail is unreachable, or the account is in order and it still fails."""
    if s.says(
        "lupa email", "email ga bisa", "email gak bisa", "email hilang", "email tidak aktif", "email udah ga aktif"
    ):
        return Escalation("Email akun tidak bisa dibuka lagi", ACCOUNT)
    person = known(s.participant)
    in_order = person is not None and person.account_status == "verified"
    again = s.repeated or lasted(s, A_DAY) or (s.times or 0) > 1
    return Escalation("Akun beres tetapi tetap tidak bisa masuk", ACCOUNT) if in_order and again and clear(s) else None


def identity(s: Situation) -> Escalation | None:
    """Refused three times."""
    enough = (s.times or 0) >= 3
    return Escalation(f"Verifikasi ditolak {s.times} kali", ACCOUNT) if enough and not incident_for(s) else None


def blocked_by_other_data(s: Situation) -> Escalation | None:
    """Proof is there, the record corrected, and it still refuses."""
    proof = s.says(
        "surat", "bukti", "ijazah", "sudah lulus", "udah lulus", "sudah diperbaiki", "sudah diperbarui", "udah update"
    )
    return Escalation("Membawa bukti, data sudah dibetulkan, tetap ditolak", ACCOUNT) if proof else None


def change_contact(s: Situation) -> Escalation | None:
    """The old contact is lost."""
    lost = s.says("hilang", "ilang", "hangus", "ga aktif", "gak aktif", "tidak aktif", "mati", "dicuri", "nomor lama")
    return Escalation("Kontak lama hilang, tidak bisa masuk", ACCOUNT) if lost else None


def join_wave(s: Situation) -> Escalation | None:
    """Verified, status clear, and the wave is about to close."""
    person = known(s.participant)
    closing = s.says("tutup hari ini", "hari ini tutup", "besok tutup", "tutup besok", "mau tutup", "terakhir")
    if person is None or person.account_status != "verified" or not clear(s) or not closing:
        return None
    return Escalation("Terverifikasi, gagal gabung, gelombang hampir tutup", ACCOUNT, Priority.HIGH)


def fraud(s: Situation) -> Escalation | None:
    """Always for reports, never for a mere question."""
    if not reports_fraud(s):
        return None
    harmed = s.says("udah transfer", "sudah transfer", "terlanjur", "telanjur", "sudah kasih", "udah kasih", "ketipu")
    return Escalation("Laporan penipuan", Queue.SECURITY, Priority.URGENT if harmed else Priority.HIGH)


def reports_fraud(s: Situation) -> bool:
    """Whether something happened, rather than a mere question being asked."""
    asks = s.says("apakah", "apa itu", "boleh ga", "boleh gak", "bolehkah", "aman ga", "aman gak", "cara ")
    tells = s.says(
        "ada yang",
        "ada yg",
        "saya dapat",
        "dikirim",
        "ditawar",
        "diminta",
        "minta otp",
        "transfer",
        "ketipu",
        "tertipu",
    )
    return tells or not asks
