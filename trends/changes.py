"""What a message counts as, in SQL: as it was counted (`o_…`), and as it is now, both by the keys of its dimensions.

Whoever is forgotten stays counted as they were; what comes of their messages later changes nothing any more.
"""

from trends.whose import OF_THE_PERSON, PERSON
from trends.within import DIALOGUE, NONE, NOT_UNDERSTOOD, OFF_TOPIC

CELL = ("intent", "platform", "channel", "outcome", *OF_THE_PERSON)

COMPLAINT, SMALL_TALK, OFF, UNCLEAR, UNREAD = "complaint", "dialogue", "off_topic", "not_understood", "not_read"

CHANGES = f"""
    changes AS MATERIALIZED (
        SELECT told.turn_id, turns.conversation_id, turns.id IS NULL AS gone, f.turn_id IS NOT NULL AS counted,
               it.at, (it.at AT TIME ZONE 'Asia/Jakarta')::date AS day,
               extract(hour FROM it.at AT TIME ZONE 'Asia/Jakarta')::smallint AS hour,
               intents.key AS o_intent, platforms.key AS o_platform,
               COALESCE(it.intent, '-') AS intent, COALESCE(it.platform, '-') AS platform, it.channel,
               COALESCE(outcomes.key, it.outcome) AS outcome,
               COALESCE(waves.key, person.wave, '-') AS wave,
               COALESCE(institutions.key, person.institution, '-') AS institution,
               COALESCE(partners.key, person.partner, '-') AS partner,
               COALESCE(provinces.key, person.province, '-') AS province
        FROM told
        LEFT JOIN turns ON turns.id = told.turn_id
        CROSS JOIN LATERAL (
            SELECT created_at AS at, COALESCE(corrected_intent, turns.intent) AS intent,
                   turns.platform, turns.channel, turns.outcome
            WHERE turns.id IS NOT NULL
            UNION ALL
            SELECT (was ->> 'at')::timestamptz, was ->> 'intent',
                   was ->> 'platform', was ->> 'channel', was ->> 'outcome'
            WHERE turns.id IS NULL AND was IS NOT NULL
        ) AS it
        LEFT JOIN known f ON f.turn_id = told.turn_id
        LEFT JOIN trend_keys intents ON intents.code = f.intent
        LEFT JOIN trend_keys platforms ON platforms.code = f.platform
        LEFT JOIN trend_keys outcomes ON outcomes.code = f.outcome
        LEFT JOIN trend_keys waves ON waves.code = f.wave
        LEFT JOIN trend_keys institutions ON institutions.code = f.institution
        LEFT JOIN trend_keys partners ON partners.code = f.partner
        LEFT JOIN trend_keys provinces ON provinces.code = f.province
        LEFT JOIN LATERAL ({PERSON}) AS person ON f.turn_id IS NULL
        WHERE f.turn_id IS NULL OR f.wave IS NOT NULL
    )
"""  # noqa: S608
"""Of the messages in `told` (turn_id, was) with their facts `known`. Who is forgotten counts as they did, for good."""

MOVED = f"""
    moved AS (
        SELECT day, hour, {", ".join(CELL)}, 1 AS messages FROM changes
        UNION ALL
        SELECT day, hour, o_intent, o_platform, {", ".join(CELL[2:])}, -1 FROM changes WHERE counted
    ), net AS MATERIALIZED (
        SELECT day, hour, {", ".join(CELL)}, sum(messages)::int AS messages
        FROM moved GROUP BY day, hour, {", ".join(CELL)} HAVING sum(messages) <> 0
    )
"""  # noqa: S608
"""By how much every cell of `trend_hours` grows or shrinks with the changes."""


def intent_kind(intent: str) -> str:
    """Return of what kind a message with this intent's key is."""
    left_out = {**dict.fromkeys(DIALOGUE, SMALL_TALK), **dict.fromkeys(OFF_TOPIC, OFF)}
    return {**left_out, **dict.fromkeys(NOT_UNDERSTOOD, UNCLEAR), NONE: UNREAD}.get(intent, COMPLAINT)


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def kind_of(intent: str) -> str:
    """Return SQL that says of what kind a message with this intent's key is."""
    return (
        f"CASE WHEN {intent} IN ({_listed(DIALOGUE)}) THEN '{SMALL_TALK}' WHEN {intent} IN ({_listed(OFF_TOPIC)}) "
        f"THEN '{OFF}' WHEN {intent} IN ({_listed(NOT_UNDERSTOOD)}) THEN '{UNCLEAR}' WHEN {intent} = '-' "
        f"THEN '{UNREAD}' ELSE '{COMPLAINT}' END"
    )
