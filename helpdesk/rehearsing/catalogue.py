"""What people bought: a small catalogue of platforms, institutions and courses for a year that has none yet."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection

from helpdesk.rehearsing.words import COURSES
from simulator.programme.partners import PARTNERS, PLATFORMS, platform_role_rows
from simulator.programme.policies import policy_rows

INSTITUTIONS = (
    *("Karya Terampil", "Bina Cakap", "Cipta Usaha", "Ruang Mahir", "Mitra Belajar", "Sentra Kerja", "Nusa Pelatihan"),
    *("Griya Keterampilan", "Sinar Kompeten", "Prima Akademi", "Cendekia Kerja", "Pandu Karier", "Graha Usaha"),
    *("Tunas Terampil", "Merdeka Belajar Kerja", "Lentera Keahlian", "Sahabat UMKM", "Jaya Vokasi", "Bakti Kompetensi"),
)
ORGANISATION = """
    INSERT INTO programme.organisations (id, platform_name, platform_aliases, invoice_prefix)
    VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
INSTITUTION = """
    INSERT INTO programme.organisations (id, institution_name, institution_aliases, city)
    VALUES (%s, %s, '[]', 'Bandung') ON CONFLICT DO NOTHING
"""
ROLE = """
    INSERT INTO programme.organisation_roles (id, organisation_id, kind, valid_from, valid_to, announced_at, source)
    VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
PARTNER = """
    INSERT INTO programme.payment_partners (id, name, aliases, kind, valid_from, contact, source)
    VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING
"""
COURSE = """
    INSERT INTO programme.courses (code, title, institution_id, category, type, status, is_bundle)
    VALUES (%s, %s, %s, 'Lainnya', 'webinar', 'active', false) ON CONFLICT DO NOTHING
"""
POLICY = """
    INSERT INTO programme.policies (key, value, valid_from, valid_to, source, as_of, note)
    VALUES (%(key)s, %(value)s, %(valid_from)s, %(valid_to)s, %(source)s, %(as_of)s, %(note)s) ON CONFLICT DO NOTHING
"""
THERE = """
    SELECT code, title, institution_id FROM programme.courses
    WHERE status = 'active' AND NOT is_bundle ORDER BY code LIMIT 400
"""


@dataclass(frozen=True)
class Course:
    """Something to be bought."""

    code: str
    title: str
    price: int


def partners_on(at: datetime) -> list[str]:
    """Return who paid incentives out then."""
    return [key for key, _, _, _, since, *_ in PARTNERS if since <= at.date()]


def keep(connection: Connection) -> list[Course]:
    """Return the courses there are; where there are none, make a catalogue first."""
    for partner in PARTNERS:
        connection.execute(PARTNER, (*partner[:2], json.dumps(partner[2]), *partner[3:]))
    for key, (name, aliases, prefix) in PLATFORMS.items():
        connection.execute(ORGANISATION, (key, name, json.dumps(aliases), prefix))
    for row in policy_rows():
        connection.execute(POLICY, row)
    for row in platform_role_rows():
        keys = ("role_id", "organisation_id", "kind", "valid_from", "valid_to", "announced_at", "source")
        connection.execute(ROLE, [row.get(key) for key in keys])
    found = connection.execute(THERE).fetchall()
    if not found:
        for code, title, institution, name in _courses():
            connection.execute(INSTITUTION, (institution, name))
            connection.execute(COURSE, (code, title, institution))
        found = connection.execute(THERE).fetchall()
    return [Course(code, title, 150_000 + 25_000 * (number * 7 % 30)) for number, (code, title, _) in enumerate(found)]


def _courses() -> Iterator[tuple[str, str, str, str]]:
    for number, title in enumerate(COURSES):
        # a few institutions sell most
        place = int((number / len(COURSES)) ** 1.3 * len(INSTITUTIONS))
        yield f"Y{number + 1:04d}", title, f"YL{place + 1:02d}", INSTITUTIONS[place]
