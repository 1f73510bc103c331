"""What is said in the made-up cases: Indonesian as people type it, with courses, towns and rare words in it.

Common words are as common as in real complaints (saldo, kursus, kode); rare ones are made of syllables, more than
twenty thousand of them, the later the rarer. Everything is invented.
"""

from random import Random

COMPLAINTS: dict[str, tuple[str, ...]] = {
    "package_not_found": (
        "min kok paket kursus {course} tidak ditemukan terus di {platform}",
        "paket pelatihan {course} keterangannya tidak ditemukan kak, sudah {days} hari",
        "saya cari kelas {course} di {platform} ga muncul muncul, padahal mau beli",
    ),
    "payment_failed": (
        "pembayaran saya di {platform} gagal terus kak, kursus {course}",
        "gak bisa bayar pakai kartu prakerja di {platform}, selalu gagal padahal saldo cukup",
        "sudah {days} kali coba bayar {course} tapi gagal, saldo {amount} masih ada",
    ),
    "paid_no_code": (
        "saldo kepotong {amount} tp kode vouchernya ga ada, beli {course}",
        "sudah bayar di {platform} tapi kode redeem belum dikirim, kelas {course} mulai besok",
        "saldo berkurang {amount} kode pelatihan tidak masuk sampai sekarang min",
    ),
    "purchase_otp": (
        "kode otp pembayaran di {platform} ga masuk masuk min",
        "otp tidak dikirim ke hp saya waktu mau bayar {course}",
    ),
    "incentive_not_received": (
        "min insentif saya kok belum cair ya, sudah {days} hari",
        "insentif pelatihan belum masuk ke {wallet}, status masih diproses",
        "kapan insentif dicairkan kak, sertifikat {course} sudah keluar",
    ),
    "certificate_missing": (
        "sertifikat pelatihan saya di {platform} belum keluar padahal sudah selesai, kursus {course}",
        "sertifikat {course} tidak muncul di dashboard, sudah lulus ujian",
    ),
    "login_failed": (
        "min saya lupa password akun prakerja, ga bisa masuk",
        "tidak bisa login ke akun prakerja dari kemarin, katanya data salah",
    ),
    "join_wave_failed": (
        "mau gabung gelombang kok tombolnya ga bisa diklik ya min",
        "gagal gabung gelombang terus, padahal syarat sudah lengkap, saya di {town}",
    ),
    "payout_account_failed": (
        "gagal sambung rekening {wallet} terus kak, nomor sudah benar",
        "rekening {wallet} saya ditolak, katanya nama tidak sama",
    ),
    "identity_verification_failed": (
        "verifikasi ktp gagal terus, foto sudah jelas kok ditolak",
        "verifikasi wajah tidak berhasil min, sudah {days} kali coba dari {town}",
    ),
    "card_number_or_balance": (
        "saldo kartu prakerja saya kok ga muncul ya kak",
        "nomor kartu saya tidak ada di dashboard, lolos gelombang kemarin",
    ),
    "redeem_failed": (
        "kode redeem {course} tidak valid di {platform}",
        "waktu tukar kode pelatihan muncul tulisan sudah dipakai, padahal belum",
    ),
    "class_access": (
        "kelas {course} di {platform} tidak bisa dibuka, videonya muter terus",
        "akses kelas {rare} hilang setelah ganti hp",
    ),
    "wrong_charge": ("saldo terpotong dua kali {amount} padahal beli satu kelas {course}",),
}
FOLLOW_UPS = (
    "di {platform} kak",
    "sudah saya coba hapus cache tetap sama",
    "gimana min, sudah {days} hari belum ada kabar",
    "tolong dibantu ya kak saya dari {town}",
    "baik kak saya tunggu",
    "terima kasih banyak min",
    "nama kelasnya {course}",
    "ini fotonya, tulisannya {rare} {rare2}",
    "belum bisa juga kak, muncul pesan {rare}",
    "alhamdulillah sudah bisa, makasih",
    "kok lama ya min, saya butuh buat lamaran kerja di {town}",
    "yang {rare} itu lho kak",
)
BOT_SAID = (
    "Platform mana yang Kakak pakai?",
    "Sudah kami cek: pembayaran Kakak tercatat {amount}, kodenya belum terbit. Jangan beli ulang dulu ya.",
    "Saldo Kakak cukup dan kartunya aktif. Pembayaran di {platform} gagal dua kali. Laporan kami teruskan ke petugas.",
    "Ya, sedang ada penyesuaian sistem untuk pembelian. Karena sudah {days} hari, laporan Kakak kami teruskan.",
    "Kelas {course} masih ada di katalog {platform}. Coba cari dengan nama lengkapnya ya, Kak.",
    "Kami catat dulu ya, Kak. Petugas membalas di sini.",
    "Insentif Kakak sedang diproses, dijadwalkan paling lambat {days} hari lagi.",
)
AGENT_SAID = (
    "Halo Kak, kami sudah cek ke tim transaksi. Pembayaran {amount} untuk {course} sedang kami telusuri.",
    "Mohon maaf atas kendalanya, Kak. Kode pelatihan sudah kami minta terbitkan ulang ke {platform}.",
    "Boleh dicoba lagi sekarang, Kak? Di sisi kami kelas {course} sudah muncul.",
    "Datanya sudah kami perbaiki. Silakan masuk lagi lalu cek dashboard ya, Kak.",
    "Kami teruskan ke mitra {wallet}, biasanya selesai dalam {days} hari kerja.",
)
NOTES = (
    "sudah ditanyakan ke {platform}, nomor acuan {rare}",
    "peserta dari {town}, pernah lapor hal yang sama",
    "tunggu kabar tim transaksi soal {rare}",
)
RESOLUTIONS = (
    "Kode pelatihan {course} sudah terbit dan dikirim ulang oleh {platform}.",
    "Kelas {course} sudah muncul lagi di {platform}.",
    "Insentif sudah dicairkan ke {wallet}.",
    "Saldo {amount} sudah dikembalikan.",
    "Akun sudah bisa dibuka lagi; peserta sudah masuk.",
    "Peserta tidak menjawab lagi; ditutup dengan kabar.",
)
PLATFORMS = ("tokopedia", "bukalapak", "pintaria", "sekolahmu", "pijarmahir", "maubelajarapa", "sisnaker", "ruangguru")


def _each(said: str, between: str | None = None) -> tuple[str, ...]:
    return tuple(said.split(between))


WALLETS = ("dana", "linkaja", "gopay", "ovo", "bni")
TOWNS = _each(
    "Bandung Surabaya Medan Makassar Semarang Palembang Padang Malang Solo Bogor Bekasi Depok Jambi Kupang Ambon "
    "Manado Pontianak Samarinda Banjarmasin Mataram Denpasar Serang Cirebon Tegal Kediri Madiun Garut Tasikmalaya "
    "Sukabumi Cianjur Jember Banyuwangi Lampung Bengkulu Pekanbaru Batam Palu Kendari Gorontalo Ternate"
)
SUBJECTS = _each(
    "Desain Grafis|Microsoft Excel|Digital Marketing|Bahasa Inggris|Tata Boga|Barista|Menjahit|Fotografi Produk|"
    "Servis AC|Pemrograman Web|Akuntansi|Public Speaking|Menulis Konten|Toko Daring|Video Pendek|Merajut",
    "|",
)
LEVELS = ("Dasar", "Lanjutan", "untuk Pemula", "Profesional", "Praktis")
COURSES = tuple(f"{subject} {level}" for subject in SUBJECTS for level in LEVELS)
AMOUNTS = ("150rb", "200rb", "300rb", "450rb", "500rb", "1jt")
TAGS = _each(
    "tokopedia-lambat kode-hilang bayar-ganda otp menunggu-mitra data-salah vip media viral jadwal refund akun-ganda "
    "wajah rekening dana insentif sertifikat kelas-penuh harga promo"
)
GIVEN = _each(
    "Siti Budi Dewi Rina Agus Yanto Maya Joko Lina Putri Andi Wati Eko Sri Dian Rudi Nur Ayu Bayu Fitri Hendra Indah "
    "Irfan Kartika Lestari Mega Nanda Oki Prasetyo Ratna Slamet Tono Umar Vina Wahyu Yuni Zainal Arif Bella Citra"
)
FAMILY = _each(
    "Rahmawati Santoso Marlina Wibowo Hartono Anggraini Saputra Lestari Nugroho Pratama Hidayat Kusuma Setiawan "
    "Permata Gunawan Siregar Simanjuntak Nasution Harahap Ginting Maulana Firmansyah Ramadhan Utami Susanti Wijaya "
    "Halim Suryadi Mahendra Handayani Purnama Yulianti Suharto Iskandar Fauzi Akbar Halimah Zulkarnain"
)
BEGIN = _each(
    "ba be bi bo bu ca ci da di du ga gi ha ja ji ka ke ki ko la le li ma me mi na ni pa pe po ra re ri sa si"
)
END = _each("kan lang ming rok sat tun var wis yon zar bek dol fin gus hil jam kep los nir pur")
RARE = len(BEGIN) ** 2 * len(END)


class Speaker:
    """Fills sentences, the same every time for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def fill(self, sentence: str) -> str:
        """Return the sentence with something in each of its places."""
        if "{" not in sentence:
            return sentence
        pick = self.random.random
        return sentence.format(
            course=COURSES[int(pick() ** 1.6 * len(COURSES))],
            platform=PLATFORMS[int(pick() ** 1.5 * len(PLATFORMS))],
            wallet=WALLETS[int(pick() * len(WALLETS))],
            town=TOWNS[int(pick() * len(TOWNS))],
            amount=AMOUNTS[int(pick() * len(AMOUNTS))],
            days=2 + int(pick() * 12),
            rare=self.rare(),
            rare2=self.rare(),
        )

    def rare(self) -> str:
        """Return a made-up word, some far rarer than others."""
        number = int(self.random.random() ** 3 * RARE)
        first, second = number % len(BEGIN), number // len(BEGIN) % len(BEGIN)
        return BEGIN[first] + BEGIN[second] + END[number // len(BEGIN) ** 2 % len(END)]

    def name(self) -> str:
        """Return a person's name."""
        pick = self.random.random
        return f"{GIVEN[int(pick() * len(GIVEN))]} {FAMILY[int(pick() * len(FAMILY))]}"
