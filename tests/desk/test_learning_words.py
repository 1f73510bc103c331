"""What may be taught: nobody's data, no line twice, none that judges the model; near lines are found without pairs."""

from pathlib import Path

import pytest

from desk.learning.alike import Alikes
from desk.learning.cleaning import check_new, clean
from desk.learning.known_lines import KnownLines, Line, read_lines, topics
from desk.learning.meanings import NAMES, known, likeliest
from desk.learning.refusals import NotLearnable

PERSONAL = [
    ("otp saya 123456 ga bisa dipakai", "OTP"),
    ("nomor saya 0812 3456 7890 kok ditolak", "nomor telepon"),
    ("nik 3273 0112 0390 0004 tidak terdaftar", "NIK"),
    ("email rina.marlina@gmail.com salah", "alamat e-mail"),
    ("tagihan INV/20200824/XX/7781 belum lunas", "kode atau nomor tagihan"),
    ("pesanan TKP123ABC belum masuk", "kode atau nomor tagihan"),
    ("nama saya Rina Marlina belum dapat insentif", "nama orang"),
    ("siti belum bisa pilih kelas", "nama “siti”"),
    ("kata Pak Darmawan sudah cair", "nama “Darmawan”"),
    ("lihat https://contoh.id/gagal", "tautan"),
    ("pinnya 4471 kok salah", "OTP"),
]
CLEAN = [
    "saldo kepotong 300rb tapi kodenya belum ada",
    "[NIK] saya katanya sudah terdaftar",
    "Kak, gelombang 4 kapan dibuka?",
    "error 500 terus di sisnaker dari tanggal 20",
    "Pak admin tolong dicek",
]
LINES = KnownLines(
    [
        Line("kode otp buat beli kelas belum masuk", "purchase_otp"),
        Line("insentif sudah cair makasih", "thank"),
        Line("insentif belum cair", "incentive_not_received"),
        Line("otp checkout kok hilang", "purchase_otp", apart=True),
    ]
)


@pytest.mark.parametrize(("words", "why"), PERSONAL)
def test_words_with_somebodys_data_are_refused_and_say_which(words: str, why: str) -> None:
    with pytest.raises(NotLearnable, match="Masih ada") as refused:
        clean(words, ["Siti Rahmawati", "Sari Dewanti"])
    assert why in str(refused.value)


@pytest.mark.parametrize("words", CLEAN)
def test_ordinary_complaints_pass_with_amounts_days_and_placeholders(words: str) -> None:
    assert clean(f"- {words}\n", ["Siti Rahmawati"]) == words


@pytest.mark.parametrize(
    ("words", "intent", "why"),
    [
        ("Kode OTP buat beli kelas belum masuk!", "purchase_otp", "Sudah ada di teks latih sebagai OTP pembelian"),
        ("kode otp buat beli kelas belum masuk", "login_otp", "Satu kalimat tidak boleh dua maksud"),
        ("OTP checkout kok hilang??", "purchase_otp", "dipakai untuk menguji model"),
    ],
)
def test_a_line_that_is_there_already_is_refused(words: str, intent: str, why: str) -> None:
    with pytest.raises(NotLearnable, match=why):
        check_new(words, intent, LINES)


def test_the_nearest_line_is_the_one_that_says_the_same_and_not_its_opposite() -> None:
    nearest = LINES.nearest("insentif blm cair2 kak")
    assert [near.line.intent for near in nearest][:1] == ["incentive_not_received"]
    assert LINES.nearest("sertifikat salah nama") == ()


def test_the_real_training_text_is_read_as_data(tmp_path: Path) -> None:
    assert set(topics()) >= set(NAMES) - {"out_of_scope"}
    assert read_lines(tmp_path).taught == []


def test_an_intent_is_known_by_name_or_label_and_by_nothing_else() -> None:
    assert (known("gagal bayar"), known("payment_failed"), known(" Di luar layanan ")) == (
        "payment_failed",
        "payment_failed",
        "out_of_scope",
    )
    assert (known("gagal"), known("nlu_fallback"), known("")) == (None, None, None)
    assert likeliest("greet", None, ["greet", "thank", "apa"]) == ["greet", "thank"]


def test_thousands_of_look_alikes_compare_with_few() -> None:
    kinds = ["otp beli kelas", "saldo kepotong kode", "insentif gelombang cair", "sertifikat salah nama", "akun blokir"]
    said = [(str(at), f"{kinds[at % 5]} {'aduh ' * (at % 3)}kak sudah hari ke {at}") for at in range(5_000)]
    alikes = Alikes(said)
    words: dict[str, str] = dict(said)
    assert len(alikes) == 5_000
    assert alikes.compared <= 6 * len(said)
    assert all(len({words[it].split()[0] for it in group.ids}) == 1 for group in alikes.groups)
