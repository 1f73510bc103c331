"""What staff read for the ids that code, events and training text use; an id without a label is shown as it is."""

INTENTS = {
    "ask_how_to_buy": "Cara beli pelatihan",
    "ask_training_choice": "Pilihan pelatihan",
    "package_not_found": "Paket kursus tidak ditemukan",
    "payment_failed": "Gagal bayar",
    "purchase_otp": "OTP pembelian",
    "paid_no_code": "Sudah bayar, kode belum ada",
    "purchase_status": "Status pesanan",
    "purchase_requirements": "Kuota/jadwal/syarat beli",
    "cancel_or_refund": "Batal/refund",
    "wrong_charge": "Saldo terpotong salah",
    "purchase_deadline": "Batas waktu beli",
    "ask_how_to_redeem": "Cara redeem",
    "redeem_failed": "Gagal redeem",
    "class_access": "Akses kelas",
    "attendance_verification": "Kehadiran/post-test",
    "certificate_missing": "Sertifikat belum muncul",
    "certificate_wrong_data": "Data sertifikat salah",
    "rating_and_review": "Rating & ulasan",
    "incentive_not_received": "Insentif belum cair",
    "ask_incentive_terms": "Info insentif",
    "survey_incentive": "Survei",
    "manage_payout_account": "Kelola rekening/e-wallet",
    "payout_account_failed": "Gagal sambung rekening",
    "ask_how_to_register": "Cara daftar",
    "login_otp": "OTP/email masuk",
    "login_failed": "Tidak bisa masuk akun",
    "identity_verification_failed": "Verifikasi KTP/wajah gagal",
    "nik_already_registered": "NIK sudah terdaftar",
    "blocked_by_other_data": "Tercatat di data lain",
    "change_contact": "Ganti nomor/email",
    "account_blocked": "Akun diblokir",
    "wave_schedule": "Jadwal gelombang",
    "join_wave_failed": "Gagal gabung gelombang",
    "selection_result": "Hasil seleksi",
    "ask_eligibility": "Syarat peserta",
    "participation_revoked": "Kepesertaan dicabut",
    "card_number_or_balance": "Nomor kartu/saldo",
    "system_outage": "Gangguan sistem",
    "ask_programme": "Info program",
    "ask_platforms": "Platform & mitra",
    "ask_bundling": "Paket bundling",
    "partner_complaint": "Keluhan mitra",
    "support_complaint": "Keluhan layanan bantuan",
    "report_fraud": "Penipuan & joki",
    "personal_data_request": "Data pribadi",
    "ticket_status": "Status laporan",
    "talk_to_human": "Bicara petugas",
    "inform": "(jawaban)",
    "affirm": "(ya)",
    "deny": "(tidak)",
    "greet": "(sapa)",
    "thank": "(terima kasih)",
    "out_of_scope": "Di luar topik",
    "nlu_fallback": "Belum dipahami",
}

PLATFORMS = {
    "tokopedia": "Tokopedia",
    "bukalapak": "Bukalapak",
    "pintaria": "Pintaria",
    "sekolahmu": "Sekolah.mu",
    "pijarmahir": "Pijar Mahir",
    "maubelajarapa": "MauBelajarApa",
    "sisnaker": "Sisnaker",
    "ruangguru": "Skill Academy (Ruangguru)",
}

CHANNELS = {"telegram": "Telegram", "whatsapp": "WhatsApp", "web": "Obrolan web", "console": "Konsol"}

PROVINCES = {
    "11": "Aceh",
    "12": "Sumatera Utara",
    "13": "Sumatera Barat",
    "14": "Riau",
    "15": "Jambi",
    "16": "Sumatera Selatan",
    "17": "Bengkulu",
    "18": "Lampung",
    "19": "Kep. Bangka Belitung",
    "21": "Kepulauan Riau",
    "31": "DKI Jakarta",
    "32": "Jawa Barat",
    "33": "Jawa Tengah",
    "34": "DI Yogyakarta",
    "35": "Jawa Timur",
    "36": "Banten",
    "51": "Bali",
    "52": "Nusa Tenggara Barat",
    "53": "Nusa Tenggara Timur",
    "61": "Kalimantan Barat",
    "62": "Kalimantan Tengah",
    "63": "Kalimantan Selatan",
    "64": "Kalimantan Timur",
    "65": "Kalimantan Utara",
    "71": "Sulawesi Utara",
    "72": "Sulawesi Tengah",
    "73": "Sulawesi Selatan",
    "74": "Sulawesi Tenggara",
    "75": "Gorontalo",
    "76": "Sulawesi Barat",
    "81": "Maluku",
    "82": "Maluku Utara",
    "91": "Papua Barat",
    "94": "Papua",
}
"""The 34 provinces of 2020 as the national statistics (Badan Pusat Statistik, 2020) number them."""

OUTCOMES = {
    "answered": "dijawab bot",
    "asked": "bot bertanya balik",
    "handed_over": "diserahkan ke petugas",
    "joined": "masuk ke petugas",
    "repeated": "jawaban dikirim ulang atas permintaan",
    "refused": "ditolak",
    "fallback": "jawaban cadangan",
}

NOT_NAMED = "Tidak disebut"


def intent_label(intent: str | None) -> str:
    """Return how staff read an intent."""
    return INTENTS.get(intent, intent) if intent else "Tidak dibaca bot"


def platform_label(platform: str | None) -> str:
    """Return how staff read a platform."""
    return PLATFORMS.get(platform, platform) if platform else NOT_NAMED


def channel_label(channel: str) -> str:
    """Return how staff read a channel."""
    return CHANNELS.get(channel, channel)


def outcome_label(outcome: str) -> str:
    """Return how staff read what became of a message."""
    return OUTCOMES.get(outcome, outcome)
