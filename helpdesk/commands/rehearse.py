"""`helpdesk rehearse`: a believable year of the help desk, in a database of its own or beside a running rehearsal.

`helpdesk rehearse august` is lived through instead of written: everybody of 20 to 31 August 2020 writes to the running
rehearsal through its simulators and is answered.
"""

import signal
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console

from helpdesk import rehearsal_clock, system
from helpdesk.commands.august import august
from helpdesk.commands.counted import bar
from helpdesk.places import Places, write_whole
from helpdesk.rehearsing.filling import already_beside, fill_beside, truth_text
from helpdesk.rehearsing.making import OwnYear, make
from helpdesk.rehearsing.own_server import plain
from helpdesk.rehearsing.year import Asked
from helpdesk.settings import SystemSettings
from records.clock import WIB

REHEARSAL = "rehearsal"
ENDS = datetime(2021, 8, 1, tzinfo=WIB)
"""So that twelve months begin with August 2020."""
BESIDE = 100_000
"""As many messages at most come beside a running rehearsal unless more are asked for."""
FILE = "rehearsed_year.json"

app = typer.Typer(add_completion=False)
app.command()(august)


@app.callback(invoke_without_command=True)
def rehearse(
    context: typer.Context,
    months: Annotated[float, typer.Option(help="How long; nothing lies before 11 April 2020.", min=0.1)] = 12,
    messages: Annotated[int | None, typer.Option(help="About how many messages.", min=500)] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Its last day (WIB); 2021-07-31 by default.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed, another year.")] = 20_200_824,
    into: Annotated[
        str | None, typer.Option(help=f"A name for its database, or '{REHEARSAL}': the running rehearsal's.")
    ] = None,
    searched: Annotated[bool, typer.Option("--search/--no-search", help="Fill what the desk's search reads.")] = True,
    serve: Annotated[bool, typer.Option("--serve", help="Then run its server until Ctrl+C.")] = False,
) -> None:
    """Write a year with waves, outages and holidays; what happened when lies in a file beside it."""
    if context.invoked_subcommand:
        return
    settings, console = SystemSettings.read(), Console()
    ends = until.replace(tzinfo=WIB) + timedelta(days=1) if until else ENDS
    if into == REHEARSAL:
        _beside(settings, console, months, messages or BESIDE, ends if until else None, seed)
        return
    wanted = messages or 1_000_000
    place = OwnYear.under(settings.var, into or f"year_{wanted}")
    asked = Asked(ends, months, wanted, seed)
    with bar(console, wanted) as (tell, progress):
        truth, made = make(place, asked, tell, progress, searched=searched)
    size = "{messages:,} messages, {turns:,} of them by {people:,} participants".format(**truth)
    console.print(f"{'Made' if made else 'There already'}: {size}.")
    console.print(f"What happened when: {place.truth_file}", soft_wrap=True)
    if serve:
        _serve(place, console)


def _serve(place: OwnYear, console: Console) -> None:
    with place.running() as url:
        console.print(f"DATABASE_URL={url}", soft_wrap=True, highlight=False)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


def _beside(
    settings: SystemSettings, console: Console, months: float, messages: int, until: datetime | None, seed: int
) -> None:
    places = Places(settings.var)
    now = rehearsal_clock.stands_at(places.clock)
    if not settings.rehearsed or now is None:
        console.print("No rehearsal has begun here. Start one with: make up")
        raise typer.Exit(1)
    conninfo, file = plain(system.told(settings)["DATABASE_URL"]), places.var / FILE
    if already_beside(conninfo):
        console.print(f"There already: {file}", soft_wrap=True)
        return
    asked = Asked(min(until or now, now), months, messages, seed, settled=True)
    with bar(console, messages) as (_, progress):
        truth = fill_beside(conninfo, asked, progress)
    write_whole(file, truth_text(truth))
    console.print(f"Added {truth['messages']:,} messages from {asked.first:%d %B %Y} on; the desk counts them now.")
