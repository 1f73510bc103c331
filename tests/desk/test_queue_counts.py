"""The counts of the queue are its rows, for any cases and any filter: against a plain model that looks at each case."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from desk.queue.filter import Filter
from desk.queue.folding import fold
from desk.queue.promise import promise_state
from desk.sessions import Person
from records.clock import Clock
from records.database import Database
from records.models import ChannelIdentity, Conversation, Incident, ResolvedCount, Team, TeamMember, Ticket
from tests.desk.making import Scene
from tests.desk.queueing import asked, counted, person_of, team_tab

NAMES = ("Siti Aminah", "Budi Santoso", "Sari Dewi")
CHANNELS = ("telegram", "whatsapp")
TEAMS = ("kita", "rekan", "lain")
"""Sari is in the first two."""
CASE = {
    "team": st.sampled_from(TEAMS),
    "holder": st.sampled_from(("sari", "joko")),
    "status": st.sampled_from(("open", "claimed", "resolved")),
    "queue": st.sampled_from(("PMO_ACCOUNT", "PMO_TRANSACTION")),
    "intent": st.sampled_from(("login_failed", "payment_failed")),
    "platform": st.sampled_from((None, "tokopedia", "pijar")),
    "channel": st.sampled_from(CHANNELS),
    "priority": st.sampled_from(("normal", "high", "urgent")),
    "wave": st.sampled_from((None, 3, 4)),
    "incident": st.sampled_from((None, "ins-1")),
    "tags": st.lists(st.sampled_from(("vip", "refund")), unique=True),
    "name": st.sampled_from(NAMES),
    "opened": st.integers(1, 500),
    "promised": st.integers(-60, 400),
    "replied": st.booleans(),
    "waiting": st.none() | st.integers(0, 300),
    "snoozed": st.none() | st.integers(-30, 30),
}
FILTER = {
    "queue": st.sampled_from(("", "PMO_ACCOUNT")),
    "intent": st.sampled_from(("", "login_failed")),
    "platform": st.sampled_from(("", "tokopedia")),
    "channel": st.sampled_from(("", *CHANNELS)),
    "priority": st.sampled_from(("", "urgent", "normal")),
    "wave": st.sampled_from((None, None, 3)),
    "incident_id": st.sampled_from(("", "", "ins-1")),
    "tag": st.sampled_from(("", "", "vip")),
    "waiting": st.sampled_from((None, None, timedelta(hours=1))),
    "endangered": st.booleans(),
    "team": st.sampled_from((None, *TEAMS)),
    "words": st.sampled_from(("", "", "si", "sa", "sari de", "aminah", "zzz")),
}


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cases=st.lists(st.fixed_dictionaries(CASE), max_size=8),
    moved=st.lists(st.sampled_from(("resolve", "reopen", "tag", "team", "remove", "fold")), max_size=4),
    wanted=st.lists(st.fixed_dictionaries({}, optional=FILTER), min_size=1, max_size=3),
    who=st.sampled_from(("sari", "ani")),
)
async def test_every_count_is_its_rows_and_both_are_what_a_plain_look_finds(
    database: Database,
    scene: Scene,
    clock: Clock,
    cases: list[dict[str, Any]],
    moved: list[str],
    wanted: list[dict[str, Any]],
    who: str,
) -> None:
    teams = await teams_there(database, scene, clock())
    kept = [await opened(database, scene, clock(), case, teams) for case in cases]
    for number, change in enumerate(moved):
        await moving(database, kept, number, change, teams)
    person = await person_of(database, scene.staff[who])
    there = await everything(database)
    for each in wanted:
        team = each.pop("team", None)
        filter = Filter(**each, team_id=teams[team] if team else None)
        numbers = await counted(database, person, clock(), filter)
        for tab, number in numbers.items():
            model = sorted(case.number for case, name in there if looks(case, name, filter, tab, person, clock()))
            rows = sorted(line.number for line in await asked(database, person, clock(), tab, filter))
            assert (number, rows) == (len(model), model), (tab, filter)


async def everything(database: Database) -> list[tuple[Ticket, str]]:
    """Every case with the name of its participant."""
    named = select(Ticket, ChannelIdentity.display_name).join(Conversation, Conversation.id == Ticket.conversation_id)
    async with database.read() as session:
        found = await session.execute(named.join(ChannelIdentity, ChannelIdentity.id == Conversation.identity_id))
        return [(case, name or "") for case, name in found]


def looks(case: Ticket, name: str, it: Filter, tab: str, person: Person, now: datetime) -> bool:
    """The rules in plain words."""
    mine = case.status == "claimed" and case.staff_id == person.id
    readable = mine or (person.role == "agent" and case.team_id in person.teams)
    if not readable and person.role != "admin":
        return False
    asleep = case.snoozed_until is not None and case.snoozed_until > now
    unresolved = case.status != "resolved"
    in_tab = {
        "saya": mine and not asleep,
        "belum-diambil": case.status == "open" and not asleep,
        "semua": unresolved,
        "insiden": unresolved and case.incident_id is not None,
        "ditunda": unresolved and asleep,
        "selesai": not unresolved,
        team_tab(case.team_id): unresolved and not asleep,
    }
    equal = (
        *((it.queue, case.queue), (it.intent, case.intent), (it.platform, case.platform), (it.channel, case.channel)),
        *((it.priority, case.priority), (it.wave, case.wave), (it.team_id, case.team_id)),
        (it.incident_id, case.incident_id),
    )
    called = it.words.split()
    return (
        in_tab.get(tab, False)
        and all(value == has for value, has in equal if value)
        and (not it.tag or it.tag in case.tags)
        and (
            not it.waiting or (unresolved and case.waiting_since is not None and case.waiting_since < now - it.waiting)
        )
        and (not it.endangered or (unresolved and promise_state(case, now) in {"endangered", "broken"}))
        and (not called or (readable and all(any(w.startswith(p) for w in name.lower().split()) for p in called)))
    )


async def teams_there(database: Database, scene: Scene, now: datetime) -> dict[str, UUID]:
    """Three teams, Sari in two of them, and an incident; cases of earlier examples stay and count as well."""
    incident = {"id": "ins-1", "title": "Gangguan", "components": ["otp"], "started_at": now, "as_of": now}
    told = {"status": "confirmed", "public_message": "Sedang diperbaiki.", "source": "petugas"}
    async with database.write() as session:
        await session.execute(insert(Incident).values(**incident, **told).on_conflict_do_nothing())
        await session.execute(insert(Team).values([{"name": name} for name in TEAMS]).on_conflict_do_nothing())
        found = await session.execute(select(Team.name, Team.id).where(Team.name.in_(TEAMS)))
        made = dict(found.all())
        theirs = [{"team_id": made[name], "staff_id": scene.staff["sari"].id} for name in TEAMS[:2]]
        await session.execute(insert(TeamMember).values(theirs).on_conflict_do_nothing())
    return made


async def opened(database: Database, scene: Scene, now: datetime, it: dict[str, Any], teams: dict[str, UUID]) -> UUID:
    """Write one case down as it is."""

    def ago(minutes: int | None) -> datetime | None:
        return None if minutes is None else now - timedelta(minutes=minutes)

    key, status = uuid4(), it["status"]
    async with database.write() as session:
        who = ChannelIdentity(channel=it["channel"], external_id=str(key), display_name=it["name"])
        session.add(who)
        await session.flush()
        chat = Conversation(channel=it["channel"], external_id=str(key), identity_id=who.id, opened_at=now)
        session.add(chat)
        await session.flush()
        case = Ticket(
            **{name: it[name] for name in ("status", "queue", "intent", "platform", "priority", "wave", "tags")},
            **{"id": key, "conversation_id": chat.id, "opened_by_turn": uuid4(), "summary": "", "reason": ""},
            team_id=teams[it["team"]],
            staff_id=scene.staff[it["holder"]].id if status == "claimed" else None,
            incident_id=it["incident"],
            opened_at=ago(it["opened"]),
            promised_at=now + timedelta(minutes=it["promised"]),
            first_reply_at=ago(0) if it["replied"] else None,
            resolved_at=now if status == "resolved" else None,
            waiting_since=ago(it["waiting"]) if status != "resolved" else None,
            snoozed_until=ago(it["snoozed"]) if status != "resolved" else None,
        )
        session.add(case)
    return key


async def moving(database: Database, kept: list[UUID], number: int, change: str, teams: dict[str, UUID]) -> None:
    """Something becomes of a case: the counts have to follow."""
    if change == "fold":
        async with database.write() as session:
            await session.execute(text("SELECT fold_resolved_counts()"))
    if not kept:
        return
    which = Ticket.id == kept[number % len(kept)]
    values: dict[str, dict[str, Any]] = {
        "resolve": {"status": "resolved", "resolved_at": text("opened_at"), "staff_id": None},
        "reopen": {"status": "open", "resolved_at": None, "staff_id": None},
        "tag": {"tags": ["vip"]},
        "team": {"team_id": teams["lain"]},
    }
    async with database.write() as session:
        if change in values:
            await session.execute(update(Ticket).where(which).values(**values[change]))
        elif change == "remove":
            await session.execute(delete(Ticket).where(which))


async def test_counts_are_put_together_when_enough_have_gathered_and_stay_what_they_were(
    app: FastAPI, database: Database, scene: Scene, clock: Clock
) -> None:
    teams = await teams_there(database, scene, clock())
    case = {"team": "kita", "holder": "sari", "status": "resolved", "queue": "PMO_ACCOUNT", "intent": "login_failed"}
    rest: dict[str, Any] = {
        "platform": None,
        "channel": "telegram",
        "priority": "normal",
        "wave": None,
        "incident": None,
        "tags": [],
    }
    times = {"name": "Siti", "opened": 9, "promised": 9, "replied": True, "waiting": None, "snoozed": None}
    for _ in range(3):
        await opened(database, scene, clock(), {**case, **rest, **times}, teams)
    sari = await person_of(database, scene.staff["sari"])
    assert await fold(app.state.office) == 0
    assert await fold(app.state.office, worth=3) == 3
    async with database.read() as session:
        assert list(await session.scalars(select(ResolvedCount.number))) == [3]
    assert (await counted(database, sari, clock()))["selesai"] == 3
