"""`helpdesk restart [PART…]`: a new version, or new settings, taken into use while people write."""

from typing import Annotated

import typer
from rich.console import Console

from helpdesk import system
from helpdesk.places import Places
from helpdesk.renewing import NotRenewed, chosen, renew
from helpdesk.settings import SystemSettings


def restart(
    parts: Annotated[
        list[str] | None,
        typer.Argument(help="bot, rasa, actions, desk or one of several, as bot-2; unset: all but the database."),
    ] = None,
) -> None:
    """Start parts anew one after another, each only when the one before it takes messages again."""
    settings, console = SystemSettings.read(), Console()
    state = system.look(settings)
    if state is None:
        console.print("Not running. Start it with: make up")
        raise typer.Exit(3)
    try:
        for part in chosen(state, parts or []):
            with console.status(f"{part} …") as status:
                took = renew(Places(settings.var), part, lambda line, status=status: status.update(line))  # type: ignore[misc]
            console.print(f"[green]{part:12}[/green]ready again after {took:.1f} s", highlight=False)
    except NotRenewed as problem:
        console.print(str(problem), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from problem
