"""The parts of a message that may each carry a problem of their own.

People put two complaints in one breath: "udah 3 hari ga bisa beli, otp jg ga masuk". Signs and linking words divide.
"""

import re
from typing import List

MOST_CLAUSES = 6
FEWEST_WORDS = 2

_DIVIDERS = re.compile(r"\s*(?:[.,;:!?\n/]+|\b(?:terus|dan|tapi|plus|kemudian|sekalian)\b)\s*")


def clauses_of(normalised: str) -> List[str]:
    """Return the clauses of a normalised message; an undivided message has none."""
    parts = [part for part in _DIVIDERS.split(normalised) if len(part.split()) >= FEWEST_WORDS]
    return parts[:MOST_CLAUSES] if len(parts) > 1 else []
