"""`helpdesk doctor`: what is wrong, and how to mend it."""

import typer
from rich.console import Console

from helpdesk.examination import examine
from helpdesk.settings import SystemSettings

SIGNS = {True: "[green]ok  [/green]", False: "[red]ill [/red]"}


def doctor() -> None:
    """Say what is wrong and how to mend it."""
    console = Console()
    findings = examine(SystemSettings.read())
    for finding in findings:
        console.print(
            f"{SIGNS[finding.well]} [bold]{finding.what:14}[/bold]{finding.seen}", soft_wrap=True, highlight=False
        )
        if not finding.well:
            console.print(f"                   mend: {finding.mend}", soft_wrap=True, highlight=False)
    raise typer.Exit(0 if all(finding.well for finding in findings) else 1)
