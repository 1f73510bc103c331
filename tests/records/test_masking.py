"""What people really type: every way to dress a number, and everything that only looks like one."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.masking import holds_secret, mask

NIK = "3273010112900001"

DRESSED = [
    ("nik3273010112900001", "nik[NIK]"),
    ("...3273010112900001ya", "...[NIK]ya"),
    ("NIK 3273 0101 1290 0001", "NIK [NIK]"),
    ("ktp 3273.0101.1290.0001", "ktp [NIK]"),
    ("ktp 3273,0101,1290,0001", "ktp [NIK]"),
    ("ktp 3273/0101/1290/0001", "ktp [NIK]"),
    ("3273\n\n0101\n\n1290\n\n0001", "[NIK]"),
    ("3\u200b2\u200b7\u200b3\u200b010112900001", "[NIK]"),
    ("３２７３０１０１１２９０００００１"[:16], "[NIK]"),
    ("٣٢٧٣٠١٠١١٢٩٠٠٠٠١", "[NIK]"),
    ("3️⃣2️⃣7️⃣3️⃣0️⃣1️⃣0️⃣1️⃣1️⃣2️⃣9️⃣0️⃣0️⃣0️⃣0️⃣1️⃣", "[NIK]"),
    ("nik tiga dua tujuh tiga nol satu nol satu satu dua sembilan nol nol nol nol satu", "nik [NIK]"),
    ("nik tiga dua tujuh tiga kosong satu kosong satu satu dua lapan kosong kosong kosong enol satu", "nik [NIK]"),
    ("nik three dua seven tiga zero one nol one satu two nine nol zero nol nol one", "nik [NIK]"),
    ("nik 32 tujuh tiga 0101 12 sembilan nol 0001", "nik [NIK]"),
    ("nik tigaduatujuhtiga nolsatunolsatu satuduasembilannol nolnolnolsatu", "nik [NIK]"),
    ("nik tiga dua tujuh tiga nol satu nol satu dua belas sembilan puluh tiga kali nol satu", "nik [NIK]"),
    ("nik 3273 lalu 0101 terus 1290 terus 0001", "nik [NIK]"),
    ("kk 3273O1O1129OOOO1", "kk [NIK]"),
    ("nomor prakerja 1234 5678 9012 3456 ditolak", "nomor prakerja [KARTU] ditolak"),
    ("nik 3273010112900001 2 minggu ditolak", "nik [NIK] 2 minggu ditolak"),
    ("nik saya cuma 15 angka 327301011290000", "nik saya cuma 15 angka [NIK]"),
    ("wa saya 0812.3456.7890", "wa saya [TELEPON]"),
    ("wa(0812)3456-7890ya", "wa([TELEPON]ya"),
    ("wa081234567890dong", "wa[TELEPON]dong"),
    ("+62 812 3456 7890", "[TELEPON]"),
    ("hp 62812-3456-7890", "hp [TELEPON]"),
    ("nol delapan satu dua tiga empat lima enam tujuh delapan sembilan nol", "[TELEPON]"),
    ("nol delapan satu dua dobel lima enam enam tujuh delapan", "[TELEPON]"),
    ("081234567890 2 minggu ga aktif", "[TELEPON] 2 minggu ga aktif"),
    ("hubungi istri di +60 12-345 6789", "hubungi istri di [TELEPON]"),
    ("email budi.s99 at gmail dot com ya", "email [EMAIL] ya"),
    ("budi di gmail dot com", "[EMAIL]"),
    ("budi(at)contoh.co.id", "[EMAIL]"),
    ("budi @ gmail . com", "[EMAIL]"),
    ("email: BUDI@GMAIL", "email: [EMAIL]"),
    ("BUDI_S99@YAHOO.CO.ID", "[EMAIL]"),
    ("budi.santoso at yahoo dot co dot id", "[EMAIL]"),
    ("emailnya budi99 gmail com", "emailnya [EMAIL]"),
    ("budi99@gmail,com", "[EMAIL]"),
    ("hp saya o8l234567890", "hp saya [TELEPON]"),
    ("otp tadi kepake 2x, 482913 katanya kadaluarsa", "otp tadi kepake 2x, [OTP] katanya kadaluarsa"),
    ("rek bca 123-456-7890 an Budi Santoso", "rek bca [REKENING] an Budi Santoso"),
    ("norek0123456789 gagal", "norek[REKENING] gagal"),
    ("otp saya\n482913", "otp saya\n[OTP]"),
    ("kodenya 4 8 2 9 1 1", "kodenya [OTP]"),
    ("4829 itu pin saya", "[OTP] itu pin saya"),
    ("482913\notp", "[OTP]\notp"),
    ("otp: empat delapan dua sembilan satu satu", "otp: [OTP]"),
    ("pin bni saya 1234", "pin bni saya [OTP]"),
    ("kode verifikasi tokopedia 12345", "kode verifikasi tokopedia [OTP]"),
    ("otp nya salah terus katanya 482913", "otp nya salah terus katanya [OTP]"),
    ("482913", "[OTP]"),
    ("3273 0101", "[NOMOR16]"),
    ("sandi saya Budi#1990", "sandi saya [SANDI]"),
    ("pw nya budi1990 min", "pw nya [SANDI] min"),
    ("password\nBudi1990", "password\n[SANDI]"),
    ("kode redeem a1b2c3d4e5f6", "kode redeem [KODE]"),
    ("voucher saya PRAT-A1B2C3 ditolak", "voucher saya [KODE] ditolak"),
    ("prat-a1b2c3", "[KODE]"),
    ("kode voucher nya 8812-AB12-99XY", "kode voucher nya [KODE]"),
    ("saya lahir 12-03-1990 di Garut", "saya lahir [LAHIR] di Garut"),
    ("tgl lahir 12 maret 1990", "tgl lahir [LAHIR]"),
    ("ttl: Bandung, 12/03/1990", "ttl: Bandung, [LAHIR]"),
    ("nama saya Budi Santoso, ga bisa login", "nama saya [NAMA], ga bisa login"),
    ("nama: SITI AMINAH", "nama: [NAMA]"),
    ("nama saya siti aminah ga bisa login", "nama saya [NAMA] ga bisa login"),
    ("alamat saya jl merdeka no 12 rt 03/05 kok ditolak", "alamat saya [ALAMAT] kok ditolak"),
    ("rumah saya di Jl. Melati No. 5 RT 2", "rumah saya di [ALAMAT]"),
]

ORDINARY = [
    "saldo Rp1.000.000 kepotong Rp 600.000, sisa Rp400.000",
    "600.000, 600.000, 600.000 belum cair",
    "dari 23/08/2020 12.00 - 24/08/2020 12.00 ga bisa",
    "tgl 23/08/2020 24/08/2020",
    "beli 3 juta, 300rb, 1,5jt dan 1.000.000",
    "invoice TOKPED-XB9C89BXBJL7X sama INV/20200824/XX/VIII/612345678",
    "tiket T-100001 dan T-482913",
    "invoice 1234567890123 belum ada kodenya",
    "saldo 1000000 sisa 400000 otp ga masuk",
    "otp jam 10.15 ga masuk, harga 299500 pin lupa",
    "gelombang 4, 5, 6, 7 sama batch 12",
    "error 503 terus, kadang 404, ERRPLT40036",
    "muncul kode error 40036 pas bayar",
    "kode bank 009 ya?",
    "otp ga masuk dari agustus 2020",
    "otp ga masuk 3 kali, 10 menit, 2 hari",
    "pin atm lupa udah 2019 gak dipakai",
    "password salah terus udah 5x",
    "sandi: lupa",
    "nama saya salah di sertifikat",
    "nama saya tidak ada di daftar gelombang 4",
    "atas nama istri saya belum cair",
    "alamat saya sudah pindah",
    "sistem tidak jalan dari jam 10.00",
    "buka di gmail juga ga masuk",
    "voucher 300rb ga bisa dipakai",
    "satu dua kali masih bisa, tiga kali error",
    "dua puluh tiga ribu empat ratus lima puluh",
    "503 503 503 bosen",
    "250000",
    "100001",
    "100001 gimana kabarnya",
    "laporan [NIK] [OTP] [NOMOR16] 2 minggu",
    "follow @prakerja.go.id ya",
]


@pytest.mark.parametrize(("said", "heard"), DRESSED)
def test_what_is_personal_is_replaced(said: str, heard: str) -> None:
    assert mask(said).text == heard
    assert mask(heard).text == heard


@pytest.mark.parametrize("said", ORDINARY)
def test_what_is_ordinary_stays(said: str) -> None:
    assert mask(said).text == said


SAID = {
    "0": ["nol", "kosong", "enol", "zero"],
    "1": ["satu", "one"],
    "2": ["dua", "two"],
    "3": ["tiga", "three"],
    "4": ["empat", "four"],
    "5": ["lima", "five"],
    "6": ["enam", "anam"],
    "7": ["tujuh", "seven"],
    "8": ["delapan", "lapan"],
    "9": ["sembilan", "nine"],
}
OTHER_SCRIPTS = ("０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")
SIGNS = ["", " ", ".", ",", "/", "-", "_", "\n", "\n\n", " - ", "\u200b", "\u00a0", "·", "‑", " / ", ". "]
sixteen = st.from_regex(r"[1-9][0-9]{15}", fullmatch=True)
around = st.sampled_from(["", "nik", "min ", "kartu saya ", "(", "no:", "tolong dicek\n"])
behind = st.sampled_from(["", "ya", " kok ditolak", ")", "\nmakasih", " dua minggu"])


@st.composite
def dressed(draw: st.DrawFn) -> str:
    """A 16-digit number the way somebody might write it, each digit for itself."""
    digits = draw(sixteen)
    size, sign = draw(st.integers(1, 8)), draw(st.sampled_from(SIGNS))
    script = draw(st.sampled_from(("0123456789", *OTHER_SCRIPTS)))
    groups = [digits[i : i + size] for i in range(0, 16, size)]
    return sign.join("".join(script[int(it)] for it in group) for group in groups)


@st.composite
def spoken(draw: st.DrawFn) -> str:
    """A 16-digit number in words, or partly."""
    parts = [draw(st.sampled_from([*SAID[it], it])) for it in draw(sixteen)]
    return draw(st.sampled_from([" ", ", ", "\n", "-"])).join(parts)


@given(around, st.one_of(dressed(), spoken()), behind)
def test_no_sixteen_digits_survive_in_any_dress(before: str, number: str, after: str) -> None:
    masked = mask(f"{before}{number}{after}")
    assert masked.kinds
    assert not any(it.isdigit() for it in masked.text.replace("[NOMOR16]", ""))
    assert mask(masked.text).text == masked.text


@given(st.text(max_size=300))
def test_any_text_is_read_and_reading_it_again_changes_nothing(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once


PIECES = [
    "1",
    "12 ",
    "satu ",
    "satu",
    "1,",
    "otp ",
    "4829 ",
    "a",
    "a.",
    "a@",
    "budi at ",
    "nama saya ",
    "jl a ",
    "kode ",
]
PIECES += ["((", "rp", "1.000.", "-", "12/8/2020 ", "pass ", "voucher ", "é", "lahir a ", "a1", "kartu 1"]


@pytest.mark.parametrize("piece", PIECES)
def test_eight_times_the_text_takes_about_eight_times_as_long(piece: str) -> None:
    def best(size: int) -> float:
        text, times = (piece * size)[:size], []
        for _ in range(5):
            began = time.thread_time()
            mask(text)
            times.append(time.thread_time() - began)
        return min(times)

    # 64 times would be quadratic
    assert best(16_384) / best(2_048) < 30


def test_a_redeem_code_is_handed_on_apart_and_never_shown() -> None:
    masked = mask("kode redeem A1B2C3D4E5F6 ditolak")
    assert masked.codes == ("A1B2C3D4E5F6",)
    assert "A1B2" not in repr(masked)


def test_a_secret_is_found_anywhere_in_a_body() -> None:
    assert holds_secret({"message": {"contact": {"first_name": "otp saya 482913"}}})
    assert holds_secret([{"document": {"file_name": "password: Rahasia1.txt"}}])
    assert not holds_secret({"message": {"text": "otp ga masuk", "date": 1598238000}})
