"""What staff read about roles and about what was done."""

ROLE_HINTS = {
    "agent": "menangani tiket timnya",
    "lead": "menangani tiket timnya, melepas dan mengoper tiket rekan setim, mengatur timnya",
    "pmo": "membaca tren dan peringatan; isi percakapan hanya dengan izin",
    "auditor": "membaca semua halaman dan jejak audit, tidak mengubah apa pun; isi percakapan hanya dengan izin",
    "admin": "mengatur petugas, tim dan data pribadi; isi percakapan hanya dengan izin",
}
ACTIONS = {
    "view": "melihat",
    "permit_given": "membuka dengan izin",
    "raw_words_opened": "membuka teks asli",
    "attachment_opened": "membuka lampiran",
    "attachment_downloaded": "mengunduh lampiran",
    "attachment_heard": "mendengar lampiran",
    "attachment_again": "meminta lampiran lagi",
    "claim": "mengambil tiket",
    "release": "melepas tiket",
    "assign": "memberikan tiket",
    "return": "mengembalikan tiket ke antrean",
    "promise_near": "melihat janji hampir lewat",
    "promise_missed": "melihat janji terlewat",
    "promise_set": "mengubah janji",
    "promise_removed": "menghapus janji khusus",
    "working_hours_set": "mengubah jam kerja tim",
    "calendar_day_set": "mengubah hari libur",
    "calendar_year_set": "menyatakan libur setahun lengkap",
    "away": "tidak di tempat",
    "back": "kembali di tempat",
    "reply": "membalas",
    "note": "mencatat",
    "resolve": "menyelesaikan",
    "transfer": "mengoper",
    "snooze": "menunda",
    "wake": "membangunkan",
    "tag": "memberi tag",
    "priority": "mengubah prioritas",
    "merge": "menggabungkan",
    "merged_in": "menerima gabungan",
    "unmerge": "memisahkan lagi",
    "to_bot": "mengembalikan ke bot",
    "reopen": "membuka lagi",
    "take_over": "mengambil alih",
    "send_file": "mengirim berkas",
    "recheck": "memeriksa ulang",
    "search": "mencari",
    "bulk": "bertindak massal",
    "correct_intent": "meralat keluhan",
    "mark_unanswered": "menandai tak terjawab",
    "take_back_mark": "menarik tanda",
    "learning_viewed": "membuka halaman Belajar",
    "learning_accept": "menerima contoh",
    "learning_reject": "menolak contoh",
    "learning_draft": "membuat draf artikel",
    "learning_reopen": "meninjau lagi",
    "tag_renamed": "mengganti nama tag",
    "alarm_seen": "melihat peringatan",
    "incident_linked": "mengaitkan ke insiden",
    "incident_unlinked": "melepas dari insiden",
    "incident_opened": "membuka insiden",
    "incident_said": "memberi kabar insiden",
    "incident_moved": "mengubah status insiden",
    "incident_changed": "mengubah keterangan insiden",
    "incident_rescoped": "mengubah lingkup insiden",
    "incident_handed_over": "menyerahkan insiden",
    "incident_noted": "mencatat di insiden",
    "incident_person_in": "memasukkan orang ke insiden",
    "incident_person_out": "mengeluarkan orang dari insiden",
    "incident_person_back": "memasukkan kembali orang ke insiden",
    "incident_reviewed": "menulis tinjauan insiden",
    "incident_follow_up": "menambah tindak lanjut insiden",
    "incident_follow_up_done": "menyelesaikan tindak lanjut insiden",
    "incident_follow_up_open": "membuka lagi tindak lanjut insiden",
    "data_request_filed": "mencatat permintaan data",
    "data_request_done": "menyelesaikan permintaan data",
    "telegram_unlinked": "memutus Telegram",
    "sign_in": "masuk",
    "sign_out": "keluar",
    "sign_in_failed": "gagal masuk",
    "second_factor_failed": "gagal di faktor kedua",
    "second_factor_added": "memasang faktor kedua",
    "second_factor_removed": "melepas faktor kedua",
    "recovery_code_used": "memakai kode cadangan",
    "recovery_codes_renewed": "membuat kode cadangan baru",
    "session_ended": "mengakhiri sesi",
    "password_set": "mengganti kata sandi",
    "staff_added": "menambah petugas",
    "staff_changed": "mengubah petugas",
    "staff_activated": "mengaktifkan petugas",
    "staff_deactivated": "menonaktifkan petugas",
    "team_added": "menambah tim",
    "team_changed": "mengubah tim",
    "team_removed": "menghapus tim",
    "trends_rows_viewed": "melihat baris tren",
    "topics_viewed": "melihat topik baru",
    "topic_viewed": "melihat pertanyaan satu topik",
    "trends_exported": "mengunduh tren",
    "incident_exported": "mengunduh orang yang terdampak insiden",
    "suspicion_exported": "mengunduh angka dugaan",
    "queue_exported": "mengunduh antrean",
    "broadcast_exported": "mengunduh penerima siaran",
    "report_taken": "mengambil laporan mingguan",
    "audit_exported": "mengunduh jejak audit",
}
"""Actions of the audit; one without a name here is shown as it is kept."""
WHY = {"assigned": "tiket di tangannya", "team": "tiket timnya", "permit": "izin"}


def action_label(action: str) -> str:
    """Return how an action is read."""
    return ACTIONS.get(action, action.replace("_", " "))


OBJECTS = {
    "ticket": "tiket",
    "conversation": "percakapan",
    "message": "pesan",
    "media": "lampiran",
    "staff": "petugas",
    "team": "tim",
    "inbox": "kiriman masuk",
    "outbox": "kiriman keluar",
    "incident": "insiden",
    "trends": "tren",
    "audit": "jejak audit",
}
DETAILS = {
    "why": "karena",
    "reason": "karena",
    "role": "peran",
    "left": "tim yang ditinggalkan",
    "capacity": "kapasitas",
    "released": "tiket dikembalikan",
    "via": "lewat",
    "second_factor": "dengan faktor kedua",
    "queues": "antrean",
    "joined": "masuk",
    "lines": "baris",
    "rows": "baris",
    "filter": "saringan",
    "by": "menurut",
    "kind": "jenis",
    "type": "tipe",
    "told": "kabar ke peserta",
    "own": "sendiri",
    "all": "semua",
}
VALUES = {"password": "kata sandi", "oidc": "akun kantor", "telegram": "Telegram", "True": "ya", "False": "tidak"}


def object_label(object: str) -> str:
    """Return how what it was done to is read: tiket T-100001."""
    kind, _, name = object.partition(":")
    short = name[:8] if len(name) == 36 else name
    return f"{OBJECTS[kind]} {short}".strip() if kind in OBJECTS else object


def detail_label(name: str) -> str:
    """Return how a detail is called."""
    return DETAILS.get(name, name.replace("_", " "))


def value_label(name: str, value: object) -> str:
    """Return how a detail's value is read."""
    return WHY.get(str(value), str(value)) if name == "why" else VALUES.get(str(value), str(value))
