"""After an outage everybody's own check runs again: who is fixed is told once, who is not goes to the agents."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from checks.finding import Finding, Verdict
from desk.broadcasts import running, steering
from desk.broadcasts.counting import SENT, SKIPPED, WAITING
from desk.broadcasts.steering import NotOver
from records.models import Conversation, Incident, IncidentPerson, Ticket
from tests.conftest import OPENING
from tests.desk.broadcasts.outage import ID, After


async def test_each_hears_what_their_own_check_says(after: After) -> None:
    await after.hit("dewi", "agus", "rina", "eko")
    broadcast = await after.approved(await after.made())
    await after.rounds()
    assert await after.states(broadcast) == {
        **{"dewi": "queued", "agus": "queued", "eko": "queued"},
        "rina": "to_agents",
    }
    heard = await after.heard()
    assert "Per 24 Agustus 2020 pukul 10.00 WIB data Kakak sudah kami cek ulang" in heard["dewi"][0]
    assert "sudah ditutup per 24 Agustus 2020 pukul 09.45 WIB" in heard["dewi"][0]
    assert "gagal bayar" in heard["agus"][0]
    assert "tidak bisa kami cek dari chat ini" in heard["eko"][0]
    assert "cek ulang" not in heard["eko"][0]
    assert "rina" not in heard


async def test_who_is_not_fixed_goes_to_the_agents_with_the_new_evidence(after: After) -> None:
    await after.hit("rina")
    await after.approved(await after.made())
    await after.rounds()
    case = await after.case_of("rina")
    assert case is not None
    assert case.incident_id == ID
    assert case.queue == "PMO_TRANSACTION"
    assert [it["run"] for it in case.evidence] == ["paid_no_code", "system_status"]
    assert "belum beres" in (await after.notes("rina"))[0]


async def test_an_open_case_gets_the_finding_and_no_second_case_is_opened(after: After) -> None:
    await after.hit("rina", "dewi")
    for who in ("rina", "dewi"):
        async with after.office.database.write() as session:
            session.add(
                Ticket(
                    conversation_id=after.scene.conversations[who].id,
                    **{"intent": "paid_no_code", "summary": "s", "reason": "r", "queue": "PMO_TRANSACTION"},
                    **{"priority": "normal", "opened_by_turn": after.scene.conversations[who].id},
                    **{"opened_at": OPENING, "promised_at": OPENING + timedelta(days=1), "evidence": [{"run": "old"}]},
                )
            )
    await after.approved(await after.made())
    await after.rounds()
    case = await after.case_of("rina")
    assert case is not None
    assert [it["run"] for it in case.evidence] == ["old", "paid_no_code", "system_status"]
    told = await after.case_of("dewi")
    assert told is not None
    assert told.evidence[0] == {"run": "old"}
    assert len(told.evidence) > 1
    assert "beres" in (await after.notes("dewi"))[0]
    assert "dewi" in await after.heard()


async def test_a_participant_on_two_channels_hears_once_where_they_wrote_last(after: After) -> None:
    await after.hit("maya")
    broadcast = await after.approved(await after.made())
    await after.rounds()
    assert await after.states(broadcast) == {"maya": "queued"}
    assert list(await after.heard()) == ["maya"]


async def test_where_the_last_channel_is_blocked_the_other_one_is_used(after: After) -> None:
    await after.hit("maya")
    await after.chat("maya", unreachable="diblokir")
    await after.approved(await after.made())
    await after.rounds()
    assert list(await after.heard()) == ["maya di telegram"]


async def test_what_could_not_be_asked_is_never_taken_for_fixed_and_asked_again_later(after: After) -> None:
    await after.hit("dewi")
    after.programme.away.add("card")
    broadcast = await after.approved(await after.made())
    await after.rounds()
    assert await after.states(broadcast) == {"dewi": "could_not_ask"}
    assert await after.heard() == {}
    after.programme.away.discard("card")
    await after.rounds()
    assert await after.states(broadcast) == {"dewi": "could_not_ask"}  # not before its time
    after.clock.now += timedelta(minutes=2)
    await after.rounds()
    assert await after.states(broadcast) == {"dewi": "queued"}


async def test_who_could_not_be_asked_to_the_end_goes_to_the_agents(after: After) -> None:
    await after.hit("dewi")
    after.programme.away.add("card")
    broadcast = await after.approved(await after.made())
    await after.rounds()
    after.clock.now += timedelta(days=4)
    await after.rounds()
    assert await after.states(broadcast) == {"dewi": "to_agents"}
    assert "tidak bisa ditanya" in (await after.notes("dewi"))[0]
    assert (await after.broadcast(broadcast)).status == "done"


async def test_an_old_finding_is_looked_at_again_before_anybody_is_told_of_it(after: After) -> None:
    await after.hit("dewi")
    broadcast = await after.made()
    await after.rounds()
    assert await after.states(broadcast) == {"dewi": "fixed"}
    after.clock.now += timedelta(hours=1)
    after.programme.cards.pop("dewi")
    after.programme.away.add("card")
    await after.approved(broadcast)
    await after.rounds()
    assert await after.heard() == {}


async def test_another_open_outage_is_waited_for(after: After) -> None:
    await after.hit("dewi")
    async with after.office.database.write() as session:
        other = Incident(id="INC-2", title="lain", components=["purchase"], started_at=OPENING - timedelta(hours=1))
        other.status, other.public_message, other.source, other.as_of = "confirmed", "m", "s", OPENING
        session.add(other)
    broadcast = await after.approved(await after.made())
    await after.rounds()
    books = await after.books(broadcast)
    assert books.why[WAITING, "other_incident"] == 1
    assert await after.heard() == {}


async def test_who_an_agent_holds_is_told_by_the_agent(after: After) -> None:
    await after.hit("dewi", "agus")
    await after.chat("dewi", owner="human", staff_id=after.scene.staff["sari"].id, owner_version=1)
    broadcast = await after.approved(await after.made())
    await after.rounds()
    assert list(await after.heard()) == ["agus"]
    assert (await after.books(broadcast)).why[SKIPPED, "held"] == 1


async def test_the_agent_reads_what_an_unproven_person_they_hold_was_not_sent(after: After) -> None:
    await after.hit("eko")
    await after.chat("eko", owner="human", staff_id=after.scene.staff["sari"].id, owner_version=1)
    await after.approved(await after.made())
    await after.rounds()
    assert await after.heard() == {}
    [noted] = await after.notes("eko")
    assert "tidak dikirim ke peserta ini karena tiketnya Anda pegang" in noted
    assert "tidak bisa kami cek dari chat ini" in noted


async def test_no_broadcasts_means_none_whichever_chat_said_so(after: After) -> None:
    await after.hit("maya", "dewi")
    await after.wants_none("maya di telegram")
    broadcast = await after.approved(await after.made())
    await after.rounds()
    assert list(await after.heard()) == ["dewi"]
    assert (await after.books(broadcast)).why[SKIPPED, "declined"] == 1


async def test_who_was_told_is_not_told_again_by_another_recovery_of_the_same_outage(after: After) -> None:
    await after.hit("dewi")
    first = await after.approved(await after.made())
    await after.rounds()
    await after.channel_says("delivered")
    await after.rounds()
    assert (await after.broadcast(first)).status == "done"
    await after.hit("eko")
    second = await after.approved(await after.made())
    await after.rounds()
    assert {who: len(said) for who, said in (await after.heard()).items()} == {"dewi": 1, "eko": 1}
    assert (await after.books(second)).why[SKIPPED, "told_before"] == 1


async def taken_out(after: After, who: str) -> None:
    """Somebody takes them out of the outage by hand."""
    async with after.office.database.write() as session:
        mine = IncidentPerson.conversation_id == after.scene.conversations[who].id
        out = {"taken_out_at": OPENING, "taken_out_why": "bukan", "taken_out_as": "by_hand"}
        await session.execute(update(IncidentPerson).where(mine).values(**out))


async def test_who_was_taken_out_of_the_outage_meanwhile_is_left_out(after: After) -> None:
    await after.hit("dewi", "eko")
    broadcast = await after.made()
    await taken_out(after, "eko")
    await after.approved(broadcast)
    await after.rounds()
    assert list(await after.heard()) == ["dewi"]


async def test_fixed_while_monitored_says_so(after: After) -> None:
    await after.hit("dewi")
    async with after.office.database.write() as session:
        await session.execute(update(Incident).values(status="monitoring", ended_at=None))
    await after.approved(await after.made())
    await after.rounds()
    assert "masih kami pantau" in (await after.heard())["dewi"][0]


async def test_it_is_done_when_everybody_has_had_their_turn(after: After) -> None:
    await after.hit("dewi", "agus", "rina", "eko")
    broadcast = await after.approved(await after.made())
    await after.rounds()
    assert (await after.broadcast(broadcast)).status == "running"
    await after.channel_says("sent")
    await after.rounds()
    assert (await after.broadcast(broadcast)).status == "done"
    books = await after.books(broadcast)
    assert (books.columns[SENT], books.columns[SKIPPED], books.audience) == (3, 1, 4)


async def test_a_chat_closed_by_its_person_is_not_written_to(after: After) -> None:
    await after.hit("dewi")
    async with after.office.database.write() as session:
        await session.execute(update(Conversation).values(unreachable="diblokir"))
    broadcast = await after.approved(await after.made())
    await after.rounds()
    assert (await after.books(broadcast)).why[SKIPPED, "unreachable"] == 1


async def test_findings_are_kept_as_they_are_everywhere_else(after: After) -> None:
    await after.hit("rina")
    await after.approved(await after.made())
    await after.rounds()
    case = await after.case_of("rina")
    assert case is not None
    assert set(case.evidence[0]) == set(Finding("x", Verdict.YES, "y").as_data())
    assert case.evidence[0]["verdict"] in ("no", "unknown")
    assert case.evidence[0]["evidence"][0]["as_of"].endswith("+00:00")


async def test_an_outage_that_came_back_is_told_of_as_over_to_nobody(after: After) -> None:
    await after.hit("dewi", "rina", "eko")
    broadcast = await after.approved(await after.made())
    await after.goes("confirmed")
    await after.rounds()
    assert await after.heard() == {}
    assert await after.case_of("rina") is None
    await after.goes("monitoring")
    await after.rounds()
    assert set(await after.heard()) == {"dewi", "eko"}
    assert (await after.states(broadcast))["rina"] == "to_agents"


async def test_a_recovery_of_an_outage_that_came_back_is_neither_approved_nor_goes_on(after: After) -> None:
    await after.many(300)
    broadcast = await after.made()
    await after.goes("confirmed")
    with pytest.raises(NotOver):
        await after.approved(broadcast)
    await after.goes("monitoring")
    await after.approved(broadcast)
    await running.run(after.office)
    await after.stopped(broadcast)
    said = await after.heard()
    await after.goes("confirmed")
    with pytest.raises(NotOver):
        async with after.office.database.write() as session:
            await steering.go_on(session, after.office.bell, broadcast, person=after.person("lela"), at=after.clock())
    assert (await after.broadcast(broadcast)).status == "stopped"
    assert await after.heard() == said


async def test_who_could_not_be_asked_to_the_end_goes_to_the_agents_even_if_the_outage_came_back(after: After) -> None:
    await after.hit("dewi")
    after.programme.away.add("card")
    broadcast = await after.approved(await after.made())
    await after.rounds()
    await after.goes("confirmed")
    after.clock.now += timedelta(days=4)
    await after.rounds()
    assert await after.states(broadcast) == {"dewi": "to_agents"}
    assert (await after.broadcast(broadcast)).status == "done"


@pytest.mark.parametrize(
    ("declined", "erased", "away", "why"),
    [
        (False, False, False, "taken_out"),
        (True, False, False, "taken_out"),
        (False, True, False, "erased"),
        (False, False, True, "taken_out"),
    ],
    ids=["taken out", "taken out and wants none", "erased", "taken out, to the end"],
)
async def test_whose_matter_it_no_longer_is_goes_to_no_agent(
    after: After, declined: bool, erased: bool, away: bool, why: str
) -> None:
    await after.hit("rina", "dewi")
    if away:
        after.programme.away.add("card")
        after.programme.cards.pop("dewi")
    broadcast = await after.made()
    await after.rounds(1)
    assert (await after.states(broadcast))["rina"] == "not_fixed"
    if erased:
        await after.chat("rina", external_id="terhapus:1")
    else:
        await taken_out(after, "rina")
    if declined:
        await after.wants_none("rina")
    await after.approved(broadcast)
    if away:
        after.clock.now += timedelta(days=4)
    await after.rounds()
    assert await after.case_of("rina") is None
    assert await after.notes("rina") == []
    assert (await after.states(broadcast))["rina"] == "skipped"
    assert (await after.books(broadcast)).why[SKIPPED, why] == 1
