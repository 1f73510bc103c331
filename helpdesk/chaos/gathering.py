"""Gathering the evidence of a run: the simulator's truth on one side, the records on the other."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from helpdesk.chaos.evidence import TELEGRAM, WEB, WHATSAPP, Evidence, Heard, Said, Seen, Sent, TakenOver
from helpdesk.chaos.ground import Ground
from helpdesk.chaos.people import WebChat
from records.event_ids import stored_id

NOBODY = ""
"""What is illegible belongs to no conversation."""
HEARD = """
SELECT i.id, i.channel, i.external_id, i.conversation_id, i.kind, i.status, i.error,
       extract(epoch FROM i.received_at)::float8 AS received_at, m.position,
       extract(epoch FROM t.created_at)::float8 - t.took_ms / 1000 AS began, t.outcome,
       (SELECT count(*) FROM messages r WHERE r.turn_id = t.id AND r.direction <> 'in') AS replies
FROM inbox i LEFT JOIN messages m ON m.inbox_id = i.id LEFT JOIN turns t ON t.inbox_id = i.id
WHERE i.kind <> 'status' AND i.channel IN ('telegram', 'whatsapp', 'web')
"""
SENT = """
SELECT o.id, o.position, o.conversation_id, o.channel, coalesce(o.payload ->> 'text', '') AS text, o.author, o.status,
       o.provider_message_id, o.repeats, o.asked_again_at IS NOT NULL AS asked_again, o.error
FROM outbox o WHERE o.channel IN ('telegram', 'whatsapp', 'web')
"""
FETCHED = """
SELECT c.external_id AS chat, e.number, o.id, extract(epoch FROM o.claimed_at)::float8 AS shown_at
FROM pulled_entries e JOIN conversations c ON c.id = e.conversation_id
JOIN outbox o ON o.message_id = e.message_id WHERE c.channel = 'web'
"""
OPEN = "SELECT conversation_id, count(*) AS n FROM tickets WHERE status IN ('open', 'claimed') GROUP BY conversation_id"


async def gather(ground: Ground, web: Sequence[WebChat], taken_over: Sequence[TakenOver]) -> Evidence:
    """Read everything."""
    truth = (await ground.simulator.get("/control/truth")).json()
    return await asyncio.to_thread(_evidence, ground, truth, web, taken_over)


def _evidence(
    ground: Ground, truth: dict[str, Any], web: Sequence[WebChat], taken_over: Sequence[TakenOver]
) -> Evidence:
    fetched = {(row["chat"], row["number"]): row for row in ground.rows(FETCHED)}
    conversations = ground.rows("SELECT id, channel, external_id FROM conversations")
    held = ground.rows("SELECT conversation_id FROM lanes WHERE held_by IS NOT NULL")
    floods = ground.rows("SELECT conversation_id, sum(count)::int AS n FROM floods GROUP BY conversation_id")
    return Evidence(
        said=[*_said(truth), *(said for chat in web for said in chat.said)],
        heard=[_heard(row) for row in ground.rows(HEARD)],
        sent=[Sent(**{_named(name): _plain(value) for name, value in row.items()}) for row in ground.rows(SENT)],
        seen=[*_seen(truth), *_seen_on_the_web(ground, web, fetched)],
        conversations={str(row["id"]): (row["channel"], row["external_id"]) for row in conversations},
        tickets={row["number"]: str(row["conversation_id"]) for row in ground.rows("SELECT * FROM tickets")},
        open_tickets={str(row["conversation_id"]): int(row["n"]) for row in ground.rows(OPEN)},
        taken_over=list(taken_over),
        held_lanes=[str(row["conversation_id"]) for row in held],
        floods={str(row["conversation_id"]): int(row["n"]) for row in floods},
    )


def _heard(row: dict[str, Any]) -> Heard:
    named = {_named(name): _plain(value) for name, value in row.items()}
    named["conversation"] = named["conversation"] or NOBODY
    return Heard(key=row["external_id"], **{name: value for name, value in named.items() if name != "external_id"})


def _named(column: str) -> str:
    return column.removesuffix("_id") if column == "conversation_id" else column


def _plain(value: Any) -> Any:
    """Return ids as text; words as a phone shows them."""
    if value is None or isinstance(value, int | float | bool):
        return value
    return str(value).strip()


def _said(truth: dict[str, Any]) -> Iterator[Said]:
    """Yield what people did, as the two providers tell it."""
    for update in truth["telegram"]["updates"]:
        message = str(update["message_id"])
        number = int(message) if message.isdigit() else None
        key = f"update:{update['update_id']}"
        yield Said(TELEGRAM, update["chat"], key, number, float(update["at"]), update["outcome"], float(update["at"]))
    for waiting in truth["telegram"]["pending"]:
        yield Said(TELEGRAM, waiting["chat"], f"update:{waiting['number']}", None, 0.0, "pending")
    times = {item["message_id"]: item["at"] for chat in truth["chats"] for item in chat["items"]}
    for event in truth["whatsapp"]["events"]:
        if event["kind"] == "message":
            key, at = stored_id(WHATSAPP, event["message_id"]), float(times.get(event["message_id"], 0))
            yield Said(WHATSAPP, event["user_id"], key, event["event"], at, event["outcome"], float(event["at"]))
    for waiting in truth["whatsapp"]["pending"]:
        yield Said(WHATSAPP, waiting["chat"], f"event:{waiting['number']}", None, 0.0, "pending")


def _seen(truth: dict[str, Any]) -> Iterator[Seen]:
    told = {event["message_id"] for event in truth["whatsapp"]["events"] if event["kind"] == "status"}
    for chat in truth["chats"]:
        for item in chat["items"]:
            if item["who"] == "bot":
                yield Seen(
                    chat["channel"],
                    chat["chat"],
                    int(item["n"]),
                    float(item["at"]),
                    str(item["text"]).strip(),
                    str(item["message_id"]),
                    item["extra"].get("biz_opaque_callback_data"),
                    settled=item["message_id"] in told,
                )


def _seen_on_the_web(
    ground: Ground, web: Sequence[WebChat], fetched: Mapping[tuple[str, int], dict[str, Any]]
) -> Iterator[Seen]:
    for chat in web:
        for position, message in chat.seen.items():
            if message["from"] != "me":
                row = fetched.get((chat.visitor, position), {"id": None, "shown_at": None})
                # it was there for the browser from when it was claimed, however late the browser looked
                shown = ground.rehearsed(row["shown_at"]) if row["shown_at"] else message["seen_at"]
                at, outbox = min(shown, message["seen_at"]), str(row["id"]) if row["id"] else None
                yield Seen(WEB, chat.visitor, position, at, message["text"], str(position), outbox)
