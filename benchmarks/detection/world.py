"""A programme that might be: what people complain of, where and when, with its waves, holidays and fasting month.

Drawn at random from a seed. Nothing here is taken from the method that is judged with it.
"""

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from records.clock import WIB
from trends.rhythm.days import Days, WaveDates, day_number, first_minute

BUYING = ("payment_failed", "purchase_otp", "paid_no_code", "package_not_found", "purchase_status", "wrong_charge")
REDEEMING = ("redeem_failed", "class_access", "ask_how_to_redeem", "certificate_missing", "attendance_verification")
ENTERING = ("login_failed", "login_otp", "identity_verification_failed", "nik_already_registered", "account_blocked")
WAVING = ("wave_schedule", "join_wave_failed", "selection_result", "ask_eligibility", "ask_how_to_register")
PAYING_OUT = ("incentive_not_received", "payout_account_failed", "manage_payout_account", "survey_incentive")
OTHERS = (
    *("ask_how_to_buy", "ask_training_choice", "purchase_requirements", "cancel_or_refund", "purchase_deadline"),
    *("certificate_wrong_data", "rating_and_review", "ask_incentive_terms", "blocked_by_other_data", "change_contact"),
    *("participation_revoked", "card_number_or_balance", "system_outage", "ask_programme", "ask_platforms"),
    *("ask_bundling", "partner_complaint", "support_complaint", "report_fraud", "personal_data_request"),
    *("ticket_status", "talk_to_human"),
)
INTENTS = (*BUYING, *REDEEMING, *ENTERING, *WAVING, *PAYING_OUT, *OTHERS)
AT_PLATFORMS = frozenset((*BUYING, *REDEEMING))
PLATFORMS = {
    **{"tokopedia": 30, "bukalapak": 18, "pintaria": 10, "sekolahmu": 12, "pijarmahir": 8},
    **{"maubelajarapa": 6, "sisnaker": 9, "ruangguru": 7},
}
NOWHERE = "-"
CHANNELS = {"telegram": 46, "whatsapp": 41, "web": 13}
Leaf = tuple[str, str, str]


@dataclass(frozen=True)
class Surge:
    """Merely busy: more of everything, much more of what waves are about."""

    begins: int
    fades: float
    """Minutes until a third is left."""
    waving: float
    others: float

    def factors(self, minute: int) -> tuple[float, float]:
        """Return by how much wave matters and other matters are multiplied."""
        if minute < self.begins:
            return 1.0, 1.0
        left = math.exp(-(minute - self.begins) / self.fades)
        return 1 + (self.waving - 1) * left, 1 + (self.others - 1) * left


@dataclass(frozen=True)
class News:
    """A story on television: everything rises for hours, alike."""

    begins: int
    rises: int
    lasts: int
    factor: float

    def at(self, minute: int) -> float:
        """Return by how much everything is multiplied."""
        since = minute - self.begins
        if not 0 <= since < self.lasts:
            return 1.0
        part = min(1.0, since / self.rises, (self.lasts - since) / self.rises)
        return 1 + (self.factor - 1) * part


class World:
    """What is usual in it, and what is merely busy."""

    def __init__(self, seed: int, first: date, days: int, a_day: float) -> None:
        self.random = Random(seed)
        self.first, self.days, self.a_day = day_number(first), days, a_day
        self.start, self.end = first_minute(self.first), first_minute(self.first + days)
        draw = self.random
        self.growth = draw.uniform(0.0, 0.03) / 30
        self.weights = {intent: draw.lognormvariate(0, 0.9) for intent in INTENTS}
        self.weights |= {intent: draw.lognormvariate(0.7, 0.5) for intent in (*BUYING, *ENTERING, *WAVING)}
        self.leaves = {intent: self._leaves(intent) for intent in INTENTS}
        self.weekdays = [draw.uniform(0.92, 1.1) for _ in range(5)] + [draw.uniform(0.6, 0.8), draw.uniform(0.5, 0.7)]
        self.hours, self.hours_off, self.hours_fasting = self._hours(0), self._hours(1), self._hours(2)
        self.holidays = {self.first + draw.randrange(days) for _ in range(round(days / 24))}
        fasting = self.first + draw.randrange(max(1, days - 40))
        self.fasting = range(fasting, fasting + 30) if days > 120 else range(0)
        self.waves, self.surges = self._waves()
        self.news = [self._news() for _ in range(round(days / 12))]

    def again(self, seed: int) -> None:
        """Draw another year of the same programme: other holidays, waves, surges and stories."""
        self.random = Random(seed)
        self.holidays = {self.first + self.random.randrange(self.days) for _ in range(round(self.days / 24))}
        self.waves, self.surges = self._waves()
        self.news = [self._news() for _ in range(round(self.days / 12))]

    def calendar(self) -> Days:
        """Return what the registry and the calendar know of it."""
        holidays = frozenset(date(1970, 1, 1) + timedelta(days=it) for it in self.holidays)
        fasting = frozenset(date(1970, 1, 1) + timedelta(days=it) for it in self.fasting)
        return Days(holidays, tuple(self.waves), fasting)

    def _leaves(self, intent: str) -> dict[Leaf, float]:
        draw = self.random
        named = draw.uniform(0.45, 0.8) if intent in AT_PLATFORMS else draw.uniform(0.0, 0.12)
        places = {name: named * weight / 100 * draw.uniform(0.6, 1.5) for name, weight in PLATFORMS.items()}
        places[NOWHERE] = 1 - named
        return {
            (intent, place, channel): part * weight / 100
            for place, part in places.items()
            for channel, weight in CHANNELS.items()
        }

    def _hours(self, how: int) -> list[float]:
        """Return 24 weights: humps in the morning, the afternoon and the evening; before dawn when people fast."""
        draw = self.random
        humps = [
            (draw.uniform(9, 11), 2.2, 1.0),
            (draw.uniform(13.5, 15.5), 2.0, 0.8),
            (draw.uniform(19, 21), 1.8, 0.9),
        ]
        if how == 1:
            humps = [(draw.uniform(10, 12), 3.0, 0.9), (draw.uniform(19, 21), 2.2, 1.0)]
        if how == 2:
            humps += [(draw.uniform(3.3, 4.2), 0.8, 0.8)]
        weights = [
            0.04 + sum(tall * math.exp(-(((hour + 0.5 - at) / wide) ** 2) / 2) for at, wide, tall in humps)
            for hour in range(24)
        ]
        return [weight / sum(weights) for weight in weights]

    def _waves(self) -> tuple[list[WaveDates], list[Surge]]:
        waves, surges, draw = [], [], self.random
        day = self.first + draw.randrange(6, 16)
        while day < self.first + self.days:
            opens, closes = self._at(day, 12), self._at(day + draw.randrange(3, 6), 23, 59)
            decided = self._at(day + draw.randrange(7, 10), draw.choice((10, 12, 14, 16)))
            waves.append(WaveDates(opens, closes, decided))
            for at, waving, others, fades in (
                (opens, draw.uniform(4, 11), draw.uniform(1.1, 1.8), draw.uniform(300, 1200)),
                (closes - timedelta(hours=draw.randrange(6, 14)), draw.uniform(1.5, 3.5), 1.15, 400),
                (decided, draw.uniform(5, 14), draw.uniform(1.2, 2.2), draw.uniform(200, 900)),
            ):
                late = max(0, round(draw.gauss(20, 25)))
                surges.append(Surge(_minute(at) + late, fades, waving, others))
            day += draw.randrange(13, 26)
        return waves, surges

    def _news(self) -> News:
        draw = self.random
        begins = draw.randrange(self.start, self.end)
        return News(begins, draw.randrange(20, 70), draw.randrange(150, 500), draw.uniform(1.2, 1.8))

    @staticmethod
    def _at(day: int, hour: int, minute: int = 0) -> datetime:
        return datetime.combine(date(1970, 1, 1) + timedelta(days=day), time(hour, minute), tzinfo=WIB)


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)
