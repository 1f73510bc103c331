"""The page of figures: a bench run anew changes its own section, whatever else this machine has never measured."""

from typing import Any

from benchmarks.page import HEAD, PAGE, page


def measured(bench: str, says: str) -> dict[str, Any]:
    return {"bench": bench, "figures": {}, "says": says, "how": {}, "at": "2026-11-23", "machine": "2 cores"}


def test_a_bench_run_anew_changes_its_own_section_alone() -> None:
    before = page([measured("turns", "Turns took long."), measured("desk", "A desk."), measured("trends", "Trends.")])
    after = page([measured("desk", "A quicker desk.")], before)
    assert after == before.replace("A desk.", "A quicker desk.")


def test_a_bench_that_was_never_run_comes_in_its_place() -> None:
    before = page([measured("turns", "Turns."), measured("trends", "Trends.")])
    assert page([measured("desk", "A desk.")], before) == page(
        [measured("turns", "Turns."), measured("desk", "A desk."), measured("trends", "Trends.")]
    )


def test_the_page_that_is_there_is_kept_as_it_stands() -> None:
    there = PAGE.read_text(encoding="utf-8")
    assert there.startswith(HEAD)
    assert page([], there) == there
