"""The command line: `helpdesk COMMAND`. Every command is a file in `helpdesk/commands`, read only when it is typed.

What a file holds is either `app`, a group of commands, or a function of the command's own name.
"""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

COMMANDS = (
    "up",
    "down",
    "status",
    "status-page",
    "restart",
    "doctor",
    "backup",
    "restore",
    "say",
    "chat",
    "clock",
    "rehearse",
    "nlu",
    "learning",
    "programme",
    "trends",
    "report",
    "privacy",
    "audit",
    "staff",
    "bench",
    "chaos",
)


class Commands(TyperGroup):
    """Finds a command by its file."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names, in the order of a day's work."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command of that name, or None."""
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        module = import_module(f"helpdesk.commands.{name}")
        group = getattr(module, "app", None) or _alone(module, name)
        command = typer.main.get_command(group)
        command.name = cmd_name
        return command


def _alone(module: Any, name: str) -> typer.Typer:
    """Make a group of one, which typer takes for the command itself."""
    group = typer.Typer(add_completion=False)
    group.command(name=name, **getattr(module, "TYPED", {}))(getattr(module, name))
    return group


app = typer.Typer(cls=Commands, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def helpdesk() -> None:
    """A help desk for participants of Kartu Prakerja."""


if __name__ == "__main__":
    app()
