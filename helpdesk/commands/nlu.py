"""`helpdesk nlu …`: train, evaluate and try what the bot understands; done on Rasa's side, in its own Python."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

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
    raise typer.Exit(_run_on_rasas_side("evaluate", str(file.resolve()), *(["--json"] if as_json else [])))


@app.command()
def parse(
    text: Annotated[str, typer.Argument(help="What a participant would write.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print it for programs.")] = False,
) -> None:
    """Show what the model makes of a sentence."""
    raise typer.Exit(_run_on_rasas_side("parse", text, *(["--json"] if as_json else [])))


def _run_on_rasas_side(what: str, *arguments: str) -> int:
    if not model.RASA_PYTHON.exists():
        typer.echo("Rasa's environment is not there yet. Way out: make up", err=True)
        return 1
    return _run([str(model.RASA_PYTHON), str(ROOT / "nlu" / f"{what}.py"), *arguments])


def _run(command: list[str]) -> int:
    env = {name: value for name, value in os.environ.items() if name not in environment.ASTRAY} | model.QUIET
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
