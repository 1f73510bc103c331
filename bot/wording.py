"""The few sentences the corridor itself says: about what arrived and how, never about the programme."""

GREETING_TEXT = "halo"
"""What /start means."""

BLANK = (
    "Kami belum bisa membaca pesannya, Kak. Tolong ceritakan kendalanya dengan kata-kata, misalnya: "
    "“paket kursus tidak ditemukan di Tokopedia”."
)
VOICE = (
    "Maaf Kak, kami belum bisa mendengarkan pesan suara. Tolong tuliskan kendalanya, ya. "
    "Pesan suaranya tetap kami simpan."
)
PHOTO = (
    "Gambarnya sudah kami terima, tetapi belum bisa kami baca otomatis. Tolong tuliskan kendalanya dan tulisan error "
    "yang muncul, ya Kak. Jangan kirim foto KTP, KK, atau wajah di sini."
)
DOCUMENT = "Berkasnya sudah kami terima, tetapi belum bisa kami baca otomatis. Tolong tuliskan kendalanya, ya Kak."
STICKER = "Terima kasih, Kak. Ada yang bisa kami bantu? Tuliskan saja kendalanya."
LOCATION = "Lokasinya tidak kami perlukan, Kak. Tolong tuliskan kendalanya, ya."
UNSUPPORTED = "Pesan jenis ini belum bisa kami baca, Kak. Tolong tuliskan kendalanya dengan teks, ya."
GROUP = "Supaya data Kakak aman, kami hanya membantu lewat obrolan pribadi. Silakan kirim pesan langsung ke bot ini."
STALE_BUTTON = "Tombol itu sudah tidak berlaku, Kak. Tuliskan saja pilihannya atau kendalanya sekarang."
SHARED_CODE_WARNING = (
    "Kak, kode OTP, PIN, dan kata sandi jangan dibagikan ke siapa pun, termasuk ke kami. Yang tadi sudah kami hapus; "
    "kalau kode itu belum dipakai, minta kode baru."
)
TOO_LONG = "Pesan Kakak panjang sekali; yang kami baca bagian awalnya. Semuanya tetap tersimpan untuk petugas."
WAITING = (
    "Pesan Kakak sudah kami simpan, tetapi sistem kami sedang terganggu. Kami jawab di sini begitu pulih; "
    "tidak perlu mengirim ulang."
)
PARKED = (
    "Maaf Kak, pesan ini belum bisa kami jawab otomatis. Sudah kami teruskan ke petugas dengan nomor {ticket}; "
    "dilihat paling lambat {promise}."
)
JOINED = "Pesan Kakak sudah kami tambahkan ke laporan {ticket}. Petugas akan membalas di sini."
CONTACT_BOUND = (
    "Terima kasih, Kak. Nomor Kakak sudah terhubung, jadi sekarang kami bisa mengecek data Kakak sendiri. "
    "Silakan tuliskan lagi kendalanya."
)
CONTACT_NOT_BOUND = (
    "Kontak itu belum bisa kami hubungkan dengan data peserta, Kak. Bagikan kontak sendiri lewat tombol di bawah, dari "
    "nomor yang dipakai mendaftar Prakerja. Pertanyaan umum tetap bisa kami jawab."
)
CONTACT_LATER = "Data peserta sedang belum bisa dicek, Kak. Kontaknya boleh dibagikan lagi sebentar lagi, ya."

BY_KIND = {
    "voice": VOICE,
    "photo": PHOTO,
    "document": DOCUMENT,
    "sticker": STICKER,
    "location": LOCATION,
    "group": GROUP,
    "unsupported": UNSUPPORTED,
}
