"""The action server's part of the ladder of patience (records/ladder.py): a source answers before its action ends."""

from actions.settings import ActionsSettings
from records.ladder import Rung, Step, climb


def check(settings: ActionsSettings) -> None:
    """Raise WrongOrder unless a source may take less time than the action that asks it."""
    source = Rung("ACTIONS_SOURCE_DEADLINE", settings.actions_source_deadline, "satu sumber")
    climb([Step(source, Rung("ACTIONS_DEADLINE", settings.actions_deadline, "satu aksi"))])
