"""The tables of the trends page as CSV: for the page's links and for `helpdesk trends export`.

`--by intent --from 2020-08-18 --to 2020-08-24 FILE` is

    async with database.read() as session:
        text = await export(session, by="intent", within=Within(first=date(2020, 8, 18), last=date(2020, 8, 24)))
    file.write_text(text, newline="")

Whoever calls it writes the audit entry `trends_exported`: this room only reads. Rows are another matter: see
`trends.exporting`.
"""

from collections.abc import Awaitable, Callable

from records.database import ReadSession
from trends.bars import Bar
from trends.by_channel import complaints_by_channel
from trends.by_day import complaints_by_day
from trends.by_intent import complaints_by_intent
from trends.by_platform import complaints_by_platform
from trends.csv_text import csv_text
from trends.labels import channel_label, intent_label, platform_label
from trends.within import NONE, Within

QUESTIONS: dict[str, Callable[[ReadSession, Within], Awaitable[list[Bar]]]] = {
    "intent": complaints_by_intent,
    "platform": complaints_by_platform,
    "channel": complaints_by_channel,
    "day": complaints_by_day,
}
HEADINGS = {"intent": "Keluhan", "platform": "Platform", "channel": "Kanal", "day": "Hari (WIB)"}
BY = tuple(QUESTIONS)


class UnknownQuestion(ValueError):
    """`by` is none of intent, platform, channel, day."""


async def export(session: ReadSession, *, by: str, within: Within) -> str:
    """Return the table behind one picture as CSV; raises UnknownQuestion."""
    if by not in QUESTIONS:
        raise UnknownQuestion(f"Tidak kenal --by {by}; pilih salah satu: {', '.join(BY)}.")
    bars = await QUESTIONS[by](session, within)
    header = (HEADINGS[by], "Kode", "Pesan", "Percakapan")
    return csv_text(header, [(bar_label(by, bar.key), bar.key, bar.messages, bar.conversations) for bar in bars])


def bar_label(by: str, key: str) -> str:
    """Return what staff read beside a bar."""
    if by == "platform":
        return platform_label(None if key == NONE else key)
    return {"intent": intent_label, "channel": channel_label}.get(by, str)(key)
