"""What the help desk itself knows when the rehearsal begins: open incidents, who is bound where, prepared replies."""

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from psycopg import Connection

from desk.answering.canned import Wanted
from desk.answering.examples import examples
from desk.incidents.scope import intents_of
from helpdesk.rehearsal_clock import OPENING
from records.models.base import new_id

BOUND_BY = "rehearsal"


def already_there(connection: Connection[Any]) -> bool:
    """Say whether this was written before: it is the last step, and one transaction."""
    found = connection.execute("SELECT 1 FROM identities WHERE bound_by = %s LIMIT 1", (BOUND_BY,)).fetchone()
    return found is not None


def write_records(connection: Connection[Any], folder: Path, now: datetime = OPENING) -> None:
    """Write the incidents told of by then, the bound identities and the prepared replies in one transaction."""
    with connection.cursor() as cursor:
        cursor.executemany(INCIDENT, [_incident(row) for row in _told(folder, now)])
        names = _names(folder)
        cursor.executemany(IDENTITY, [_identity(row, names) for row in _rows(folder / "identities.csv")])
        cursor.executemany(CANNED, [_canned(it) for it in examples()])
    connection.commit()


INCIDENT = """
INSERT INTO incidents (id, title, components, intents, platforms, partners, started_at, estimated_end_at, ended_at,
                       status, public_message, source, as_of)
VALUES (%(incident_id)s, %(title)s, %(components)s, %(intents)s, %(platforms)s, %(payment_partners)s, %(started_at)s,
        %(estimated_end)s, %(ended_at)s, %(status)s, %(public_message)s, %(source)s, %(as_of)s)
ON CONFLICT (id) DO NOTHING
"""

IDENTITY = """
INSERT INTO identities (id, channel, external_id, display_name, participant_id, bound_by, bound_at, phone_hash)
SELECT %(id)s, %(channel)s, %(external_id)s, %(name)s, p.id, %(bound_by)s, %(bound_at)s, p.phone_hash
FROM programme.participants p WHERE p.id = %(participant_id)s
ON CONFLICT (channel, external_id) DO UPDATE
   SET participant_id = excluded.participant_id, bound_by = excluded.bound_by, bound_at = excluded.bound_at,
       phone_hash = excluded.phone_hash
"""

CANNED = """
INSERT INTO canned_replies (id, shortcut, title, text, changed_at)
VALUES (%(id)s, %(shortcut)s, %(title)s, %(text)s, now()) ON CONFLICT DO NOTHING
"""


def _canned(it: Wanted) -> dict[str, Any]:
    return {"id": new_id(), "shortcut": it.shortcut, "title": it.title, "text": it.text}


def _told(folder: Path, now: datetime) -> Iterator[dict[str, str]]:
    """The incidents whose words somebody had said by then."""
    return (row for row in _rows(folder / "incidents.csv") if datetime.fromisoformat(row["as_of"]) <= now)


def _incident(row: dict[str, str]) -> dict[str, Any]:
    lists = {name: json.dumps(row[name].split("|") if row[name] else []) for name in ("components", "platforms")}
    # as the desk chooses where nobody does: whoever complains of it belongs to the incident
    lists["intents"] = json.dumps(intents_of(tuple(row["components"].split("|"))))
    lists["payment_partners"] = json.dumps(row["payment_partners"].split("|") if row["payment_partners"] else [])
    title = row["public_message"].split(",")[0].split(".")[0]
    return {**{name: value or None for name, value in row.items()}, **lists, "title": title}


def _identity(row: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    name = names.get(row["participant_id"])
    return {**row, "id": new_id(), "name": name, "bound_by": BOUND_BY}


def _names(folder: Path) -> dict[str, str]:
    """Return the names the named people have on their phones."""
    people = json.loads((folder / "people.json").read_text(encoding="utf-8"))
    return {person["participant_id"]: person["name"] for person in people if person["participant_id"]}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
