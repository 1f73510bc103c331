"""What is wrong now, as the records say: the open alarms, for `helpdesk status` and `helpdesk doctor`."""

from dataclasses import dataclass

import psycopg

OPEN = """
    SELECT name, scope, severity, COALESCE(detail, ''), extract(epoch FROM now() - opened_at)
    FROM alarms WHERE closed_at IS NULL AND name <> 'lookups_locked' ORDER BY severity, name, scope
"""


@dataclass(frozen=True)
class OpenAlarm:
    """One alarm that is open."""

    name: str
    scope: str
    severity: str
    detail: str
    seconds: float

    def __str__(self) -> str:
        """Say it in a line."""
        about = f" {self.scope}" if self.scope else ""
        why = f": {self.detail}" if self.detail else ""
        return f"{self.name}{about} ({self.severity}, {self.seconds:.0f} s){why}"


def open_alarms(url: str) -> list[OpenAlarm] | None:
    """Return what is open; None where the records cannot be asked."""
    try:
        with psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=2) as records:
            return [OpenAlarm(row[0], row[1], row[2], row[3], float(row[4])) for row in records.execute(OPEN)]
    except psycopg.Error:
        return None
