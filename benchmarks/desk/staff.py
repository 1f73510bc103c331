"""The people of the big desk, signed in."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import psycopg

from desk.door import SESSION_COOKIE
from desk.sessions import hashed
from records.clock import system_clock


@dataclass(frozen=True)
class SignedIn:
    """A browser of somebody of the staff."""

    token: str
    csrf: str
    teams: frozenset[UUID]

    @property
    def headers(self) -> dict[str, str]:
        """What the browser sends with every request."""
        return {"cookie": f"{SESSION_COOKIE}={self.token}"}

    def opened(self, conversation: UUID) -> str:
        """Return the proof that this browser opened the conversation."""
        return hmac.new(self.csrf.encode(), f"glance:{conversation}".encode(), hashlib.sha256).hexdigest()


def sign_in(connection: psycopg.Connection, role: str, count: int) -> list[SignedIn]:
    """Sign so many people of a role in."""
    people = connection.execute(
        "SELECT s.id, array_agg(m.team_id) FROM staff s LEFT JOIN team_members m ON m.staff_id = s.id"
        " WHERE s.role = %s GROUP BY s.id, s.username ORDER BY s.username",
        (role,),
    ).fetchall()
    now, signed_in = system_clock(), []
    for number in range(count):
        token, (person, teams) = secrets.token_urlsafe(32), people[number % len(people)]
        connection.execute(
            "INSERT INTO staff_sessions (token_hash, staff_id, csrf_token, created_at, expires_at, last_seen_at)"
            " VALUES (%s, %s, %s, %s, %s, %s)",
            (hashed(token), person, token[:24], now, now + timedelta(hours=12), now),
        )
        signed_in.append(SignedIn(token, token[:24], frozenset(teams)))
    return signed_in
