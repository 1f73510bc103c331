"""`helpdesk rehearse august`: 20 to 31 August 2020 once more, by the doors of the running rehearsal.

Everybody writes through the simulators and is answered; what the desk makes of it is left to who sits there.
"""

from datetime import datetime
from typing import Annotated, NoReturn

import httpx
import psycopg
import typer
from rich.console import Console

from helpdesk import rehearsal_clock, system
from helpdesk.commands.counted import bar
from helpdesk.hearing import NoAnswer
from helpdesk.phone import CannotSend
from helpdesk.rehearsing.august import BEGINS, ENDED, EVE, KNOWN_AT, fortnight
from helpdesk.rehearsing.doors import Doors, NotAnswered
from helpdesk.rehearsing.filling import already_beside, fill_beside
from helpdesk.rehearsing.year import Asked
from helpdesk.settings import SystemSettings
from records.clock import WIB

USUAL = 2_500
"""Messages of the two months before, so that there is something to be unusual against."""
SUSPECTED = "SELECT id FROM suspicions WHERE kind = 'complaints' AND found_at >= %s ORDER BY found_at LIMIT 1"
ANEW = "To begin anew on its eve: helpdesk up --fresh --as-of 2020-08-20T06:00"


def august(
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M"], help="Stop at this time (WIB), to look or to act; run it again to go on."
        ),
    ] = None,
) -> None:
    """Live through 20 to 31 August 2020 in the running rehearsal: everybody writes, and is answered."""
    settings, console = SystemSettings.read(), Console()
    if not settings.rehearsed:
        _refuse("A real provider's token is configured: August 2020 is lived through only in a rehearsal.")
    if system.look(settings) is None:
        _refuse(f"Not running, so nobody can write to it. Start it with: make up. {ANEW}")
    ends = min(until.replace(tzinfo=WIB), ENDED) if until else ENDED
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{settings.simulator_port}", timeout=90, trust_env=False) as http:
            _lived(Doors(settings, system.told(settings), http), console, ends)
    except (CannotSend, NoAnswer, NotAnswered) as refusal:
        _refuse(str(refusal))
    except psycopg.Error as error:
        _refuse(f"The database does not answer ({error}). helpdesk doctor says more.")
    _pages(settings, console)


def _lived(doors: Doors, console: Console, ends: datetime) -> None:
    """Let everybody write who has not yet, up to that time; whose day is over does not write any more."""
    now = doors.now()
    if now >= ends:
        _refuse(f"The rehearsal stands at {rehearsal_clock.said(now)} and never goes back. {ANEW}")
    doors.reach(EVE)
    if not already_beside(doors.database_url):
        with bar(console, USUAL) as (tell, progress):
            tell("the two months before")
            fill_beside(doors.database_url, Asked(doors.now(), 2, USUAL, 7, settled=True), progress)
    today = doors.now().astimezone(WIB).date()
    moments = [it for it in fortnight() if today <= it.at.date() and it.at < ends and not doors.wrote(it)]
    first, others = [it for it in moments if it.at < KNOWN_AT], [it for it in moments if it.at >= KNOWN_AT]
    with bar(console, sum(it.size for it in moments)) as (tell, progress):
        written = 0
        for some in (first, others):
            for moment in some:
                tell(f"{moment.at:%d %B %Y, %H:%M}: {moment.size} write")
                doors.live(moment)
                progress(written := written + moment.size)
            if some is first and first and ends >= KNOWN_AT:
                doors.reach(KNOWN_AT)
                tell(_suspected(doors))
    doors.reach(ends)
    said = f"{written} messages written and answered; the rehearsal stands at {rehearsal_clock.said(ends)}."
    console.print(said, soft_wrap=True, highlight=False)


def _suspected(doors: Doors) -> str:
    """Wait until the desk has noticed; what comes after that would say nothing of it."""
    try:
        found = doors.until(lambda: doors.rows(SUSPECTED, BEGINS))
    except NotAnswered:
        return "the desk suspects nothing yet"
    return f"the desk suspects an outage: /dugaan/{found[0][0]}"


def _pages(settings: SystemSettings, console: Console) -> None:
    desk, told = f"http://127.0.0.1:{settings.desk_port}", system.told(settings)
    console.print("To look at, for PMO and leads:")
    pages = {
        "trends": f"{desk}/tren?dari=2020-08-18&sampai=2020-08-31",
        "incidents": f"{desk}/insiden",
        "suspicions": f"{desk}/dugaan",
        "broadcasts": f"{desk}/siaran",
        "status page": f"http://127.0.0.1:{settings.bot_port}/status",
        "first sign-in": f"{desk}/mulai?kode={told['DESK_SETUP_CODE']}",
    }
    for name, address in pages.items():
        console.print(f"  [bold]{name:14}[/bold]{address}", soft_wrap=True, highlight=False)


def _refuse(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(1)
