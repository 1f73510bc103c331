"""What the desk wrote down of the year's outages: an incident each, resolved in the end, and the cases they caused."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta

import psycopg
from sqlalchemy import select

from desk.incidents.belonging import join
from helpdesk.rehearsing.outages import KNOWN, Outage
from records.database import Database
from records.models import Incident

NOTICED = timedelta(hours=1)
"""What was over sooner, nobody opened an incident for."""
LARGE = 6.0
INCIDENT = """
    INSERT INTO incidents (id, title, components, platforms, intents, channels, started_at, ended_at, status, severity,
                           public_message, source, as_of, joined_until)
    VALUES (%(id)s, %(title)s, %(components)s, %(platforms)s, %(intents)s, %(channels)s, %(begins)s, %(ends)s,
            'resolved', %(severity)s, %(said)s, %(source)s, %(ends)s, %(begins)s)
    ON CONFLICT (id) DO NOTHING
"""
CASES = """
    UPDATE tickets SET incident_id = %(id)s
    WHERE intent = ANY(%(names)s) AND opened_at BETWEEN %(begins)s AND %(ends)s AND incident_id IS NULL
      AND (%(platform)s::text IS NULL OR platform = %(platform)s)
      AND (%(channel)s::text IS NULL OR channel = %(channel)s)
"""
AGAIN = "UPDATE incidents SET joined_until = started_at WHERE status <> 'resolved' AND intents <> '[]'"
"""What goes on is looked at from its beginning: these were written later than they happened."""
SAID = "Sempat ada kendala sistem dan sudah pulih. Kalau masih terkendala, balas saja di sini ya, Kak."
SOURCE = "Gladi"


async def gather(database: Database, until: datetime) -> None:
    """Let everybody join whom an incident touched, as the desk's own round does where it runs."""
    async with database.write() as session:
        for incident in await session.scalars(select(Incident).where(Incident.intents != [])):
            await join(session, incident, now=until)
            incident.joined_until = until


def write_incidents(connection: psycopg.Connection, outages: Iterable[Outage]) -> None:
    """Write an incident for every outage that lasted, unless the rehearsal tells of it already."""
    for number, it in enumerate(outages, 1):
        if it.ends - it.begins < NOTICED:
            continue
        known = it in KNOWN
        values = {
            **{"id": f"INC-{it.begins:%Y-%m-%d}" + ("" if known else f"-G{number}"), "title": it.name},
            **{"components": json.dumps([it.component]), "platforms": json.dumps([it.platform] if it.platform else [])},
            **{"intents": json.dumps(it.intents), "channels": json.dumps([it.channel] if it.channel else [])},
            **{"severity": "critical" if known else "major" if it.size >= LARGE else "minor", "said": SAID},
            **{"begins": it.begins, "ends": it.ends, "source": SOURCE, "names": list(it.intents)},
            **{"platform": it.platform, "channel": it.channel},
        }
        connection.execute(INCIDENT.encode(), values)
        connection.execute(CASES.encode(), values)
    connection.execute(AGAIN.encode())
