"""How staff read ids, times and shares: Indonesian words, times in WIB as people say them."""

import re
from datetime import datetime, timedelta

from records.clock import wib

QUEUES = {
    "PMO_TRANSACTION": "Transaksi",
    "PMO_ACCOUNT": "Akun",
    "PMO_INCENTIVE": "Insentif",
    "PLATFORM": "Platform",
    "PAYMENT_PARTNER": "Mitra pembayaran",
    "SECURITY": "Keamanan",
    "PRIVACY": "Privasi",
}
PRIORITIES = {"normal": "Biasa", "high": "Tinggi", "urgent": "Mendesak"}
TICKET_STATUSES = {"open": "Belum diambil", "claimed": "Sedang ditangani", "resolved": "Selesai"}
ALARM_KINDS = {
    "contact": "Kontak yang bukan miliknya dibagikan",
    "nik": "Angka terakhir NIK ditebak",
    "ticket": "Nomor laporan orang lain diketik",
    "invoice": "Nomor pesanan orang lain diketik",
    "code": "Kode redeem orang lain diketik",
    "link": "Tautan sekali pakai ditebak",
}
ALARMS = {
    "inbox_waiting": "Peserta menunggu jawaban terlalu lama",
    "outbox_waiting": "Balasan tidak terkirim",
    "sends_unknown": "Banyak pesan yang tidak pasti sampai",
    "sends_refused": "Kanal menolak banyak pesan",
    "events_parked": "Ada kiriman yang diparkir",
    "webhook_forged": "Panggilan palsu ke pintu kanal",
    "webhook_not_stored": "Kiriman kanal tidak bisa disimpan",
    "channel_stopped": "Kanal menolak kita sama sekali",
    "rasa_away": "Model bahasa tidak bisa ditanya",
    "telegram_webhook": "Webhook Telegram bermasalah",
    "api_version_ends": "Versi API WhatsApp segera berakhir",
    "token_ends": "Token WhatsApp segera berakhir",
    "template_paused": "Templat WhatsApp tidak bisa dipakai",
    "account_troubled": "Masalah pada akun atau nomor kanal",
    "process_dead": "Proses bot mati atau diam",
    "media_infected": "Ada berkas berbahaya dari peserta",
    "disk_low": "Disk hampir penuh",
    "database_away": "Basis data sempat tidak bisa ditulis",
    "desk_round_failed": "Tugas otomatis meja gagal",
    "desk_rounds_stopped": "Tugas otomatis meja berhenti",
    "outage_suspected": "Dugaan gangguan",
    "staff_group": "Grup petugas di Telegram tidak bisa dikabari",
}
ALARM_ADVICE = {
    "inbox_waiting": "Lihat Pengiriman → Lama menunggu, lalu apakah Rasa, bot dan basis data hidup.",
    "outbox_waiting": "Lihat Pengiriman → Lama menunggu: alasan kanalnya tertulis di setiap pesan.",
    "sends_unknown": "Lihat Pengiriman → Tidak pasti: kirim ulang yang perlu, tandai selesai sisanya.",
    "sends_refused": "Lihat Pengiriman → Ditolak: kode kesalahannya sama atau beragam?",
    "events_parked": "Lihat Pengiriman → Diparkir: jawab ulang kalau sebabnya sudah beres.",
    "webhook_forged": "Cocokkan secret di pengaturan dengan yang di penyedia; kalau cocok, ada yang mencoba-coba.",
    "webhook_not_stored": "Penyedia mengirim ulang sendiri. Periksa basis datanya.",
    "channel_stopped": "Periksa token kanal itu; antreannya tetap disimpan dan terkirim begitu diterima lagi.",
    "rasa_away": "Pesan disimpan dan dijawab begitu Rasa kembali. Periksa proses rasa dan actions.",
    "telegram_webhook": "Periksa alamat publik, TLS, dan apakah bot bisa dijangkau dari luar.",
    "api_version_ends": "Naikkan WHATSAPP_API_VERSION dan uji sebelum tanggal itu.",
    "token_ends": "Terbitkan token baru, isi WHATSAPP_TOKEN dan WHATSAPP_TOKEN_ENDS.",
    "template_paused": "Di luar jendela 24 jam, kabar dengan templat ini tidak terkirim. Perbaiki di WhatsApp Manager.",
    "account_troubled": "Buka WhatsApp Manager; kirim lebih sedikit sampai pulih.",
    "process_dead": "Pekerjaannya diambil alih proses lain. Kalau berulang, lihat log dan ingatannya.",
    "media_infected": "Berkasnya sudah ditolak dan tidak ditampilkan. Tidak ada yang perlu dibuka.",
    "disk_low": "Kosongkan disk sebelum basis data berhenti menulis.",
    "database_away": "Tidak ada pesan yang hilang: penyedia mengirim ulang. Cari sebabnya di log basis data.",
    "desk_round_failed": "Yang lain tetap jalan. Sebabnya ada di log meja; namanya tertulis di sini.",
    "staff_group": "Meja tetap jalan. Periksa grupnya: bot masih admin, topik menyala, idnya benar.",
    "desk_rounds_stopped": "Janji tidak dijaga dan tiket tidak dibagikan. Jalankan lagi proses desk.",
    "outage_suspected": "Lihat Insiden → Dugaan: buka insiden, atau tulis mengapa ini bukan gangguan.",
}
SEVERITIES = {"severe": "Gawat", "warning": "Perhatikan"}
ALARM_SUBJECTS = {"identity": "Dari satu obrolan", "target": "Tentang satu nomor, dari mana saja"}
ROLES = {"admin": "Administrator", "lead": "Ketua tim", "agent": "Petugas", "pmo": "PMO", "auditor": "Auditor"}
DELIVERIES = {
    "due": "menunggu",
    "sending": "menunggu",
    "sent": "terkirim",
    "delivered": "sampai",
    "read": "dibaca",
    "unknown": "tidak pasti",
    "refused": "ditolak",
    "withheld": "ditahan",
    "waiting": "menunggu peserta menulis",
}
DELIVERY_ADVICE = {
    "unknown": "Belum tentu sampai. Tanyakan dulu kepada peserta sebelum menulis ulang.",
    "refused": "Kanal menolak pesan ini; peserta tidak menerimanya.",
    "withheld": "Ditulis bot setelah petugas mengambil alih; peserta tidak menerimanya.",
    "waiting": "Jendela WhatsApp 24 jam sudah tutup; terkirim begitu peserta menulis lagi.",
}
DELIVERY_STATES = {
    "pending": "belum dijawab",
    "done": "terjawab",
    "parked": "diparkir",
    "ignored": "dibiarkan",
    "due": "menunggu dikirim",
    "sending": "sedang dikirim",
    "waiting": "menunggu jendela WhatsApp",
    "sent": "terkirim",
    "delivered": "sampai",
    "read": "dibaca",
    "unknown": "tidak pasti",
    "refused": "ditolak",
    "withheld": "ditahan",
}
DELIVERY_CAPS = {
    "parked": "urgent",
    "refused": "urgent",
    "unknown": "awas",
    "withheld": "awas",
    "pending": "awas",
    "due": "awas",
    "done": "terikat",
    "sent": "terikat",
    "delivered": "terikat",
    "read": "terikat",
}
DELIVERY_TONES = {
    "parked": "ill",
    "refused": "ill",
    "unknown": "ill",
    "withheld": "wait",
    "done": "done",
    "ignored": "done",
    "sent": "done",
    "delivered": "done",
    "read": "done",
}
DELIVERY_AUTHORS = {"bot": "dari bot", "agent": "dari petugas", "system": "dari sistem", "participant": "dari peserta"}
DELIVERY_LISTS = {
    "diparkir": "Kiriman peserta yang berkali-kali gagal dijawab bot. Tiketnya ada; pesan sesudahnya tetap jalan.",
    "tidak-pasti": "Terkirim tanpa jawaban dari kanal: mungkin sampai, mungkin tidak. Tidak diulang sendiri.",
    "ditolak": "Kanal menolaknya; peserta tidak menerimanya.",
    "ditahan": "Ditulis bot sesudah petugas mengambil alih; tidak dikirim.",
    "lama": "Belum dijawab atau belum terkirim lebih dari 30 detik.",
    "banjir": "Obrolan yang mengirim lebih banyak dari yang wajar. Kelebihannya dihitung saja.",
    "semua": "Semua kiriman, terbaru di atas.",
}
DELIVERY_TO_DO = {
    "parked": "Bot gagal menjawabnya berkali-kali. Jawab ulang kalau sebabnya sudah beres; kalau tidak, biarkan.",
    "unknown": "Belum tentu sampai. Peserta sudah ditanya kalau bisa; kirim ulang hanya kalau memang perlu.",
    "refused": "Kanal menolaknya. Kirim ulang hanya kalau sebabnya sudah beres.",
    "withheld": "Petugas sudah mengambil alih waktu pesan ini mau dikirim. Tidak ada yang perlu dikirim lagi.",
}
DELIVERY_BULK = {
    ("diparkir", "ulang"): "Semuanya masuk antrean lagi sebagai pesan baru dan dijawab bot, atau masuk tiketnya.",
    ("diparkir", "buang"): "Semuanya dibiarkan tanpa jawaban bot; tiketnya tetap ada.",
    ("tidak-pasti", "ulang"): "Semuanya dikirim sekali lagi. Yang ternyata sudah sampai akan sampai dua kali.",
    ("tidak-pasti", "buang"): "Semuanya ditandai sudah diperiksa dan keluar dari daftar serta peringatan.",
    ("ditolak", "ulang"): "Semuanya dikirim sekali lagi.",
    ("ditolak", "buang"): "Semuanya ditandai sudah diperiksa dan keluar dari daftar.",
    ("ditahan", "buang"): "Semuanya ditandai sudah diperiksa dan keluar dari daftar.",
}
DELIVERY_LEFT_OUT = (
    "isinya sudah tidak disimpan, pesertanya tidak terjangkau, atau percakapannya sudah berpindah tangan."
)
DELIVERY_STEPS = {
    "said": "Dikirim peserta",
    "received": "Diterima di pintu",
    "stored": "Tersimpan",
    "tried": "Gagal dijawab",
    "turn": "Dijawab",
    "pending": "Menunggu giliran",
    "held": "Sedang dikerjakan",
    "parked": "Diparkir",
    "ignored": "Dibiarkan",
    "written": "Jawaban tersimpan",
    "claimed": "Diambil pengirim",
    "repeated": "Dikirim ulang",
    "sent": "Terkirim",
    "asked_again": "Peserta ditanya apakah sampai",
    "receipt_sent": "Kanal: terkirim",
    "receipt_delivered": "Kanal: sampai",
    "receipt_read": "Kanal: dibaca",
    "receipt_refused": "Kanal: gagal",
    "due": "Menunggu dikirim",
    "sending": "Sedang dikirim",
    "waiting": "Menunggu peserta menulis lagi",
    "unknown": "Tidak pasti",
    "refused": "Ditolak",
    "withheld": "Ditahan",
    "settled": "Diperiksa petugas",
}
KINDS = {
    "button": "tombol",
    "photo": "foto",
    "voice": "pesan suara",
    "audio": "audio",
    "video": "video",
    "document": "dokumen",
    "sticker": "stiker",
    "location": "lokasi",
    "contact": "kontak",
    "edited": "disunting",
    "withdrawn": "catatan ditarik",
    "changed": "nomor berubah",
    "group": "di grup",
    "left": "blokir",
    "moved": "grup pindah",
    "service": "kabar dari kanal",
    "unsupported": "jenis pesan ini belum didukung",
}
FILES = {"photo": "Foto", "document": "Dokumen", "voice": "Pesan suara", "video": "Video", "sticker": "Stiker"}
FILE_TYPES = {
    "image/jpeg": "gambar",
    "image/png": "gambar",
    "application/pdf": "PDF",
    "audio/ogg": "suara",
    "audio/mpeg": "suara",
    "audio/mp4": "suara",
    "audio/aac": "suara",
    "audio/amr": "suara",
    "video/mp4": "video",
}
FILE_STATUSES = {
    "waiting": "belum diambil",
    "unscanned": "menunggu pemeriksaan",
    "refused": "tidak disimpan",
    "lost": "tidak bisa diambil",
    "gone": "masa simpannya selesai",
}
FILE_REASONS = {
    "too_large": "terlalu besar",
    "type": "jenis berkas ini tidak diterima",
    "pixels": "gambarnya berukuran berlebihan",
    "broken": "berkas rusak atau terpotong",
    "infected": "pemindai virus menolaknya",
    "foreign_host": "kanal menunjuk ke alamat yang tidak dikenal",
    "not_there": "kanal tidak menyimpannya lagi",
    "away": "kanal tidak menjawab",
    "expired_link": "tautan dari kanal sudah kedaluwarsa",
    "digest": "isinya tidak sama dengan yang diumumkan kanal",
    "scanner_away": "pemindai virus tidak menjawab",
    "trouble": "gangguan di sisi kami; lihat log",
}
"""By the words of bot/media/reasons.py."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
LONG_NUMBER = re.compile(r"\d(?:[\s.\-]?\d){5,}")


DATA_ERASED = (
    "Kak, permintaan hapus data Kakak kami kerjakan sekarang. Nomor tanda terimanya {number}; simpan nomor ini, karena "
    "sesudah pesan ini obrolan dan data Kakak di layanan kami tidak bisa dibuka lagi. Data kepesertaan di Prakerja "
    "sendiri tidak ikut terhapus. Kalau nanti perlu bantuan, tinggal sapa kami lagi, ya."
)
DATA_ERASED_WHAT = (
    "Isi pesan, teks asli, nama, alamat kanal, ikatan dengan data peserta, isi tiket dan bukti dihapus. Hitungan untuk "
    "tren (jenis keluhan, platform, kanal, waktu) tetap, tanpa bisa ditelusuri ke orangnya."
)
REQUEST_KINDS = {"show": "Tunjukkan data", "correct": "Betulkan data", "delete": "Hapus data"}
REQUEST_STATUSES = {"waiting": "Menunggu pesan terakhir terkirim", "done": "Selesai"}
HELD = {
    "identities": "Akun di kanal",
    "conversations": "Percakapan",
    "messages": "Pesan",
    "media": "Lampiran",
    "inbox": "Kiriman dari kanal",
    "outbox": "Kiriman ke kanal",
    "receipts": "Kabar pengiriman",
    "turns": "Yang dipahami bot",
    "tickets": "Tiket",
    "learning_examples": "Contoh untuk melatih bot",
    "hand_overs": "Serah terima",
    "one_time_links": "Tautan sekali pakai",
    "rechecks": "Cek ulang oleh petugas",
    "reply_drafts": "Draf petugas",
    "reply_sources": "Sumber balasan petugas",
    "data_requests": "Permintaan data",
    "programme.participants": "Prakerja: peserta",
    "programme.wave_applications": "Prakerja: gelombang",
    "programme.cards": "Prakerja: kartu",
    "programme.purchases": "Prakerja: pembelian",
    "programme.ledger_entries": "Prakerja: buku saldo",
    "programme.incentives": "Prakerja: insentif",
    "programme.payout_accounts": "Prakerja: rekening/e-wallet",
}

HELD_COLUMNS = {
    "channel": "Kanal",
    "external_id": "Alamat di kanal",
    "address": "Nomor tujuan",
    "display_name": "Nama tampilan",
    "participant_id": "Nomor peserta",
    "bound_by": "Diikat lewat",
    "bound_at": "Diikat pada",
    "opened_at": "Dibuka",
    "last_inbound_at": "Pesan terakhir",
    "dialogue_state": "Ingatan percakapan",
    "text": "Teks (disamarkan)",
    "raw_words": "Teks asli",
    "raw_event": "Kiriman asli dari kanal",
    "author": "Dari",
    "direction": "Arah",
    "created_at": "Waktu",
    "received_at": "Diterima",
    "sent_at": "Terkirim",
    "status": "Keadaan",
    "intent": "Maksud",
    "confidence": "Keyakinan",
    "ranking": "Tebakan lain",
    "also": "Juga",
    "entities": "Yang disebut",
    "findings": "Hasil cek",
    "evidence": "Bukti",
    "proposals": "Usulan bot",
    "prior": "Yang membuatnya lebih mungkin",
    "outcome": "Hasil",
    "summary": "Ringkasan",
    "reason": "Alasan",
    "resolution": "Penyelesaian",
    "course": "Kelas",
    "name": "Nama",
    "kind": "Jenis",
    "number": "Nomor",
    "amount": "Jumlah",
}


def label(words: dict[str, str], key: str | None) -> str:
    """Return the word for a key, or the key itself where there is none."""
    return words.get(key, key) if key else ""


def file_type(type_: str | None) -> str:
    """Return what kind of file this is: gambar, PDF."""
    return label(FILE_TYPES, type_)


def file_size(size: int | None) -> str:
    """Return the size of a file: 47 kB, 1,2 MB."""
    if size is None:
        return ""
    return f"{size / 1_000_000:.1f} MB".replace(".", ",") if size >= 1_000_000 else f"{max(1, size // 1000)} kB"


def clock_time(at: datetime) -> str:
    """Return the time of day: 10.05."""
    return f"{wib(at):%H.%M}"


def day(at: datetime, now: datetime) -> str:
    """Return the day as people say it: hari ini, kemarin, besok, 21 Agu, 21 Agu 2019."""
    said, today = wib(at).date(), wib(now).date()
    near = {0: "hari ini", -1: "kemarin", 1: "besok"}.get((said - today).days)
    year = "" if said.year == today.year else f" {said.year}"
    return near or f"{said.day} {MONTHS[said.month - 1]}{year}"


def moment(at: datetime, now: datetime) -> str:
    """Return day and time: kemarin 10.05 WIB."""
    return f"{day(at, now)} {clock_time(at)} WIB"


def lasting(span: timedelta) -> str:
    """Return a length of time in its largest two units: 3 hari 4 jam, 2 jam 5 menit, 40 menit."""
    minutes = max(0, int(abs(span).total_seconds() // 60))
    if minutes < 1:
        return "kurang dari 1 menit"
    parts = ((minutes // 1440, "hari"), (minutes // 60 % 24, "jam"), (minutes % 60, "menit"))
    first = next(index for index, (amount, _) in enumerate(parts) if amount)
    return " ".join(f"{amount} {unit}" for amount, unit in parts[first : first + 2] if amount)


def lasting_seconds(seconds: float) -> str:
    """Return an age: 12 detik, 40 menit, 2 jam 5 menit."""
    return f"{seconds:.0f} detik" if seconds < 60 else lasting(timedelta(seconds=seconds))


def to_the_second(at: datetime, now: datetime) -> str:
    """Return day and time with seconds: hari ini 10.05.09 WIB."""
    return f"{day(at, now)} {wib(at):%H.%M.%S} WIB"


def after(span: timedelta) -> str:
    """Return how long after the step before: +0,4 dtk, +12 dtk, +3 menit; nothing where that cannot be told."""
    seconds = span.total_seconds()
    if seconds < 0:
        return ""
    if seconds < 60:
        return f"+{seconds:.1f} dtk".replace(".", ",")
    return f"+{lasting(span)}"


def share(value: float | None) -> str:
    """Return a probability: 82 %."""
    return "tidak diketahui" if value is None else f"{value * 100:.0f}\u00a0%"


def moved(before: float, after: float) -> str:
    """Return a change of probability: 0,41 → 0,62."""
    return f"{before:.2f} → {after:.2f}".replace(".", ",")


def shown_name(name: str | None) -> str:
    """Return a person's display name; a phone or identity number written into it stays hidden."""
    return LONG_NUMBER.sub("•••", name).strip() if name and name.strip() else "Tanpa nama"
