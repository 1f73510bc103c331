"""One table: what each meaning is called, which action answers it, what is checked in which order, and what it may ask.

`checks` are names of checks/table.py in the order of the taxonomy's letters; `asks` are the slots a complaint form may
ask for when neither the message nor the records say; `steps` is the wording of the general way out.
"""

from dataclasses import dataclass

from checks.finding import Queue

PURCHASE, PARTICIPANT = "action_check_purchase", "action_check_participant"
STATUS, KNOWLEDGE, HAND_OVER = "action_check_system_status", "action_answer_from_knowledge", "action_hand_over"
TRANSACTION, ACCOUNT, INCENTIVE = Queue.PMO_TRANSACTION, Queue.PMO_ACCOUNT, Queue.PMO_INCENTIVE


@dataclass(frozen=True)
class Plan:
    """How one intent is answered."""

    label: str
    button: str
    action: str
    checks: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    steps: str | None = None
    queue: Queue = TRANSACTION
    articles: bool = False
    """Whether the knowledge base is asked (K)."""


def _buy(label: str, button: str, *checks: str, asks: tuple[str, ...] = (), steps: str | None = None) -> Plan:
    return Plan(label, button, PURCHASE, checks, asks, steps)


def _who(label: str, button: str, *checks: str, steps: str | None = None, queue: Queue = ACCOUNT) -> Plan:
    return Plan(label, button, PARTICIPANT, checks, steps=steps, queue=queue)


def _know(label: str, button: str, *checks: str) -> Plan:
    return Plan(label, button, KNOWLEDGE, checks or ("knowledge",), articles=True)


def _hand(label: str, button: str, queue: Queue, *checks: str) -> Plan:
    return Plan(label, button, HAND_OVER, checks, queue=queue)


WHERE, WHERE_AND_WHAT = ("platform",), ("platform", "course")

PLANS: dict[str, Plan] = {
    # Buying
    "ask_how_to_buy": _know("Cara beli pelatihan", "Cara beli pelatihan", "knowledge", "deadline"),
    "ask_training_choice": _know("Pilihan pelatihan", "Pilihan pelatihan", "course", "knowledge"),
    "package_not_found": _buy(
        *("Paket kursus tidak ditemukan", "Paket tidak ketemu", "system_status", "course", "healthy_platforms"),
        "deadline",
        asks=WHERE_AND_WHAT,
        steps="steps_package_not_found",
    ),
    "payment_failed": _buy(
        *(
            "Gagal bayar",
            "Gagal bayar",
            "system_status",
            "card",
            "deadline",
            "attempts",
            "unfinished",
            "course",
            "healthy_platforms",
        ),
        asks=WHERE,
        steps="steps_payment_failed",
    ),
    "purchase_otp": _buy("OTP pembelian", "OTP pembelian", "system_status", "contact", steps="steps_purchase_otp"),
    "paid_no_code": _buy(
        *("Sudah bayar, kode belum ada", "Kode belum ada", "paid_no_code", "system_status"),
        asks=WHERE,
        steps="steps_paid_no_code",
    ),
    "purchase_status": _buy("Status pesanan", "Status pesanan", "order", asks=WHERE, steps="steps_purchase_status"),
    "purchase_requirements": _buy(
        *("Kuota, jadwal, atau syarat beli", "Kuota/jadwal/syarat", "course", "card"),
        asks=("course",),
        steps="steps_purchase_requirements",
    ),
    "cancel_or_refund": _buy(
        "Batal atau refund", "Batal/refund", "refund", "own_course", steps="steps_cancel_or_refund"
    ),
    "wrong_charge": _buy("Saldo terpotong salah", "Saldo terpotong", "ledger", "card", steps="steps_wrong_charge"),
    "purchase_deadline": _who(
        *("Batas waktu beli", "Batas waktu beli", "deadline", "deadline_rule", "system_status", "healthy_platforms"),
        steps="steps_purchase_deadline",
        queue=TRANSACTION,
    ),
    # Redeem and class
    "ask_how_to_redeem": _know("Cara redeem", "Cara redeem", "knowledge", "redeem"),
    "redeem_failed": _buy("Gagal redeem", "Gagal redeem", "redeem", "system_status", steps="steps_redeem_failed"),
    "class_access": _buy("Akses kelas", "Akses kelas", "class_access", "own_course", steps="steps_class_access"),
    "attendance_verification": _buy(
        "Kehadiran atau post-test", "Kehadiran/post-test", "attendance", steps="steps_attendance"
    ),
    # Certificate and review
    "certificate_missing": _buy(
        "Sertifikat belum muncul", "Sertifikat belum ada", "certificate", steps="steps_certificate_missing"
    ),
    "certificate_wrong_data": _buy(
        "Data sertifikat salah", "Sertifikat salah", "certificate_wrong", steps="steps_certificate_wrong"
    ),
    "rating_and_review": _buy("Rating dan ulasan", "Rating & ulasan", "review", "knowledge", steps="steps_rating"),
    # Incentive
    "incentive_not_received": _who(
        *("Insentif belum cair", "Insentif belum cair", "incentive", "conditions", "payout_account", "system_status"),
        steps="steps_incentive",
        queue=INCENTIVE,
    ),
    "ask_incentive_terms": _know("Info insentif", "Info insentif", "knowledge", "recipient"),
    "survey_incentive": _who("Survei", "Survei", "survey", steps="steps_survey", queue=INCENTIVE),
    # Payout account
    "manage_payout_account": _know("Kelola rekening atau e-wallet", "Rekening/e-wallet", "knowledge", "payout_account"),
    "payout_account_failed": _who(
        *("Gagal sambung rekening", "Gagal sambung rek.", "payout_account", "account", "system_status"),
        steps="steps_payout_failed",
        queue=Queue.PAYMENT_PARTNER,
    ),
    # Account
    "ask_how_to_register": _know("Cara daftar", "Cara daftar"),
    "login_otp": _who("OTP atau email masuk", "OTP/email masuk", "system_status", "contact", steps="steps_login_otp"),
    "login_failed": _who(
        *("Tidak bisa masuk akun", "Tidak bisa masuk", "system_status", "account", "knowledge"), steps="steps_login"
    ),
    "identity_verification_failed": _who(
        *("Verifikasi KTP atau wajah gagal", "Verifikasi gagal", "system_status", "account"), steps="steps_identity"
    ),
    "nik_already_registered": _who(
        *("NIK sudah terdaftar", "NIK sudah terdaftar", "registered"), steps="steps_nik", queue=Queue.SECURITY
    ),
    "blocked_by_other_data": _who(
        *("Tercatat di data lain", "Tercatat data lain", "account", "knowledge"), steps="steps_other_data"
    ),
    "change_contact": _who(
        *("Ganti nomor atau email", "Ganti nomor/email", "contact", "knowledge"), steps="steps_change_contact"
    ),
    "account_blocked": _who("Akun diblokir", "Akun diblokir", "account", steps="steps_account_blocked"),
    # Wave and eligibility
    "wave_schedule": _know("Jadwal gelombang", "Jadwal gelombang"),
    "join_wave_failed": _who(
        *("Gagal gabung gelombang", "Gagal gabung", "system_status", "account", "wave"), steps="steps_join_wave"
    ),
    "selection_result": _who("Hasil seleksi", "Hasil seleksi", "selection", steps="steps_selection"),
    "ask_eligibility": _know("Syarat peserta", "Syarat peserta"),
    "participation_revoked": _who(
        *("Kepesertaan dicabut", "Kepesertaan dicabut", "revocation", "tries", "system_status"),
        steps="steps_revoked",
        queue=TRANSACTION,
    ),
    "card_number_or_balance": _who(
        "Nomor kartu atau saldo", "Nomor kartu/saldo", "balance", steps="steps_balance", queue=TRANSACTION
    ),
    # Programme and system
    "system_outage": Plan(
        "Gangguan sistem", "Gangguan sistem", STATUS, ("outage_reports",), steps="system_clear_steps"
    ),
    "ask_programme": _know("Info program", "Info program"),
    "ask_platforms": _know("Platform dan mitra", "Platform & mitra", "platform_role", "knowledge"),
    "ask_bundling": _know("Paket bundling", "Paket bundling", "knowledge", "bundle", "incentives"),
    # Complaints and safety
    "partner_complaint": _hand("Keluhan mitra", "Keluhan mitra", Queue.PLATFORM, "bought_there", "tickets"),
    "support_complaint": _hand("Keluhan layanan bantuan", "Keluhan layanan", TRANSACTION, "tickets"),
    "report_fraud": _hand("Penipuan dan joki", "Lapor penipuan", Queue.SECURITY, "knowledge"),
    "personal_data_request": _hand("Data pribadi", "Data pribadi", Queue.PRIVACY, "knowledge", "registered"),
    "ticket_status": Plan("Status laporan", "Status laporan", "action_ticket_status", ("tickets",)),
    "talk_to_human": _hand("Bicara petugas", "Bicara petugas", TRANSACTION),
}

DIALOGUE = ("inform", "affirm", "deny", "greet", "thank", "out_of_scope")
HANDING_OVER = tuple(intent for intent, plan in PLANS.items() if plan.action == HAND_OVER)


COVERED = {
    "package_not_found": ("ask_training_choice", "purchase_requirements"),
    "purchase_requirements": ("package_not_found",),
    "payment_failed": ("purchase_requirements", "card_number_or_balance", "ask_how_to_buy"),
    "paid_no_code": ("wrong_charge", "purchase_status", "class_access"),
    "purchase_status": ("paid_no_code",),
    "wrong_charge": ("paid_no_code", "card_number_or_balance"),
    "purchase_otp": ("login_otp",),
    "login_otp": ("purchase_otp",),
    "redeem_failed": ("ask_how_to_redeem",),
    "manage_payout_account": ("payout_account_failed",),
    "ask_how_to_redeem": ("redeem_failed",),
    "ask_bundling": ("incentive_not_received",),
    "incentive_not_received": ("payout_account_failed", "manage_payout_account"),
    "payout_account_failed": ("incentive_not_received", "manage_payout_account"),
}
"""What the answer to the one says of the other anyway: two readings of one problem."""


def problems(intents: tuple[str, ...], beside: str | None = None) -> tuple[str, ...]:
    """Return those of these meanings that are a problem or question of their own beside the first one."""
    without = {"talk_to_human", "ticket_status", beside, *COVERED.get(beside or "", ())}
    if beside in PLANS and "system_status" in PLANS[beside].checks:
        without.add("system_outage")
    return tuple(it for it in intents if it in PLANS and it not in without)
