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
BY_TURN = "turn_id IN (SELECT id FROM turns WHERE conversation_id = ANY(:conversations))"
TOPICS = (
    "SELECT g.id FROM group_topics g JOIN tickets t ON t.id = g.ticket_id WHERE t.conversation_id = ANY(:conversations)"
)

SEARCHED = ("id", "at", "words")
OF_THE_PERSON = ("wave", "institution", "partner", "province")

FACTS = ("turn_id", "conversation_id", "at", "day", "hour", "intent", "platform", "channel", "outcome")
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
            "broadcasts_declined_at": "NULL",
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
            *("created_at", "due_at", "give_up_at", "size", "width", "height", "settled_at", "message_id"),
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
            *("outcome", "model", "took_ms", "created_at", "corrected_intent"),
        ),
    ),
    # how many they were stays counted (trend_kept); which of them this was is forgotten
    "trend_facts": Whose(
        BY_TURN,
        dict.fromkeys(OF_THE_PERSON, "NULL"),
        FACTS,
        hidden=(*FACTS, *OF_THE_PERSON),
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
            "tags": "'[]'",
            "waiting_since": "NULL",
            "snoozed_until": "NULL",
            "status": "'resolved'",
            "resolved_at": "COALESCE(resolved_at, :now)",
            "version": "version + 1",
        },
        (
            *("id", "number", "conversation_id", "channel", "intent", "also", "platform", "queue", "priority"),
            *("staff_id", "opened_by_turn", "opened_at", "promised_at", "first_reply_at", "team_id", "wave"),
            *("merged_into_id", "incident_id", "reopened", "resolve_by", "warned_at", "broken_at", "previous_staff_id"),
        ),
    ),
    # how many it touched stays as it was: chats of one person go on being counted once, by an id of ours
    "incident_people": Whose(
        BY_CONVERSATION,
        {
            "participant_id": "NULL",
            "person_key": "(SELECT min(each::text) FROM unnest(CAST(:conversations AS uuid[])) each)",
            "reason": "NULL",
            "taken_out_why": "NULL",
        },
        (
            *("incident_id", "conversation_id", "identity_id", "turn_id", "intent", "platform", "channel", "first_at"),
            *("last_at", "joined_at", "how", "taken_out_at", "taken_out_by", "taken_out_as"),
        ),
    ),
    # how many it was meant for and what became of it stays as it was, by ids of ours
    "broadcast_people": Whose(
        BY_CONVERSATION,
        {
            "person_key": f"'{ERASED}' || conversation_id",
            "participant_id": "NULL",
            "findings": "'[]'",
            "reason": "CASE WHEN reason IS NOT NULL THEN 'erased' END",
        },
        (
            *("broadcast_id", "position", "conversation_id", "identity_id", "channel", "turn_id", "intent", "platform"),
            *("told_at", "state", "checked_at", "tries", "due_at", "ticket_id", "message_id", "by_template"),
            *("queued_at", "settled_at"),
        ),
    ),
    # what was accepted is a reviewer's wording that names nobody: cut off from its chat, it stays; the rest goes
    "learning_examples": Whose(
        BY_CONVERSATION,
        {
            "said": f"'{GONE}'",
            "wanted": "NULL",
            "reason": "NULL",
            "text": "CASE WHEN status IN ('accepted', 'drafted') THEN text END",
            "status": "CASE WHEN status = 'waiting' THEN 'withdrawn' ELSE status END",
            "version": "version + 1",
            "conversation_id": "NULL",
            "message_id": "NULL",
            "turn_id": "NULL",
            "ticket_id": "NULL",
        },
        (
            *("id", "kind", "source", "at", "read_as", "confidence", "ranking", "model", "meant", "also"),
            *("ticket_was", "marked_by", "right_intent", "right_also", "held_out", "draft_id", "decided_by"),
            "decided_at",
        ),
    ),
    "hand_overs": Whose(
        BY_CONVERSATION,
        {"reason": f"'{GONE}'"},
        ("id", "conversation_id", "ticket_id", "from_owner", "to_owner", "staff_id", "version", "at"),
    ),
    "note_versions": Whose(
        BY_CONVERSATION,
        {"text": f"'{GONE}'"},
        ("message_id", "number", "conversation_id", "replaced_at", "withdrawn"),
    ),
    "staff_notices": Whose(
        BY_CONVERSATION,
        {"said": "''"},
        ("id", "staff_id", "kind", "conversation_id", "path", "ticket_id", "message_id", "by_id", "at", "seen_at"),
    ),
    # what stands in the group itself goes with the topic, which the desk then deletes at Telegram
    "group_topics": Whose(
        "ticket_id IN (SELECT id FROM tickets WHERE conversation_id = ANY(:conversations))",
        {"forget": "true", "digest": "NULL"},
        (
            *("id", "ticket_id", "chat_id", "thread_id", "status", "closed", "card_id", "pinned", "from_position"),
            *("seen_before", "made_at"),
        ),
    ),
    "group_posts": Whose(
        f"topic_id IN ({TOPICS})",
        {
            "payload": "'{}'",
            "error": "NULL",
            "status": "CASE WHEN status IN ('due', 'sending') THEN 'refused' ELSE status END",
        },
        (
            *("id", "chat_id", "topic_id", "kind", "key", "asks", "rank", "attempts", "created_at", "taken_at"),
            *("held_until", "sent_at", "message_id"),
        ),
        hidden=("payload",),
    ),
    "group_words": Whose(
        f"topic_id IN ({TOPICS})",
        {},
        ("message_id", "topic_id", "post_id", "written_id", "shown", "settled"),
    ),
    "one_time_links": Whose(
        "identity_id = ANY(:identities) OR conversation_id = ANY(:conversations)",
        {},
        ("id", "token_hash", "identity_id", "conversation_id", "expires_at", "used_at"),
        deleted=True,
        hidden=("token_hash",),
    ),
    "assignments": Whose(
        "ticket_id IN (SELECT id FROM tickets WHERE conversation_id = ANY(:conversations))",
        {"reason": f"'{GONE}'"},
        ("id", "ticket_id", "staff_id", "at"),
    ),
    "ratings": Whose(
        "ticket_id IN (SELECT id FROM tickets WHERE conversation_id = ANY(:conversations))",
        {},
        ("ticket_id", "times", "score", "at", "team_id", "staff_id", "intent", "queue", "channel", "told_why"),
    ),
    # kept figures: kinds, days and times of the person's own rows, without anybody's words
    "answer_facts": Whose(
        BY_TURN,
        {},
        ("turn_id", "day", "intent", "platform", "channel", "seconds", "returned"),
    ),
    "case_facts": Whose(
        "ticket_id IN (SELECT id FROM tickets WHERE conversation_id = ANY(:conversations))",
        {},
        (
            *("ticket_id", "day", "team_id", "priority", "intent", "platform", "channel", "answer_minutes"),
            *("answer_worked", "resolve_minutes", "resolve_worked", "ended", "reopened", "kept", "missed", "void"),
            *("asked", "rated_1", "rated_2", "rated_3", "rated_4", "rated_5"),
        ),
    ),
    "case_spells": Whose(
        "ticket_id IN (SELECT id FROM tickets WHERE conversation_id = ANY(:conversations))",
        {},
        ("ticket_id", "times", "promised_at", "first_reply_at", "resolved_at"),
    ),
    "agent_acts": Whose(
        "ticket_id IN (SELECT id FROM tickets WHERE conversation_id = ANY(:conversations))",
        {},
        ("id", "at", "what", "staff_id", "team_id", "ticket_id", "counted"),
    ),
    "topic_turns": Whose(
        BY_TURN,
        {},
        ("topic_id", "turn_id", "position", "now"),
        deleted=True,
    ),
    "rechecks": Whose(
        BY_CONVERSATION,
        {"finding": "NULL", "said": "NULL"},
        ("id", "conversation_id", "ticket_id", "staff_id", "check_name", "at"),
    ),
    "reply_drafts": Whose(
        BY_CONVERSATION,
        {},
        ("staff_id", "conversation_id", "act", "text", "key", "sources", "written_at"),
        deleted=True,
        hidden=("text", "sources"),
    ),
    "reply_sources": Whose(
        "message_id IN (SELECT id FROM messages WHERE conversation_id = ANY(:conversations))",
        {},
        ("message_id", "kind", "reference", "as_of"),
    ),
    "lanes": Whose(BY_CONVERSATION, {}, ("conversation_id", "due_at", "held_by", "held_until", "fence", "falls")),
    "floods": Whose(BY_CONVERSATION, {}, ("conversation_id", "hour", "count", "last_at")),
    "look_permits": Whose(
        BY_CONVERSATION,
        {},
        ("id", "staff_id", "session_hash", "conversation_id", "reason", "at", "until"),
        deleted=True,
        hidden=("session_hash",),
    ),
    "data_requests": Whose(
        BY_CONVERSATION,
        {"reason": f"'{GONE}'"},
        (
            *("id", "number", "kind", "status", "conversation_id", "ticket_id", "asked_at", "due_at", "made_at"),
            *("made_by", "what", "notice_id", "counts", "digest", "done_at"),
        ),
    ),
    # what is searched follows its table by triggers; nothing of it is left, and it is shown where it was said
    "search_messages": Whose(
        "id IN (SELECT position FROM messages WHERE conversation_id = ANY(:conversations))",
        {},
        SEARCHED,
        deleted=True,
        hidden=SEARCHED,
    ),
    "search_tickets": Whose(
        "id IN (SELECT id FROM tickets WHERE conversation_id = ANY(:conversations))",
        {},
        SEARCHED,
        deleted=True,
        hidden=SEARCHED,
    ),
    "search_people": Whose("id = ANY(:identities)", {}, SEARCHED, deleted=True, hidden=SEARCHED),
}
