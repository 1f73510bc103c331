"""When a person must look at something about incentives, the payout account or the account."""

from checks import incentive as incentives
from checks import payout_account, wave
from checks.escalation.how_long import A_DAY, TWO_HOURS, how_long, lasted
from checks.finding import Escalation, Priority, Queue
from checks.indonesian import working_days_after
from checks.participant import contact_right
from checks.situation import Situation, could_not_ask, known
from checks.system_status import clear, incident_for
from records.clock import wib

ACCOUNT, INCENTIVE = Queue.PMO_ACCOUNT, Queue.PMO_INCENTIVE
FILLED = (
    "sudah isi",
    "sudah saya isi",
    "sudah diisi",
    "sudah mengisi",
    "isi survei … sudah",
    "survei sudah",
    "sudah survei",
)
SOMEONE_ELSE = (
    *(
        "orang lain",
        "bukan punya saya",
        "bukan milik saya",
        "dipakai orang",
        "punya orang",
        "milik orang",
        "nama orang",
    ),
    *("bukan rekening saya", "bukan nama saya"),
)
OLD_EMAIL = ("email lama", "ganti email", "email … hilang", "email … tidak aktif", "bukan email saya", "salah email")
EMAIL_RIGHT = ("email … benar", "email … aktif", "email … sesuai", "email saya itu")
EMAIL_GONE = (
    *(
        "lupa email",
        "email lupa",
        "email … tidak bisa dibuka",
        "email … tidak bisa diakses",
        "email … tidak bisa masuk",
    ),
    *(
        "email … hilang",
        "email … tidak aktif",
        "email … dihapus",
        "email … diblokir",
        "tidak ingat email",
        "email … dibajak",
    ),
)
TRIED = (
    "sudah reset",
    "sudah ganti sandi",
    "sudah ganti password",
    "password … benar",
    "sandi … benar",
    "sudah dicoba",
)
DATA_RIGHT = (
    *(
        "data … benar",
        "data … sesuai",
        "sudah sesuai",
        "sudah benar",
        "padahal benar",
        "padahal sesuai",
        "foto … jelas",
    ),
    *("foto … benar", "sesuai ktp", "sama persis", "sudah jelas", "tidak buram"),
)
DATA_WRONG = ("nik … tidak sesuai", "kk … tidak sesuai", "foto buram", "foto … buram", "salah ketik", "data … salah")
PROOF = ("surat", "bukti", "ijazah", "keterangan lulus", "skl", "screenshot")
CORRECTED = (
    *(
        "sudah diperbaiki",
        "sudah saya perbaiki",
        "sudah dihapus",
        "sudah dikeluarkan",
        "sudah keluar dari",
        "status … lulus",
    ),
    *("sudah tidak terdaftar", "sudah lapor", "pddikti sudah", "data sudah"),
)
NUMBER_LOST = (
    *("nomor … hilang", "hp … hilang", "kartu … hilang", "nomor … tidak aktif", "nomor … mati", "nomor … hangus"),
    *("sim … hilang", "sim … mati", "hp … rusak", "hp … dicuri", "dicuri", "kecopetan", "nomor lama", "hilang"),
)
SHUT_OUT = (
    *(
        "tidak bisa masuk",
        "tidak bisa buka akun",
        "tidak bisa akses",
        "otp … nomor lama",
        "otp … ke nomor",
        "tidak dapat otp",
    ),
    *("otp tidak masuk", "tidak bisa terima otp", "kode … nomor lama", "akun … tidak bisa dibuka"),
)
TESTED = (
    "sudah tes",
    "tes sudah",
    "sudah selesai tes",
    "sudah ikut tes",
    "sudah lulus tes",
    "sudah submit tes",
    "tes … selesai",
)


def incentive(s: Situation) -> Escalation | None:
    """All conditions met and over five working days past schedule, or the mended account failed again."""
    if incentives.conditions_met_and_late(s):
        return Escalation("Syarat terpenuhi, insentif lewat 5 hari kerja dari jadwal", INCENTIVE)
    meant = incentives.in_question(s)
    if meant is not None and meant.status == "failed" and incentives.mended(s):
        return Escalation("Insentif tetap gagal setelah rekening diperbaiki", INCENTIVE)
    return None


def survey(s: Situation) -> Escalation | None:
    """Filled, and unpaid for over five working days: by the schedule, or by what they say."""
    meant = incentives.in_question(s)
    if s.incentives is None or could_not_ask(s.incentives) or (meant is not None and meant.status == "paid"):
        return None
    today = wib(s.now).date()
    if meant is not None and meant.status in incentives.UNDER_WAY and incentives.overdue(meant, today):
        return Escalation("Survei terisi, insentifnya lewat 5 hari kerja dari jadwal", INCENTIVE)
    since = wib(s.now - s.lasted).date() if s.lasted else today
    waited = working_days_after(since, incentives.WORKING_DAYS) < today
    unfilled = meant is None or meant.status == "conditions_not_met"
    if unfilled and s.says(*FILLED) and waited:
        return Escalation(f"Mengaku survei terisi {how_long(s)}, tercatat belum", INCENTIVE)
    return None


def payout_failed(s: Situation) -> Escalation | None:
    """NIK matches and KYC is done yet refused; always under someone else."""
    if s.says(*SOMEONE_ELSE):
        return Escalation("Rekening atau NIK tersambung ke orang lain", Queue.SECURITY, Priority.HIGH)
    if payout_account.refused_in_order(s):
        return Escalation("NIK sesuai dan sudah premium, tetapi tetap ditolak", Queue.PAYMENT_PARTNER)
    return None


def login_otp(s: Situation) -> Escalation | None:
    """Two hours passed and the contact is right."""
    if lasted(s, TWO_HOURS) and contact_right(s, *EMAIL_RIGHT, wrong=OLD_EMAIL):
        return Escalation(f"OTP atau email masuk tidak datang, {how_long(s)}", ACCOUNT)
    return None


def login_failed(s: Situation) -> Escalation | None:
    """The e-mail is unreachable, or the account is in order and it still fails with no outage to explain it."""
    if s.says(*EMAIL_GONE):
        return Escalation("Email akun tidak bisa dibuka lagi", ACCOUNT)
    person = known(s.participant)
    in_order = person is not None and person.account_status == "verified"
    again = s.repeated or lasted(s, A_DAY) or (s.times or 0) > 1 or s.says(*TRIED)
    if in_order and again and incident_for(s) is None:
        return Escalation("Akun beres tetapi tetap tidak bisa masuk", ACCOUNT)
    return None


def identity(s: Situation) -> Escalation | None:
    """Data and photo are right, by the record or by their word, yet refused three times."""
    person = known(s.participant)
    matched = person is not None and person.verified_nik_kk
    right = s.says(*DATA_RIGHT) or (matched and not s.says(*DATA_WRONG))
    if (s.times or 0) >= 3 and right and incident_for(s) is None:
        return Escalation(f"Data benar, verifikasi ditolak {s.times} kali", ACCOUNT)
    return None


def blocked_by_other_data(s: Situation) -> Escalation | None:
    """Proof is there, the record corrected, and it still refuses."""
    if s.says(*PROOF) and s.says(*CORRECTED):
        return Escalation("Membawa bukti, data sudah dibetulkan, tetap ditolak", ACCOUNT)
    return None


def change_contact(s: Situation) -> Escalation | None:
    """The old number is lost and there is no way in."""
    if s.says(*NUMBER_LOST) and s.says(*SHUT_OUT):
        return Escalation("Nomor lama hilang, tidak bisa masuk", ACCOUNT)
    return None


def join_wave(s: Situation) -> Escalation | None:
    """Verified, tested by their word, status clear, and by the record the wave closes within a day."""
    person = known(s.participant)
    verified = person is not None and person.account_status == "verified"
    if verified and s.says(*TESTED) and clear(s) and wave.closes_soon(s) and not wave.joined(s):
        return Escalation(
            "Terverifikasi dan sudah tes, gagal gabung, gelombang tutup dalam 24 jam", ACCOUNT, Priority.HIGH
        )
    return None
