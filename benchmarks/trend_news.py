"""What counting costs the turn: microseconds of database time a turn is written in, with its trigger and without.

`python -m benchmarks.trend_news URL` for a database nobody uses; nothing of it stays. Rounds with and without take
turns, and the median of the rounds is told, so that other work on the machine hurts both alike.
"""

import sys
from statistics import median

import psycopg

ROUNDS, TURNS = 15, 400
WRITE = """
DO $$
DECLARE began timestamptz; chat uuid := gen_random_uuid(); heard bigint; spent interval := '0';
BEGIN
    INSERT INTO conversations (id, channel, external_id, opened_at) VALUES (chat, 'console', chat::text, now());
    FOR number IN 1..%(turns)s LOOP
        INSERT INTO inbox (channel, external_id, conversation_id, kind, order_key, received_at, status)
        VALUES ('console', gen_random_uuid()::text, chat, 'text', number, now(), 'done') RETURNING id INTO heard;
        began := clock_timestamp();
        INSERT INTO turns (id, inbox_id, conversation_id, channel, intent, confidence, platform, outcome, took_ms,
                           created_at)
        VALUES (gen_random_uuid(), heard, chat, 'console', 'payment_failed', 0.9, 'tokopedia', 'answered', 12, now());
        spent := spent + (clock_timestamp() - began);
    END LOOP;
    PERFORM set_config('trends.spent', (extract(epoch FROM spent) * 1e6 / %(turns)s)::text, true);
END $$
"""


def microseconds(connection: psycopg.Connection, *, counted: bool) -> float:
    """Write some turns and return what one of them took; then undo it."""
    with connection.transaction(force_rollback=True):
        connection.execute(f"ALTER TABLE turns {'ENABLE' if counted else 'DISABLE'} TRIGGER turns_said")
        connection.execute(WRITE % {"turns": TURNS})
        row = connection.execute("SELECT current_setting('trends.spent')").fetchone()
        return float(row[0]) if row else 0.0


def main() -> None:
    """Measure and tell."""
    with psycopg.connect(sys.argv[1], autocommit=True) as connection:
        rounds = [
            (microseconds(connection, counted=True), microseconds(connection, counted=False)) for _ in range(ROUNDS)
        ]
    counted, plain = (median(column) for column in zip(*rounds, strict=True))
    sys.stdout.write(f"with {counted:.0f} us, without {plain:.0f} us: {counted - plain:.0f} us a turn\n")


if __name__ == "__main__":
    main()
