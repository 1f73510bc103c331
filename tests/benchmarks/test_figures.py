"""The arithmetic of the figures."""

from benchmarks.figures import quantile
from benchmarks.load import Heard, Round
from benchmarks.report import ROWS, sentence


def test_quantile_is_a_value_that_was_measured():
    values = [float(number) for number in range(100, 0, -1)]
    assert quantile(values, 0.5) == 50
    assert quantile(values, 0.99) == 99
    assert quantile(values, 1.0) == 100
    assert quantile([7.0], 0.99) == 7
    assert quantile([], 0.5) == 0


def test_unanswered_turns_do_not_count_as_throughput():
    heard = [Heard(0.1, answered=True, with_check=True), Heard(30.0, answered=False, with_check=False)]
    assert Round(seconds=2.0, heard=heard).per_second == 0.5


def test_sentence_says_how_many_times_stock():
    side = {"p50_ms": 50.0, "p99_ms": 90.0, "memory_mb": 900}
    figures = {"ours": side | {"turns_per_second": 150.0}, "stock": side | {"turns_per_second": 50.0}}
    assert "3.0 times stock's" in sentence("turns", figures)


def test_a_bench_without_stock_has_its_sentence():
    figures = {"grown": {"articles": 2044, "p95_ms": 1.1, "right": "95.7%"}}
    assert sentence("knowledge", figures) == "Among 2044 articles a search takes p95 1.1 ms, 95.7% right first."


def test_the_desk_has_its_sentence_and_its_lines():
    names = [key for _, key in ROWS["desk"]]
    figures = {"p50 ms": dict.fromkeys(names, "1,000"), "p95 ms": dict.fromkeys(names, 12.5)}
    assert "a search 12.5 ms" in sentence("desk", figures)
    assert "Among 1,000 cases" in sentence("desk", figures)
