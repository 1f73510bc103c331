"""What is known of the person who wrote: their wave, province, payout partner, and the institution it was about.

It is read from the programme's tables once, when the message is first counted, and only where it is proven: by whom the
channel says they are, by their own account, and by the one purchase a check found. It stays as it was then, so a chart
of the past does not move when the programme's tables do.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, TextualSelect, Uuid, column, select, text, union_all

from records.models import TrendFact, TrendKey, Turn

OF_THE_PERSON = ("wave", "institution", "partner", "province")
UNKNOWN = "-"
PURCHASE = "Pembelian"
"""The label of the evidence of a purchase (checks/purchase/words.py)."""

PERSON = f"""
    SELECT p.recipient_wave::text AS wave, p.province, account.partner_id AS partner, bought.institution
    FROM programme.participants p
    LEFT JOIN LATERAL (
        SELECT partner_id FROM programme.payout_accounts WHERE participant_id = p.id
        ORDER BY status = 'unlinked', checked_at DESC NULLS LAST, id LIMIT 1
    ) AS account ON true
    LEFT JOIN LATERAL (
        SELECT min(c.institution_id) AS institution
        FROM jsonb_path_query(turns.findings, 'lax $[*].evidence[*] ? (@.label == "{PURCHASE}").value') AS told
        JOIN programme.purchases b ON b.participant_id = p.id
        JOIN programme.courses c ON c.code = b.course_code
        WHERE starts_with(told #>> '{{}}', c.title || ', ')
        HAVING count(DISTINCT c.institution_id) = 1
    ) AS bought ON true
    WHERE p.id = turns.participant_id
"""  # noqa: S608 (the words are our own)
"""Of a row of `turns`; a purchase is told as its course's title, then a comma (checks/purchase/words.py)."""


def of_the_person(wanted: Mapping[str, str], begins: datetime, ends: datetime) -> ColumnElement[bool]:
    """Match the messages of a time that count under each dimension's key; who is forgotten is found under none.

    All dimensions are asked of at once: one by one, the planner would go through one's messages for each of another's.
    """
    keys = (
        getattr(TrendFact, by)
        == select(TrendKey.code).where(TrendKey.dimension == by, TrendKey.key == key).scalar_subquery()
        for by, key in wanted.items()
    )
    counted = select(TrendFact.turn_id).where(TrendFact.at >= begins, TrendFact.at < ends, *keys)
    return Turn.id.in_(union_all(counted, _not_counted_yet(wanted)))


def _not_counted_yet(wanted: Mapping[str, str]) -> TextualSelect:
    new = f"""
        SELECT turns.id FROM trend_news JOIN turns ON turns.id = turn_id LEFT JOIN LATERAL ({PERSON}) AS person ON true
        WHERE NOT EXISTS (SELECT FROM trend_facts f WHERE f.turn_id = turns.id)
              AND {" AND ".join(f"COALESCE(person.{by}, '{UNKNOWN}') = :{by}_wanted" for by in wanted)}
    """  # noqa: S608
    return text(new).bindparams(**{f"{by}_wanted": key for by, key in wanted.items()}).columns(column("id", Uuid()))
