"""What the address of the queue asks for: a tab, filters, an order and a place, in the words of the address."""

from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from desk.paper import query
from desk.queue.filter import Filter
from desk.queue.order import ORDERS
from desk.queue.reading import Question
from desk.queue.tabs import TABS, TEAM, UNASSIGNED
from desk.sessions import Person

Word = Annotated[str, Query(max_length=100)]
Place = Annotated[str, Query(max_length=300)]
WAITS = {"30": "30 menit", "60": "1 jam", "240": "4 jam", "1440": "1 hari", "4320": "3 hari"}
"""Offered lengths of waiting, in minutes."""
NAMES = (
    *("antrean", "keluhan", "platform", "kanal", "prioritas", "gelombang", "tim", "insiden", "tag", "menunggu"),
    *("terancam", "cari"),
)
"""The words that filter; a saved view keeps them with the tab and the order."""


class Asked:
    """A question of the address, before it is known who asks."""

    def __init__(
        self,
        tab: Word = UNASSIGNED,
        antrean: Word = "",
        keluhan: Word = "",
        platform: Word = "",
        kanal: Word = "",
        prioritas: Word = "",
        gelombang: Word = "",
        tim: Word = "",
        insiden: Word = "",
        tag: Word = "",
        menunggu: Word = "",
        terancam: Word = "",
        cari: Word = "",
        urut: Word = "",
        sesudah: Place = "",
    ) -> None:
        given = (antrean, keluhan, platform, kanal, prioritas, gelombang, tim, insiden, tag, menunggu, terancam, cari)
        self.tab = tab if tab in TABS or (tab.startswith(TEAM) and _id(tab.removeprefix(TEAM))) else UNASSIGNED
        self.words = {name: value.replace("\0", "").strip() for name, value in zip(NAMES, given, strict=True)}
        self.order = urut if urut in ORDERS else ""
        self.place = sesudah.replace("\0", "")

    @classmethod
    def of(cls, words: dict[str, Any]) -> "Asked":
        """Return the question of words that were kept (a view) or brought by a form; what is unknown is left out."""
        known = {name: str(words.get(name) or "")[:100] for name in (*NAMES, "urut")}
        return cls(tab=str(words.get("tab") or UNASSIGNED), **known)

    @property
    def filter(self) -> Filter:
        """Return what narrows the list; words that mean nothing narrow nothing."""
        it = self.words
        return Filter(
            queue=it["antrean"],
            intent=it["keluhan"],
            platform=it["platform"],
            channel=it["kanal"],
            priority=it["prioritas"],
            wave=int(it["gelombang"]) if _small(it["gelombang"]) else None,
            team_id=_id(it["tim"]),
            incident_id=it["insiden"],
            tag=it["tag"],
            waiting=timedelta(minutes=int(it["menunggu"])) if _small(it["menunggu"]) else None,
            endangered=bool(it["terancam"]),
            words=it["cari"],
        )

    @property
    def narrowed(self) -> int:
        """Return how many filters are set, beside the words of the search."""
        return sum(bool(value) for name, value in self.words.items() if name != "cari")

    @property
    def kept(self) -> dict[str, str]:
        """Return the words a view keeps: all that is set."""
        every = {"tab": self.tab, **self.words, "urut": self.order}
        return {name: value for name, value in every.items() if value}

    def by(self, person: Person, now: datetime) -> Question:
        """Return the question as this person asks it now."""
        return Question(person, now, self.tab, self.filter, self.order)

    def address(self, **changed: str | int) -> str:
        """Return the query string of this question, or of a changed one."""
        return query(**{"tab": self.tab, **self.words, "urut": self.order, **changed})


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _small(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 0 < int(text) < 1_000_000
