"""The figures as a small table and a plain sentence, kept as a file under var/bench."""

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Group
from rich.table import Table

Tell = Callable[[str], None]
Figures = dict[str, Any]

ROWS = {
    "turns": (
        ("turns a second (median of rounds)", "turns_per_second"),
        ("p50 under load, ms", "p50_ms"),
        ("p99 under load, ms", "p99_ms"),
        ("p50 alone, ms", "alone_p50_ms"),
        ("p99 alone, ms", "alone_p99_ms"),
        ("turns measured", "turns"),
        ("unanswered", "unanswered"),
        ("share with a check", "with_check"),
        ("memory of everything, MB", "memory_mb"),
    ),
    "nlu": (
        ("lines learned", "lines"),
        ("read right (primary or second meaning)", "right"),
        ("right one among the first three", "right_of_three"),
        ("seconds to train, from cold", "seconds"),
        ("processor seconds to train", "processor_seconds"),
        ("peak memory of training, MB", "learning_memory_mb"),
        ("model file, MB", "model_mb"),
        ("understanding a message, p50 ms", "p50_ms"),
        ("understanding a message, p99 ms", "p99_ms"),
        ("messages", "messages"),
        ("memory of the server, MB", "memory_mb"),
    ),
    "answers": (
        ("answers with three checks or more", "answers"),
        ("checks an answer, on average", "checks"),
        ("from message to delivered answer, p50 ms", "p50_ms"),
        ("p95 ms", "p95_ms"),
        ("p99 ms", "p99_ms"),
        ("unanswered", "unanswered"),
    ),
    "import": (
        ("rows", "rows"),
        ("new or changed", "changed_rows"),
        ("size of the files, MB", "size_mb"),
        ("seconds", "seconds"),
        ("rows a second", "rows_per_second"),
        ("processor seconds of the importing process", "processor_seconds"),
        ("peak memory of the importing process, MB", "memory_mb"),
    ),
    "registry": (
        ("participant", "participant"),
        ("participants by phone", "participants_by_phone"),
        ("participants by the end of their NIK", "participants_by_nik_last4"),
        ("applications to waves", "wave_applications"),
        ("a wave", "wave"),
        ("the waves so far", "waves"),
        ("card with balance", "card"),
        ("ledger", "ledger"),
        ("purchases", "purchases"),
        ("what became of a payment", "payment_status"),
        ("courses by title", "courses"),
        ("platforms of a day", "organisations"),
        ("roles of an organisation", "organisation_roles"),
        ("payout partners of a day", "payment_partners"),
        ("incentives", "incentives"),
        ("payout account", "payout_account"),
        ("a rule of a day", "policy"),
        ("what a check asks, at once (participant, card, ledger, purchases, platforms)", "of_a_check"),
    ),
    "knowledge": (
        ("articles", "articles"),
        ("reading and checking them, s", "read_s"),
        ("making the index, s", "index_s"),
        ("one search, p50 ms", "p50_ms"),
        ("one search, p95 ms", "p95_ms"),
        ("one search, p99 ms", "p99_ms"),
        ("right article first", "right"),
        ("searches", "messages"),
    ),
    "webhook": (
        ("messages", "messages"),
        ("acknowledged", "acknowledged"),
        ("acknowledged but not in the inbox", "missing"),
        ("from due to acknowledged, p50 ms", "p50_ms"),
        ("p95 ms", "p95_ms"),
        ("p99 ms", "p99_ms"),
        ("longest, ms", "max_ms"),
    ),
    "backlog": (
        ("messages", "messages"),
        ("acknowledged", "acknowledged"),
        ("taken a second at the door", "taken_per_second"),
        ("waiting when the last was taken", "behind"),
        ("seconds until nothing waits", "drained_s"),
        ("answered a second", "drained_per_second"),
        ("out of order", "out_of_order"),
        ("without a conclusion", "unconcluded"),
        ("people who came meanwhile", "newcomers"),
        ("their wait, p50 ms", "newcomers_p50_ms"),
        ("their wait, p95 ms", "newcomers_p95_ms"),
        ("the same when idle, p95 ms", "idle_p95_ms"),
    ),
    "flood": (
        ("answers to others", "turns"),
        ("unanswered", "unanswered"),
        ("p50 ms", "p50_ms"),
        ("p95 ms", "p95_ms"),
        ("p95 with the flood to p95 without (median of rounds)", "ratio"),
        ("messages of the flood counted", "counted"),
        ("of those kept as they came", "kept"),
    ),
    "desk": (
        ("queue, any tab", "queue"),
        ("queue of a platform on a channel", "queue_filtered"),
        ("open conversation", "conversation"),
        ("old conversation", "conversation_old"),
        ("search, whole words", "search"),
        ("search, while typing", "search_typing"),
        ("from a message's commit to its open page", "live"),
        ("first page on slow 4G and a slow machine, to first paint (before: unpacked)", "first_paint"),
        ("the same, until all is loaded", "first_loaded"),
        ("the same, kB on the wire", "first_kb"),
        ("cases", "cases"),
        ("messages", "messages"),
    ),
    "trends": (
        ("overview, a week to a month", "overview"),
        ("overview, most of a year", "overview_year"),
        ("overview, any range, one to three filters", "overview_filtered"),
        ("rows behind a figure, a week to a month", "rows"),
        ("rows behind a figure, most of a year", "rows_year"),
        ("table of a picture as a file", "table"),
        ("service", "service"),
        ("service, filtered", "service_filtered"),
        ("topics", "topics"),
        ("weekly reports", "reports"),
        ("incidents", "incidents"),
        ("page of the large incident", "incident"),
        ("its people", "incident_people"),
        ("large incident opened, s", "incident_s"),
        ("its conversations", "incident_conversations"),
        ("all counts of the trends anew, s", "rebuild_trends_s"),
        ("the same with the figures of the service, s", "rebuild_s"),
        ("rows taken away", "export_rows"),
        ("as CSV, s", "export_csv_s"),
        ("memory the desk grew by, MB", "export_csv_mb"),
        ("the same for 10,000 rows, MB", "export_csv_few_mb"),
        ("as XLSX, s", "export_xlsx_s"),
        ("memory the desk grew by, MB", "export_xlsx_mb"),
        ("the same for 10,000 rows, MB", "export_xlsx_few_mb"),
        ("times as quick as asking the messages, a week to a month", "overview_ratio"),
        ("times as quick, most of a year", "overview_year_ratio"),
        ("messages", "messages"),
        ("of participants", "turns"),
    ),
    "detection": (
        ("threshold (tuned on another year)", "tuned"),
        ("false alarms a month", "false_a_month"),
        ("outages a person would call real: found", "real_share"),
        ("their delay, median min", "real_median_delay_min"),
        ("their delay, p90 min", "real_p90_delay_min"),
        *(
            line
            for size in ("1.5", "2", "3", "5", "8", "12", "20")
            for line in (
                (f"{size} times the usual, whatever its volume: found", f"{size}_share"),
                ("their delay, median min", f"{size}_median_delay_min"),
                ("their delay, p90 min", f"{size}_p90_delay_min"),
            )
        ),
        ("simulated months", "months"),
        ("complaints", "complaints"),
    ),
    "recovery": (
        ("people the outage touched", "people"),
        ("whom it is meant for, written down in seconds", "audience_seconds"),
        ("everybody looked at again, seconds", "seconds"),
        ("people looked at a second", "people_per_second"),
        ("messages handed to the outbox a second", "queued_per_second"),
        ("a stop, seconds", "stop_seconds"),
        ("messages it withheld", "withheld"),
    ),
    "broadcast": (
        ("notices", "notices"),
        ("sent", "sent"),
        ("tried more than once", "tried_twice"),
        ("seconds", "seconds"),
        ("messages a second, replies and all", "per_second"),
        ("share of the allowed rate", "share_of_allowed"),
        ("replies meanwhile", "replies"),
        ("a reply, p95 ms", "p95_ms"),
        ("a reply when idle, p95 ms", "idle_p95_ms"),
        ("ratio", "ratio"),
    ),
    "incidents": (
        ("people", "people"),
        ("conversations", "conversations"),
        ("their open cases", "cases"),
        ("preview of whom it touches, seconds", "preview_seconds"),
        ("opened with everybody, seconds", "open_seconds"),
        ("later complainants", "later"),
        ("they join, seconds", "later_seconds"),
        ("a round with nothing new, seconds", "idle_seconds"),
        ("preview of a narrower scope, seconds", "narrow_preview_seconds"),
        ("narrowed, seconds", "narrow_seconds"),
        ("widened again, seconds", "widen_seconds"),
        ("page of the incident, p95 ms", "incident page"),
        ("list of incidents, p95 ms", "list of incidents"),
        ("its people, p95 ms", "people, first page"),
        ("only the bot answered, p95 ms", "people only the bot answered"),
        ("with a case, p95 ms", "people with a case"),
        ("of a channel, p95 ms", "people of a channel"),
    ),
}
PRESSURE = {
    "webhook": "{acknowledged:,} of {messages:,} acknowledged, p99 {p99_ms} ms, {missing} missing.",
    "backlog": (
        "{messages:,} messages drain at {drained_per_second} a second, {out_of_order} out of order; "
        "who comes meanwhile waits p95 {newcomers_p95_ms} ms."
    ),
    "flood": "One identity that floods changes others' p95 by a factor of {ratio}.",
    "incidents": "{conversations} conversations belong to it {open_seconds} s after it is opened.",
    "recovery": "{people_per_second} people are looked at again a second; a stop takes {stop_seconds} s.",
    "broadcast": "{share_of_allowed:.1%} of the allowed rate is used; a reply takes {ratio} times what it takes idle.",
}
ALONE = frozenset(
    {
        *("answers", "knowledge", "import", "registry", "webhook", "backlog", "flood", "broadcast", "desk"),
        "recovery",
        *("detection", "trends"),
    }
)
"""What stock Rasa has nothing to set beside."""


def sentence(name: str, figures: Figures) -> str:
    """Say the result plainly."""
    if name == "knowledge":
        grown = figures["grown"]
        return (
            f"Among {grown['articles']} articles a search takes p95 {grown['p95_ms']} ms, {grown['right']} right first."
        )
    if name == "import":
        people = figures["people"]
        return f"{people['rows']:,} rows of people in {people['seconds']} s with {people['memory_mb']} MB."
    if name == "answers":
        whole = figures["ours"]
        return f"A whole answer with {whole['checks']} checks takes p50 {whole['p50_ms']} ms, p95 {whole['p95_ms']} ms."
    if name in PRESSURE:
        return PRESSURE[name].format(**(figures.get("ours") or figures["flooded"]))
    if name == "registry":
        slowest = max(figures["p95 ms"], key=figures["p95 ms"].__getitem__)
        worst = f"the slowest is {slowest}, p95 {figures['p95 ms'][slowest]} ms"
        return f"All that a check asks of a participant takes p95 {figures['p95 ms']['of_a_check']} ms; {worst}."
    if name == "detection":
        told = "; ".join(
            f"{side}: {one['real_share']} real outages after {one['real_median_delay_min']} min (median), "
            f"{one['false_a_month']} false alarms a month"
            for side, one in figures.items()
        )
        return told[0].upper() + told[1:] + "."
    if name == "desk":
        p95, sizes = figures["p95 ms"], figures["p50 ms"]
        return (
            f"Among {sizes['cases']} cases with {sizes['messages']} messages the queue takes p95 {p95['queue']} ms, a "
            f"conversation {p95['conversation']} ms, a search {p95['search']} ms; a message is on its open page after "
            f"p95 {p95['live']} ms."
        )
    if name == "trends":
        return _trends(figures["p95 ms"], figures["once"])
    mine, theirs = figures["ours"], figures.get("stock")
    if theirs is None:
        return f"Ours alone: {_main(name, mine)}."
    return f"{_compared(name, mine, theirs)} Ours: {_main(name, mine)}; stock: {_main(name, theirs)}."


def _trends(p95: Figures, once: Figures) -> str:
    shown = {key: value for key, value in p95.items() if not isinstance(value, str)}
    slowest = max(shown, key=shown.__getitem__)
    label = next(label for label, key in ROWS["trends"] if key == slowest)
    return (
        f"At {once['messages']} messages the slowest page ({label}) takes p95 {shown[slowest]} ms; "
        f"{once['incident_conversations']} conversations are in an incident after {once['incident_s']} s, "
        f"{once.get('export_rows', 'no')} rows are taken away in {once['export_csv_s']} s, and all is counted anew in "
        f"{once.get('rebuild_s', 'an unknown number of')} s."
    )


def _main(name: str, side: Figures) -> str:
    times = f"p50 {side['p50_ms']} ms, p99 {side['p99_ms']} ms"
    if name == "nlu":
        return f"{side['right']} right, {side['lines']} lines in {side['seconds']} s, {times}"
    return f"{side['turns_per_second']} turns/s, {times}, {side['memory_mb']} MB"


def _compared(name: str, mine: Figures, theirs: Figures) -> str:
    def ratio(figure: str) -> float:
        return float(mine[figure]) / float(theirs[figure])

    if name == "turns":
        return f"Our whole system answers {ratio('turns_per_second'):.1f} times stock's turns a second."
    return (
        f"Ours learns {ratio('lines'):.1f} times the lines in {ratio('seconds'):.2f} of the time and understands a "
        f"message in {ratio('p50_ms'):.2f} of it."
    )


def shown(name: str, figures: Figures) -> Group:
    """Return the table for a terminal, and the sentence under it."""
    table = Table(title=f"bench {name}")
    table.add_column("")
    for side in figures:
        table.add_column(side, justify="right")
    for label, key in ROWS[name]:
        table.add_row(label, *(str(side.get(key, "")) for side in figures.values()))
    return Group(table, *_costs(figures), sentence(name, figures))


def _costs(figures: Figures) -> list[Table]:
    tables = []
    for side, measured in figures.items():
        if spent := measured.get("processor_ms_per_turn"):
            table = Table(title=f"{side}: by process")
            for head in ("process", "processor ms a turn", "memory MB"):
                table.add_column(head, justify="left" if head == "process" else "right")
            for part, cost in sorted(spent.items(), key=lambda one: -one[1]):
                table.add_row(part, f"{cost:.2f}", str(measured["memory_mb_by_part"][part]))
            tables.append(table)
    return tables


def keep(bench: Path, name: str, figures: Figures, how: dict[str, object]) -> Figures:
    """Write the figures under var/bench; return what was written."""
    kept: Figures = {
        "bench": name,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores",
        "how": how,
        "figures": figures,
        "says": sentence(name, figures),
    }
    # a run of ours alone must not take the place of a comparison
    file = f"{name}.json" if "stock" in figures or name in ALONE else f"{name}-ours.json"
    (bench / file).write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
    return kept


def all_kept(bench: Path) -> list[Figures]:
    """Return what the last run of each bench wrote that had stock beside ours, or needs none."""
    return [json.loads((bench / f"{name}.json").read_text()) for name in ROWS if (bench / f"{name}.json").exists()]
