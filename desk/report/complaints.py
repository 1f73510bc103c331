"""Which numbers of complaints may be told, of the week and of the one before: the same ones wherever they are named.

Days, topics and platforms are parts of one whole. Where one of them left out all its parts and they are alike, the
whole would tell them, and so would the other two: then none of that week is told.
"""

from collections.abc import Mapping, Sequence

from desk.pictures.numbers import whole
from desk.report.hidden import LEFT_OUT, Few
from trends.weekly.figures import Day, Figures, Part


def told(figures: Figures, few: Few, *, before: bool = False) -> bool:
    """Say whether the number of all complaints may stand beside its parts."""
    parted = [figures.parts["intent"], figures.parts["platform"]]
    if before:
        return few.tells_sum([days_before(figures.days), *map(counts_before, parted)])
    return few.tells_sum([days(figures.days), *map(counts, parted)])


def total(figures: Figures, few: Few) -> str:
    """Return how many complaints there were."""
    return few(figures.complaints) if few.hides(figures.complaints) or told(figures, few) else LEFT_OUT


def said(figures: Figures, few: Few, parts: Mapping[str, int], *, before: bool = False) -> dict[str, str]:
    """Return parts of the whole as they may be told."""
    if told(figures, few, before=before):
        return few.of(parts)
    return {key: LEFT_OUT if number else whole(number) for key, number in parts.items()}


def shown(figures: Figures, few: Few, parts: Mapping[str, int], *, before: bool = False) -> set[str]:
    """Return which parts may be told."""
    return {key for key, it in said(figures, few, parts, before=before).items() if it != LEFT_OUT}


def named(figures: Figures, few: Few) -> set[str]:
    """Return which topics may be told with their numbers of both weeks."""
    parts = figures.parts["intent"]
    return shown(figures, few, counts(parts)) & shown(figures, few, counts_before(parts), before=True)


def days(shown: Sequence[Day]) -> dict[str, int]:
    """Return the days of the week."""
    return {str(day.day): day.now for day in shown}


def days_before(shown: Sequence[Day]) -> dict[str, int]:
    """Return the days of the week before, where they are known, each under the day beside it."""
    return {str(day.day): day.before for day in shown if day.before is not None}


def counts(parts: Sequence[Part]) -> dict[str, int]:
    """Return the parts of the week."""
    return {part.key: part.now for part in parts}


def counts_before(parts: Sequence[Part]) -> dict[str, int]:
    """Return the parts of the week before, where that is known."""
    return {part.key: part.change.before for part in parts if part.change}
