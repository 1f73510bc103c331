"""A one-time code or password is nowhere a moment later, whatever it came in, and whoever sent it is warned."""

from typing import Any

import orjson
import pytest
from sqlalchemy import text

from bot import wording
from bot.channels import pulled
from bot.channels.pulled import PulledMessage
from bot.inbox import Arrival
from bot.webhooks import telegram_arrival, whatsapp_arrivals
from records.clock import Clock
from records.database import Database
from tests.bot.corridor import A_TICKET, Corridor, ScriptedRasa, press, says, update

CODE = "482913"
PERSON = {"id": 7001, "is_bot": False, "first_name": "Siti"}
PHOTO = [{"file_id": "f", "file_unique_id": "f", "width": 9, "height": 9}]


def edited(said: str) -> bytes:
    body = orjson.loads(update(1, said))
    message = body.pop("message") | {"edit_date": 1_598_238_900}
    return orjson.dumps(body | {"edited_message": message})


def in_a_group(said: str) -> bytes:
    body = orjson.loads(update(1, said))
    body["message"]["chat"] = {"id": -5, "type": "group", "title": "RT 03"}
    return orjson.dumps(body)


def whatsapp(message: dict[str, Any], name: str = "Budi") -> list[Arrival]:
    value = {
        "messaging_product": "whatsapp",
        "contacts": [{"profile": {"name": name}, "wa_id": "62800000001"}],
        "messages": [{"from": "62800000001", "id": "wamid.1", "timestamp": "1598238000", **message}],
    }
    return whatsapp_arrivals(orjson.dumps({"entry": [{"changes": [{"value": value}]}]}))


def web(said: str, token: str | None = None) -> list[Arrival]:
    body = pulled.event_body("web", PulledMessage("k1", "v" * 20, said, token, 1_598_238_000_000))
    return [pulled.parse(body)]


DOORS: dict[str, list[Arrival]] = {
    "telegram text": [telegram_arrival(update(1, f"otp saya {CODE} ditolak"))],
    "telegram caption": [telegram_arrival(update(1, None, photo=PHOTO, caption=f"ini otp nya {CODE}"))],
    "telegram edit": [telegram_arrival(edited(f"maksudnya otp {CODE}"))],
    "telegram contact name": [
        telegram_arrival(update(1, None, contact={"phone_number": "62811", "first_name": f"OTP {CODE}"}))
    ],
    "telegram display name": [
        telegram_arrival(update(1, "halo", **{"from": PERSON | {"first_name": f"pin saya {CODE}"}}))
    ],
    "telegram file name": [
        telegram_arrival(
            update(1, None, document={"file_id": "d", "file_unique_id": "d", "file_name": f"otp {CODE}.pdf"})
        )
    ],
    "telegram quote": [
        telegram_arrival(update(2, "yang ini", reply_to_message=orjson.loads(update(1, f"otp {CODE}"))["message"]))
    ],
    "telegram button nobody offered": [telegram_arrival(press(1, f"otp {CODE}"))],
    "telegram group": [telegram_arrival(in_a_group(f"otp {CODE}"))],
    "whatsapp text": whatsapp({"type": "text", "text": {"body": f"kodenya\n{CODE[:3]} {CODE[3:]}"}}),
    "whatsapp caption": whatsapp({"type": "image", "image": {"id": "i", "caption": f"kode otp {CODE}"}}),
    "whatsapp contact name": whatsapp(
        {"type": "contacts", "contacts": [{"name": {"formatted_name": f"Otp {CODE}"}, "phones": []}]}
    ),
    "whatsapp display name": whatsapp({"type": "text", "text": {"body": "halo"}}, name=f"otp {CODE}"),
    "whatsapp button title": whatsapp(
        {"type": "interactive", "interactive": {"button_reply": {"id": "t", "title": f"otp {CODE}"}}}
    ),
    "whatsapp unknown kind": whatsapp({"type": "order", "order": {"text": f"otp {CODE}"}}),
    "web text": web(f"otp saya {CODE}"),
    "web alone": web(CODE),
    "web words": web("otp saya empat delapan dua sembilan satu tiga"),
    "web button with words of its own": web(f"otp saya {CODE}", token="apa-saja"),
}


async def everything_kept(database: Database) -> str:
    """Every row of inbox, messages, turns, outbox, identities and tickets as text."""
    async with database.read() as session:
        rows = [
            str(row)
            for table in ("inbox", "messages", "turns", "outbox", "identities", "conversations", "tickets")
            for row in (await session.execute(text(f"SELECT to_jsonb(t) FROM {table} t"))).scalars()  # noqa: S608
        ]
    return "\n".join(rows)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("holder", ["bot", "person"])
async def test_a_code_is_forgotten_and_its_sender_warned(
    database: Database, clock: Clock, data_key: str, door: str, holder: str
) -> None:
    async with Corridor(database, clock, data_key, rasa=ScriptedRasa(lambda asked: says("Baik, Kak."))) as corridor:
        if holder == "person":
            await hand_over(corridor, DOORS[door])
        await corridor.inbox.store(DOORS[door])
        await corridor.rest()
        kept = await everything_kept(database)
        said = " ".join(str(asked) for asked in corridor.rasa.asked)
        sealed = await corridor.row("SELECT sealed_event FROM inbox ORDER BY id DESC LIMIT 1")
        heard = await corridor.row(
            "SELECT sealed_text FROM messages WHERE direction = 'in' ORDER BY position DESC LIMIT 1"
        )
        last = await corridor.row("SELECT text FROM messages WHERE direction = 'out' ORDER BY position DESC LIMIT 1")
    assert CODE not in kept + said
    assert (sealed["sealed_event"], heard["sealed_text"]) == (None, None)
    assert last["text"].startswith(wording.SHARED_CODE_WARNING)


async def hand_over(corridor: Corridor, arrivals: list[Arrival]) -> None:
    """Let the same person's earlier message be taken over by staff."""
    event: Any = arrivals[0]
    corridor.rasa.answer = lambda asked: says(
        "Kami teruskan, Kak.", proposals=[A_TICKET, {"kind": "hand_over", "reason": "Diminta."}]
    )
    if event.channel == "web":
        await corridor.inbox.store(
            [pulled.parse(pulled.event_body("web", PulledMessage("k0", event.chat, "min", None, 1)))]
        )
    elif event.channel == "whatsapp":
        earlier = {"type": "text", "text": {"body": "min"}, "id": "wamid.0", "timestamp": "1598230000"}
        await corridor.inbox.store(whatsapp(earlier))
    else:
        await corridor.inbox.store([telegram_arrival(update(-1, "min", chat=int(event.chat)))])
    await corridor.rest()


async def test_numbers_in_a_display_name_are_masked_but_the_name_stays(
    database: Database, clock: Clock, data_key: str
) -> None:
    async with Corridor(database, clock, data_key) as corridor:
        await corridor.hear(update(1, "halo", **{"from": PERSON | {"first_name": "Siti", "last_name": "081234567890"}}))
        assert await corridor.row("SELECT display_name FROM identities") == {"display_name": "Siti [TELEPON]"}


async def test_a_body_nobody_can_read_is_not_kept_when_it_holds_a_code(
    database: Database, clock: Clock, data_key: str
) -> None:
    async with Corridor(database, clock, data_key) as corridor:
        await corridor.inbox.store([telegram_arrival(f'{{"otp saya": "{CODE}"'.encode())])
        kept = await corridor.row("SELECT sealed_event, error FROM inbox")
    assert kept["sealed_event"] is None
    assert CODE not in kept["error"]
