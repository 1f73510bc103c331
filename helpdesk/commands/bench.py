"""`helpdesk bench …`: the figures. Everything typed after it is handed to the benchmarks."""

import subprocess
import sys

import typer

from helpdesk.settings import ROOT

TYPED = {"context_settings": {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}}
"""Whatever is typed after it is not ours to read."""


def bench(context: typer.Context) -> None:
    """Measure: `bench --help` lists what (--json for programs)."""
    raise typer.Exit(
        subprocess.run([sys.executable, "-m", "benchmarks", *context.args], cwd=ROOT, check=False).returncode
    )
