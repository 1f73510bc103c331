"""The outages of a rehearsed year: those that are known, and drawn ones. When, where and how large is the truth."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from helpdesk.rehearsing.matters import BUYING, ENTERING, PAYING_OUT, REDEEMING
from records.clock import WIB

A_MONTH = 3.0
APART = timedelta(hours=20)
PLATFORM_WEIGHTS = {
    **{"tokopedia": 30, "bukalapak": 17, "pintaria": 10, "sekolahmu": 13, "pijarmahir": 9},
    **{"maubelajarapa": 6, "sisnaker": 9, "ruangguru": 6},
}
CHANNEL_WEIGHTS = {"telegram": 44, "whatsapp": 42, "web": 14}
SIZES = (1.8, 2.5, 3.5, 5.0, 7.0, 10.0, 14.0)
COMPONENTS = (("purchase", BUYING), ("redeem", REDEEMING), ("login", ENTERING), ("payout_account", PAYING_OUT))
WORDS = {
    **{"purchase": "pembelian", "redeem": "redeem dan kelas", "login": "masuk akun"},
    "payout_account": "insentif dan rekening",
}


def _wib(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=WIB)  # type: ignore[arg-type,misc]


@dataclass(frozen=True)
class Outage:
    """So many times the usual of some intents, at one platform or channel or everywhere."""

    name: str
    component: str
    intents: tuple[str, ...]
    platform: str | None
    channel: str | None
    steps: tuple[tuple[datetime, float], ...]
    """From when on it is how large; the last step ends it with 1."""

    @property
    def begins(self) -> datetime:
        """When it began."""
        return self.steps[0][0]

    @property
    def ends(self) -> datetime:
        """When it was over."""
        return self.steps[-1][0]

    @property
    def size(self) -> float:
        """How many times the usual it was at its worst."""
        return max(size for _, size in self.steps)

    def more(self, since: datetime, until: datetime) -> float:
        """Return how many times the usual of that stretch comes on top of it."""
        ends = [*(at for at, _ in self.steps[1:]), self.ends]
        lasted = (
            (size - 1) * max((min(until, end) - max(since, at)) / (until - since), 0.0)
            for (at, size), end in zip(self.steps, ends, strict=True)
        )
        return sum(lasted)

    def as_data(self) -> dict[str, Any]:
        """Return it as the truth file has it."""
        steps = [[at.isoformat(), size] for at, size in self.steps]
        times = {"begins": self.begins.isoformat(), "ends": self.ends.isoformat(), "size": self.size}
        return {**asdict(self), "intents": list(self.intents), "steps": steps, **times}


KNOWN = (
    Outage(
        "Penyesuaian dan integrasi pembelian, Agustus 2020",
        "purchase",
        ("package_not_found", "payment_failed", "purchase_otp", "purchase_status", "system_outage"),
        None,
        None,
        (
            *((_wib(2020, 8, 20, 7), 12.0), (_wib(2020, 8, 20, 19), 23.0), (_wib(2020, 8, 22, 8), 33.0)),
            *((_wib(2020, 8, 25, 0), 26.0), (_wib(2020, 8, 28, 0), 16.0), (_wib(2020, 8, 30, 0), 8.0)),
            (_wib(2020, 8, 31, 22), 1.0),
        ),
    ),
    Outage(
        "Tombol daftar dan sambung rekening dimatikan, Desember 2021",
        "payout_account",
        ("join_wave_failed", "payout_account_failed", "manage_payout_account", "ask_how_to_register"),
        None,
        None,
        ((_wib(2021, 12, 15, 23, 59), 6.0), (_wib(2021, 12, 17, 12), 3.0), (_wib(2021, 12, 20, 0), 1.0)),
    ),
    Outage(
        "Kelas batal karena Lebaran 2023",
        "redeem",
        ("class_access", "cancel_or_refund", "attendance_verification"),
        None,
        None,
        ((_wib(2023, 4, 19, 8), 4.0), (_wib(2023, 4, 26, 20), 1.0)),
    ),
)


def outages(first: datetime, last: datetime, seed: int) -> list[Outage]:
    """Return the known ones of the range and drawn ones around them, in order."""
    known = [it for it in KNOWN if it.ends > first and it.begins < last]
    draw, made, step = Random(seed), list[Outage](), timedelta(days=30 / A_MONTH)
    at = first + timedelta(days=4) + step * draw.random()
    while at < last - timedelta(hours=12):
        one = _draw(draw, _minute(at), SIZES[len(made) % len(SIZES)])
        if not any(it.begins - APART < one.ends and one.begins < it.ends + APART for it in known):
            made.append(one)
        at = one.ends + APART + step * draw.expovariate(1.2)
    return sorted((*known, *made), key=lambda it: it.begins)


def _draw(draw: Random, begins: datetime, size: float) -> Outage:
    kind = draw.choice(("one", "group", "one at a platform", "group at a platform", "group on a channel"))
    component, group = draw.choice(COMPONENTS)
    if "platform" in kind:
        component, group = draw.choice(COMPONENTS[:2])
    intents = group if "group" in kind else (draw.choice(group),)
    platform = draw.choices(list(PLATFORM_WEIGHTS), list(PLATFORM_WEIGHTS.values()))[0] if "platform" in kind else None
    channel = draw.choices(list(CHANNEL_WEIGHTS), list(CHANNEL_WEIGHTS.values()))[0] if "channel" in kind else None
    ends = begins + timedelta(minutes=draw.randrange(70, 600))
    creeping = ((begins, 1 + (size - 1) / 3), (begins + timedelta(minutes=25), size)) if draw.random() < 0.4 else None
    steps = (*(creeping or ((begins, size),)), (ends, 1.0))
    where = (f" di {platform}" if platform else "") + (f" lewat {channel}" if channel else "")
    name = f"Gangguan {WORDS[component]}{where}, {begins:%d-%m-%Y}"
    return Outage(name, component, tuple(intents), platform, channel, steps)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
