"""`bench train`: plain `rasa train` with nothing cached, ours on every line, stock on its 1,600."""

import shutil
from dataclasses import asdict
from pathlib import Path

from benchmarks.stock.model import StockModel, Tell, Trained, train
from benchmarks.stock.sample import LINES, training_lines
from helpdesk.settings import ROOT


def measure(bench: Path, *, with_stock: bool, tell: Tell) -> dict[str, object]:
    """Train both and return the figures by side."""
    lines = sum(map(len, training_lines(ROOT / "nlu" / "training").values()))
    out = bench / "training"
    shutil.rmtree(out, ignore_errors=True)
    tell(f"ours learns {lines} lines")
    figures: dict[str, object] = {"ours": _figures(train(ROOT, out, "ours", tell), lines)}
    if with_stock:
        tell(f"stock learns {LINES} lines (some minutes)")
        figures["stock"] = _figures(StockModel(bench).train(tell), LINES)
    return figures


def _figures(trained: Trained, lines: int) -> dict[str, object]:
    whole = asdict(trained)
    return {
        "lines": lines,
        "seconds": round(whole["seconds"], 1),
        "processor_seconds": round(whole["processor_seconds"], 1),
        "memory_mb": round(whole["memory"] / 1e6),
    }
