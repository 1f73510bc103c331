"""`helpdesk up`: start everything, say where to look, and on a terminal stay until Ctrl-C."""

import shutil
import signal
import sys
import time
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from helpdesk import rehearsal_clock, system
from helpdesk.commands.waiting import Waiting
from helpdesk.places import Places
from helpdesk.settings import ROOT, SystemSettings
from helpdesk.system import CannotStart, Running


def up(
    as_of: Annotated[
        str | None, typer.Option(help="Begin the rehearsal at this time (WIB), as 2020-08-24T10:00.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the rehearsal so far and begin anew.")] = False,
    attach: Annotated[
        bool | None, typer.Option("--attach/--detach", help="Stay until Ctrl-C (the default on a terminal), or return.")
    ] = None,
) -> None:
    """Start everything and say where to look."""
    settings, console = SystemSettings.read(), Console()
    stay = sys.stdout.isatty() if attach is None else attach
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        with Waiting(console, settings) as waiting:
            begin = rehearsal_clock.moment(as_of) if as_of else None
            running = system.start(settings, as_of=begin, fresh=fresh, tell=waiting.tell, tick=waiting.tick)
        _where_to_look(console, settings, running)
        if stay and not running.was_running:
            console.print("Ctrl-C stops everything.")
            _stay(settings)
            console.print("[red]The supervisor has ended.[/red] helpdesk doctor says more.")
            raise typer.Exit(1)
    except KeyboardInterrupt:
        console.print("\nStopping …")
        system.stop(settings)
        console.print("Stopped; nothing is left running.")
        raise typer.Exit(130 if not stay else 0) from None
    except (CannotStart, ValueError) as refusal:
        console.print(str(refusal), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from refusal


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _stay(settings: SystemSettings) -> None:
    while system.look(settings):
        time.sleep(1)


def _where_to_look(console: Console, settings: SystemSettings, running: Running) -> None:
    places = Places(settings.var)
    stands_at = rehearsal_clock.stands_at(places.clock) if settings.rehearsed else None
    typed = "uv run helpdesk" if shutil.which("uv") else ".venv/bin/helpdesk"
    console.print("Already running." if running.was_running else "[green]Everything runs.[/green]")
    lines = {
        "phone": f"http://127.0.0.1:{settings.simulator_port}/",
        "desk": f"http://127.0.0.1:{settings.desk_port}/",
        "first sign-in": f"http://127.0.0.1:{settings.desk_port}/mulai?kode={running.settings['DESK_SETUP_CODE']}",
        "clock": f"rehearsal, {rehearsal_clock.said(stands_at)}" if stands_at else "real time",
        "say": f'{typed} say "Kok saya tidak bisa bayar ya?" --as siti',
        "more": f"{typed} status · doctor · down",
        "logs": _shown(places),
    }
    for name, line in lines.items():
        console.print(f"  [bold]{name:14}[/bold]{line}", soft_wrap=True, highlight=False)


def _shown(places: Places) -> str:
    inside = places.logs.is_relative_to(ROOT)
    return f"{places.logs.relative_to(ROOT) if inside else places.logs}/*.log"
