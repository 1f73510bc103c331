"""The few sentences the corridor itself says: about what arrived and how, never about the programme."""

GREETING_TEXT = "halo"
"""What /start means."""

BLANK = (
    "Kami belum bisa membaca pesannya, Kak. Tolong ceritakan kendalanya dengan kata-kata, misalnya: "
    "“paket kursus tidak ditemukan di Tokopedia”."
)
VOICE = (
    "Pesan suaranya kami simpan untuk petugas, Kak, tetapi belum bisa kami dengarkan otomatis. Tulis satu kalimat "
    "tentang kendalanya, ya."
)
PHOTO = (
    "Gambarnya kami simpan untuk petugas, Kak; isinya belum bisa kami baca otomatis. Tulis satu kalimat tentang "
    "kendalanya, misalnya “saldo terpotong, kode belum masuk”. Jangan kirim foto KTP, KK, atau wajah di sini."
)
DOCUMENT = (
    "Berkasnya kami simpan untuk petugas, Kak; isinya belum bisa kami baca otomatis. Tulis satu kalimat tentang "
    "kendalanya, ya."
)
FILES = {"photo": "Gambar", "document": "Berkas", "voice": "Pesan suara", "video": "Video"}
"""What a file is called to its sender; of a sticker nothing is said."""
FILE_JOINED = "{file}nya kami tambahkan ke laporan {{ticket}}, Kak. Kalau ada yang baru, tulis juga satu kalimat, ya."
FILE_TOO_LARGE = (
    "{file}nya terlalu besar untuk kami simpan (paling besar {megabytes} MB), Kak. Tuliskan kendalanya, atau kirim "
    "tangkapan layarnya sebagai foto."
)
FILE_REFUSED = {
    "too_large": "terlalu besar. Kirim yang lebih kecil, atau tuliskan isinya",
    "pixels": "ukuran gambarnya terlalu besar. Kirim tangkapan layar biasa, atau tuliskan isinya",
    "type": "jenis berkasnya tidak kami terima. Yang bisa: foto, PDF, pesan suara, dan video MP4",
    "broken": "berkasnya tidak bisa dibuka. Coba kirim lagi, atau tuliskan isinya",
    "infected": "tidak lolos pemeriksaan keamanan. Kirim tangkapan layarnya sebagai foto, atau tuliskan isinya",
}
FILE_LOST = "{file} tadi tidak berhasil kami ambil, Kak. Kalau masih perlu, tolong kirim lagi, ya."
STICKER = "Terima kasih, Kak. Ada yang bisa kami bantu? Tuliskan saja kendalanya."
REACTION = "Terima kasih, Kak. Kalau masih ada kendala, tuliskan saja di sini."
LOCATION = "Lokasinya tidak kami perlukan, Kak. Tolong tuliskan kendalanya, ya."
UNSUPPORTED = "Pesan jenis ini belum bisa kami baca, Kak. Tolong tuliskan kendalanya dengan teks, ya."
PRIVATE_CHAT = "[OBROLAN PRIBADI]"
"""Where the channel puts the address at which it is spoken to in private."""
PRIVATE_CHAT_UNNAMED = "tekan nama bot ini, lalu kirim pesan"
PRIVATE_CHAT_WHATSAPP = "kirim pesan langsung ke nomor ini"
OPEN_LIST = "Pilih"
TYPE_A_CHOICE = "Ketik salah satu:"
"""Before choices that the channel has no room to show as buttons."""
GROUP = f"Supaya data Kakak aman, kami hanya membantu lewat obrolan pribadi: {PRIVATE_CHAT}"
AGAIN_LEAD = (
    "Maaf Kak, tadi sambungan kami sempat terputus. Kalau Kakak sudah memilih, pilihannya mungkin tidak sampai. "
    "Silakan pilih lagi, atau ketik pilihannya:"
)
"""After an outage in which a press may have been lost."""
STALE_BUTTON = "Tombol itu sudah tidak berlaku, Kak. Tuliskan saja pilihannya atau kendalanya sekarang."
SHARED_CODE_WARNING = (
    "Kak, OTP, PIN, dan kata sandi jangan dikirim ke siapa pun, juga ke sini. Yang tadi sudah kami hapus; "
    "minta kode baru ya."
)
TOO_LONG = "Pesan Kakak panjang sekali; yang kami baca bagian awalnya. Semuanya tetap tersimpan untuk petugas."
WAITING = (
    "Pesan Kakak sudah kami simpan, tetapi sistem kami sedang terganggu. Kami jawab di sini begitu pulih; "
    "tidak perlu mengirim ulang."
)
SEND_AGAIN = "Kirim ulang"
DID_IT_COME = (
    "Kak, sambungan kami tadi terputus, jadi jawaban barusan mungkin tidak sampai. Kalau belum terlihat di atas, "
    f"tekan atau ketik “{SEND_AGAIN}”."
)
IT_CAME = "Tidak ada jawaban yang tertahan, Kak. Kalau ada yang belum jelas, tuliskan saja lagi."
FLOOD = (
    "Pesan Kakak masuk banyak sekali sekaligus, jadi yang berikutnya tidak kami baca satu per satu. Tunggu sebentar, "
    "lalu tuliskan kendalanya dalam satu pesan, ya."
)
WINDOW_CLOSED_NOTE = (
    "Pesan terakhir belum terkirim: sudah lebih dari 24 jam sejak peserta terakhir menulis, jadi WhatsApp tidak "
    "menerima pesan biasa. Pesannya disimpan dan terkirim begitu peserta menulis lagi; templat bisa "
    "mengajaknya menulis."
)
NOT_ARRIVED_NOTE = (
    "Pesan yang tadi terkirim ternyata tidak sampai ke peserta ({reason}). Hubungi lewat kanal lain bila perlu."
)
RESTRICTED = "Siaran dijeda satu jam: kanal membatasi percakapan yang kita mulai sendiri"
RESTRICTION_OVER = "Siaran berjalan lagi."

NO_MORE_BROADCASTS = (
    "Baik, Kak. Kakak tidak akan menerima pengumuman atau kabar gangguan dari kami lagi. Pertanyaan dan laporan Kakak "
    "tetap kami jawab di sini. Kalau ingin menerima lagi, balas “mulai info”."
)
BROADCASTS_AGAIN = (
    "Baik, Kak. Pengumuman dan kabar gangguan kami kirimkan lagi ke sini. Untuk berhenti, balas “stop info”."
)
PARKED = (
    "Maaf Kak, pesan ini belum bisa kami jawab otomatis. Sudah kami teruskan ke petugas dengan nomor {ticket}; "
    "dilihat paling lambat {promise}."
)
JOINED = "Pesan Kakak sudah kami tambahkan ke laporan {ticket}. Petugas akan membalas di sini."
REOPENED = (
    "Baik Kak, laporan {ticket} kami buka lagi, dengan semua catatannya. Dijawab di chat ini paling lambat {promise}. "
    "Kalau ada yang baru, tuliskan saja di sini."
)
OPEN_AGAIN = "Laporan {number} masih terbuka, Kak. Petugas membalas di sini."
TOO_LATE_TO_REOPEN = (
    "Laporan {number} sudah lama selesai, Kak, jadi tidak bisa dibuka lagi dari sini. Ceritakan kendalanya sekarang, "
    "supaya kami bantu."
)
RATED = "Terima kasih untuk penilaiannya, Kak."
RATED_LOW = "Terima kasih sudah jujur, Kak; maaf belum sesuai harapan. Apa yang kurang? Tuliskan saja di sini."
RATED_ALREADY = "Penilaian Kakak sudah kami catat. Terima kasih, ya."
WHY_TITLE = "Lewati"
WHY_TOLD = (
    "Terima kasih, Kak. Ini kami sampaikan ke ketua tim. Kalau kendalanya sendiri masih ada, tekan atau ketik "
    "“Belum beres”."
)
WHY_SKIPPED = "Baik, Kak. Terima kasih."
BOUND = (
    "Terima kasih, Kak. Chat ini sudah terhubung, jadi sekarang kami bisa mengecek data Kakak sendiri. "
    "Silakan tuliskan lagi kendalanya."
)
BOUND_ALREADY = "Chat ini sudah terhubung dengan data Kakak. Untuk melepasnya, ketik /putuskan."
CONTACT_NOT_BOUND = (
    "Itu belum bisa kami hubungkan dengan data peserta, Kak. Yang bisa dihubungkan hanya kontak Kakak sendiri, "
    "dari nomor "
    "yang dipakai mendaftar Prakerja. Pertanyaan umum tetap bisa kami jawab."
)
"""The same for every reason: not one's own, not registered, wrong digits, too many tries."""
CONTACT_LATER = "Data peserta sedang belum bisa dicek, Kak. Coba lagi beberapa menit lagi, ya."
NIK_DIGITS = (
    "Nomor ini terdaftar untuk lebih dari satu peserta, Kak. Tulis 4 angka terakhir NIK peserta yang dimaksud "
    "(4 angka itu saja), atau ketik “Batal”."
)
NIK_NEEDS_A_PERSON = (
    "Dengan 4 angka itu pesertanya belum bisa dibedakan, Kak, jadi petugas yang mencocokkan: nomor laporan {ticket}, "
    "dijawab di chat ini paling lambat {promise}."
)
CANCEL = ({"title": "Batal", "choice": {"intent": "own_binding", "slots": {"asked": "keep"}}},)
DIGITS_CANCELLED = "Baik, Kak, tidak jadi. Pertanyaan umum tetap bisa kami jawab; untuk mencoba lagi, ketik /hubungkan."
COULD_NOT_CHECK = (
    "Data Kakak sedang belum bisa dicek, jadi ini jawaban umumnya dulu. Coba lagi beberapa menit lagi, ya."
)

BIND_HERE = {
    "telegram": "bagikan lagi kontak Kakak sendiri lewat tombol “Bagikan kontak saya” (ketik /hubungkan)",
    "whatsapp": "tulis dari nomor WhatsApp yang terdaftar di Prakerja, lalu ketik /hubungkan",
    "web": "ketik /web di Telegram atau WhatsApp Kakak yang sudah terhubung, lalu buka tautannya di sini",
    "console": "pakai Telegram atau WhatsApp",
}
HOW_TO_BIND = {
    "telegram": (
        "Tekan “Bagikan kontak saya” di bawah, Kak. Nomor Telegram Kakak lalu dicocokkan dengan nomor yang dipakai "
        "mendaftar Prakerja."
    ),
    "whatsapp": (
        "Nomor WhatsApp ini belum bisa kami hubungkan dengan data peserta, Kak. Tulis dari nomor yang dipakai "
        "mendaftar "
        "Prakerja, atau kirim ke sini tautan dari /web di Telegram Kakak yang sudah terhubung."
    ),
    "web": "Ketik /web di Telegram atau WhatsApp Kakak yang sudah terhubung, lalu buka tautannya di browser ini.",
    "console": "Hubungkan lewat Telegram atau WhatsApp, Kak.",
}
NUMBER_CHANGED = (
    "Nomor WhatsApp Kakak berubah, jadi demi keamanan chat ini tidak lagi terhubung dengan data peserta. Kalau nomor "
    "barunya sudah terdaftar di Prakerja, tulis saja dari nomor itu. Pertanyaan umum tetap bisa kami jawab."
)
UNBIND_ASK = (
    "Putuskan hubungan chat ini dengan data peserta Kakak? Halaman web atau chat lain yang dihubungkan dari sini ikut "
    "terputus."
)
UNBIND_ASK_WEB = (
    "Putuskan hubungan halaman ini dengan data peserta Kakak? Isi obrolannya tidak ditampilkan lagi di sini. "
    "Laporan yang masih terbuka tetap diurus, dan bisa ditanyakan di Telegram atau WhatsApp."
)
UNBIND_BUTTONS = (
    {"title": "Ya, putuskan", "choice": {"intent": "own_binding", "slots": {"asked": "unbind_surely"}}},
    {"title": "Batal", "choice": {"intent": "own_binding", "slots": {"asked": "keep"}}},
)
KEPT = "Baik, Kak, tidak ada yang diubah."
NOT_BOUND_HERE = "Chat ini memang tidak terhubung dengan data peserta, Kak. Jadi tidak ada yang perlu diputuskan."
_REMAINS = (
    "Yang tetap ada: isi chat ini dan laporan yang sudah dibuat; laporannya tetap diurus. Data di program tidak "
    "berubah."
)
WEB_ENDED = (
    "Obrolan ini sudah diputuskan dari data peserta dan tidak ditampilkan lagi. Laporan yang masih terbuka tetap "
    "diurus. Muat ulang halaman untuk mulai obrolan baru."
)
UNBOUND = {
    "telegram": (
        "Sudah, Kak. Chat ini, juga halaman web atau chat lain yang dihubungkan dari sini, tidak lagi terhubung dengan "
        f"data peserta.\n\n{_REMAINS} Untuk menghubungkan lagi, ketik /hubungkan."
    ),
    "whatsapp": (
        "Sudah, Kak. Chat ini, juga halaman web atau chat lain yang dihubungkan dari sini, tidak lagi terhubung dengan "
        "data peserta, dan nomornya "
        f"tidak kami cocokkan lagi.\n\n{_REMAINS} Untuk menghubungkan lagi, ketik /hubungkan."
    ),
    "web": WEB_ENDED,
    "console": f"Sudah. {_REMAINS}",
}
WEB_NOBODY = "Obrolan di halaman ini sudah berakhir. Muat ulang halamannya, ya."
WEB_OTHER_CHAT = "Obrolan di browser ini sudah berganti, jadi pesan ini tidak dikirim."
WEB_NOT_STORED = "Belum tersimpan. Kirim lagi dengan id yang sama."
WEB_AWAY = "Sedang ada gangguan di sisi kami. Coba lagi sebentar lagi, ya."
WEB_TOO_FAST = "Pesannya terlalu cepat. Tunggu sebentar, lalu kirim lagi dengan id yang sama."
WEB_TOO_LONG = "Pesan terlalu panjang. Kirim paling banyak 60.000 huruf."
WEB_FILE_TOO_LARGE = "Berkas terlalu besar. Paling besar 5 MB."
WEB_NO_FILE = "Berkas ini tidak (lagi) ada."
WEB_FILE_REFUSED = "Berkas ini tidak bisa kami terima. Kirim foto atau PDF, paling besar 5 MB."
WEB_UNREADABLE = "Pesan tidak terbaca. Kirim JSON dengan id dan text."
WEB_FOREIGN = "Permintaan ini tidak datang dari halaman kami."
CONSOLE_TOKEN_WRONG = "Token konsol salah."  # noqa: S105 (a sentence)
WEB_LINK = (
    "Buka tautan ini di browser untuk lanjut di web, Kak. Sekali pakai, berlaku {minutes} menit:\n[TAUTAN]\n\n"
    "Jangan kirim ke siapa pun: yang membukanya bisa melihat data Kakak."
)
WEB_NOT_BOUND = {
    "telegram": (
        "Tautan web diberikan setelah chat ini terhubung dengan data peserta, Kak. Bagikan dulu kontak Kakak "
        "sendiri lewat "
        "tombol di bawah."
    ),
    "whatsapp": (
        "Tautan web diberikan setelah chat ini terhubung dengan data peserta, Kak. Tulis dari nomor WhatsApp "
        "yang dipakai "
        "mendaftar Prakerja."
    ),
}
WEB_FROM_ELSEWHERE = (
    "Tautannya diminta dari Telegram atau WhatsApp Kakak yang sudah terhubung: ketik /web di sana, lalu buka "
    "tautannya di "
    "browser ini."
)
LINK_IN_CHAT = (
    "Tautan itu dibuka di browser, Kak, tidak perlu dikirim ke chat. Jangan bagikan ke siapa pun; kalau "
    "telanjur, ketik "
    "/web untuk meminta yang baru, supaya yang lama tidak berlaku."
)
LINK_REFUSED = (
    "Tautan itu tidak berlaku, Kak. Tautan hanya bisa dipakai sekali dan sebentar saja; minta yang baru dengan /web di "
    "Telegram atau WhatsApp Kakak yang sudah terhubung."
)
LINK_USED_HERE = (
    "Tautan web tadi baru saja dipakai, Kak, dan halaman web itu sekarang terhubung dengan data Kakak. Kalau "
    "bukan Kakak "
    "yang membukanya, ketik /putuskan."
)
LINK_USED_WEB = (
    "Halaman ini sekarang terhubung dengan data Kakak. Silakan tuliskan kendalanya. Setelah selesai, terutama di "
    "komputer "
    "bersama, ketik /putuskan."
)
COMMANDS = (
    "Perintah: /hubungkan untuk menghubungkan data peserta, /web untuk lanjut di web, /putuskan untuk melepas "
    "hubungannya, "
    "“petugas” untuk bicara dengan petugas."
)


def binding_ended(channel: str) -> str:
    """Return what is said when a binding has come to its end, whyever."""
    how = BIND_HERE.get(channel, BIND_HERE["console"])
    return f"Demi keamanan, chat ini tidak lagi terhubung dengan data peserta, Kak. Untuk menghubungkan lagi, {how}."


def file_not_kept(status: str, reason: str, kind: str) -> str | None:
    """Return what is said when a file that was sent is not kept after all; nothing of a sticker."""
    if kind not in FILES:
        return None
    if status == "refused" and reason in FILE_REFUSED:
        return f"{FILES[kind]} tadi tidak jadi kami simpan, Kak: {FILE_REFUSED[reason]}."
    return FILE_LOST.format(file=FILES[kind])


FILE_NOT_SENT = {
    "too_large": "berkasnya terlalu besar",
    "type": "jenis berkasnya tidak dikirim (hanya gambar dan PDF)",
    "pixels": "gambarnya terlalu besar",
    "broken": "gambarnya rusak dan tidak bisa dibuka",
    "infected": "pemindai menemukan virus di dalamnya",
}
"""Why a file of staff was not sent, for staff."""


def file_not_sent(reason: str) -> str:
    """Return the note among staff for a file that was not sent."""
    why = FILE_NOT_SENT.get(reason, "berkasnya tidak bisa diperiksa")
    return f"Berkas TIDAK dikirim ke peserta: {why}. Peserta belum menerima apa pun dari pesan itu."


BY_KIND = {
    "voice": VOICE,
    "photo": PHOTO,
    "document": DOCUMENT,
    "sticker": STICKER,
    "reaction": REACTION,
    "location": LOCATION,
    "group": GROUP,
    "unsupported": UNSUPPORTED,
}
