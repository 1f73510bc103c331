"""`helpdesk nlu …`: train, evaluate and try what the bot understands; done on Rasa's side, in its own Python."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console

from helpdesk import environment, model, readings, swap
from helpdesk.settings import ROOT, SystemSettings

app = typer.Typer(no_args_is_help=True, help="Train, evaluate and try what the bot understands.")


@app.command()
def train(
    if_changed: Annotated[bool, typer.Option("--if-changed", help="Only when the training inputs changed.")] = False,
    despite: Annotated[str, typer.Option(metavar="REASON", help="Let a worse model go live, and say why.")] = "",
) -> None:
    """Train the model anew; a worse one than the one in use does not go live."""
    command = [sys.executable, "-m", "scripts.model", *(["--if-changed"] if if_changed else [])]
    ended = _run([*command, "--despite", despite] if despite else command)
    if ended == 0:
        try:
            if in_use := swap.into_use(SystemSettings.read()):
                typer.echo(f"The running system answers with {in_use}.")
        except swap.NotSwapped as kept:
            typer.echo(str(kept), err=True)
            ended = 1
    raise typer.Exit(ended)


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Lines of JSON: text, intent, also.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures for programs.")] = False,
    out: Annotated[Path | None, typer.Option(help="Folder for the confusion map and the page of mistakes.")] = None,
) -> None:
    """Measure the model on lines with known meanings; draw what is confused, and list every mistake."""
    folder = out or SystemSettings.read().var / "evaluation"
    figures = _from_rasas_side("evaluate", str(file.resolve()), "--out", str(folder.resolve()))
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
    else:
        readings.show_figures(Console(), figures)


@app.command()
def parse(
    text: Annotated[str, typer.Argument(help="What a participant would write.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print it for programs.")] = False,
) -> None:
    """Show what the model makes of a sentence, and which words spoke for it."""
    read = _from_rasas_side("parse", text)
    if as_json:
        typer.echo(json.dumps(read, ensure_ascii=False))
    else:
        readings.show_reading(Console(), read)


@app.command()
def sign(
    models: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="To be trusted from now on.")],
) -> None:
    """Sign models that were trained elsewhere, or before there was a key, so that they are loaded."""
    done = model.signature("sign", models)
    typer.echo(done.stdout.strip() or done.stderr.strip(), err=done.returncode != 0)
    raise typer.Exit(done.returncode)


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
