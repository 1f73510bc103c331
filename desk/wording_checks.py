"""How staff read checks and findings: the question each answers, its verdict, and what became of it since."""

VERDICTS = {"yes": "Ya", "no": "Tidak", "unknown": "Belum bisa ditanyakan"}
SIGNS = {"yes": "✓", "no": "✕", "unknown": "?"}
HOW_BOUND = {
    "telegram_contact": "membagikan kontaknya sendiri di Telegram",
    "whatsapp_id": "nomor WhatsApp-nya sendiri",
    "link": "tautan sekali pakai dari kanal lain",
    "rehearsal": "didaftarkan untuk gladi",
}

BY_NAME = {
    "outage_reports": "Laporan gangguan serupa",
    "account": "Akun",
    "balance": "Saldo kartu",
    "paid_no_code": "Kode sesudah bayar",
    "attempts": "Percobaan bayar",
    "bought_there": "Pembelian di platform itu",
    "order": "Status pesanan",
    "refund": "Batal atau refund",
    "redeem": "Penukaran kode",
    "class_access": "Akses kelas",
    "attendance": "Kehadiran",
    "certificate": "Sertifikat",
    "certificate_wrong": "Data sertifikat",
    "review": "Ulasan",
    "bundle": "Paket bundling",
    "survey": "Survei",
    "incentives": "Insentif",
}
"""What a check is about, by its name in checks/table.py, where its finding is called otherwise."""
BY_FINDING = {
    "system_status": "Sistem berjalan normal?",
    "participant": "Akun beres?",
    "correction": "Jawaban sebelumnya tepat?",
    "conditions": "Syarat insentif lengkap?",
    "deadline_rule": "Aturan batas beli tercatat?",
    "healthy_platforms": "Ada platform lain yang lancar?",
    "knowledge": "Ada penjelasan umumnya?",
    "own_course": "Kelas yang dibeli masih aktif?",
    "recipient": "Tercatat sebagai penerima?",
    "registered": "NIK-nya terdaftar?",
    "tickets": "Pernah melapor?",
    "tries": "Pernah mencoba beli sebelum batas?",
    "unfinished": "Pelatihan sebelumnya selesai?",
    "wave": "Gelombangnya dibuka?",
    "contact": "Kontaknya terdaftar?",
    "card": "Kartu aktif?",
    "revocation": "Kepesertaan dicabut?",
    "selection": "Lolos seleksi?",
    "deadline": "Masih dalam batas beli?",
    "course": "Kelasnya bisa dibeli?",
    "platform_role": "Masih menjadi platform?",
    "purchase": "Pembelian beres?",
    "ledger": "Saldo sesuai catatan?",
    "incentive": "Insentif berjalan?",
    "payout_account": "Rekening/e-wallet beres?",
}
"""The question a finding answers, by the name it carries; its verdict is the answer."""


def check_name(name: str) -> str:
    """Return what a check is about, by the name it is run by."""
    return BY_NAME.get(name) or check_label(name)


def check_label(check: str) -> str:
    """Return the question a finding answers; the verdict beside it is read as its answer."""
    return BY_FINDING.get(check, check.replace("_", " ").capitalize())
