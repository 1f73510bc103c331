"""The end of a turn as one statement: state, both messages, turn, outbox row, inbox mark and lane.

It writes nothing when the lane's fence has risen. An open case learns that its participant waits before the
conversation is written: everybody locks the ticket first. A reply to a conversation that changed hands while the bot
was thinking becomes a note for staff and never reaches the outbox. Where nothing of the conversation waits in the
outbox, the reply may be marked as being sent at once: that saves it the way through the queue.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import orjson

from bot.claiming import HELD, Due, due_of
from bot.events import Kind
from bot.heard import Heard
from bot.lanes import Job
from bot.outcome import Outcome
from bot.turn import turn_id_of
from records.processes import this_process

WINDOW = timedelta(hours=24)
WORDLESS = (Kind.REACTION, Kind.GROUP, Kind.CHANGED, Kind.LEFT, Kind.SERVICE, Kind.MOVED)
"""After these nobody waits for words of a person."""
OPENS_NOTHING = (Kind.SERVICE, Kind.CHANGED, Kind.LEFT, Kind.EDITED, Kind.GROUP)
WORTH_KEEPING = 0.01
"""A meaning that was never as likely as this is no evidence of anything."""

FINISH = """
    WITH lane AS (
        UPDATE lanes SET held_by = NULL, held_until = NULL, due_at = LEAST(
            CASE WHEN due_at < held_until THEN due_at END,
            (SELECT min(stored_at) FROM inbox
             WHERE conversation_id = %(conversation)s AND status = 'pending' AND id <> %(inbox)s))
        WHERE conversation_id = %(conversation)s AND fence = %(fence)s
        RETURNING due_at
    ), waits AS (
        UPDATE tickets SET waiting_since = COALESCE(waiting_since, GREATEST(opened_at, %(received_at)s::timestamptz)),
               snoozed_until = NULL
        FROM lane WHERE %(says)s::bool AND status IN ('open', 'claimed')
             AND id IN (SELECT COALESCE(merged_into_id, id) FROM tickets WHERE conversation_id = %(conversation)s)
             AND (waiting_since IS NULL OR snoozed_until IS NOT NULL)
        RETURNING 1
    ), kept AS (
        UPDATE conversations SET dialogue_state = %(state)s::jsonb, offered = %(offered)s::jsonb,
               last_inbound_at = %(now)s, window_until = %(window)s, unreachable = %(unreachable)s::text
        FROM lane, (SELECT count(*) FROM waits) AS ticket_first WHERE id = %(conversation)s
        RETURNING owner, (owner, owner_version) IS DISTINCT FROM (%(owner)s::text, %(owner_version)s::int) AS late
    ), said AS (
        INSERT INTO messages (id, conversation_id, direction, author, text, created_at, kind, buttons, turn_id,
                              sealed_text, inbox_id, context)
        SELECT gen_random_uuid(), %(conversation)s::uuid, 'in', 'participant', %(heard)s::text,
               %(received_at)s::timestamptz, %(heard_kind)s::text, '[]'::jsonb, %(turn)s::uuid,
               %(sealed_text)s::bytea, %(inbox)s::bigint, %(context)s::jsonb
        FROM kept
        UNION ALL
        SELECT %(reply_id)s::uuid, %(conversation)s::uuid, CASE WHEN late THEN 'note' ELSE 'out' END,
               %(author)s::text, %(reply)s::text, %(now)s::timestamptz, %(reply_kind)s::text, %(buttons)s::jsonb,
               %(turn)s::uuid, NULL, NULL, NULL
        FROM kept WHERE %(reply)s::text IS NOT NULL
    ), turned AS (
        INSERT INTO turns (id, inbox_id, conversation_id, channel, participant_id, intent, confidence, ranking, also,
                           entities, platform, prior, findings, proposals, outcome, model, took_ms, created_at)
        SELECT %(turn)s::uuid, %(inbox)s::bigint, %(conversation)s::uuid, %(channel)s, %(participant_id)s::text,
               %(intent)s::text, %(confidence)s::float8, %(ranking)s::jsonb, %(also)s::jsonb, %(entities)s::jsonb,
               %(platform)s::text, %(prior)s::jsonb, %(findings)s::jsonb, %(proposals)s::jsonb, %(outcome)s::text,
               %(model)s::text, %(took_ms)s::float8, %(now)s::timestamptz
        FROM kept
    ), way AS (
        SELECT %(straight)s::bool AND NOT EXISTS (
            SELECT 1 FROM outbox WHERE conversation_id = %(conversation)s AND status IN ('due', 'sending', 'waiting')
        ) AS straight
    ), freed AS (
        UPDATE outbox SET status = 'due', due_at = clock_timestamp(), error = NULL
        FROM kept WHERE conversation_id = %(conversation)s AND status = 'waiting' AND %(reopens)s::bool
    ), sent AS (
        INSERT INTO outbox (id, conversation_id, message_id, channel, payload, author, owner_version, status,
                            attempts, held_until, held_by, claimed_at)
        SELECT %(outbox_id)s::uuid, %(conversation)s::uuid, %(reply_id)s::uuid, %(channel)s, %(payload)s::jsonb,
               %(author)s::text, %(owner_version)s::int, CASE WHEN straight THEN 'sending' ELSE 'due' END,
               straight::int, CASE WHEN straight THEN clock_timestamp() + %(held)s::interval END,
               CASE WHEN straight THEN %(process)s::text END, CASE WHEN straight THEN clock_timestamp() END
        FROM kept, way WHERE %(reply)s::text IS NOT NULL AND NOT late
        RETURNING status
    ), done AS (
        UPDATE inbox SET status = %(status)s::text, done_at = %(now)s::timestamptz, error = %(error)s::text,
               sealed_event = CASE WHEN %(forget)s::bool THEN NULL ELSE sealed_event END
        FROM kept WHERE id = %(inbox)s
    )
    SELECT kept.owner, lane.due_at IS NOT NULL AS more,
           EXISTS (SELECT 1 FROM sent WHERE status = 'sending') AS straight
    FROM kept, lane
"""


@dataclass(frozen=True)
class Finished:
    """How the conversation stood when the turn was written."""

    owner: str
    more: bool
    straight: bool
    """The reply is marked as being sent: whoever asked for that sends it now."""


@dataclass(frozen=True)
class Standing:
    """Who holds the conversation as far as this turn knows, and the fence of that."""

    owner: str
    version: int


@dataclass(frozen=True)
class Reply:
    """What is said back, and in whose name."""

    said: str
    author: str
    kind: str = "text"


def values(
    job: Job, heard: Heard, outcome: Outcome, reply: Reply | None, standing: Standing, took_ms: float, now: datetime
) -> dict[str, Any]:
    """Return what FINISH writes for a turn, but for the raw words (only the writer can seal those)."""
    turn = turn_id_of(job.inbox_id)
    offered = [_with_token(button) for button in outcome.buttons]
    return {
        "conversation": job.conversation,
        "channel": job.channel,
        "inbox": job.inbox_id,
        "fence": job.fence,
        "turn": turn,
        "now": now,
        "owner": standing.owner,
        "owner_version": standing.version,
        **_kept(job, heard, outcome, offered, now),
        **_turned(job, outcome),
        **_replied(job, outcome, reply, offered, outcome.reply_id or uuid5(turn, "reply")),
        "held": HELD,
        "process": this_process(),
        "heard": heard.masked.text or picture(heard),
        "heard_kind": heard.event.kind.value,
        "context": as_json(heard.context) if heard.context else None,
        "received_at": job.received_at,
        "says": heard.event.kind not in WORDLESS,
        "took_ms": took_ms,
        "status": "parked" if outcome.parked else "done",
        "error": outcome.parked,
        "forget": heard.forgotten,
    }


def straight_of(job: Job, given: dict[str, Any], claimed: float) -> Due:
    """Return the reply of values that were written as being sent; `claimed` is monotonic time before that."""
    return due_of(
        {
            "id": given["outbox_id"],
            "conversation_id": job.conversation,
            "channel": job.channel,
            "payload": orjson.loads(given["payload"]),
            "attempts": 1,
            "external_id": job.chat,
            "address": job.address,
            "window_until": given["window"],
            "priority": 0,
        },
        claimed,
    )


def _kept(job: Job, heard: Heard, outcome: Outcome, offered: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    used, window = heard.choice is not None, _window(job, heard, now)
    return {
        "state": as_json(outcome.answer.state if outcome.answer else job.state),
        "offered": as_json(offered if offered or used else job.offered),
        "window": window,
        "reopens": window is not None and window > now,
        "unreachable": None if heard.event.reachable else "diblokir oleh peserta",
    }


def _window(job: Job, heard: Heard, now: datetime) -> datetime | None:
    """Return until when free text may be sent: 24 hours from when the person wrote, however late we read it."""
    if job.channel != "whatsapp" or heard.event.kind in OPENS_NOTHING:
        return job.window_until
    wrote = heard.event.order_key // 1_000_000
    opened = min(now, datetime.fromtimestamp(wrote, UTC)) if wrote else now
    return max(opened + WINDOW, job.window_until or opened + WINDOW)


def _turned(job: Job, outcome: Outcome) -> dict[str, Any]:
    understood = outcome.answer.understanding if outcome.answer else {}
    intent = understood.get("intent") or {}
    return {
        "participant_id": job.participant_id,
        "intent": intent.get("name"),
        "confidence": intent.get("confidence"),
        "ranking": as_json(understood.get("ranking") or []),
        "also": as_json(understood.get("also") or []),
        "entities": as_json(understood.get("entities") or []),
        "platform": _platform(outcome),
        "prior": as_json(_moved(outcome, understood.get("prior") or [])),
        "findings": as_json(outcome.findings),
        "proposals": as_json(outcome.proposals),
        "outcome": "fallback" if outcome.parked else outcome.name,
        "model": understood.get("model"),
    }


def _replied(
    job: Job, outcome: Outcome, reply: Reply | None, offered: list[dict[str, Any]], message: UUID
) -> dict[str, Any]:
    payload = {
        "text": reply.said if reply else "",
        "buttons": [{"title": button["title"], "token": button["token"]} for button in offered],
        "request_contact": outcome.request_contact and job.channel == "telegram",
        **({"link": str(outcome.link)} if outcome.link else {}),
    }
    return {
        "payload": as_json(payload),
        "reply_id": message,
        "outbox_id": uuid5(message, "outbox"),
        "reply": reply.said if reply else None,
        "reply_kind": reply.kind if reply else "text",
        "author": reply.author if reply else "bot",
        "buttons": as_json([{"title": button["title"]} for button in offered]),
    }


def as_json(value: Any) -> str:
    """Return a value the way FINISH takes its JSON."""
    return orjson.dumps(value).decode()


def slots_of(outcome: Outcome) -> dict[str, Any]:
    """Return the slots the turn ends with."""
    slots = outcome.answer.state.get("slots") if outcome.answer else None
    return slots if isinstance(slots, dict) else {}


def picture(heard: Heard) -> str:
    """Return what stands for something that has no words."""
    if heard.event.kind is Kind.LEFT:
        return "[membuka blokir bot]" if heard.event.reachable else "[memblokir bot]"
    return f"[{heard.event.kind.value}]" if heard.event.kind is not Kind.TEXT else "[kosong]"


def _platform(outcome: Outcome) -> str | None:
    named = next((proposal.get("platform") for proposal in outcome.proposals if proposal.get("platform")), None)
    return named or slots_of(outcome).get("platform")


def _moved(outcome: Outcome, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what the records moved and whether that was offered; what stayed out of the question is left out."""
    offered = {button["choice"]["intent"] for button in outcome.buttons}
    moved = [{**it, "offered": it["intent"] in offered} for it in told]
    return [it for it in moved if it["offered"] or max(it["before"], it["after"]) >= WORTH_KEEPING]


def _with_token(button: dict[str, Any]) -> dict[str, Any]:
    return {"title": button["title"], "choice": button["choice"], "token": secrets.token_urlsafe(12)}
