"""`bench recovery`: fifty thousand people looked at again over the own tables, handed to the outbox, and stopped.

Everybody is bound, told of a payment that failed, and has a card; one in ten has paid and still waits for the code.
What replies wait while a broadcast goes out is measured by `bench broadcast`, over the channels themselves.
"""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from cryptography.fernet import Fernet
from sqlalchemy import text

from benchmarks.report import Tell
from checks.desk_records import Records
from checks.sources import Sources
from checks.wording import Wording
from desk.app import create_app
from desk.broadcasts import checking, making, running, steering
from desk.broadcasts.making import Given, first_texts
from desk.broadcasts.words import RECOVERY
from desk.office import Office
from desk.passwords import Passwords
from desk.people import add_staff, make_first_administrator
from desk.rechecking import Rechecking
from desk.sessions import Person
from records.bell import PostgresBell
from records.database import Database
from records.embedded import EmbeddedPostgres
from records.migrate import upgrade
from records.models import Broadcast, Staff
from records.sealed import Seal
from registry.identifiers import Keyed
from registry.own_tables import OwnTables

NOW = datetime(2020, 8, 31, 3, 0, tzinfo=UTC)
INCIDENT = "INC-BENCH"
PASSWORD = "sandi bangku uji 2020"
PEOPLE = """
INSERT INTO incidents (id, title, components, started_at, ended_at, status, public_message, source, as_of)
VALUES ('INC-BENCH', 'Pembelian terganggu', '["purchase"]', '2020-08-30 03:00+00', '2020-08-31 02:00+00', 'resolved',
        'Sudah pulih.', 'PMO', '2020-08-31 02:00+00');
INSERT INTO programme.loaded_files (file, rows, at, run_id)
SELECT file, 1, '2020-08-31 02:30+00', 1 FROM unnest(ARRAY['participants', 'cards', 'ledger_entries', 'purchases',
    'incentives', 'payout_accounts', 'wave_applications', 'courses', 'organisations', 'organisation_roles']) AS file;
INSERT INTO programme.organisations (id, platform_name, institution_name) VALUES ('tokopedia', 'Tokopedia', 'Lembaga');
INSERT INTO programme.courses (code, title, institution_id, type, status, is_bundle)
VALUES ('K-1', 'Digital Marketing', 'tokopedia', 'webinar', 'active', false);
INSERT INTO programme.participants (id, name, email_masked, phone_hash, phone_masked, account_status, verified_email,
    verified_ktp, verified_face, verified_nik_kk, registered_at)
SELECT 'P-' || n, 'Peserta', 'p***', 'h-' || n, '+62', 'verified', true, true, true, true, '2020-04-11'
FROM generate_series(1, {people}) n;
INSERT INTO programme.cards (id, participant_id, number_hash, last4, status, recipient_since, first_purchase_due)
SELECT 'K-' || n, 'P-' || n, 'k-' || n, '1234', 'active', '2020-08-13', '2020-09-20'
FROM generate_series(1, {people}) n;
INSERT INTO programme.ledger_entries (id, participant_id, kind, amount, at)
SELECT 'L-' || n, 'P-' || n, 'grant', 1000000, '2020-08-13' FROM generate_series(1, {people}) n;
INSERT INTO programme.purchases (id, participant_id, course_code, platform_id, price, state, invoice_code, selected_at,
    paid_at)
SELECT 'B-' || n, 'P-' || n, 'K-1', 'tokopedia', 300000,
       CASE WHEN n % 10 = 0 THEN 'paid_without_code' ELSE 'failed' END, 'INV-' || n, '2020-08-30 04:00+00',
       CASE WHEN n % 10 = 0 THEN timestamptz '2020-08-30 04:00+00' END
FROM generate_series(1, {people}) n;
INSERT INTO identities (id, channel, external_id, participant_id, bound_by, phone_hash)
SELECT gen_random_uuid(), 'telegram', n::text, 'P-' || n, 'telegram_contact', 'h-' || n
FROM generate_series(1, {people}) n;
INSERT INTO conversations (id, channel, external_id, identity_id, opened_at, last_inbound_at)
SELECT gen_random_uuid(), 'telegram', external_id, id, '2020-08-30 05:00+00', '2020-08-30 05:00+00' FROM identities;
INSERT INTO incident_people (incident_id, conversation_id, identity_id, participant_id, person_key, intent, platform,
    channel, first_at, last_at, joined_at, how)
SELECT 'INC-BENCH', c.id, i.id, i.participant_id, i.participant_id, 'payment_failed', 'tokopedia', 'telegram',
       c.opened_at, c.opened_at, c.opened_at, 'scope'
FROM conversations c JOIN identities i ON i.id = c.identity_id;
"""


def measure(bench: Path, *, people: int, tell: Tell) -> dict[str, object]:
    """Return people looked at a second, messages handed over a second, and how long a stop takes."""
    server = EmbeddedPostgres(bench / "recovery" / "postgres")
    server.prepare()
    process = server.start(bench / "recovery" / "log")
    try:
        name = f"recovery_{int(time.time())}"
        server.ensure_database(name)
        upgrade(server.url(name))
        return asyncio.run(_measured(server.url(name), people, tell))
    finally:
        EmbeddedPostgres.stop(process)


async def _measured(url: str, people: int, tell: Tell) -> dict[str, object]:
    tell(f"making {people} people")
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for statement in PEOPLE.format(people=people).split(";\n"):
            if statement.strip():
                connection.execute(statement.encode())
        connection.execute("ANALYZE")
    database = Database(url)
    try:
        return {"ours": await _recovered(_office(database), people, tell)}
    finally:
        await database.close()


async def _recovered(office: Office, people: int, tell: Tell) -> dict[str, object]:
    lela, rudi = await _two(office)
    began = time.monotonic()
    broadcast = await _made(office, lela)
    made = time.monotonic() - began
    checked = await _looked_at(office, broadcast)
    tell(f"{people / checked:.0f} people looked at a second")
    async with office.database.write() as session:
        await steering.approve(session, office.bell, broadcast, version=0, person=rudi, at=NOW)
    began, queued = time.monotonic(), 0
    while queued < min(2_000, people // 2):
        await running.run(office)
        queued = await _queued(office)
    handed = time.monotonic() - began
    began = time.monotonic()
    async with office.database.write() as session:
        withheld = await steering.stop(session, office.bell, broadcast, why="bangku uji", person=lela, at=NOW)
    stopped = time.monotonic() - began
    return {
        "people": people,
        "audience_seconds": round(made, 2),
        "seconds": round(checked, 1),
        "people_per_second": round(people / checked),
        "queued_per_second": round(queued / handed),
        "stop_seconds": round(stopped, 3),
        "withheld": withheld,
    }


def _office(database: Database) -> Office:
    key = Fernet.generate_key().decode()
    tables = OwnTables(database, lambda: NOW, Keyed(key))
    sources = Sources(tables, Records(database), lambda *_: None)
    app = create_app(
        database=database,
        clock=lambda: NOW,
        bell=PostgresBell(database.url),
        seal=Seal(key),
        rechecking=Rechecking(sources, Wording.read()),
        broadcasts_a_minute=600_000,
    )
    office: Office = app.state.office
    return office


async def _two(office: Office) -> tuple[Person, Person]:
    async with office.database.write() as session:
        given = {"name": "Ani", "password": PASSWORD, "at": NOW}
        ani = await make_first_administrator(session, Passwords(), username="ani", **given)  # type: ignore[arg-type]
        more = {"name": "Rudi", "role": "pmo", "password": PASSWORD, "by": "ani", "at": NOW}
        rudi = await add_staff(session, Passwords(), username="rudi", **more)  # type: ignore[arg-type]
    return _person(ani), _person(rudi)


def _person(staff: Staff) -> Person:
    return Person(staff.id, staff.username, staff.name, staff.role, "", "")


async def _made(office: Office, person: Person) -> UUID:
    given = Given("Kabar pulih", first_texts(RECOVERY), rate=600_000)
    async with office.database.write() as session:
        return await making.make(
            *(session, office.bell),
            key=uuid4(),
            kind=RECOVERY,
            given=given,
            person=person,
            at=NOW,
            fastest=600_000,
            incident_id=INCIDENT,
        )


async def _looked_at(office: Office, broadcast_id: UUID) -> float:
    async with office.database.read() as session:
        broadcast = await session.get_one(Broadcast, broadcast_id)
    began = time.monotonic()
    while await checking.check_some(office, broadcast):
        pass
    return time.monotonic() - began


async def _queued(office: Office) -> int:
    async with office.database.read() as session:
        return int(await session.scalar(text("SELECT count(*) FROM outbox WHERE priority = 2")) or 0)
