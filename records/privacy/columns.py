"""Every table and column, and what becomes of it when its person asks to be erased.

A test compares this with the tables themselves: a column nobody thought about fails it. Counts survive: a turn keeps
what was meant, where and when, so every figure of the trends is the same before and after.
"""

from dataclasses import dataclass, field

ERASED = "terhapus:"
"""What the keys of an erased chat begin with; the rest is our own id, so nothing leads back to anybody."""
GONE = "[dihapus]"

SHOWN = "shown"
"""A text or value the person is shown as it is."""


@dataclass(frozen=True)
class Whose:
    """A table with rows of participants: how a person's rows are found, what is emptied, and what stays and why."""

    rows: str
    """The condition; :identities and :conversations are the person's."""
    emptied: dict[str, str]
    """Column → what stands there afterwards, as SQL."""
    kept: tuple[str, ...]
    """Says nothing about who it was: our own ids, times, states, counts."""
    deleted: bool = False
    """The rows go altogether."""
    hidden: tuple[str, ...] = field(default=())
    """Not shown to the person either: keys and machinery."""


BY_CONVERSATION = "conversation_id = ANY(:conversations)"

PERSONAL: dict[str, Whose] = {
    "identities": Whose(
        "id = ANY(:identities)",
        {
            "external_id": f"'{ERASED}' || id",
            "display_name": "NULL",
            "participant_id": "NULL",
            "bound_by": "NULL",
            "bound_at": "NULL",
            "bound_through": "NULL",
            "phone_hash": "NULL",
            "session_hash": "NULL",
            "pending": "NULL",
            "declined_at": "NULL",
        },
        ("id", "channel"),
        hidden=("phone_hash", "session_hash"),
    ),
    "conversations": Whose(
        "id = ANY(:conversations)",
        {
            "external_id": f"'{ERASED}' || id",
            "address": "''",
            "dialogue_state": "'{}'",
            "offered": "'[]'",
            "unreachable": "'data peserta sudah dihapus'",
            "window_until": "NULL",
        },
        ("id", "channel", "identity_id", "opened_at", "last_inbound_at", "owner", "owner_version", "staff_id"),
        hidden=("offered",),
    ),
    "messages": Whose(
        BY_CONVERSATION,
        {"text": f"'{GONE}'", "sealed_text": "NULL", "buttons": "'[]'", "media": "NULL", "context": "NULL"},
        (
            *("id", "position", "conversation_id", "direction", "author", "kind", "inbox_id", "turn_id", "staff_id"),
            "created_at",
        ),
    ),
    "media": Whose(
        BY_CONVERSATION,
        {
            "sealed_content": "NULL",
            "sealed_preview": "NULL",
            "reference": "NULL",
            "digest": "NULL",
            "named": "NULL",
            "reason": "NULL",
            "type": "NULL",
            "status": "'gone'",
        },
        (
            *("id", "conversation_id", "inbox_id", "number", "ticket_id", "channel", "kind", "received_at", "attempts"),
            *("created_at", "due_at", "give_up_at", "size", "width", "height", "settled_at"),
        ),
        hidden=("sealed_content", "sealed_preview", "reference", "digest"),
    ),
    "inbox": Whose(
        BY_CONVERSATION,
        {"sealed_event": "NULL", "error": "NULL"},
        (
            *("id", "channel", "external_id", "conversation_id", "kind", "order_key", "received_at", "status"),
            *("attempts", "done_at", "stored_at"),
        ),
        hidden=("external_id", "order_key"),
    ),
    "outbox": Whose(
        BY_CONVERSATION,
        {
            "payload": """'{"text": "", "buttons": []}'""",
            "provider_message_id": "NULL",
            "error": "NULL",
            "status": "CASE WHEN status IN ('due', 'sending', 'waiting') THEN 'withheld' ELSE status END",
        },
        (
            *("id", "position", "conversation_id", "message_id", "channel", "author", "owner_version", "priority"),
            *("attempts", "due_at", "held_until", "sent_at", "status_at", "held_by", "claimed_at", "repeats"),
            *("asked_again_at", "created_at", "settled_at", "settled_by"),
        ),
        hidden=("payload",),
    ),
    "receipts": Whose(
        "outbox_id IN (SELECT id FROM outbox WHERE conversation_id = ANY(:conversations))",
        {"error": "NULL"},
        ("id", "outbox_id", "status", "at", "code", "superseded", "received_at"),
    ),
    "pulled_entries": Whose(BY_CONVERSATION, {}, ("conversation_id", "number", "message_id"), deleted=True),
    "turns": Whose(
        BY_CONVERSATION,
        {"participant_id": "NULL", "entities": "'[]'", "findings": "'[]'", "proposals": "'[]'", "prior": "'[]'"},
        (
            *("id", "inbox_id", "conversation_id", "channel", "intent", "confidence", "ranking", "also", "platform"),
            *("outcome", "model", "took_ms", "created_at"),
        ),
    ),
    "tickets": Whose(
        BY_CONVERSATION,
        {
            "participant_id": "NULL",
            "course": "NULL",
            "summary": f"'{GONE}'",
            "reason": f"'{GONE}'",
            "evidence": "'[]'",
            "resolution": "'Data peserta dihapus atas permintaannya.'",
            "status": "'resolved'",
            "resolved_at": "COALESCE(resolved_at, :now)",
            "version": "version + 1",
        },
        (
            *("id", "number", "conversation_id", "intent", "also", "platform", "queue", "priority", "staff_id"),
            *("opened_by_turn", "opened_at", "promised_at", "first_reply_at"),
        ),
    ),
    "hand_overs": Whose(
        BY_CONVERSATION,
        {"reason": f"'{GONE}'"},
        ("id", "conversation_id", "ticket_id", "from_owner", "to_owner", "staff_id", "version", "at"),
    ),
    "one_time_links": Whose(
        "identity_id = ANY(:identities) OR conversation_id = ANY(:conversations)",
        {},
        ("id", "token_hash", "identity_id", "conversation_id", "expires_at", "used_at"),
        deleted=True,
        hidden=("token_hash",),
    ),
    "lanes": Whose(BY_CONVERSATION, {}, ("conversation_id", "due_at", "held_by", "held_until", "fence", "falls")),
    "floods": Whose(BY_CONVERSATION, {}, ("conversation_id", "hour", "count", "last_at")),
    "data_requests": Whose(
        BY_CONVERSATION,
        {"reason": f"'{GONE}'"},
        (
            *("id", "number", "kind", "status", "conversation_id", "ticket_id", "asked_at", "due_at", "made_at"),
            *("made_by", "what", "notice_id", "counts", "digest", "done_at"),
        ),
    ),
}

NOT_OF_PARTICIPANTS: dict[str, str] = {
    "audit": "append-only and chained; ids, acts and counts, never a value of a participant",
    "channel_news": "what a provider says of our own account",
    "epoch": "how far the records are; counts and times",
    "staff": "people who work here",
    "staff_sessions": "people who work here",
    "incidents": "outages of the programme",
    "source_failures": "how often a source did not answer",
    "retention_runs": "counts",
    "lookup_counts": "times under a keyed hash, gone after an hour",
    "alarms": "figures of machinery, and counts under a keyed hash",
    "processes": "what runs",
    "troubles": "counts",
    "readings": "what a provider says of our own webhook",
    "presences": "when a channel last reached us",
}

PROGRAMME = "programme"
"""The schema of the register that offices hand over: shown to the person; changed and erased only where it is kept."""
PROGRAMME_ROWS = {
    "participants": "id = :participant",
    **dict.fromkeys(
        ("wave_applications", "cards", "purchases", "ledger_entries", "incentives", "payout_accounts"),
        "participant_id = :participant",
    ),
}
PROGRAMME_HIDDEN = ("nik_hash", "nik_last4_hash", "phone_hash", "number_hash", "redeem_code_hash")
PROGRAMME_OF_NOBODY = (
    *("import_runs", "loaded_files", "organisations", "organisation_roles", "payment_partners", "policies", "waves"),
    *("courses", "offers"),
)
