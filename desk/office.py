"""What every page is given: the records, the clocks, the bell and the locks of this desk."""

from dataclasses import dataclass, field
from datetime import timedelta

from fastapi import Request

from desk.attempts import Attempts
from desk.ears import Ears
from desk.passwords import Passwords
from records.bell import Bell
from records.clock import Clock, system_clock
from records.database import Database
from records.sealed import Seal


@dataclass(frozen=True)
class Office:
    """One desk and all it is made of."""

    database: Database
    clock: Clock
    """Domain time: messages, promises, windows."""
    bell: Bell
    ears: Ears
    seal: Seal
    """Opens raw words, which needs a reason and is audited."""
    setup_code: str | None = None
    real_clock: Clock = system_clock
    """Machinery time: how long a sign-in lasts, how often one may try."""
    session_life: timedelta = timedelta(hours=12)
    secure_cookies: bool = False
    whatsapp_templates: str = ""
    """Names of the templates Meta approved, with commas."""
    heartbeat: timedelta = timedelta(seconds=15)
    """How often a live stream shows that it lives, and looks whether its sign-in still does."""
    passwords: Passwords = field(default_factory=Passwords)
    attempts: Attempts = field(default_factory=lambda: Attempts(system_clock))


def office_of(request: Request) -> Office:
    """Return the office this request came to."""
    office: Office = request.app.state.office
    return office
