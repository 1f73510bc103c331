"""Which sources a turn could not ask: counted by the minute with the turn itself, for the page about the sources."""

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

LONGEST = 200
COUNT = text("""
    INSERT INTO source_failures (minute, source, question, reason, count, last_at)
    SELECT date_trunc('minute', CAST(:now AS timestamptz)), failed.source, failed.question, failed.reason, 1, :now
    FROM unnest(CAST(:sources AS text[]), CAST(:questions AS text[]), CAST(:reasons AS text[]))
        AS failed (source, question, reason)
    ON CONFLICT (minute, source, question, reason) DO UPDATE
        SET count = source_failures.count + 1, last_at = greatest(source_failures.last_at, EXCLUDED.last_at)
""")


def unasked(findings: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Return source, question and reason of whatever failed, each once and always in the same order."""
    evidence = (it for finding in findings for it in finding.get("evidence") or ())
    failed = {
        (str(it.get("source", ""))[:LONGEST], str(it.get("label", ""))[:LONGEST], str(it["failed"])[:LONGEST])
        for it in evidence
        if it.get("failed")
    }
    # two turns that count the same failures take the rows one after the other, never crosswise
    return sorted(failed)


async def count(session: AsyncSession, findings: list[dict[str, Any]], now: datetime) -> None:
    """Count what failed in this turn; nothing is asked of the database where nothing failed."""
    failed = unasked(findings)
    if not failed:
        return
    sources, questions, reasons = zip(*failed, strict=True)
    given = {"now": now, "sources": list(sources), "questions": list(questions), "reasons": list(reasons)}
    await session.execute(COUNT, given)
