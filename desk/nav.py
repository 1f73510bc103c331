"""The pages one can go to from anywhere: what each is called, who may (by its route), and which key leads there."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """One entry of the navigation."""

    address: str
    name: str
    route: str
    """The route's name in `desk.rights`; who may not use it does not see the entry."""
    key: str
    aside: bool = False
    """Stands in the folded menu: visited now and then, not all day."""
    also: tuple[str, ...] = ()
    """Other addresses that belong to it."""

    def holds(self, path: str) -> bool:
        """Say whether a page of this address belongs to the entry."""
        return any(path == root or path.startswith(root + "/") for root in (self.address, *self.also))


NAV: tuple[Place, ...] = (
    Place("/antrean", "Antrean", "queue_page", "g a", also=("/percakapan",)),
    Place("/cari", "Cari", "search_page", "g c"),
    Place("/sebutan", "Sebutan", "notices_page", "g n"),
    Place("/beban", "Beban", "load_page", "g w"),
    Place("/insiden", "Insiden", "incidents_page", "g i", also=("/dugaan",)),
    Place("/tren", "Tren", "trends_page", "g t", also=("/laporan",)),
    Place("/siaran", "Siaran", "broadcasts_page", "g r", aside=True),
    Place("/peringatan", "Peringatan", "alarms_page", "g p"),
    Place("/sumber", "Sumber", "sources_page", "g s", aside=True),
    Place("/pengiriman", "Pengiriman", "deliveries_page", "g k", aside=True),
    Place("/belajar", "Belajar", "learning_page", "g j", aside=True),
    Place("/siap-pakai", "Siap pakai", "canned_page", "g b", aside=True),
    Place("/data-pribadi", "Data pribadi", "privacy_page", "g d", aside=True),
    Place("/petugas", "Petugas", "staff_page", "g o", aside=True),
    Place("/audit", "Audit", "audit_page", "g u", aside=True),
    Place("/tim", "Tim", "teams_page", "g m", aside=True),
    Place("/tag", "Tag", "tags_page", "g #", aside=True),
    Place("/jam-kerja", "Jam kerja", "hours_page", "g h", aside=True),
)


def place_of(path: str) -> Place | None:
    """Return the entry that a page of this address belongs to."""
    return next((place for place in NAV if place.holds(path)), None)
