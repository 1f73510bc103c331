"""Nothing personal gets past the mask, and nothing useful is lost by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.masking import mask

CASES = [
    ("nik saya 3171234507900001 kok ditolak", "nik saya [NIK] kok ditolak", ("NIK",)),
    ("KTP: 3171 2345 0790 0001", "KTP: [NIK]", ("NIK",)),
    ("nomor kartu prakerja 8888-1234-5678-9012 ditolak", "nomor kartu prakerja [KARTU] ditolak", ("KARTU",)),
    ("kartu8888.1234.5678.9012gagal", "kartu[KARTU]gagal", ("KARTU",)),
    ("8888999977776666", "[NOMOR16]", ("NOMOR16",)),
    ("3171\n2345\n0790\n0001", "[NIK]", ("NIK",)),
    ("wa saya 0812-3456-7890 ya min", "wa saya [TELEPON] ya min", ("TELEPON",)),
    ("hubungi +62 812 3456 7890", "hubungi [TELEPON]", ("TELEPON",)),
    ("email budi.s@contoh.co.id ga bisa", "email [EMAIL] ga bisa", ("EMAIL",)),
    ("rek bni 0123456789 gagal", "rek bni [REKENING] gagal", ("REKENING",)),
    ("otp saya 482913 ditolak terus", "otp saya [OTP] ditolak terus", ("OTP",)),
    ("kode otp nya 4829 13", "kode otp nya [OTP]", ("OTP",)),
    ("482913 itu otp nya min", "[OTP] itu otp nya min", ("OTP",)),
    ("pin: 1234", "pin: [OTP]", ("OTP",)),
    ("password saya: Rahasia99", "password saya: [SANDI]", ("SANDI",)),
    ("kode redeem A1B2C3D4E5F6 ditolak", "kode redeem [KODE] ditolak", ("KODE",)),
    ("tiga dua nol satu lima enam tujuh delapan sembilan nol satu dua", "[NOMOR16]", ("NOMOR16",)),
]


@pytest.mark.parametrize(("said", "heard", "kinds"), CASES)
def test_personal_data_is_replaced(said: str, heard: str, kinds: tuple[str, ...]) -> None:
    masked = mask(said)
    assert masked.text == heard
    assert masked.kinds == kinds


@pytest.mark.parametrize(
    "said",
    [
        "saldo kepotong 300rb tp kode vouchernya ga ada",
        "insentif 600.000 x 4 bulan belum cair",
        "invoice TOKPED-XB9C89BXBJL7X udah lunas",
        "gelombang 5 tutup tgl 23/8/2020 jam 12.00",
        "tiket T-100001 gimana",
        "error ERRPLT40036 pas bayar",
        "otp ga masuk udah 3 hari",
        "totalnya Rp3.550.000 ya",
        "pin bni saya lupa, 2 minggu ga bisa masuk",
    ],
)
def test_what_is_not_personal_stays(said: str) -> None:
    assert mask(said).text == said


@given(st.text(max_size=60), st.from_regex(r"[1-9][0-9]{15}", fullmatch=True), st.sampled_from(["", " ", "-", "."]))
def test_no_sixteen_digits_survive_whatever_surrounds_them(around: str, digits: str, separator: str) -> None:
    shown = separator.join(digits[i : i + 4] for i in range(0, 16, 4))
    masked = mask(f"{around} x{shown}x {around}")
    assert shown not in masked.text


def test_masking_twice_changes_nothing() -> None:
    for said, heard, _ in CASES:
        assert mask(mask(said).text).text == heard
