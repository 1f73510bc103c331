"""What the model reads, laid out for a terminal."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

BAR = 10


def show_figures(console: Console, figures: dict[str, Any]) -> None:
    """Print the figures of an evaluation, what is confused most, and where the picture and the page stand."""
    table = Table("figure", "value", title=f"{figures['rows']} messages, {figures['model']}")
    for name, value in figures.items():
        if isinstance(value, float):
            table.add_row(name, f"{value:.1%}")
    table.add_row("ms a message", f"p50 {figures['ms']['p50']:.1f}, p99 {figures['ms']['p99']:.1f}")
    console.print(table)
    mistakes = Table("is", "read as", "times", title="What is confused most")
    for one in figures["confusions"]:
        mistakes.add_row(one["is"], one["read_as"], str(one["times"]))
    console.print(mistakes)
    for name in ("picture", "page"):
        console.print(f"{name}: {figures[name]}", markup=False, highlight=False, soft_wrap=True)


def show_reading(console: Console, read: dict[str, Any]) -> None:
    """Print what a sentence means, why, what else, what it names, and how long that took."""
    console.print(f"[dim]{read['model']}, {read['ms']:.1f} ms[/dim]", highlight=False)
    console.print(read["normalised"], markup=False, highlight=False)
    console.print(f"decided: [bold]{read['intent']['name']}[/bold]", highlight=False)
    table = Table("", "", "words that spoke for it, and against it", title="what it may mean, and how likely")
    table.columns[0].no_wrap = True
    spoke = {one["name"]: one["words"] for one in read["spoke"]}
    for one in read["ranking"]:
        bar = "█" * round(one["confidence"] * BAR)
        likely = f"{one['confidence']:.3f} {bar:<{BAR}}"
        table.add_row(one["name"], likely, _words(spoke.get(one["name"], [])))
    console.print(table)
    for one in read["also"]:
        console.print(f"also  {one['name']} {one['confidence']:.2f}", highlight=False)
    for one in read["entities"]:
        console.print(f"{one['entity']}: {one['value']}", markup=False, highlight=False)


def _words(spoke: list[dict[str, Any]]) -> str:
    coloured = ("green" if one["says"] > 0 else "red" for one in spoke)
    return "  ".join(
        f"[{colour}]{escape(one['word'])} {one['says']:+.1f}[/{colour}]"
        for colour, one in zip(coloured, spoke, strict=True)
    )
