"""Who works at the rehearsed desk: six teams, their agents and leads, one of the PMO; nobody can sign in as them."""

import json
from dataclasses import dataclass
from random import Random
from uuid import UUID

import psycopg

TEAMS = {
    "Transaksi": ("PMO_TRANSACTION",),
    "Akun": ("PMO_ACCOUNT",),
    "Insentif": ("PMO_INCENTIVE",),
    "Platform": ("PLATFORM",),
    "Pembayaran": ("PAYMENT_PARTNER",),
}
"""Besides the first team, which takes what is left."""
AGENTS = 200
LEADS = 8
WEIGHTS = (2, 8, 4, 4, 2, 1)
TEAM = """
    INSERT INTO teams (id, name, queues) VALUES (%s, %s, %s)
    ON CONFLICT (name) DO UPDATE SET name = EXCLUDED.name RETURNING id
"""
PERSON = """
    INSERT INTO staff (id, username, name, role, password_hash, created_at) VALUES (%s, %s, %s, %s, '!', '2020-03-01')
    ON CONFLICT (username) DO UPDATE SET username = EXCLUDED.username RETURNING id
"""
MEMBER = "INSERT INTO team_members (team_id, staff_id) VALUES (%s, %s) ON CONFLICT DO NOTHING"


@dataclass(frozen=True)
class Crew:
    """Who works here."""

    teams: dict[str, UUID]
    """By the queue that goes to it; "" is the first team."""
    agents: dict[UUID, list[UUID]]
    """By team."""

    def team(self, queue: str) -> UUID:
        """Return whose case one of this queue is."""
        return self.teams.get(queue, self.teams[""])


def hire(connection: psycopg.Connection, agents: int = AGENTS, leads: int = LEADS) -> Crew:
    """Make teams, agents (one a team at least), leads and one of the PMO, or find them again."""
    random = Random(7)
    row = connection.execute("SELECT id FROM teams WHERE is_default").fetchone()
    if row is None:
        raise LookupError("there is no first team")
    teams: dict[str, UUID] = {"": row[0]}
    for name, queues in TEAMS.items():
        teams |= dict.fromkeys(queues, _one(connection, TEAM, (_id(random), name, json.dumps(queues))))
    every = list(dict.fromkeys(teams.values()))
    agents = max(agents, len(every))
    crew = Crew(teams, {team: [] for team in every})
    for number in range(agents):
        team = every[number] if number < len(every) else random.choices(every, WEIGHTS)[0]
        person = _person(connection, random, f"petugas{number:03d}", "agent")
        connection.execute(MEMBER, (team, person))
        crew.agents[team].append(person)
    for number in range(agents, agents + leads):
        person = _person(connection, random, f"ketua{number:03d}", "lead")
        for team in every:
            connection.execute(MEMBER, (team, person))
    _person(connection, random, "pmo000", "pmo")
    return crew


def _person(connection: psycopg.Connection, random: Random, username: str, role: str) -> UUID:
    return _one(connection, PERSON, (_id(random), username, username.title(), role))


def _one(connection: psycopg.Connection, statement: str, values: tuple[object, ...]) -> UUID:
    row = connection.execute(statement.encode(), values).fetchone()
    if row is None:
        raise LookupError(statement)
    found: UUID = row[0]
    return found


def _id(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)
