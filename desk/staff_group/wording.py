"""What is said in the staff group and to who links their account: short, never a participant's data in clear."""

from desk.wording import PRIORITIES

VIA = "staff group"
"""How the audit names this door."""

HOW = "Tulisan biasa di topik ini menjadi catatan petugas. Untuk peserta: tombol Balas, atau /b jawaban."
TAKE, REPLY, NOTE, RESOLVE, RELEASE, RECHECK = "Ambil", "Balas", "Catatan", "Selesai", "Lepas", "Periksa ulang"

TAKEN = "{number} sekarang Anda pegang. Balas lewat tombol Balas atau /b."
RELEASED = "{number} kembali ke antrean."
ASKED = "Balas pesan bot yang baru muncul di topik ini."
NOTE_HOW = "Tulis saja di topik ini: tulisan biasa menjadi catatan, peserta tidak menerimanya."
NOTHING_HERE = "Tombol ini sudah tidak berlaku. Lihat kartu yang disematkan di topik kasusnya."
UNKNOWN_PRESS = "Akun Telegram Anda belum terhubung dengan meja bantuan. Buka meja → Akun saya → Hubungkan Telegram."
NOT_YOURS = "Peran Anda di meja tidak boleh melakukan ini."
ELSEWHERE = "Kasus ini hanya bisa dibuka di meja, dengan menyebut alasannya."
SNOOZE_HOW = "Tulis sampai kapan: /tunda {choices}, atau /tunda 2020-08-25T13:30."
SNOOZED = "Ditunda sampai {until}."
TRANSFER_HOW = "Tulis nama pengguna rekan dan alasannya: /oper joko butuh cek mitra pembayaran."
TRANSFERRED = "Dioper ke {name}."
RECHECKED = "{count} cek dijalankan ulang; kartunya menyusul."
TROUBLE = "Belum berhasil dikerjakan; dicoba lagi sendiri. Lihat kartunya sebentar lagi."

STRANGER = (
    "Halo {name}, akun Telegram ini belum terhubung dengan meja bantuan, jadi tulisan dan tombolnya tidak dikerjakan. "
    "Kalau Anda petugas: buka meja → Akun saya → Hubungkan Telegram."
)
FILES = "Berkas dari petugas dikirim lewat meja (web) dulu, ya. Dari grup belum ikut terkirim ke peserta."
EDITED = "Suntingan tidak mengubah yang sudah tersimpan atau terkirim. Tulis pesan baru kalau perlu."
OUTSIDE = "Tulis perintah ini di topik kasusnya."
COMMANDS = (
    "Perintah di topik kasus: /ambil, /lepas, /b jawaban, /catat catatan, /selesai penyelesaian, /tunda kapan, "
    "/oper rekan alasan."
)
ASK_REPLY = "{who}, balas (reply) pesan ini dengan jawaban untuk peserta {number}. Yang Anda tulis langsung dikirim."
ASK_RESOLUTION = (
    "{who}, balas (reply) pesan ini dengan penyelesaian {number}. Peserta membacanya, lalu kasusnya ditutup."
)
REFUSED = "Belum dikerjakan: {why}"
WAITS = "Jendela WhatsApp sudah tutup: jawaban disimpan dan terkirim begitu peserta menulis lagi."
FAILED = "Jawaban ini tidak diterima peserta ({why}). Lihat meja untuk langkah berikutnya."
UNSURE = "Belum tentu jawaban ini sampai. Tanyakan dulu kepada peserta sebelum menulis ulang."
TWIN = "Topik ini kembar dari {number} dan ditutup. Lanjut di topik yang satunya."
WAITING = (
    "{count} kasus menunggu giliran di grup ini (paling banyak {pace} kasus baru semenit). Semuanya sudah ada di "
    "antrean meja; yang mendesak didahulukan."
)
PERHAPS_AGAIN = "(mungkin terulang) "

LINKED = (
    "Akun Telegram ini sekarang terhubung dengan {name} di meja bantuan. Tombol di grup petugas sudah bisa dipakai."
)
LINK_OVER = "Tautan ini tidak berlaku (lagi). Buat yang baru di meja → Akun saya → Hubungkan Telegram."
LINK_TAKEN = "Akun Telegram ini sudah terhubung dengan petugas lain. Minta yang bersangkutan memutuskannya dulu."

PROBLEMS = {
    "away": "Telegram tidak bisa dihubungi",
    "token": "token bot ditolak",
    "gone": "grupnya tidak ada",
    "removed": "bot tidak ada di grup",
    "moved": "grupnya pindah ke id lain",
    "no_topics": "topik (forum) di grup tidak dinyalakan",
    "no_rights": "bot bukan admin dengan hak mengelola topik dan menyematkan pesan",
}
RECEIPTS = {"due": "🕊", "sending": "🕊", "waiting": "🕊", "sent": "👌", "delivered": "👍", "read": "👀"}
RECEIPTS |= {"unknown": "🤔", "refused": "💔", "withheld": "💔"}
"""What an answer to a participant is marked with, by what became of it."""
NOTED = "✍"
SETTLED = frozenset({"read", "refused", "withheld"})
COLOURS = {"urgent": 16478047, "high": 16766590, "normal": 7322096}
"""Red, yellow and blue, of the six that Telegram allows."""


def priority(word: str) -> str:
    """Return how a priority is called."""
    return PRIORITIES.get(word, word)
