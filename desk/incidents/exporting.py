"""The people of an incident to take away: the rows of its list under the same filters, in the same order."""

from sqlalchemy import select, text

from desk.incidents.counting import HELPED, UNHELPED
from desk.incidents.people import FIXED, KINDS, NOT_FIXED, Asked
from trends.exporting.chosen import KEY, Chosen

# the case is one of this incident; how many complaints each wrote is not counted for a list that is not about words
KEYS = """
    SELECT p.conversation_id,
           (SELECT t.id FROM tickets t WHERE t.conversation_id = p.conversation_id AND t.incident_id = p.incident_id
            ORDER BY t.opened_at DESC LIMIT 1) AS ticket_id,
           p.turn_id, p.first_at, p.last_at, CAST(NULL AS integer) AS written,
           array_remove(ARRAY[p.intent], NULL) AS intents, ARRAY[COALESCE(p.platform, '-')] AS platforms
    FROM incident_people p WHERE p.incident_id = :incident AND {kind} {channel}
"""


def people_of(incident_id: str, asked: Asked) -> Chosen:
    """Return the conversations of the list."""
    given: dict[str, object] = {"incident": incident_id}
    parts = {"kind": KINDS[asked.kind], "channel": ""}
    if asked.kind in (FIXED, NOT_FIXED):
        given |= {"recovery": asked.recovery, "states": list(HELPED if asked.kind == FIXED else UNHELPED)}
    if asked.channel:
        parts["channel"], given["channel"] = "AND p.channel = :channel", asked.channel
    rows = text(KEYS.format(**parts)).bindparams(**given).columns(*KEY).subquery("listed")
    return Chosen(select(*rows.c).order_by(rows.c.first_at.desc(), rows.c.conversation_id.desc()))
