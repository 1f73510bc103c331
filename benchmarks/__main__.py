"""`python -m benchmarks turns|nlu|answers|prior|knowledge|import|registry|several|webhook|backlog|flood|broadcast`.

And `desk` and `trends`. What `helpdesk bench` runs.
"""

import json
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console, RenderableType

from benchmarks import page, report
from benchmarks.stock.model import TrainingFailed
from benchmarks.stock.server import DidNotStart
from helpdesk.settings import SystemSettings
from helpdesk.system import CannotStart

app = typer.Typer(no_args_is_help=True, help="The figures, ours beside stock Rasa 3.6.21.")
Json = Annotated[bool, typer.Option("--json", help="Print the figures for programs.")]
Stock = Annotated[bool, typer.Option("--stock/--no-stock", help="Measure stock Rasa beside ours.")]
Rounds = Annotated[int, typer.Option(help="Rounds of each side, in turn.")]
Talkers = Annotated[int, typer.Option(help="Participants who talk at the same time.")]
Visits = Annotated[int, typer.Option(help="How often each page is asked for.")]


@app.command()
def turns(
    seconds: Annotated[float, typer.Option(help="Length of one round.")] = 12.0,
    rounds: Rounds = 3,
    at_once: Talkers = 32,
    stock: Stock = True,
    as_json: Json = False,
) -> None:
    """Messages through the Telegram simulator to delivered replies, half of them with a check."""
    from benchmarks.turns import measure

    figures = measure(
        _bench(), seconds=seconds, rounds=rounds, at_once=at_once, with_stock=stock, tell=_teller(as_json)
    )
    _done("turns", figures, {"seconds": seconds, "rounds": rounds, "at_once": at_once}, as_json)


@app.command()
def nlu(
    count: Annotated[int, typer.Option(help="Messages of one round.")] = 400,
    rounds: Rounds = 3,
    stock: Stock = True,
    as_json: Json = False,
) -> None:
    """Learning and understanding: time, memory, size, and how much is read right."""
    from benchmarks.parsing import measure

    figures = measure(_bench(), count=count, rounds=rounds, with_stock=stock, tell=_teller(as_json))
    _done("nlu", figures, {"count": count, "rounds": rounds}, as_json)


@app.command()
def prior(as_json: Json = False) -> None:
    """What the records add to the understanding of ambiguous messages; no stock to compare with."""
    from benchmarks.prior import measure, shown

    _printed(measure(), shown, as_json)


@app.command()
def answers(
    count: Annotated[int, typer.Option(help="How often a complaint is asked, each in a fresh chat.")] = 300,
    as_json: Json = False,
) -> None:
    """Whole answers with three checks or more, one participant at a time; no stock to compare with."""
    from benchmarks.answers import measure

    figures = measure(_bench(), count=count, tell=_teller(as_json))
    _done("answers", figures, {"count": count}, as_json)


@app.command()
def knowledge(
    count: Annotated[int, typer.Option(help="Articles to grow the real ones to.")] = 2000,
    rounds: Annotated[int, typer.Option(help="How often every message is searched.")] = 5,
    as_json: Json = False,
) -> None:
    """Reading and searching the articles; no stock to compare with."""
    from benchmarks.knowledge import measure

    figures = measure(_bench(), count=count, rounds=rounds)
    _done("knowledge", figures, {"count": count, "rounds": rounds}, as_json)


Participants = Annotated[int, typer.Option(help="How many participants; three attempts to buy each.")]


Guarded = Annotated[
    bool, typer.Option("--guarded/--unguarded", help="Whether the database looks at every purchase a second time.")
]


@app.command(name="import")
def import_(participants: Participants = 1_000_000, guarded: Guarded = True, as_json: Json = False) -> None:
    """Importing a country's participants: time and memory; no stock to compare with."""
    from benchmarks.registry_import import measure

    figures = measure(_bench(), participants=participants, guarded=guarded, tell=_teller(as_json))
    how: dict[str, object] = {"participants": participants}
    _done("import", figures, how if guarded else how | {"unguarded": True}, as_json)


@app.command()
def registry(
    participants: Participants = 1_000_000,
    count: Annotated[int, typer.Option(help="How often each question is asked.")] = 2000,
    guarded: Guarded = True,
    imported: Annotated[bool, typer.Option("--imported", help="Ask what `bench import` left behind.")] = False,
    as_json: Json = False,
) -> None:
    """Importing, then every question of the own tables; no stock to compare with."""
    from benchmarks.registry_questions import measure

    if not imported:
        import_(participants, guarded, as_json)
    figures = measure(_bench(), participants=participants, count=count, tell=_teller(as_json))
    _done("registry", figures, {"participants": participants, "count": count}, as_json)


@app.command()
def several(
    seconds: Annotated[float, typer.Option(help="How long each arrangement is measured.")] = 15.0,
    at_once: Talkers = 32,
    as_json: Json = False,
) -> None:
    """What a second bot and a second Rasa bring, and what a turn costs in processor and disk."""
    from benchmarks.several import measure, shown

    figures = measure(_bench(), seconds=seconds, at_once=at_once, tell=_teller(as_json))
    _printed(figures, shown, as_json)


@app.command()
def webhook(
    per_second: Annotated[float, typer.Option(help="Messages a second at the door.")] = 200.0,
    seconds: Annotated[float, typer.Option(help="For how long.")] = 60.0,
    apart: Annotated[bool, typer.Option("--apart/--together", help="The door as a process of its own.")] = True,
    as_json: Json = False,
) -> None:
    """From a due delivery to a committed 200 while everything works; no stock to compare with."""
    from benchmarks.pressure.webhook import measure

    figures = measure(_bench(), per_second=per_second, seconds=seconds, apart=apart, tell=_teller(as_json))
    how: dict[str, object] = {"per_second": per_second, "seconds": seconds}
    _done("webhook", figures, how if apart else how | {"together": True}, as_json)


@app.command()
def backlog(
    messages: Annotated[int, typer.Option(help="How many come at once.")] = 20_000, as_json: Json = False
) -> None:
    """How a backlog drains, in which order, and what newcomers wait; no stock to compare with."""
    from benchmarks.pressure.backlog import measure

    _done("backlog", measure(_bench(), messages=messages, tell=_teller(as_json)), {"messages": messages}, as_json)


@app.command()
def flood(
    per_second: Annotated[float, typer.Option(help="Messages a second of the one who floods.")] = 100.0,
    seconds: Annotated[float, typer.Option(help="Length of one round.")] = 12.0,
    rounds: Annotated[int, typer.Option(help="Rounds without and with the flood, in turn.")] = 4,
    at_once: Annotated[int, typer.Option(help="Others who talk at the same time.")] = 4,
    as_json: Json = False,
) -> None:
    """What one identity that floods costs the others."""
    from benchmarks.pressure.flooding import measure

    how: dict[str, object] = {"per_second": per_second, "seconds": seconds, "rounds": rounds, "at_once": at_once}
    figures = measure(
        _bench(), per_second=per_second, seconds=seconds, rounds=rounds, at_once=at_once, tell=_teller(as_json)
    )
    _done("flood", figures, how, as_json)


@app.command()
def recovery(
    people: Annotated[int, typer.Option(help="People the outage touched.")] = 50_000, as_json: Json = False
) -> None:
    """Everybody's own checks again after an outage, handing over, and a stop."""
    from benchmarks.recovery import measure

    _done("recovery", measure(_bench(), people=people, tell=_teller(as_json)), {"people": people}, as_json)


@app.command()
def broadcast(
    count: Annotated[int, typer.Option(help="Notices, one a person.")] = 10_000, as_json: Json = False
) -> None:
    """A broadcast at the channel's limit with replies beside it."""
    from benchmarks.pressure.broadcast import measure

    _done("broadcast", measure(_bench(), count=count, tell=_teller(as_json)), {"count": count}, as_json)


@app.command()
def desk(
    tickets: Annotated[int, typer.Option(help="How many cases; five messages each. Made once, then used again.")] = (
        1_000_000
    ),
    count: Visits = 200,
    seconds: Annotated[float, typer.Option(help="How long people write while pages are open.")] = 20.0,
    as_json: Json = False,
) -> None:
    """Queue, conversation, search and live pages at a million cases; beside the questions of before."""
    from benchmarks.desk.measure import measure

    figures = measure(_bench(), tickets=tickets, count=count, seconds=seconds, tell=_teller(as_json))
    _done("desk", figures, {"tickets": tickets, "count": count, "seconds": seconds}, as_json)


@app.command()
def trends(
    messages: Annotated[int, typer.Option(help="How many messages the year has. Made once, then used again.")] = (
        5_000_000
    ),
    count: Visits = 100,
    rebuild: Annotated[bool, typer.Option("--rebuild/--no-rebuild", help="Count everything anew first.")] = True,
    as_json: Json = False,
) -> None:
    """The PMO's pages at a year of messages, counting anew, taking away, a large incident; beside raw messages."""
    from benchmarks.trends.measure import measure

    figures = measure(_bench(), messages=messages, count=count, rebuild=rebuild, tell=_teller(as_json))
    how: dict[str, object] = {"messages": messages, "count": count}
    _done("trends", figures, how if rebuild else how | {"no_rebuild": True}, as_json)


@app.command()
def incidents(
    people: Annotated[int, typer.Option(help="Whom the incident touches.")] = 50_000,
    count: Visits = 60,
    as_json: Json = False,
) -> None:
    """An incident with 50,000 people: previewed, opened, joined by more, narrowed, shown; no stock to compare with."""
    from benchmarks.incidents.measure import measure

    figures = measure(_bench(), people=people, count=count, tell=_teller(as_json))
    _done("incidents", figures, {"people": people, "count": count}, as_json)


@app.command()
def detection(
    months: Annotated[int, typer.Option(help="Months that are judged; as many again to tune the others on.")] = 12,
    a_day: Annotated[float, typer.Option(help="Complaints on an ordinary day.")] = 8000.0,
    seed: Annotated[int, typer.Option(help="Which programme.")] = 7,
    as_json: Json = False,
) -> None:
    """How soon outages are noticed and how often nothing is, beside a fixed threshold and a z-score."""
    from benchmarks.detection.measure import measure
    from benchmarks.detection.picture import draw

    figures, results = measure(months=months, a_day=a_day, seed=seed, tell=_teller(as_json))
    draw(results)
    _done("detection", figures, {"months": months, "a_day": a_day, "seed": seed}, as_json)


def _bench() -> Path:
    folder = SystemSettings().var / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _teller(as_json: bool) -> report.Tell:
    console = Console(stderr=True)
    return lambda line: console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)


def _printed(figures: dict[str, object], shown: Callable[..., RenderableType], as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    else:
        Console().print(shown(figures))


def _done(name: str, figures: dict[str, object], how: dict[str, object], as_json: bool) -> None:
    kept = report.keep(_bench(), name, figures, how)
    page.write(_bench())
    _printed(kept if as_json else figures, partial(report.shown, name), as_json)


def main() -> None:
    """Run, and say in one line what stands in the way."""
    # ended from outside, too, it must release and end what it started
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        app()
    except (CannotStart, DidNotStart, TrainingFailed) as problem:
        sys.stderr.write(f"{problem}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped; nothing is left running.\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
