"""`helpdesk clock`: read the rehearsal clock, or move it forward."""

from typing import Annotated

import typer

from helpdesk import rehearsal_clock
from helpdesk.places import Places
from helpdesk.settings import SystemSettings


def clock(
    to: Annotated[str | None, typer.Argument(help="Move it forward to this time (WIB), as 2020-08-25T09:00.")] = None,
) -> None:
    """Read the rehearsal clock, or move it forward."""
    settings = SystemSettings.read()
    path = Places(settings.var).clock
    if not settings.rehearsed:
        _refuse("A real provider's token is configured: the clock is the real one and cannot be moved.")
    if not path.exists():
        _refuse("No rehearsal has begun yet. Start one with: make up")
    try:
        stands_at = rehearsal_clock.move(path, rehearsal_clock.moment(to)) if to else rehearsal_clock.stands_at(path)
    except (rehearsal_clock.ClockWouldGoBack, ValueError) as refusal:
        _refuse(str(refusal))
    else:
        typer.echo(rehearsal_clock.said(stands_at) if stands_at else "")


def _refuse(why: str) -> None:
    typer.echo(why, err=True)
    raise typer.Exit(1)
