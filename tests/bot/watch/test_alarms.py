"""Every alarm: the real condition is made, the alarm opens, the condition is mended, the alarm closes by itself."""

import asyncio
import hashlib
import hmac
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest
from sqlalchemy import func, text

from bot.inbox import Inbox
from bot.sending import Ambiguous, ChannelStopped, OutboundMessage, Refused, RetryLater
from bot.settings import AlarmSettings
from bot.understanding import RasaAway, TurnRequest
from bot.watch.observed import ObservedUnderstanding
from bot.watch.room import WatchRoom
from bot.webhooks import Webhooks
from records.clock import Clock
from records.database import Database
from records.models import Reading
from records.sealed import Seal
from records.troubles import DESK_ROUND_DONE, DESK_ROUND_FAILED, Troubles, write
from tests.bot.corridor import Corridor, RememberingSender, ScriptedRasa, says, update
from tests.bot.watch.conftest import TELEGRAM, WHATSAPP, Knock, MakeRoom, alarms

SECRET = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
SOON = timedelta(milliseconds=200)
OURS = "https://bot.example/telegram/webhook"


async def open_alarms(database: Database) -> set[tuple[str, str]]:
    async with database.read() as session:
        rows = await session.execute(text("SELECT name, scope FROM alarms WHERE closed_at IS NULL"))
        return {(name, scope) for name, scope in rows}


async def change(database: Database, statement: str) -> None:
    async with database.write() as session:
        await session.execute(text(statement))


async def opens(room: WatchRoom, database: Database, name: str, scope: str = "", seconds: float = 60) -> dict[str, Any]:
    """Look again and again until the alarm is open; return its row."""
    async with asyncio.timeout(seconds):
        while (name, scope) not in await open_alarms(database):
            await room.watcher.look()
            await asyncio.sleep(0.05)
    async with database.read() as session:
        row = await session.execute(
            text("SELECT * FROM alarms WHERE name = :n AND scope = :s AND closed_at IS NULL"), {"n": name, "s": scope}
        )
        return dict(row.mappings().one())


async def closes(room: WatchRoom, database: Database, name: str, scope: str = "", seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while (name, scope) in await open_alarms(database):
            await room.watcher.look()
            await asyncio.sleep(0.05)


async def test_nothing_is_an_alarm_where_nothing_is_wrong(
    make_room: MakeRoom, corridor: Corridor, database: Database
) -> None:
    await corridor.hear(update(1, "halo"))
    await make_room().watcher.look()
    assert await open_alarms(database) == set()


async def test_somebody_who_waits_too_long_is_an_alarm_until_they_are_answered(
    make_room: MakeRoom, corridor: Corridor, database: Database
) -> None:
    room, answer = make_room(alarms(alarm_inbox_age=SOON)), corridor.rasa.answer
    corridor.rasa.answer = lambda asked: httpx.ConnectError("mati")
    await corridor.inbox.store([_event(1)])
    row = await opens(room, database, "inbox_waiting")
    assert (row["severity"], row["detail"]) == ("severe", "1 pesan menunggu")
    corridor.rasa.answer = answer
    await corridor.rest()
    await closes(room, database, "inbox_waiting")


async def test_a_reply_that_does_not_leave_is_an_alarm_until_it_does(
    make_room: MakeRoom, corridor: Corridor, database: Database
) -> None:
    room = make_room(alarms(alarm_outbox_age=SOON))
    corridor.telegram.script = [RetryLater(0.5, "429")] * 1000
    await corridor.inbox.store([_event(1)])
    await opens(room, database, "outbox_waiting", "telegram")
    corridor.telegram.script.clear()
    await corridor.rest()
    await closes(room, database, "outbox_waiting", "telegram")


async def test_messages_nobody_knows_about_are_an_alarm_until_they_are_settled(
    make_room: MakeRoom, corridor: Corridor, database: Database
) -> None:
    room = make_room(alarms(alarm_unknown=2))
    corridor.telegram.script = [Ambiguous("putus"), Ambiguous("putus")]
    await corridor.hear(update(1, "halo"))
    await room.watcher.look()
    assert await open_alarms(database) == set()
    await corridor.hear(update(2, "halo lagi", chat=7002))
    assert (await opens(room, database, "sends_unknown"))["value"] == 2
    await change(database, "UPDATE outbox SET status = 'delivered' WHERE status = 'unknown'")
    await closes(room, database, "sends_unknown")


async def test_a_channel_that_refuses_more_than_the_usual_is_an_alarm_for_a_day(
    make_room: MakeRoom, corridor: Corridor, database: Database
) -> None:
    room = make_room(alarms(alarm_refused=1))
    corridor.telegram.script = [Refused("400")]
    await corridor.hear(update(1, "halo"))
    await opens(room, database, "sends_refused", "telegram")
    await change(database, "UPDATE outbox SET created_at = created_at - interval '25 hours'")
    await closes(room, database, "sends_refused", "telegram")


async def test_an_event_set_aside_is_an_alarm_until_an_operator_sees_to_it(
    make_room: MakeRoom, corridor: Corridor, database: Database
) -> None:
    corridor.rasa.answer = lambda asked: 500
    await corridor.hear(update(1, "halo"))
    room = make_room()
    await opens(room, database, "events_parked")
    await change(database, "UPDATE inbox SET status = 'ignored' WHERE status = 'parked'")
    await closes(room, database, "events_parked")


async def test_forged_calls_are_an_alarm_until_they_stop(make_room: MakeRoom, knock: Knock, database: Database) -> None:
    room = make_room()
    door = knock(room)
    for _ in range(9):
        assert (await door.post("/telegram/webhook", content=update(1, "palsu"))).status_code == 403
    await room.watcher.look()
    assert await open_alarms(database) == set()
    await door.post("/telegram/webhook", content=update(1, "palsu"))
    for _ in range(10):
        assert (await door.post("/whatsapp/webhook", content=b"{}")).status_code == 401
    assert (await opens(room, database, "webhook_forged", "telegram"))["value"] == 10
    await opens(room, database, "webhook_forged", "whatsapp")
    await change(database, "UPDATE troubles SET minute = minute - interval '6 minutes'")
    await closes(room, database, "webhook_forged", "telegram")


async def test_providers_told_to_come_again_are_an_alarm(
    make_room: MakeRoom, database: Database, clock: Clock, data_key: str
) -> None:
    room = make_room(alarms(alarm_not_stored=3))
    nowhere = Database("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    inbox = Inbox(nowhere, Seal(data_key), clock, asyncio.Event())
    writing = asyncio.create_task(inbox.run())
    doors = Webhooks(inbox, TELEGRAM, WHATSAPP, room.count_webhook)
    from starlette.applications import Starlette

    transport = httpx.ASGITransport(Starlette(routes=doors.routes()))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as door:
        for number in range(3):
            answer = await door.post("/telegram/webhook", content=update(number, "halo"), headers=SECRET)
            assert answer.status_code == 503
    writing.cancel()
    await nowhere.close()
    await opens(room, database, "webhook_not_stored", "telegram")
    await change(database, "UPDATE troubles SET minute = minute - interval '6 minutes'")
    await closes(room, database, "webhook_not_stored", "telegram")


async def test_a_refused_token_is_an_alarm_until_a_send_succeeds(make_room: MakeRoom, database: Database) -> None:
    room, channel = make_room(), RememberingSender(script=[ChannelStopped("190: token expired")])
    sender = room.senders({"whatsapp": channel})["whatsapp"]
    message = OutboundMessage("o1", "chat", "", "halo")
    with pytest.raises(ChannelStopped):
        await sender.send(message)
    await opens(room, database, "channel_stopped", "whatsapp")
    for _ in range(3):
        await room.watcher.look()
    assert ("channel_stopped", "whatsapp") in await open_alarms(database)
    await sender.send(message)
    await closes(room, database, "channel_stopped", "whatsapp")


async def test_a_model_that_cannot_be_asked_is_an_alarm_until_it_answers(
    make_room: MakeRoom, database: Database
) -> None:
    room, rasa = make_room(), ScriptedRasa(answer=lambda asked: httpx.ConnectError("mati"))
    from bot.settings import BotSettings

    settings = BotSettings(bot_console_token="k", rasa_turn_token="rahasia", _env_file=None)  # type: ignore[call-arg]
    understanding = room.over(ObservedUnderstanding(settings, rasa))
    from uuid import uuid4

    asked = TurnRequest(uuid4(), uuid4(), "halo", {}, {})
    with pytest.raises(RasaAway):
        await understanding.ask(asked)
    await opens(room, database, "rasa_away", "rasa")
    rasa.answer = lambda asked: says("halo")
    await understanding.ask(asked)
    await closes(room, database, "rasa_away", "rasa")


@pytest.mark.parametrize(
    ("state", "name", "detail"),
    [
        ({"pending": 500, "problem": None}, "telegram_webhook", None),
        ({"pending": 3, "problem": "failing", "last_error": "HTTP 503"}, "telegram_webhook", "HTTP 503"),
        ({"pending": 0, "problem": "elsewhere"}, "telegram_webhook", "webhook terdaftar di alamat lain"),
        ({"pending": 0, "problem": "away"}, "telegram_webhook", "Telegram tidak bisa ditanya"),
        ({"pending": 0, "problem": "token"}, "channel_stopped", "token ditolak"),
    ],
)  # fmt: skip
async def test_what_telegram_says_of_our_webhook_is_an_alarm_until_it_says_otherwise(
    make_room: MakeRoom, database: Database, state: dict[str, Any], name: str, detail: str | None
) -> None:
    said = [state]

    async def ask() -> dict[str, Any]:
        return said[-1]

    room = make_room(alarms(alarm_ask_telegram_every=timedelta()), ask=ask)
    assert (await opens(room, database, name, "telegram"))["detail"] == detail
    said.append({"pending": 0, "problem": None})
    await closes(room, database, name, "telegram")


async def test_a_staff_group_that_cannot_be_told_is_an_alarm_until_it_can(
    make_room: MakeRoom, database: Database
) -> None:
    room = make_room(alarms())

    async def looked_at(problem: str | None, said: str) -> None:
        async with database.write() as session:
            await session.merge(
                Reading(name="staff_group", at=func.now(), taken_by="desk", value={"problem": problem, "said": said})
            )

    await looked_at("removed", "bot tidak ada di grup")
    assert (await opens(room, database, "staff_group", "telegram"))["detail"] == "bot tidak ada di grup"
    await looked_at(None, "")
    await closes(room, database, "staff_group", "telegram")


async def test_telegram_is_asked_by_one_process_for_all(make_room: MakeRoom, database: Database) -> None:
    asked = 0

    async def ask() -> dict[str, Any]:
        nonlocal asked
        asked += 1
        return {"pending": 0, "problem": None}

    rooms = [make_room(ask=ask) for _ in range(4)]
    for _ in range(3):
        await asyncio.gather(*(room.watcher.look() for room in rooms))
    assert asked == 1


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (date(2027, 7, 9), None),
        (date(2027, 7, 10), "warning"),
        (date(2027, 9, 24), "severe"),
        (date(2028, 1, 1), "severe"),
    ],
)
async def test_the_end_of_a_version_and_of_a_token_is_told_ninety_days_before(
    make_room: MakeRoom, database: Database, on: date, found: str | None
) -> None:
    noon = datetime(on.year, on.month, on.day, 5, tzinfo=UTC)
    whatsapp = WHATSAPP.model_copy(update={"whatsapp_api_version": "v23.0", "whatsapp_token_ends": date(2027, 10, 8)})
    await make_room(at=lambda: noon, whatsapp=whatsapp).watcher.look()
    async with database.read() as session:
        rows = (await session.execute(text("SELECT name, severity FROM alarms ORDER BY name"))).all()
    assert [tuple(row) for row in rows] == ([("api_version_ends", found), ("token_ends", found)] if found else [])
    renewed = whatsapp.model_copy(update={"whatsapp_api_version": "v26.0", "whatsapp_token_ends": None})
    await make_room(at=lambda: noon, whatsapp=renewed).watcher.look()
    assert await open_alarms(database) == set()


async def test_a_version_nobody_knows_the_end_of_is_an_alarm(make_room: MakeRoom, database: Database) -> None:
    whatsapp = WHATSAPP.model_copy(update={"whatsapp_api_version": "v99.0"})
    row = await opens(make_room(whatsapp=whatsapp), database, "api_version_ends", "whatsapp")
    assert row["detail"] == "tanggal akhirnya tidak diketahui"


async def test_a_paused_template_and_a_restricted_account_are_alarms_until_meta_lifts_it(
    make_room: MakeRoom, knock: Knock, database: Database
) -> None:
    room = make_room()
    door = knock(room)

    async def meta_says(field: str, **value: Any) -> None:
        body = orjson.dumps(
            {
                "object": "whatsapp_business_account",
                "entry": [{"id": "1", "changes": [{"field": field, "value": value}]}],
            }
        )
        signed = "sha256=" + hmac.new(b"kunci", body, hashlib.sha256).hexdigest()
        assert (
            await door.post("/whatsapp/webhook", content=body, headers={"X-Hub-Signature-256": signed})
        ).status_code == 200

    template = {"message_template_id": 1, "message_template_name": "kabar_pulih", "message_template_language": "id"}
    await meta_says("message_template_status_update", event="PAUSED", reason="NONE", **template)
    await meta_says("account_update", event="ACCOUNT_RESTRICTION", restriction_info=[])
    row = await opens(room, database, "template_paused", "kabar_pulih (id)")
    assert "dijeda Meta" in row["detail"]
    assert ("account_troubled", "whatsapp account_update") in await open_alarms(database)
    await meta_says("message_template_status_update", event="APPROVED", reason="NONE", **template)
    await meta_says("account_update", event="ACCOUNT_UPDATE")
    await closes(room, database, "template_paused", "kabar_pulih (id)")
    await closes(room, database, "account_troubled", "whatsapp account_update")


def test_with_the_settings_as_they_are_every_alarm_opens_within_a_minute() -> None:
    usual = AlarmSettings(_env_file=None)  # type: ignore[call-arg]
    waits = (usual.alarm_inbox_age, usual.alarm_outbox_age, usual.alarm_silent, usual.alarm_ask_telegram_every)
    assert max(waits) + 2 * usual.alarm_every < timedelta(seconds=60)


def _event(number: int) -> Any:
    from bot.webhooks import telegram_arrival

    return telegram_arrival(update(number, "halo"))


async def test_a_send_without_an_answer_in_its_time_is_unknown(make_room: MakeRoom) -> None:
    class Silent:
        async def send(self, message: OutboundMessage) -> str:
            await asyncio.sleep(30)
            return "terlambat"

    sender = make_room().senders({"telegram": Silent()}, timedelta(milliseconds=50))["telegram"]
    with pytest.raises(Ambiguous, match=r"tidak dijawab dalam 0\.05 detik"):
        await sender.send(OutboundMessage("o1", "chat", "", "halo"))


async def test_a_round_of_the_desk_that_fails_or_stops_is_an_alarm_until_it_goes_again(
    make_room: MakeRoom, database: Database
) -> None:
    room = make_room()
    await noticed(database, DESK_ROUND_FAILED, "promises")
    long_ago = "INSERT INTO readings (name, at, taken_by) VALUES ('desk_rounds', now() - interval '2 min', 'x')"
    await change(database, long_ago)
    await opens(room, database, "desk_round_failed", "promises")
    await opens(room, database, "desk_rounds_stopped")
    await noticed(database, DESK_ROUND_DONE, "promises")
    await change(database, "UPDATE readings SET at = now() WHERE name = 'desk_rounds'")
    await change(database, "UPDATE alarms SET last_at = now() - interval '1 hour'")
    await closes(room, database, "desk_round_failed", "promises")
    await closes(room, database, "desk_rounds_stopped")


async def test_a_suspicion_is_an_alarm_until_somebody_decides(make_room: MakeRoom, database: Database) -> None:
    room = make_room()
    await change(
        database,
        "INSERT INTO suspicions (id, kind, intent, platform, began_at, found_at, last_at, observed, expected) VALUES"
        " (gen_random_uuid(), 'complaints', 'payment_failed', 'tokopedia', now(), now(), now(), 24, 3)",
    )
    opened = await opens(room, database, "outage_suspected", "complaints payment_failed tokopedia")
    assert opened["value"] == 24
    await change(database, "UPDATE suspicions SET status = 'dismissed', reason = 'promo'")
    await change(database, "UPDATE alarms SET last_at = now() - interval '1 hour'")
    await closes(room, database, "outage_suspected", "complaints payment_failed tokopedia")


async def noticed(database: Database, name: str, scope: str) -> None:
    """Have a desk write down that something went wrong, or right again."""
    troubles = Troubles()
    troubles.note(name, scope)
    async with database.write() as session:
        await write(session, troubles.take())
