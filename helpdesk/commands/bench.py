"""`helpdesk bench …`: the figures. Everything typed after it is handed to the benchmarks."""

import subprocess
import sys

import typer

from helpdesk.settings import ROOT


def bench(context: typer.Context) -> None:
    """Measure: `bench turns`, `bench train`, `bench parse` (--json for programs)."""
    raise typer.Exit(
        subprocess.run([sys.executable, "-m", "benchmarks", *context.args], cwd=ROOT, check=False).returncode
    )
