"""What reviewers read on the page *Belajar*."""

SOURCES = {
    "agent": "ditandai petugas",
    "chosen": "peserta memilih sendiri waktu ditanya bot",
    "fallback": "tidak dipahami bot",
    "unsure": "dijawab bot dengan ragu",
    "rating": "peserta menilai jawabannya rendah",
}
SOURCE_TABS = (
    ("", "Semua"),
    ("agent", "Dari petugas"),
    ("chosen", "Dipilih peserta"),
    ("fallback", "Tak dipahami"),
    ("unsure", "Ragu"),
    ("rating", "Nilai rendah"),
)
TABS = (
    ("tinjau", "Tinjau", "waiting"),
    ("diterima", "Diterima", "accepted"),
    ("artikel", "Untuk artikel", "drafted"),
    ("ditolak", "Ditolak", "rejected"),
    ("uji", "Uji coba model", ""),
)
REASONS = (
    "Maksudnya tidak jelas",
    "Bacaan model sudah benar",
    "Kembar dengan contoh lain",
    "Berisi data orang",
    "Bukan kalimat peserta",
)
TRIAL_STATES = {
    "running": "sedang dilatih",
    "failed": "tidak selesai",
    "refused": "ditolak: lebih buruk",
    "passed": "lulus, menunggu dipakai",
    "adopted": "dipakai",
    "back": "ditarik kembali",
}
VERDICTS = {"better": "lebih baik", "same": "sama baiknya", "worse": "lebih buruk"}
EMPTY = {
    "tinjau": "Belum ada yang perlu ditinjau. Contoh datang dari petugas (tombol e dan n di percakapan) dan dari "
    "giliran yang tidak dipahami atau dijawab bot dengan ragu, sepuluh menit sesudah terjadi.",
    "diterima": "Belum ada contoh yang diterima.",
    "artikel": "Belum ada pertanyaan yang dikumpulkan untuk artikel.",
    "ditolak": "Belum ada yang ditolak.",
    "uji": "Belum ada uji coba. Yang sudah diterima dilatihkan dengan perintah helpdesk learning try, di luar model "
    "yang sedang bekerja.",
}
