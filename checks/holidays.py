"""National holidays and collective leave (cuti bersama) of 2020 to 2024, as they were held: no working days.

Each year follows the last joint decree of three ministers (SKB 3 Menteri) for it; polling days follow a decree of the
president. Days at a weekend are listed too. Of a year that is not here only weekends are known.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Year:
    """The days off of one year, by month, and the decree that sets them."""

    source: str
    holidays: dict[int, tuple[int, ...]]
    collective_leave: dict[int, tuple[int, ...]]


YEARS: dict[int, Year] = {
    2020: Year(
        "SKB 728/2019, terakhir diubah SKB 744/2020, 05/2020, 06/2020 (1 Des 2020); Keppres 22/2020 (Pilkada)",
        {1: (1, 25), 3: (22, 25), 4: (10,), 5: (1, 7, 21, 24, 25), 6: (1,), 7: (31,), 8: (17, 20), 10: (29,)}
        | {12: (9, 25)},
        {8: (21,), 10: (28, 30), 12: (24, 31)},
    ),
    2021: Year(
        "SKB 642/2020, terakhir diubah SKB 712/2021, 1/2021, 3/2021 (18 Jun 2021)",
        {1: (1,), 2: (12,), 3: (11, 14), 4: (2,), 5: (1, 13, 14, 26), 6: (1,), 7: (20,), 8: (11, 17), 10: (20,)}
        | {12: (25,)},
        {5: (12,)},
    ),
    2022: Year(
        "SKB 963/2021, diubah SKB 375/2022, 1/2022, 1/2022 (7 Apr 2022)",
        {1: (1,), 2: (1, 28), 3: (3,), 4: (15,), 5: (1, 2, 3, 16, 26), 6: (1,), 7: (9, 30), 8: (17,), 10: (8,)}
        | {12: (25,)},
        {4: (29,), 5: (4, 5, 6)},
    ),
    2023: Year(
        "SKB 1066/2022, terakhir diubah SKB 624/2023, 2/2023, 2/2023 (16 Jun 2023)",
        {1: (1, 22), 2: (18,), 3: (22,), 4: (7, 22, 23), 5: (1, 18), 6: (1, 4, 29), 7: (19,), 8: (17,), 9: (28,)}
        | {12: (25,)},
        {1: (23,), 3: (23,), 4: (19, 20, 21, 24, 25), 6: (2, 28, 30), 12: (26,)},
    ),
    2024: Year(
        "SKB 855/2023, diubah SKB 236/2024, 1/2024, 2/2024; Keppres 10/2024 (Pemilu) dan 33/2024 (Pilkada)",
        {1: (1,), 2: (8, 10, 14), 3: (11, 29, 31), 4: (10, 11), 5: (1, 9, 23), 6: (1, 17), 7: (7,), 8: (17,), 9: (16,)}
        | {11: (27,), 12: (25,)},
        {2: (9,), 3: (12,), 4: (8, 9, 12, 15), 5: (10, 24), 6: (18,), 12: (26,)},
    ),
}


def day_off(day: date) -> bool:
    """Whether this is a national holiday or a day of collective leave."""
    year = YEARS.get(day.year)
    return year is not None and day.day in (
        *year.holidays.get(day.month, ()),
        *year.collective_leave.get(day.month, ()),
    )
