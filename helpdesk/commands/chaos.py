"""`helpdesk chaos`: a system of its own is killed again and again while people talk; what was lost is counted."""

import json
import signal
import time
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console

from helpdesk.chaos import schedule
from helpdesk.chaos.progress import Shown
from helpdesk.chaos.report import as_data, page, shown
from helpdesk.chaos.run import Result, Size, run
from helpdesk.chaos.schedule import Plan
from helpdesk.system import CannotStart

SHORT = Plan(seed=0, kills=14, failpoints=10, gap=1.2, hang=3.0, outages=1, pauses=0, spared=("rasa",))
SHORT_SIZE = Size(bots=2, rasas=1, telegram=10, whatsapp=8, web=4, patience=110.0)
"""Who floods is answered forty times, one a second as Telegram allows: so long it may take until all is at rest."""


def chaos(
    seed: Annotated[int | None, typer.Option(help="Draw the same schedule again; none: the number of the day.")] = None,
    kills: Annotated[int, typer.Option(help="How many processes are killed, failpoints not counted.")] = 100,
    minutes: Annotated[float | None, typer.Option(help="End the harm after so long, however far it is.")] = None,
    short: Annotated[
        bool, typer.Option("--short", help="A run of less than three minutes, start and end included.")
    ] = False,
    only: Annotated[list[str] | None, typer.Option(help=f"Only this part: {', '.join(schedule.PARTS)}.")] = None,
    gap: Annotated[float, typer.Option(help="Seconds between two volleys of kills, on the average.")] = 2.0,
    hang: Annotated[float, typer.Option(help="Seconds a failpoint hangs.")] = 30.0,
    calm: Annotated[float, typer.Option(help="Seconds of talk before the first harm.")] = 6.0,
    bots: Annotated[int, typer.Option(help="How many bots.")] = 2,
    rasas: Annotated[int, typer.Option(help="How many Rasa servers.")] = 2,
    folder: Annotated[Path | None, typer.Option(help="Keep the system's state and logs there.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write the report there, as Markdown.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Kill everything again and again and count what was lost; exit status 1 where anything was."""
    console = Console(stderr=as_json)
    seed = int(datetime.now(UTC).strftime("%Y%m%d")) if seed is None else seed
    parts = _parts(only)
    long = Plan(seed=seed, kills=kills, gap=gap, hang=hang, outages=max(3, kills // 100), pauses=max(2, kills // 50))
    plan = Plan(**{**(SHORT if short else long).__dict__, "seed": seed, "only": parts, "calm": calm})
    size = SHORT_SIZE if short else Size(bots=bots, rasas=rasas, patience=max(240.0, kills * 0.4))
    console.print(f"seed [bold]{seed}[/bold]: helpdesk chaos --seed {seed}{' --short' if short else ''} draws it again")
    _say_what(console, plan)
    until = time.monotonic() + minutes * 60 if minutes else None
    for asked_to_end in (signal.SIGTERM, signal.SIGINT):
        # also where a shell has us ignore it: the system of the run must not outlive the run
        signal.signal(asked_to_end, _as_interrupt)
    try:
        with Shown(console) as told:
            result = run(plan, size, told.watch, folder=folder, until=until)
    except CannotStart as refusal:
        console.print(str(refusal), style="red", markup=False, highlight=False)
        raise typer.Exit(2) from refusal
    except KeyboardInterrupt:
        console.print("ended before its end: nothing can be said of it")
        raise typer.Exit(130) from None
    _conclude(console, result, report, as_json)
    raise typer.Exit(1 if result.verdict.findings else 0)


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _parts(only: list[str] | None) -> tuple[str, ...]:
    unknown = set(only or ()) - set(schedule.PARTS)
    if unknown:
        raise typer.BadParameter(
            f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(schedule.PARTS)}"
        )
    return tuple(only) if only else schedule.PARTS


def _say_what(console: Console, plan: Plan) -> None:
    counted = schedule.summary(schedule.draw(plan))
    console.print("schedule: " + ", ".join(f"{what} × {times}" for what, times in counted.most_common()), style="dim")


def _conclude(console: Console, result: Result, report: Path | None, as_json: bool) -> None:
    if report:
        report.write_text(page(result), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(as_data(result), ensure_ascii=False))
    else:
        shown(console, result)
