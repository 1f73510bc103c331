"""Facts a scene is made of, and the question whether a person must look."""

from datetime import datetime, timedelta
from typing import Any

from checks.escalation import escalation
from checks.finding import Escalation
from checks.situation import Situation
from checks.tickets import TicketFact
from registry.facts import PayoutAccount, Wave
from registry.interface import CouldNotAsk, Known
from tests.actions.programme import INCIDENT, NOW, cast, purchase, wib

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
AWAY = CouldNotAsk("sumber", "tidak menjawab", 9.0)
NONE_OPEN = Known((), "catatan", NOW, 1.0)
OPEN = Known((INCIDENT,), "catatan", NOW, 1.0)

type Scene = tuple[str, dict[str, Any], bool]


def known(value: Any) -> Known[Any]:
    """Return an answer."""
    return Known(value, "tabel", NOW, 1.0)


SITI = known(cast().people["siti"])


def bought(state: str, **more: Any) -> Known[Any]:
    """Return one purchase of 20 August in a state."""
    created = more.pop("created", wib(2020, 8, 20))
    return known((purchase(state, "Kelas Kopi", "tokopedia", created, **{"id": "B-1", **more}),))


def account(matches: bool, kyc: str, status: str, reason: str | None = None) -> Known[Any]:
    """Return a payout account."""
    return known(PayoutAccount("ovo", "OVO", "1", matches, kyc, status, reason))


def closing(at: datetime) -> Known[Any]:
    """Return a calendar whose newest wave closes then."""
    return known((Wave(5, NOW - 9 * DAY, at, None, 800_000, "artikel"),))


def report(promised: datetime, status: str = "open") -> Known[Any]:
    """Return one earlier report."""
    return known(
        (TicketFact("T-100004", "payment_failed", "PMO_TRANSACTION", status, NOW - DAY, promised, None, None),)
    )


def needed(intent: str, **given: Any) -> Escalation | None:
    """Return why a person must look, by default for a bound person on 24 August 2020 at ten."""
    return escalation(Situation(**{"intent": intent, "now": NOW, "bound": True, **given}))
