"""A channel that does not take what it is given is suspected by its own habit, and nothing else is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from desk.office import Office
from desk.rounds.detecting import Detection
from records.database import Database
from records.models import Suspicion
from tests.desk.conftest import Browse
from tests.desk.detection.days import House
from tests.desk.detection.test_detection import OUTAGE, Look, house, look, pass_by
from tests.desk.making import Scene

__all__ = ["house", "look"]
SEND = text("""
    WITH said AS (
        INSERT INTO messages (id, conversation_id, direction, author, text, created_at)
        SELECT gen_random_uuid(), id, 'out', 'bot', 'Baik, Kak.', CAST(:at AS timestamptz) FROM conversations
        WHERE channel = :channel AND external_id LIKE 'orang-%' LIMIT :count RETURNING id, conversation_id, created_at
    )
    INSERT INTO outbox (id, message_id, conversation_id, channel, payload, author, owner_version, status, created_at,
                        settled_at)
    SELECT gen_random_uuid(), id, conversation_id, :channel, '{"text": "Baik, Kak."}', 'bot', 0, :status, created_at,
           CAST(:settled AS timestamptz) FROM said
""")


async def sends(
    house: House, channel: str, status: str, count: int, *, ago: timedelta = timedelta(0), settled: bool = False
) -> None:
    """So many messages were sent on a channel, and this became of them."""
    at = house.now - ago
    given = {"at": at, "channel": channel, "status": status, "count": count, "settled": at if settled else None}
    async with house.database.write() as session:
        await session.execute(SEND, given)


async def failing(house: House, look: Look, channel: str, status: str, count: int, minutes: int = 5) -> list[Suspicion]:
    """Every minute so many fail, with the desk looking after each."""
    found: list[Suspicion] = []
    for _ in range(minutes):
        await sends(house, channel, status, count)
        found = await pass_by(house, look, 1)
    return found


@pytest.mark.parametrize("status", ["refused", "unknown"])
async def test_a_channel_that_takes_nothing_is_suspected_alone_and_over_when_it_takes_again(
    house: House, look: Look, status: str
) -> None:
    assert await pass_by(house, look, 5) == []
    began = house.now
    (found,) = await failing(house, look, "whatsapp", status, 4)
    assert (found.kind, found.channel, found.intent, found.platform, found.source) == (
        *("sends", "whatsapp", None, None, None),
    )
    assert abs(found.began_at - began) <= timedelta(minutes=2)
    assert found.observed >= 5 > 3 * found.expected
    (over,) = await pass_by(house, look, 40)
    assert (over.id, over.status) == (found.id, "over")
    both = await failing(house, look, "whatsapp", status, 4)
    assert [it.status for it in both] == ["over", "open"]
    assert over.over_at is not None
    assert both[1].began_at > over.over_at


async def test_another_desk_that_takes_over_tells_nothing_again(
    house: House, look: Look, app: FastAPI, database: Database
) -> None:
    await pass_by(house, look, 5)
    await failing(house, look, "whatsapp", "refused", 4)
    (over,) = await pass_by(house, look, 30)
    assert over.status == "over"
    office: Office = replace(app.state.office, clock=house.clock, real_clock=house.clock)
    for _ in range(5):
        await house.minutes(1)
        assert await Detection().run(office) == 0


async def test_what_was_sent_and_what_somebody_settled_is_no_failure(house: House, look: Look) -> None:
    await pass_by(house, look, 3)
    for status in ("sent", "delivered", "read", "due"):
        await sends(house, "whatsapp", status, 60)
    await sends(house, "whatsapp", "refused", 60, settled=True)
    assert await pass_by(house, look, 3) == []


async def test_what_always_fails_on_one_channel_is_a_rise_on_another(house: House, look: Look) -> None:
    for day in range(1, 15):
        for hour in range(12):
            await sends(house, "telegram", "refused", 3, ago=timedelta(days=day, hours=hour - 10))
    await pass_by(house, look, 3)
    busy = tuple(("wave_schedule", None, channel, 4.0) for channel in ("telegram", "whatsapp"))
    for _ in range(10):
        for channel in ("telegram", "whatsapp"):
            await sends(house, channel, "refused", 1)
        found = await pass_by(house, look, 1, *busy)
    assert [it.channel for it in found if it.kind == "sends"] == ["whatsapp"]


async def test_two_channels_that_fail_are_two_suspicions_and_complaints_a_third(house: House, look: Look) -> None:
    await pass_by(house, look, 5)
    for _ in range(8):
        await sends(house, "whatsapp", "refused", 4)
        await sends(house, "telegram", "unknown", 4)
        found = await pass_by(house, look, 1, OUTAGE)
    kinds = sorted((it.kind, it.channel) for it in found if it.kind == "sends")
    assert kinds == [("sends", "telegram"), ("sends", "whatsapp")]
    assert [it.kind for it in found if it.kind != "sends"] == ["complaints"]


async def test_the_pages_call_it_failing_sends_and_offer_an_incident_about_them(
    house: House, look: Look, scene: Scene, browse: Browse, database: Database
) -> None:
    await pass_by(house, look, 3)
    (found,) = await failing(house, look, "whatsapp", "refused", 6)
    rudi = await browse(scene, "rudi")
    listed = (await rudi.get("/dugaan")).text
    assert "Pengiriman gagal" in listed
    assert "WhatsApp" in listed
    shown = await rudi.get(f"/dugaan/{found.id}")
    assert shown.status_code == 200
    assert "Pengiriman gagal" in shown.text
    form = (await rudi.get(f"/insiden/baru?dugaan={found.id}")).text
    assert "Pengiriman gagal lewat WhatsApp" in form
    assert "sedang gagal terkirim" in form
