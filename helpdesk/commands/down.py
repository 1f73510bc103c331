"""`helpdesk down`: stop everything and make sure that nothing is left."""

import typer
from rich.console import Console

from helpdesk import system
from helpdesk.settings import SystemSettings


def down() -> None:
    """Stop everything; nothing is left running."""
    settings, console = SystemSettings.read(), Console()
    ran = system.look(settings) is not None
    with console.status("stopping …"):
        left = system.stop(settings)
    if left:
        console.print(f"[red]These would not end:[/red] {', '.join(f'{one.pid} ({one.name()})' for one in left)}")
        raise typer.Exit(1)
    console.print("Stopped; nothing is left running." if ran else "Nothing was running.")
