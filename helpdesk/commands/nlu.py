"""`helpdesk nlu …`: train, evaluate and try what the bot understands; done on Rasa's side, in its own Python."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console
from rich.table import Table

from helpdesk import environment, model
from helpdesk.settings import ROOT

app = typer.Typer(no_args_is_help=True, help="Train, evaluate and try what the bot understands.")


@app.command()
def train(
    if_changed: Annotated[bool, typer.Option("--if-changed", help="Only when the training inputs changed.")] = False,
) -> None:
    """Train the model anew."""
    raise typer.Exit(_run([sys.executable, "-m", "scripts.model", *(["--if-changed"] if if_changed else [])]))


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Lines of JSON: text, intent, also.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures for programs.")] = False,
) -> None:
    """Measure the model on lines with known meanings."""
    figures = _from_rasas_side("evaluate", str(file.resolve()))
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    table = Table("figure", "value", title=f"{figures['rows']} messages, {figures['model']}")
    for name, value in figures.items():
        if isinstance(value, float):
            table.add_row(name, f"{value:.1%}")
    table.add_row("ms a message", f"p50 {figures['ms']['p50']:.1f}, p99 {figures['ms']['p99']:.1f}")
    Console().print(table)
    mistakes = Table("is", "read as", "times", title="What is confused most")
    for one in figures["confusions"]:
        mistakes.add_row(one["is"], one["read_as"], str(one["times"]))
    Console().print(mistakes)


@app.command()
def parse(
    text: Annotated[str, typer.Argument(help="What a participant would write.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print it for programs.")] = False,
) -> None:
    """Show what the model makes of a sentence."""
    read = _from_rasas_side("parse", text)
    if as_json:
        typer.echo(json.dumps(read, ensure_ascii=False))
        return
    console = Console()
    console.print(f"[dim]{read['model']}[/dim]", highlight=False)
    console.print(read["normalised"], markup=False, highlight=False)
    table = Table("meaning", "confidence", "")
    for one in read["ranking"]:
        table.add_row(one["name"], f"{one['confidence']:.3f}", "█" * round(one["confidence"] * 30))
    console.print(table)
    for one in read.get("also", []):
        console.print(f"also  {one['name']} {one['confidence']:.2f}", highlight=False)
    for one in read.get("entities", []):
        console.print(f"{one['entity']}: {one['value']}", markup=False, highlight=False)


def _from_rasas_side(what: str, *arguments: str) -> dict[str, Any]:
    """Run a script of nlu/ in Rasa's Python and return the JSON it prints; ends with its words where it fails."""
    if not model.RASA_PYTHON.exists():
        typer.echo("Rasa's environment is not there yet. Way out: make up", err=True)
        raise typer.Exit(1)
    command = [str(model.RASA_PYTHON), str(ROOT / "nlu" / f"{what}.py"), *arguments]
    ended = subprocess.run(command, cwd=ROOT, env=_env(), check=False, capture_output=True, text=True)
    if ended.returncode:
        typer.echo(ended.stderr.strip() or "Rasa's side ended without a word.", err=True)
        raise typer.Exit(ended.returncode)
    return cast(dict[str, Any], json.loads(ended.stdout))


def _run(command: list[str]) -> int:
    return subprocess.run(command, cwd=ROOT, env=_env(), check=False).returncode


def _env() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in environment.ASTRAY} | model.QUIET
