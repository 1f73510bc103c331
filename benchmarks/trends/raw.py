"""What the overview is set beside: the same figures asked of the messages themselves, as most help desks do it."""

import time
from datetime import timedelta

import psycopg

from benchmarks.trends.asking import Question, Questions
from trends.within import LEFT_OUT

COUNT = 3
ABOUT = """
    created_at >= %(first)s::date::timestamp AT TIME ZONE 'Asia/Jakarta'
    AND created_at < (%(last)s::date + 1)::timestamp AT TIME ZONE 'Asia/Jakarta'
    AND COALESCE(corrected_intent, intent) <> ALL(%(left_out)s)
"""
LOCAL = "created_at AT TIME ZONE 'Asia/Jakarta'"
BY = (
    "COALESCE(corrected_intent, intent)",
    "COALESCE(platform, '-')",
    "channel",
    f"({LOCAL})::date",
    f"extract(isodow FROM {LOCAL}), extract(hour FROM {LOCAL})",
)
WHOSE = f"""
    SELECT p.province, p.recipient_wave, a.partner_id, count(*)
    FROM turns t LEFT JOIN programme.participants p ON p.id = t.participant_id
    LEFT JOIN programme.payout_accounts a ON a.participant_id = p.id
    WHERE {ABOUT} GROUP BY GROUPING SETS ((p.province), (p.recipient_wave), (a.partner_id))
"""  # noqa: S608 (our own words)


def measure(connection: psycopg.Connection, questions: Questions) -> dict[str, list[float]]:
    """Return the seconds an overview took, by what it is set beside."""
    ranges = {"overview": (7, 31), "overview_year": (300, 366)}
    return {
        name: [_asked(connection, questions.one(*days)) for _ in range(COUNT + 1)][1:] for name, days in ranges.items()
    }


def _asked(connection: psycopg.Connection, question: Question) -> float:
    began, length = time.perf_counter(), (question.last - question.first) + timedelta(days=1)
    now = {"first": question.first, "last": question.last, "left_out": list(LEFT_OUT)}
    before = {**now, "first": question.first - length, "last": question.first - timedelta(days=1)}
    for span in (now, before):
        for by in BY:
            counted = f"SELECT {by}, count(*) FROM turns WHERE {ABOUT} GROUP BY {by}"  # noqa: S608 (our own words)
            connection.execute(counted.encode(), span).fetchall()
        connection.execute(WHOSE.encode(), span).fetchall()
    return time.perf_counter() - began
