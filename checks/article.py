"""An article of the knowledge base as the checks and answers read it."""

from datetime import date
from typing import Protocol


class Article(Protocol):
    """What may be said without a check, on a day."""

    @property
    def message(self) -> str:
        """The whole reply, with its source."""

    @property
    def text(self) -> str:
        """The answer alone."""

    @property
    def title(self) -> str:
        """What it is about."""

    @property
    def as_of(self) -> date:
        """The day it speaks of."""

    @property
    def overdue(self) -> bool:
        """Whether its review is overdue: it may be said only with a warning."""

    @property
    def near(self) -> bool:
        """Whether it is only the closest there is."""

    @property
    def source_line(self) -> str:
        """Where it comes from."""
