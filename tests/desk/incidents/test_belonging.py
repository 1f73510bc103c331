"""Who belongs to an incident: everybody the scope names, also those only the bot answered, and nobody else."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from desk.incidents.belonging import touched
from desk.incidents.counting import counted
from desk.incidents.joining import let_join
from desk.incidents.moving import Move, move
from records.models import AuditEntry, ChannelIdentity, IncidentPerson, Ticket, Turn
from tests.conftest import OPENING
from tests.desk.incidents.outage import CLOSING, SISNAKER, WORDS, Outage, narrowed

AN_HOUR = timedelta(hours=1)
YESTERDAY = OPENING - timedelta(days=1)


async def test_everybody_in_the_scope_belongs_to_it_also_those_only_the_bot_answered(outage: Outage) -> None:
    await outage.writes("dewi", "package_not_found", "sisnaker")
    await outage.writes("maya", "payment_failed", "sisnaker", channel="web")
    await outage.writes("lain", "certificate_missing", "sisnaker")
    await outage.writes("toko", "package_not_found", "tokopedia")
    await outage.writes("dulu", "package_not_found", "sisnaker", ago=timedelta(hours=7))
    opened = await outage.opens()
    assert await outage.inside(opened.incident.id) == {"siti", "dewi", "maya"}
    assert opened.people == 3


async def test_what_is_previewed_is_what_joins(outage: Outage) -> None:
    for who, channel in (("dewi", "telegram"), ("maya", "web"), ("agus", "web")):
        await outage.writes(who, "package_not_found", "sisnaker", channel=channel)
    async with outage.database.read() as session:
        seen = await touched(session, SISNAKER)
    opened = await outage.opens()
    async with outage.database.read() as session:
        found = await counted(session, opened.incident.id)
    assert (seen.conversations, seen.people, seen.with_case) == (4, 4, 1)
    assert (found.conversations, found.people, found.with_case) == (4, 4, 1)
    assert seen.channels == found.channels == (("telegram", 2), ("web", 2))


async def test_a_person_on_two_channels_is_counted_once_and_both_chats_belong_to_it(outage: Outage) -> None:
    await outage.writes("dewi", "package_not_found", "sisnaker", bound="P-77")
    await outage.writes("dewi-wa", "package_not_found", "sisnaker", channel="whatsapp", bound="P-77")
    opened = await outage.opens()
    async with outage.database.read() as session:
        found = await counted(session, opened.incident.id)
    assert (found.people, found.conversations) == (2, 3)


async def test_who_is_bound_later_is_counted_once_from_then_on(outage: Outage) -> None:
    await outage.writes("dewi", "package_not_found", "sisnaker", bound="P-77")
    await outage.writes("dewi-wa", "package_not_found", "sisnaker", channel="whatsapp")
    opened = await outage.opens()
    async with outage.database.write() as session:
        bound = update(ChannelIdentity).where(ChannelIdentity.external_id == "whatsapp-dewi-wa")
        await session.execute(bound.values(participant_id="P-77"))
    async with outage.database.read() as session:
        found = await counted(session, opened.incident.id)
    assert (found.people, found.conversations) == (2, 3)


async def test_who_named_no_platform_belongs_only_where_it_is_said_why_and_their_last_purchase_says_so(
    outage: Outage,
) -> None:
    for who, where in (("dewi", "sisnaker"), ("toko", "tokopedia")):
        await outage.writes(who, "package_not_found", None, bound=f"P-{who}")
        await outage.bought(f"P-{who}", "tokopedia" if where == "sisnaker" else "sisnaker", outage.now - 9 * AN_HOUR)
        await outage.bought(f"P-{who}", where, outage.now - 3 * AN_HOUR)
    await outage.writes("tanpa", "package_not_found", None, bound="P-tanpa")
    strict = await outage.opens()
    assert await outage.inside(strict.incident.id) == {"siti"}
    wide = await outage.opens(narrowed(by_purchase="Semua pesanan Sisnaker tertahan"))
    assert await outage.inside(wide.incident.id) == {"siti", "dewi"}
    person = await outage.person(wide.incident.id, "dewi")
    assert person
    assert (person.reason, person.platform) == ("Semua pesanan Sisnaker tertahan", None)
    named = await outage.person(wide.incident.id, "siti")
    assert named
    assert named.reason is None


async def test_a_partner_is_known_by_the_message_or_by_their_own_account(outage: Outage) -> None:
    named = [{"entity": "partner", "value": "ovo"}]
    turn_id = await outage.writes("dewi", "incentive_not_received", None)
    await outage.writes("maya", "incentive_not_received", None, bound="P-maya")
    await outage.writes("agus", "incentive_not_received", None, bound="P-agus")
    await outage.has_account("P-maya", "ovo")
    await outage.has_account("P-agus", "bni")
    async with outage.database.write() as session:
        await session.execute(update(Turn).where(Turn.id == turn_id).values(entities=named))
    scope = narrowed(components=("incentive",), intents=("incentive_not_received",), platforms=(), partners=("ovo",))
    opened = await outage.opens(scope)
    assert await outage.inside(opened.incident.id) == {"dewi", "maya"}


async def test_a_correction_decides_and_the_second_thing_said_counts(outage: Outage) -> None:
    wrong = await outage.writes("dewi", "package_not_found", "sisnaker")
    right = await outage.writes("maya", "certificate_missing", "sisnaker")
    await outage.writes("agus", "talk_to_human", "sisnaker", also=[{"name": "payment_failed", "confidence": 0.4}])
    async with outage.database.write() as session:
        for turn_id, intent in ((wrong, "certificate_missing"), (right, "package_not_found")):
            await session.execute(update(Turn).where(Turn.id == turn_id).values(corrected_intent=intent))
    opened = await outage.opens()
    assert await outage.inside(opened.incident.id) == {"siti", "maya", "agus"}


async def test_channels_narrow_it(outage: Outage) -> None:
    await outage.writes("maya", "package_not_found", "sisnaker", channel="web")
    opened = await outage.opens(narrowed(channels=("web",)))
    assert await outage.inside(opened.incident.id) == {"maya"}


async def test_open_cases_about_it_are_linked_and_all_others_stay_as_they_are(outage: Outage) -> None:
    await outage.writes("rina", "package_not_found", "sisnaker")
    other = await outage.opens(narrowed(platforms=("tokopedia",), intents=("payment_failed",), since=YESTERDAY))
    assert (await outage.linked())["budi"] == other.incident.id
    opened = await outage.opens(narrowed(platforms=(), since=YESTERDAY))
    assert opened.cases == 2
    linked = await outage.linked()
    # yanto's case is about it beside what it is mainly about; rina's own is about a code that did not come
    assert (linked["siti"], linked["yanto"]) == (opened.incident.id, opened.incident.id)
    assert (linked["rina"], linked["budi"]) == (None, other.incident.id)
    assert {"siti", "rina", "budi", "yanto"} == await outage.inside(opened.incident.id)


async def test_who_complains_later_joins_by_the_round_and_their_case_is_linked(outage: Outage) -> None:
    opened = await outage.opens(narrowed(platforms=("tokopedia",), intents=("payment_failed",), since=YESTERDAY))
    outage.now += timedelta(minutes=5)
    await outage.writes("dewi", "payment_failed", "tokopedia", ago=timedelta(seconds=3))
    await outage.writes("maya", "certificate_missing", "tokopedia", ago=timedelta(seconds=3))
    assert await let_join(outage) == 1  # type: ignore[arg-type]
    assert await outage.inside(opened.incident.id) == {"budi", "dewi"}
    assert await let_join(outage) == 0  # type: ignore[arg-type]


async def test_a_platform_named_later_and_a_late_correction_bring_people_in(outage: Outage) -> None:
    unnamed = await outage.writes("dewi", "package_not_found", None)
    wrong = await outage.writes("maya", "certificate_missing", "sisnaker")
    opened = await outage.opens()
    outage.now += AN_HOUR
    await outage.writes("dewi", "inform", "sisnaker", ago=timedelta(seconds=2))
    async with outage.database.write() as session:
        await session.execute(update(Turn).where(Turn.id == unnamed).values(platform="sisnaker"))
        await session.execute(update(Turn).where(Turn.id == wrong).values(corrected_intent="package_not_found"))
    assert await let_join(outage) == 2  # type: ignore[arg-type]
    assert await outage.inside(opened.incident.id) == {"siti", "dewi", "maya"}


async def test_nobody_joins_after_it_is_over_but_who_wrote_just_before_does(outage: Outage) -> None:
    opened = await outage.opens()
    outage.now += AN_HOUR
    await outage.writes("dewi", "package_not_found", "sisnaker", ago=timedelta(minutes=2))
    over = Move("resolved", CLOSING, as_of=outage.now)
    await outage.does(move, opened.incident.id, over, version=None)
    outage.now += AN_HOUR
    await outage.writes("maya", "package_not_found", "sisnaker", ago=timedelta(seconds=1))
    assert await let_join(outage) == 0  # type: ignore[arg-type]
    assert await outage.inside(opened.incident.id) == {"siti", "dewi"}


async def test_an_incident_that_gathers_nobody_is_left_alone(outage: Outage) -> None:
    async with outage.database.write() as session:
        await session.execute(
            text(
                "INSERT INTO incidents (id, title, components, started_at, status, public_message, source, as_of)"
                """ VALUES ('INC-1', 'Lama', '["purchase"]', '2020-01-01', 'confirmed', 'x', 'PMO', '2020-01-01')"""
            )
        )
    assert await let_join(outage) == 0  # type: ignore[arg-type]
    assert await outage.inside("INC-1") == set()


async def test_a_change_of_the_timeline_is_refused_by_the_database(outage: Outage) -> None:
    opened = await outage.opens()
    for statement in ("UPDATE incident_events SET said = 'lain'", "DELETE FROM incident_events"):
        with pytest.raises(Exception, match="append-only"):
            async with outage.database.write() as session:
                await session.execute(text(statement))
    [event] = await outage.events(opened.incident.id)
    assert (event.kind, event.said, event.as_of) == ("opened", WORDS, outage.now)


async def test_everything_of_the_opening_is_audited(outage: Outage) -> None:
    opened = await outage.opens()
    async with outage.database.read() as session:
        found = select(AuditEntry).where(AuditEntry.object == f"incident:{opened.incident.id}").order_by(AuditEntry.id)
        [entry] = list(await session.scalars(found))
    assert (entry.actor, entry.action, entry.detail["conversations"]) == ("lela", "incident_opened", 1)
    async with outage.database.read() as session:
        assert await session.scalar(select(Ticket.version).where(Ticket.number == outage.scene.tickets["siti"].number))
        assert await session.scalar(select(IncidentPerson.how)) == "scope"
