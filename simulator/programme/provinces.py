"""Where participants live: provinces by their numbers in the national statistics, drawn by how many people live there.

The 34 provinces of 2020; thousands of inhabitants by the census of September 2020 (Badan Pusat Statistik).
"""

from random import Random

THOUSANDS = {
    **{"11": 5_275, "12": 14_799, "13": 5_535, "14": 6_394, "15": 3_548, "16": 8_467, "17": 2_011, "18": 9_008},
    **{"19": 1_456, "21": 2_065, "31": 10_562, "32": 48_274, "33": 36_516, "34": 3_669, "35": 40_666, "36": 11_905},
    **{"51": 4_317, "52": 5_320, "53": 5_326, "61": 5_414, "62": 2_670, "63": 4_074, "64": 3_766, "65": 702},
    **{"71": 2_622, "72": 2_986, "73": 9_074, "74": 2_625, "75": 1_172, "76": 1_419, "81": 1_849, "82": 1_283},
    **{"91": 1_134, "94": 4_304},
}
NOT_GIVEN = 0.03
"""So many in a hundred have none on record."""


def province(number: int) -> str | None:
    """Draw where participant so-and-so lives, by nothing but their number: nothing else is drawn differently for it."""
    random = Random(f"province {number}")  # noqa: S311 (a scene, not a secret)
    if random.random() < NOT_GIVEN:
        return None
    return random.choices(tuple(THOUSANDS), tuple(THOUSANDS.values()))[0]
