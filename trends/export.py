"""The tables behind the pictures of the trends page as CSV, for `helpdesk trends export`.

`--by intent --from 2020-08-18 --to 2020-08-24 FILE` is

    async with database.read() as session:
        text = await export(session, by="intent", within=Within(first=date(2020, 8, 18), last=date(2020, 8, 24)))
    file.write_text(text, newline="")

Whoever calls it writes the audit entry `trends_exported`: this room only reads. Rows are another matter: see
`trends.exporting`.
"""

from records.database import ReadSession
from trends.bars import counted
from trends.csv_text import csv_text
from trends.names import names
from trends.within import Within

DAY = "day"
HEADINGS = {
    "intent": "Keluhan",
    "platform": "Platform",
    "channel": "Kanal",
    "institution": "Lembaga",
    "partner": "Mitra",
    "wave": "Gelombang",
    "province": "Provinsi",
}
BY = (*HEADINGS, DAY)


class UnknownQuestion(ValueError):
    """`by` is none of those there are."""


async def export(session: ReadSession, *, by: str, within: Within) -> str:
    """Return the table behind one picture as CSV; raises UnknownQuestion."""
    if by not in BY:
        raise UnknownQuestion(f"Tidak kenal --by {by}; pilih salah satu: {', '.join(BY)}.")
    named, bars = await names(session), await counted(session, within, by)
    header = (HEADINGS.get(by, "Hari (WIB)"), "Kode", "Pesan", "Percakapan")
    return csv_text(header, [(named(by, bar.key), bar.key, bar.messages, bar.conversations) for bar in bars])
