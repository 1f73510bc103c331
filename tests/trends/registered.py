"""A small programme for the trends: who is in which wave and province, is paid where, and bought what."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from records.database import Database

WHEN = datetime(2020, 6, 1, tzinfo=UTC)
PEOPLE = {
    "siti": {"wave": "4", "province": "32", "partner": "ovo"},
    "budi": {"wave": "4", "province": "94", "partner": "bni"},
    "dewi": {"wave": "-", "province": "-", "partner": "-"},
}
BOUGHT = {"siti": "kampus-a", "budi": "kampus-b"}
"""From whom each of them bought a course called like it."""
TABLES = """
    INSERT INTO programme.organisations (id, platform_name, institution_name)
    VALUES ('tokopedia', 'Tokopedia', NULL), ('kampus-a', NULL, 'Kampus A'), ('kampus-b', NULL, 'Kampus B');
    INSERT INTO programme.courses (code, title, institution_id, type, status, is_bundle)
    VALUES ('K-A', 'Kelas kampus-a', 'kampus-a', 'webinar', 'active', false),
           ('K-B', 'Kelas kampus-b', 'kampus-b', 'webinar', 'active', false);
    INSERT INTO programme.payment_partners (id, name, aliases, kind, valid_from, source)
    VALUES ('ovo', 'OVO', '[]', 'ewallet', '2020-04-01', 'uji'), ('bni', 'BNI', '[]', 'bank', '2020-04-01', 'uji');
"""
PERSON = text("""
    INSERT INTO programme.participants (id, name, email_masked, phone_hash, phone_masked, account_status,
        verified_email, verified_ktp, verified_face, verified_nik_kk, registered_at, recipient_wave, province)
    VALUES (:id, :id, '', :id, '', 'verified', true, true, true, true, :at, :wave, :province)
""")
ACCOUNT = text("""
    INSERT INTO programme.payout_accounts (id, participant_id, partner_id, last4, nik_matches, kyc, status)
    VALUES ('R-' || :id, :id, :partner, '0000', true, 'none', 'linked')
""")
PURCHASE = text("""
    INSERT INTO programme.purchases (id, participant_id, course_code, platform_id, price, state, selected_at)
    SELECT 'B-' || :id, :id, code, 'tokopedia', 100000, 'selected', :at
    FROM programme.courses WHERE institution_id = :institution
""")


async def register(database: Database) -> None:
    """Write the programme's tables."""
    async with database.write() as session:
        for statement in TABLES.split(";")[:-1]:
            await session.execute(text(statement))
        for name, it in PEOPLE.items():
            known: dict[str, Any] = {key: None if value == "-" else value for key, value in it.items()}
            wave = int(known["wave"]) if known["wave"] else None
            await session.execute(PERSON, {"id": name, "at": WHEN, "wave": wave, "province": known["province"]})
            if known["partner"]:
                await session.execute(ACCOUNT, {"id": name, "partner": known["partner"]})
            if name in BOUGHT:
                await session.execute(PURCHASE, {"id": name, "at": WHEN, "institution": BOUGHT[name]})


def found_purchase(name: str) -> list[dict[str, Any]]:
    """Return the finding of a check that found what somebody bought."""
    told = f"Kelas {BOUGHT[name]}, Tokopedia, Rp100.000: dipilih"
    return [{"check": "purchase", "evidence": [{"label": "Pembelian", "value": told, "source": "uji"}]}]
