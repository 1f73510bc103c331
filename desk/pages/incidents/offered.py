"""What the forms of incidents offer to tick, by their ids, as staff read them."""

from typing import Any

from sqlalchemy import text

from checks.system_status import COMPONENTS, EVERYTHING
from desk.incidents import words
from desk.incidents.reading import owners
from records.database import ReadSession
from trends.labels import CHANNELS, INTENTS, PLATFORMS
from trends.within import LEFT_OUT

KNOWN_PARTNERS = text("SELECT id, name FROM programme.payment_partners ORDER BY name")


async def offered(session: ReadSession) -> dict[str, Any]:
    """Return the choices."""
    partners = {row.id: row.name for row in await session.execute(KNOWN_PARTNERS)} or words.PARTNERS
    mostly = {intent: INTENTS[intent] for intent in COMPONENTS if intent in INTENTS}
    rest = {key: said for key, said in INTENTS.items() if key not in mostly and key not in LEFT_OUT}
    return {
        "components": {key: _begun(words.component_label(key)) for key in EVERYTHING},
        "intents": mostly,
        "other_intents": dict(sorted(rest.items(), key=lambda it: it[1])),
        "platforms": PLATFORMS,
        "partners": partners,
        "channels": CHANNELS,
        "owners": await owners(session),
    }


def _begun(label: str) -> str:
    return label[:1].upper() + label[1:]
