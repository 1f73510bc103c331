"""The hours of the week as a field: when participants complain."""

from desk.pages.trends.asked import file_at, rows_at
from desk.pages.trends.seen import Seen
from desk.pages.trends.told import hours_told
from desk.pages.trends.words import WEEKDAYS
from desk.pictures.figure import Cell, Figure, Table, number
from desk.pictures.heat import heat
from desk.pictures.item import Item
from desk.pictures.numbers import whole

HOUR = "hour"
TITLE = "Jam dan hari"


def by_hour(seen: Seen) -> Figure:
    """Return the figure of the hours."""

    def item(weekday: int, hour: int, count: int) -> Item:
        spoken = f"{WEEKDAYS[weekday]} pukul {hour:02d}: {whole(count)} pesan"
        return Item(f"{hour:02d}", count, spoken, rows_at(seen.within, hari=str(weekday), jam=str(hour)))

    counts = {(cell.weekday, cell.hour): cell.messages for cell in seen.cells}
    cells = [[item(day, hour, counts.get((day, hour), 0)) for day in range(7)] for hour in range(24)]
    told = hours_told(seen.cells)
    lines = [
        [Cell(f"{hour:02d}.00"), *(number(it.value, it.href if it.value else None) for it in row)]
        for hour, row in enumerate(cells)
    ]
    foot = [Cell("Jumlah"), *(number(sum(row[day].value for row in cells)) for day in range(7))]
    table = Table(["Jam (WIB)", *WEEKDAYS], lines, foot, codes=[str(hour) for hour in range(24)])
    notes = ["Makin gelap, makin ramai; bingkai menandai jam teramai. Jam menurut WIB."]
    return Figure(HOUR, TITLE, told, heat(HOUR, TITLE, told, cells), table, file_at(seen.within, HOUR), notes)
