"""What every page is given: the records, the clocks, the bell and the locks of this desk."""

from asyncio import Semaphore
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from fastapi import Request

from desk.ears import Ears
from desk.passwords import Passwords
from desk.politeness import Politeness
from desk.rechecking import Rechecking
from desk.search.trail import Trail
from desk.sign_in.attempts import Attempts
from desk.sign_in.oidc import Oidc
from desk.staff_group.group import Group
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
    trail: Trail
    """Writes down what is searched for."""
    seal: Seal
    """Opens raw words, which needs a reason and is audited."""
    attempts: Attempts
    setup_code: str | None = None
    real_clock: Clock = system_clock
    """Machinery time: how long a sign-in lasts, how often one may try."""
    session_life: timedelta = timedelta(hours=12)
    secure_cookies: bool = False
    whatsapp_templates: str = ""
    """Names of the templates Meta approved, with commas."""
    broadcasts_a_minute: int = 1200
    """How fast a broadcast may be set to go."""
    templates_a_day: int = 1000
    """How many people WhatsApp lets us begin to write to within 24 hours."""
    heartbeat: timedelta = timedelta(seconds=15)
    """How often a live stream shows that it lives, and looks whether its sign-in still does."""
    rechecking: Rechecking | None = None
    """Runs checks again; none where this desk was given nothing to ask."""
    passwords: Passwords = field(default_factory=Passwords)
    staff_group: Group | None = None
    """The second door at Telegram, where there is one."""
    second_factor: str = "off"
    """Who must have a second factor: off, privileged or everyone."""
    oidc: Oidc | None = None
    """Sign-in from outside; none where no provider is set."""
    report_folder: Path | None = None
    """Where weekly reports are laid besides; none: nowhere."""
    taking_away: Semaphore = field(default_factory=lambda: Semaphore(2))
    """So many tables are poured out at once; whoever comes then waits, and pages stay quick."""
    politeness: Politeness = field(default_factory=lambda: Politeness(system_clock))


def office_of(request: Request) -> Office:
    """Return the office this request came to."""
    office: Office = request.app.state.office
    return office
