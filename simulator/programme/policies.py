"""Policy values with their dates and sources: the rows an answer quotes."""

from datetime import date

from simulator.programme.tables import Row

EIGHT = "tokopedia|maubelajarapa|bukalapak|pintaria|pijarmahir|sekolahmu|sisnaker|ruangguru"
SEVEN = EIGHT.removesuffix("|ruangguru")
SCHEME_2020, SCHEME_2023 = date(2020, 4, 11), date(2023, 1, 1)
BONGKAH, FAQ = "Bongkah.id, 4 Sep 2020", "prakerja.go.id tanya-jawab, 29 Nov 2023"
PERMENKO = "Permenko 11/2020"

_A, _B = date(2020, 9, 4), date(2023, 11, 29)
ROWS: tuple[tuple[str, str, date, date | None, str, date, str | None], ...] = (
    ("training_amount", "1000000", SCHEME_2020, SCHEME_2023, BONGKAH, _A, "biaya pelatihan, bukan uang tunai"),
    ("training_amount", "3500000", SCHEME_2023, None, "tirto.id, 2024", date(2024, 10, 1), "skema normal"),
    ("incentive_amount", "600000", SCHEME_2020, None, BONGKAH, _A, "insentif mencari kerja, per bulan"),
    ("incentive_count", "4", SCHEME_2020, SCHEME_2023, BONGKAH, _A, None),
    ("incentive_count", "1", SCHEME_2023, None, FAQ, _B, None),
    ("survey_amount", "50000", SCHEME_2020, None, "star.grid.id, 2020–2022", date(2022, 8, 31), None),
    ("survey_count", "3", SCHEME_2020, SCHEME_2023, "star.grid.id, 2020–2022", date(2022, 8, 31), None),
    ("survey_count", "2", SCHEME_2023, None, FAQ, _B, None),
    ("first_purchase_days", "30", SCHEME_2020, SCHEME_2023, PERMENKO, date(2020, 8, 24), None),
    ("first_purchase_days", "15", SCHEME_2023, None, "tribunnewswiki.com, 30 Apr 2023", date(2023, 4, 30), None),
    ("balance_cutoff", "12-15", SCHEME_2020, date(2021, 1, 1), f"{PERMENKO} ps. 19", date(2020, 8, 24), None),
    ("balance_cutoff", "2021-11-30", date(2021, 1, 1), date(2022, 1, 1), "kompas.com, 2021", date(2021, 11, 28), None),
    ("platforms", EIGHT, SCHEME_2020, date(2020, 9, 4), "goodmoneyID, 23 Apr 2020", date(2020, 4, 23), None),
    ("platforms", SEVEN, date(2020, 9, 4), date(2023, 4, 1), BONGKAH, _A, None),
    (
        *("payment_partners", "bni|ovo|gopay|linkaja", SCHEME_2020, date(2021, 8, 25)),
        *("beritadiy, 28 Sep 2020", date(2020, 9, 28), None),
    ),
    (
        *("payment_partners", "bni|ovo|gopay|linkaja|dana", date(2021, 8, 25), date(2023, 4, 6)),
        *("seputarlampung, 25 Agu 2021", date(2021, 8, 25), None),
    ),
    (
        *("payment_partners", "bni|ovo|gopay|linkaja|dana|bca", date(2023, 4, 6), None),
        *("surabaya.tribunnews.com, 6 Apr 2023", date(2023, 4, 6), None),
    ),
    ("review_location", "platform", SCHEME_2020, date(2021, 3, 18), "kontan.co.id, 2021", date(2021, 3, 18), None),
    ("review_location", "dashboard", date(2021, 3, 18), None, "kontan.co.id, 2021", date(2021, 3, 18), None),
    (
        *("channels", "call centre 021-25541246, Senin–Jumat 08–19", SCHEME_2020, date(2020, 8, 1)),
        *("batampos.co.id, 13 Apr 2020", date(2020, 4, 13), None),
    ),
    (
        *("channels", "info@prakerja.go.id", date(2020, 8, 1), date(2020, 10, 1)),
        *("kontan.co.id, 23 Agu 2020", date(2020, 8, 23), None),
    ),
    (
        *("channels", "0800-150-3001 (gratis), live chat, formulir web", date(2020, 10, 1), None),
        *("prakerja.go.id, 24 Mei 2021", date(2021, 5, 24), None),
    ),
)


def policy_rows() -> list[Row]:
    """List every policy value ever valid, oldest first within a key."""
    keys = ("key", "value", "valid_from", "valid_to", "source", "as_of", "note")
    return [dict(zip(keys, values, strict=True)) for values in ROWS]
