"""`helpdesk status`: what runs, since when, and whether it answers."""

import json
from typing import Annotated, Any

import psutil
import typer
from rich.console import Console
from rich.table import Table

from helpdesk import rehearsal_clock, system
from helpdesk import state as board
from helpdesk.health import answers
from helpdesk.open_alarms import open_alarms
from helpdesk.places import Places
from helpdesk.settings import SystemSettings
from helpdesk.state import PartState, SystemState

COLOURS = {"ready": "green", "done": "green", "starting": "yellow", "waiting": "yellow", "restarting": "yellow"}


def status(as_json: Annotated[bool, typer.Option("--json", help="Print it for programs.")] = False) -> None:
    """Show what runs."""
    settings, console = SystemSettings.read(), Console()
    state = system.look(settings)
    if as_json:
        typer.echo(json.dumps(_figures(settings, state), indent=1))
    elif state is None:
        console.print("Not running. Start it with: make up")
    else:
        console.print(_table(state))
        stands_at = rehearsal_clock.stands_at(Places(settings.var).clock) if settings.rehearsed else None
        console.print(f"clock: rehearsal, {rehearsal_clock.said(stands_at)}" if stands_at else "clock: real time")
        _print_alarms(console, settings)
    raise typer.Exit(0 if state else 3)


def _print_alarms(console: Console, settings: SystemSettings) -> None:
    found = open_alarms(system.told(settings)["DATABASE_URL"])
    if found is None:
        console.print("alarms: [red]the records cannot be asked[/red]")
        return
    console.print("alarms: " + ("none" if not found else ""))
    for alarm in found:
        console.print(f"  [{'red' if alarm.severity == 'severe' else 'yellow'}]{alarm}[/]", highlight=False)


def _table(state: SystemState) -> Table:
    table = Table("part", "state", "answers", "since", "restarts", "memory", "process", title=f"{state.phase}")
    for part in state.parts.values():
        colour = COLOURS.get(part.state, "red")
        shown = [part.name, f"[{colour}]{part.state}[/{colour}]", _answers(part), _since(part), str(part.restarts)]
        table.add_row(*shown, _memory(part.pid), str(part.pid or ""))
    return table


def _figures(settings: SystemSettings, state: SystemState | None) -> dict[str, Any]:
    if state is None:
        return {"running": False}
    parts = {name: part.model_dump(mode="json") | {"answers": _answers(part)} for name, part in state.parts.items()}
    return {"running": True, "phase": state.phase, "supervisor": state.pid, "ports": settings.ports, "parts": parts} | {
        "alarms": [vars(alarm) for alarm in open_alarms(system.told(settings)["DATABASE_URL"]) or []]
    }


def _answers(part: PartState) -> str:
    if part.kind == "chore" or part.pid is None:
        return ""
    return "yes" if answers(part.health) else "no"


def _since(part: PartState) -> str:
    if part.since is None:
        return ""
    minutes, seconds = divmod(int((board.now() - part.since).total_seconds()), 60)
    return f"{minutes} min" if minutes else f"{seconds} s"


def _memory(pid: int | None) -> str:
    try:
        return f"{psutil.Process(pid).memory_info().rss / 1e6:,.0f} MB" if pid else ""
    except psutil.Error:
        return ""
