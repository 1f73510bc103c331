"""National holidays and collective leave (cuti bersama) of 2020 to 2024, as they were held: no working days.

Each year follows the last joint decree of three ministers (SKB 3 Menteri) for it; polling days follow a decree of the
president. Days at a weekend are listed too. Of a year that is not here only weekends are known, and whoever counts with
it says so. What staff change on the desk is kept in the records and goes before this.
"""

from dataclasses import dataclass
from datetime import date

COLLECTIVE = "Cuti bersama"


@dataclass(frozen=True)
class Year:
    """The days off of one year by month and day, and the decree that sets them."""

    source: str
    days: dict[tuple[int, int], str]


FIXED = {
    (1, 1): "Tahun Baru",
    (5, 1): "Hari Buruh",
    (6, 1): "Hari Lahir Pancasila",
    (8, 17): "Hari Kemerdekaan",
    (12, 25): "Natal",
}


def _year(source: str, holidays: dict[str, str], leave: dict[str, str]) -> Year:
    """Read days written as `8/17`, several with a space between them."""
    days = dict(FIXED)
    for name, written in (*holidays.items(), *((f"{COLLECTIVE} {name}", days) for name, days in leave.items())):
        for said in written.split():
            month, day = said.split("/")
            days[int(month), int(day)] = name
    return Year(source, days)


YEARS: dict[int, Year] = {
    2020: _year(
        "SKB 728/2019, terakhir diubah SKB 744/2020, 05/2020, 06/2020 (1 Des 2020); Keppres 22/2020 (Pilkada)",
        {
            "Tahun Baru Imlek": "1/25",
            "Isra Mikraj": "3/22",
            "Nyepi": "3/25",
            "Wafat Isa Almasih": "4/10",
            "Waisak": "5/7",
            "Kenaikan Isa Almasih": "5/21",
            "Idulfitri": "5/24 5/25",
            "Iduladha": "7/31",
            "Tahun Baru Islam": "8/20",
            "Maulid Nabi": "10/29",
            "Pilkada": "12/9",
        },
        {"Tahun Baru Islam": "8/21", "Maulid Nabi": "10/28 10/30", "Natal": "12/24", "Idulfitri": "12/31"},
    ),
    2021: _year(
        "SKB 642/2020, terakhir diubah SKB 712/2021, 1/2021, 3/2021 (18 Jun 2021)",
        {
            "Tahun Baru Imlek": "2/12",
            "Isra Mikraj": "3/11",
            "Nyepi": "3/14",
            "Wafat Isa Almasih": "4/2",
            "Idulfitri": "5/13 5/14",
            "Waisak": "5/26",
            "Iduladha": "7/20",
            "Tahun Baru Islam": "8/11",
            "Maulid Nabi": "10/20",
        },
        {"Idulfitri": "5/12"},
    ),
    2022: _year(
        "SKB 963/2021, diubah SKB 375/2022, 1/2022, 1/2022 (7 Apr 2022)",
        {
            "Tahun Baru Imlek": "2/1",
            "Isra Mikraj": "2/28",
            "Nyepi": "3/3",
            "Wafat Isa Almasih": "4/15",
            "Idulfitri": "5/2 5/3",
            "Waisak": "5/16",
            "Kenaikan Isa Almasih": "5/26",
            "Iduladha": "7/9",
            "Tahun Baru Islam": "7/30",
            "Maulid Nabi": "10/8",
        },
        {"Idulfitri": "4/29 5/4 5/5 5/6"},
    ),
    2023: _year(
        "SKB 1066/2022, terakhir diubah SKB 624/2023, 2/2023, 2/2023 (16 Jun 2023)",
        {
            "Tahun Baru Imlek": "1/22",
            "Isra Mikraj": "2/18",
            "Nyepi": "3/22",
            "Wafat Isa Almasih": "4/7",
            "Idulfitri": "4/22 4/23",
            "Kenaikan Isa Almasih": "5/18",
            "Waisak": "6/4",
            "Iduladha": "6/29",
            "Tahun Baru Islam": "7/19",
            "Maulid Nabi": "9/28",
        },
        {
            "Tahun Baru Imlek": "1/23",
            "Nyepi": "3/23",
            "Idulfitri": "4/19 4/20 4/21 4/24 4/25",
            "Waisak": "6/2",
            "Iduladha": "6/28 6/30",
            "Natal": "12/26",
        },
    ),
    2024: _year(
        "SKB 855/2023, diubah SKB 236/2024, 1/2024, 2/2024; Keppres 10/2024 (Pemilu) dan 33/2024 (Pilkada)",
        {
            "Isra Mikraj": "2/8",
            "Tahun Baru Imlek": "2/10",
            "Pemilu": "2/14",
            "Nyepi": "3/11",
            "Wafat Yesus Kristus": "3/29",
            "Paskah": "3/31",
            "Idulfitri": "4/10 4/11",
            "Kenaikan Yesus Kristus": "5/9",
            "Waisak": "5/23",
            "Iduladha": "6/17",
            "Tahun Baru Islam": "7/7",
            "Maulid Nabi": "9/16",
            "Pilkada": "11/27",
        },
        {
            "Tahun Baru Imlek": "2/9",
            "Nyepi": "3/12",
            "Idulfitri": "4/8 4/9 4/12 4/15",
            "Kenaikan Yesus Kristus": "5/10",
            "Waisak": "5/24",
            "Iduladha": "6/18",
            "Natal": "12/26",
        },
    ),
}


def holiday(day: date) -> str | None:
    """Return what makes this a national holiday or a day of collective leave, or None."""
    year = YEARS.get(day.year)
    return year.days.get((day.month, day.day)) if year else None
