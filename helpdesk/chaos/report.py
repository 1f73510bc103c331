"""The report of a run: for a terminal, for programs, and as a page for docs/."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.console import Console

from helpdesk.chaos.findings import KINDS
from helpdesk.chaos.run import Result, spread
from helpdesk.chaos.schedule import ACTS, PARTS, Plan, summary
from records.failpoints import STEPS

MOST_LISTED = 200
HOW = (
    "People say identifiable things (m-person-n), tap, edit and send files; agents take cases over, answer, release",
    "and resolve through the desk's pages. Meanwhile everything below is done. Then all is healed, nobody speaks, and",
    "what is under way may conclude. The checker (`helpdesk/chaos/checker.py`) compares the simulator's truth, that is",
    "what was acknowledged and what reached each phone, with the records. It is proven by a lie of every kind in",
    "`tests/helpdesk/test_chaos_checker.py`. `--folder` keeps schedule, evidence, records and logs of a run.",
    "",
)


def shown(console: Console, result: Result) -> None:
    """Print the result."""
    for kind in KINDS:
        number = len(result.verdict.of(kind))
        console.print(f"  {kind:22}{f'[red]{number}[/red]' if number else '[green]0[/green]'}", highlight=False)
    for finding in result.verdict.findings:
        line = f"  {finding.kind}: {finding.where}: {finding.told}"
        console.print(line, style="red", markup=False, highlight=False, soft_wrap=True)
    counted = ", ".join(f"{name} {number}" for name, number in result.verdict.counted.items() if number)
    console.print(f"  {result.done.total} kills, {len(result.done.fired)} failpoints fired; {counted}", soft_wrap=True)
    rested = "never" if result.rested is None else f"after {result.rested:.0f} s"
    console.print(f"  at rest {rested}; {result.took:.0f} s in all")


def as_data(result: Result) -> dict[str, Any]:
    """Return the result for programs."""
    return {
        "seed": result.plan.seed,
        "plan": asdict(result.plan),
        "findings": [asdict(finding) for finding in result.verdict.findings],
        "counted": dict(result.verdict.counted),
        "listed": list(result.verdict.listed),
        "kills": dict(result.done.kills),
        "beside": dict(result.done.beside),
        "failpoints": [list(one) for one in result.done.fired],
        "missed": [list(one) for one in result.done.missed],
        "back_seconds": {kind: list(spread(seconds)) for kind, seconds in result.done.back.items()},
        "rested_seconds": result.rested,
        "took_seconds": result.took,
    }


def page(result: Result) -> str:
    """Return the result as a page."""
    return "\n".join([*_head(result), *_findings(result), *_harm(result), *_failpoints(result), *_tail(result), ""])


def _head(result: Result) -> Iterator[str]:
    plan, size = result.plan, result.size
    yield "# Chaos"
    yield ""
    yield f"`{_command(plan)}`,"
    yield f"{result.began_at:%d %B %Y, %H:%M} UTC; the same seed draws the same schedule."
    yield f"{result.machine}."
    redis = "Redis" if result.with_redis else "no Redis on this machine"
    yield f"{size.bots} bots, {size.rasas} Rasa servers, action server, desk, PostgreSQL, {redis};"
    yield f"{size.people} people on Telegram, WhatsApp and the web, two agents at the desk."
    yield f"{result.took / 60:.0f} minutes in all; at rest {_rested(result)}."
    yield ""
    yield from HOW


def _command(plan: Plan) -> str:
    """Return what draws the same schedule again."""
    parts = "" if plan.only == PARTS else "".join(f" --only {part}" for part in plan.only)
    return f"helpdesk chaos --seed {plan.seed} --kills {plan.kills} --gap {plan.gap:g} --hang {plan.hang:g}{parts}"


def _rested(result: Result) -> str:
    return "never" if result.rested is None else f"{result.rested:.0f} s after the last harm"


def _findings(result: Result) -> Iterator[str]:
    yield from ("## Findings", "", "| finding | what it is | number |", "|---|---|---|")
    for kind, told in KINDS.items():
        yield f"| {kind} | {told} | **{len(result.verdict.of(kind))}** |"
    yield ""
    for finding in result.verdict.findings:
        yield f"- {finding.kind}: {finding.where}: {finding.told}"
    if result.verdict.findings:
        yield ""
    yield from ("## Counted", "", "| what | number |", "|---|---|")
    for name, number in result.verdict.counted.items():
        yield f"| {name} | {number} |"
    waits = [row.began - row.received_at for row in result.evidence.heard if row.began]
    median, late, _ = spread(waits)
    yield ""
    yield f"From being stored until its turn began, a message waited {median:.1f} s (median), {late:.1f} s (p95)."
    yield ""


def _harm(result: Result) -> Iterator[str]:
    yield from ("## What was done", "", f"{result.done.total} processes were killed with SIGKILL.", "")
    yield from ("| killed | times | back after: median | p95 | longest |", "|---|---|---|---|---|")
    for whom, times in result.done.kills.most_common():
        back = " | ".join(f"{seconds:.1f} s" for seconds in spread(result.done.back.get(whom, [])))
        yield f"| {whom} | {times} | {back if result.done.back.get(whom) else ' | | '} |"
    yield from ("", "| beside that | times |", "|---|---|")
    for what, times in Counter(result.done.beside).most_common():
        yield f"| {what} | {times} |"
    drawn = ", ".join(f"{what} × {times}" for what, times in summary(result.schedule).most_common())
    yield from ("", f"Drawn: {drawn}.", "")


def _failpoints(result: Result) -> Iterator[str]:
    if not result.plan.wants("failpoints"):
        return
    yield from ("## Failpoints", "", f"Each hang lasted {result.plan.hang:.0f} s.", "")
    yield from (f"| step | {' | '.join(ACTS)} |", f"|---|{'---|' * len(ACTS)}")
    fired = Counter((step, act) for step, act, _ in result.done.fired)
    for step in STEPS:
        cells = [str(fired[step, act]) if fired[step, act] else "not reached" for act in ACTS]
        yield f"| {step} | {' | '.join(cells)} |"
    yield ""


def _tail(result: Result) -> Iterator[str]:
    yield from ("## Messages whose fate a provider could not tell, or that were sent again", "")
    if not result.verdict.listed:
        yield "None."
    for line in result.verdict.listed[:MOST_LISTED]:
        yield f"- {line}"
    if len(result.verdict.listed) > MOST_LISTED:
        yield f"- … and {len(result.verdict.listed) - MOST_LISTED} more"
