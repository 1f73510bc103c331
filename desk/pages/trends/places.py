"""The pages of the trends: what stands in their sub-navigation. A page more is a line more.

Each keeps the range and the filters as one goes from page to page: a template starts with

    {% extends "trends_layout.html" %}

and is given `asked` (`desk.pages.trends.asked.Asked`), which brings the heading, the presets and the filters.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One entry of the sub-navigation."""

    address: str
    name: str
    route: str
    """The route's name in `desk.rights`; who may not use it does not see the entry."""


PLACES: tuple[Place, ...] = (
    Place("/tren", "Ringkasan", "trends_page"),
    Place("/tren/layanan", "Layanan", "service_page"),
    Place("/tren/topik", "Topik baru", "topics_page"),
    Place("/laporan", "Laporan mingguan", "reports_page"),
)
