"""What learning costs and gives: `rasa train` with nothing cached, and how much of the regression set is read right.

Ours learns every line, and once more only the sample that stock learns, so that text and method can be told apart.
"""

import asyncio
import json
import shutil
import subprocess
from pathlib import Path

from benchmarks.stock.model import StockModel, Tell, Trained, quiet_environment, train
from benchmarks.stock.project import yaml_of
from benchmarks.stock.sample import LINES, sample, training_lines
from benchmarks.wire import Line
from helpdesk.model import RASA_PYTHON
from helpdesk.settings import ROOT

REGRESSION = ROOT / "nlu" / "heldout" / "regression.jsonl"
Figures = dict[str, object]


def ours(bench: Path, tell: Tell) -> Figures:
    """Learn every line."""
    lines = sum(map(len, training_lines(ROOT / "nlu" / "training").values()))
    tell(f"ours learns {lines} lines")
    return _learned(ROOT, bench / "learning" / "all", lines, tell)


def ours_on_the_sample(bench: Path, tell: Tell) -> Figures:
    """Learn the lines that stock learns."""
    folder = bench / "learning" / "sample-project"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "nlu" / "training" / "sample").mkdir(parents=True)
    for name in ("config.yml", "domain.yml", "nlu/__init__.py", "nlu/fingerprint.py", "nlu/training/rules.yml"):
        shutil.copy(ROOT / name, folder / name)
    for name in ("components", "domain", "heldout"):
        shutil.copytree(ROOT / "nlu" / name, folder / "nlu" / name)
    blocks = [
        {"intent": intent, "examples": "".join(f"- {line}\n" for line in lines)}
        for intent, lines in sample(training_lines(ROOT / "nlu" / "training")).items()
    ]
    (folder / "nlu" / "training" / "sample" / "all.yml").write_text(yaml_of({"version": "3.1", "nlu": blocks}))
    tell(f"ours learns the {LINES} lines of the sample")
    return _learned(folder, bench / "learning" / "sample", LINES, tell)


def stock(model: StockModel, tell: Tell) -> Figures:
    """Have stock learn its sample anew."""
    tell(f"stock learns {LINES} lines (some minutes)")
    return _cost(model.train(tell), model.path, LINES)


async def read_right(port: int) -> Figures:
    """Return how much of the regression set a stock server reads right."""
    rows = [json.loads(line) for line in REGRESSION.read_text(encoding="utf-8").splitlines()]
    first = of_three = 0
    async with Line(port) as line:
        for row in rows:
            _, read = await line.post("/model/parse", {"text": row["text"]})
            # the fallback is no meaning: what it hides is the first guess
            ranked = [one["name"] for one in read["intent_ranking"] if one["name"] != "nlu_fallback"]
            right = {row["intent"], *row.get("also", [])}
            first += ranked[0] in right
            of_three += bool(right & set(ranked[:3]))
    return _right(first / len(rows), of_three / len(rows))


def _learned(folder: Path, out: Path, lines: int, tell: Tell) -> Figures:
    shutil.rmtree(out, ignore_errors=True)
    trained = train(folder, out, "ours", tell, "--skip-validation")
    model = out / "ours.tar.gz"
    command = [str(RASA_PYTHON), str(ROOT / "nlu" / "evaluate.py"), str(REGRESSION), "--model", str(model)]
    said = subprocess.run(command, cwd=ROOT, env=quiet_environment(), check=True, capture_output=True, text=True)
    figures = json.loads(said.stdout)
    return _cost(trained, model, lines) | _right(figures["lenient"], figures["top3"])


def _cost(trained: Trained, model: Path, lines: int) -> Figures:
    return {
        "lines": lines,
        "seconds": round(trained.seconds, 1),
        "processor_seconds": round(trained.processor_seconds, 1),
        "learning_memory_mb": round(trained.memory / 1e6),
        "model_mb": round(model.stat().st_size / 1e6, 1),
    }


def _right(first: float, of_three: float) -> Figures:
    return {"right": f"{first:.1%}", "right_of_three": f"{of_three:.1%}"}


def stock_reads(port: int) -> Figures:
    """Return `read_right` from outside a loop."""
    return asyncio.run(read_right(port))
