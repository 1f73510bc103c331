"""Words the invented people, institutions and courses are made of."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in text.split("|"))


FIRST_NAMES_WOMEN = _words(
    """
    Ayu|Citra|Dian|Eka|Fitri|Gita|Hana|Indah|Kartika|Laras|Mega|Nadia|Novi|Puspa|Putu|Ratna|Rini|
    Sari|Sinta|Sri|Tika|Tuti|Umi|Vina|Wahyuni|Wulan|Yanti|Yuli|Yuni|Zahra|Anisa|Bunga|Desi|Endang|
    Farah|Intan|Lestari|Mira|Nur|Okta
    """
)
FIRST_NAMES_MEN = _words(
    """
    Adi|Agung|Andi|Arif|Bagus|Bambang|Bayu|Candra|Dedi|Deni|Dimas|Eko|Fajar|Galih|Hadi|Hendra|
    Heru|Iwan|Jaya|Krisna|Made|Nanda|Oki|Panji|Rahmat|Rizki|Rudi|Slamet|Surya|Teguh|Toni|Ujang|
    Wahyu|Wawan|Yoga|Yusuf|Zainal|Asep|Gilang|Ilham
    """
)
LAST_NAMES = _words(
    """
    Anggraini|Ardiansyah|Aritonang|Azhari|Basuki|Budiman|Damanik|Dharma|Firmansyah|Ginting|Gunawan|
    Hakim|Halim|Harahap|Hartono|Hasibuan|Hidayat|Irawan|Iskandar|Kurniawan|Kusnadi|Laksono|Lubis|
    Mahendra|Manurung|Maulana|Mulyani|Nainggolan|Nasution|Nugroho|Nurhayati|Pangestu|Permana|Pradana|
    Prasetyo|Purnama|Rahayu|Ramadhan|Safitri|Santika|Saputra|Saragih|Setiawan|Sihombing|Simanjuntak|
    Siregar|Subekti|Sudirman|Sugiarto|Suharti|Sulastri|Supriadi|Suryani|Susanti|Sutrisno|Syahputra|
    Tambunan|Utami|Wardani|Wibisono|Widodo|Wijaya|Winarno|Wulandari|Yulianto|Yusup|Zulkarnain
    """
)
CITIES = _words(
    """
    Jakarta|Bandung|Surabaya|Yogyakarta|Semarang|Medan|Makassar|Palembang|Denpasar|Malang|Padang|
    Banjarmasin|Pontianak|Manado|Ambon|Kupang|Mataram|Jayapura|Kendari|Bogor|Bekasi|Tangerang|Depok|
    Cirebon|Solo|Pekanbaru
    """
)
INSTITUTION_KINDS = _words(
    """
    LPK|Akademi|Lembaga Pelatihan|Pusat Belajar|Rumah Karya|Sekolah Terampil
    """
)
INSTITUTION_NAMES = _words(
    """
    Cakra Buana|Tunas Mandiri|Bina Karsa|Langkah Maju|Pelita Ilmu Kerja|Karya Muda|Nusa Terampil|
    Cipta Daya|Mitra Sukses|Sinar Keahlian|Gerbang Kerja|Prima Cakap|Wira Usaha|Harapan Baru|Bangun Desa|
    Jembatan Karier|Teras Ilmu|Akar Rumput|Pijak Mula|Lentera Kerja|Satu Langkah|Maju Serasi|Padu Karya|
    Cerdas Kerja|Ruang Tumbuh|Kriya Nusantara|Jalan Terang|Muda Berdaya
    """
)
LEVELS = _words(
    """
    Dasar|Lanjutan|untuk Pemula|untuk Pekerja|dari Nol|untuk UMKM|Tingkat Menengah|Praktis|
    Persiapan Kerja|di Masa Pandemi|untuk Wirausaha|Bersertifikat
    """
)
# category -> subjects
SUBJECTS = {
    "Desain": _words(
        """
    Desain Poster|Desain Logo|Ilustrasi Digital|Desain Kemasan|Desain Interior|Animasi 2D|Desain UI|
    Sablon Kaos
    """
    ),
    "Pemasaran": _words(
        """
    Digital Marketing|Iklan Media Sosial|SEO|Email Marketing|Riset Pasar|Copywriting|Jualan di Marketplace|
    Manajemen Merek|Live Selling
    """
    ),
    "Bahasa": _words(
        """
    Bahasa Inggris|Bahasa Inggris Bisnis|Bahasa Jepang|Bahasa Korea|Bahasa Mandarin|Bahasa Jerman|
    Bahasa Arab
    """
    ),
    "Perkantoran": _words(
        """
    Microsoft Word|Google Sheets|Administrasi Kantor|Kearsipan|Sekretaris Profesional|Notulensi Rapat|
    Analisis Data Excel
    """
    ),
    "Teknologi": _words(
        """
    Pemrograman Web|Python|Basis Data|Jaringan Komputer|Teknisi Komputer|Servis Ponsel|Keamanan Siber|
    Analisis Data|Instalasi CCTV
    """
    ),
    "Kuliner": _words(
        """
    Masakan Nusantara|Kue Kering|Roti dan Pastry|Kopi dan Latte Art|Katering Rumahan|Frozen Food|
    Sambal Kemasan|Minuman Kekinian
    """
    ),
    "Kerajinan": _words(
        """
    Menjahit Pakaian|Batik Tulis|Anyaman|Kerajinan Kulit|Merajut|Aksesori|Hampers|Ecoprint
    """
    ),
    "Teknik": _words(
        """
    Las Listrik|Servis AC|Servis Sepeda Motor|Instalasi Listrik|Servis Mesin Cuci|Tune Up Mobil|Perpipaan
    """
    ),
    "Kecantikan": _words(
        """
    Tata Rias Pengantin|Potong Rambut|Perawatan Wajah|Manikur|Rias Wajah Sehari-hari
    """
    ),
    "Pertanian": _words(
        """
    Budidaya Lele|Hidroponik|Ternak Ayam|Budidaya Jamur|Pupuk Organik|Budidaya Madu
    """
    ),
    "Keuangan": _words(
        """
    Pembukuan Usaha|Pajak Usaha Kecil|Perencanaan Keuangan|Akuntansi|Analisis Biaya
    """
    ),
    "Layanan": _words(
        """
    Layanan Pelanggan|Housekeeping|Pemandu Wisata|Kasir dan Ritel|Keselamatan Kerja|Pengasuh Anak|
    Perawat Lansia|Pengemudi Profesional
    """
    ),
    "Karier": _words(
        """
    Wawancara Kerja|Menulis CV|Kepemimpinan|Manajemen Waktu|Negosiasi|Presentasi Efektif|Pengembangan Diri
    """
    ),
}
SUSPENDED_NOTES = (
    "sedang dievaluasi kembali oleh Manajemen Pelaksana",
    "silabus sedang diperbarui lembaga",
    "menunggu perpanjangan kerja sama lembaga",
)
WITHDRAWN_NOTES = (
    "ditarik oleh lembaga pelatihan",
    "tidak lolos evaluasi berkala",
)
NOT_SELECTED_REASONS = (
    "kuota gelombang terpenuhi",
    "sedang menempuh pendidikan formal",
    "data NIK dan KK belum cocok",
    "terdaftar sebagai penerima bantuan lain",
)
ATTEMPT_FAILURES = (
    "paket kursus tidak ditemukan",
    "API token tidak valid",
    "kode OTP salah tiga kali",
    "kuota pelatihan penuh",
)
INCENTIVE_FAILURES = (
    "rekening tidak aktif menurut mitra pembayaran",
    "akun e-wallet belum premium",
    "nama pemilik rekening berbeda",
)
