"""What readers call the values of every dimension: from the labels, and from the programme's own tables."""

from dataclasses import dataclass

from sqlalchemy import text

from records.database import ReadSession
from trends.labels import CHANNELS, INTENTS, NOT_NAMED, PLATFORMS, PROVINCES
from trends.within import LEFT_OUT, NONE

UNKNOWN = "Tidak diketahui"
NAMES = text("""
    SELECT 'institution' AS by, id AS key, COALESCE(institution_name, platform_name) AS name
    FROM programme.organisations WHERE institution_name IS NOT NULL
    UNION ALL SELECT 'partner', id, name FROM programme.payment_partners
    UNION ALL SELECT 'wave', wave::text, 'Gelombang ' || wave FROM programme.waves
    ORDER BY 1, 3
""")


@dataclass(frozen=True)
class Names:
    """Every value's name, by dimension; what has none is shown as it is."""

    of: dict[str, dict[str, str]]

    def __call__(self, by: str, key: str) -> str:
        """Return a name."""
        if key == NONE:
            return NOT_NAMED if by == "platform" else UNKNOWN
        if by == "wave":
            return f"Gelombang {key}"
        return self.of.get(by, {}).get(key, key)

    def offered(self, by: str) -> dict[str, str]:
        """Return what a filter offers, "unknown" last."""
        known = {key: name for key, name in self.of.get(by, {}).items() if not (by == "intent" and key in LEFT_OUT)}
        return known if by in ("intent", "channel") else {**known, NONE: self(by, NONE)}


async def names(session: ReadSession) -> Names:
    """Return the names of all values."""
    of: dict[str, dict[str, str]] = {
        "intent": INTENTS,
        "platform": PLATFORMS,
        "channel": CHANNELS,
        "province": PROVINCES,
    }
    waves: list[tuple[int, str]] = []
    for by, key, name in await session.execute(NAMES):
        if by == "wave":
            waves.append((int(key), name))
        else:
            of.setdefault(by, {})[key] = name
    return Names({**of, "wave": {str(wave): name for wave, name in sorted(waves)}})
