"""How cells of one hour come into the coarser counts, in SQL: the same for what is new and for a whole month anew.

A day counts its messages by kind, and its complaints by hour and by each dimension. A month counts the same, by date
and by hour of the week, once for all messages and once for those with each value of each dimension: so a question with
one filter reads a few hundred rows a month, whatever the range.
"""

from trends.changes import CELL

FILTERS = ("intent", "platform", "channel", "wave", "institution", "partner", "province")
TABLES = ("trend_hours", "trend_days", "trend_months")
COLUMNS = ("day", "hour", *CELL)


def code(dimension: str, key: str) -> str:
    """Return SQL for the number of a key."""
    return f"trend_code('{dimension}', {key})"


PLACED = f"""
    SELECT spot.day, spot.hour, {code("hour", "spot.hour::text")} AS hour_code,
           {code("date", "extract(day FROM spot.day)::text")} AS date_code,
           {code("weekhour", "((extract(isodow FROM spot.day) - 1) * 24 + spot.hour)::text")} AS weekhour_code,
           {code("all", "''")} AS all_code
    FROM (SELECT DISTINCT day, hour FROM coded) AS spot
"""  # noqa: S608 (the words are our own)
"""The codes of the hours that `coded` has: looked up once an hour, not once a cell."""

_KEYS = ", ".join(CELL)


def days(source: str = "marked") -> str:
    """Return SQL that sums cells by day: day, key, messages."""
    return f"""
        SELECT day, key, sum(messages)::int AS messages
        FROM {source}, unnest(CASE WHEN complaint THEN ARRAY[kind, hour_code, {_KEYS}] ELSE ARRAY[kind] END) AS key
        GROUP BY day, key HAVING sum(messages) <> 0
    """  # noqa: S608 (the words are our own)


def months(source: str = "marked") -> str:
    """Return SQL that sums cells by month and filter: filter, month, key, messages."""
    return f"""
        SELECT filter, date_trunc('month', day)::date AS month, key, sum(messages)::int AS messages
        FROM {source}, unnest(ARRAY[all_code, {", ".join(FILTERS)}]) AS filter, unnest(
            CASE WHEN complaint THEN ARRAY[kind, date_code, weekhour_code, {_KEYS}] ELSE ARRAY[kind] END) AS key
        GROUP BY filter, month, key HAVING sum(messages) <> 0
    """  # noqa: S608


def marked(source: str = "coded") -> str:
    """Return SQL for cells (by code, with `kind` and `complaint`) with the codes of their hours."""
    return f"SELECT cell.*, {_HOURS} FROM {source} AS cell JOIN placed USING (day, hour)"  # noqa: S608


_HOURS = "placed.hour_code, placed.date_code, placed.weekhour_code, placed.all_code"


def add(table: str, selected: str) -> str:
    """Return SQL that adds to the counts that are there."""
    keys = {"trend_days": ("day", "key"), "trend_months": ("filter", "month", "key")}.get(table, COLUMNS)
    return f"""
        INSERT INTO {table} ({", ".join(keys)}, messages) {selected}
        ON CONFLICT ({", ".join(keys)}) DO UPDATE SET messages = {table}.messages + EXCLUDED.messages
    """
