"""The picture of docs/detection.md: how late an outage is noticed, by its size, for each method."""

from pathlib import Path

from benchmarks.detection.measure import Result
from benchmarks.detection.outages import SIZES
from benchmarks.figures import quantile
from helpdesk.settings import ROOT

PICTURE = ROOT / "docs" / "pictures" / "detection.svg"
WIDTH, HEIGHT, LEFT, TOP, FOOT = 720, 340, 60, 50, 50
MOST = 60.0
COLOURS = {"ours": "#0b6b50", "fixed threshold": "#9a5b00", "z-score": "#5b4a9a"}
DASHES = {"ours": "", "fixed threshold": "7 4", "z-score": "2 4"}


def draw(results: dict[str, Result], path: Path = PICTURE) -> None:
    """Write the picture."""
    told = "; ".join(f"{name}: {_told(it)}" for name, it in results.items())
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="system-ui, sans-serif" font-size="13">',
        "<title>Minutes until an outage is noticed, by its size</title>",
        f"<desc>Median delay by size. {told}.</desc>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="20" font-weight="600">Median minutes until it is noticed, '
        "by how many times the usual</text>",
        f'<text x="{LEFT}" y="{HEIGHT - 8}" font-size="11">Beside each point: found, of how many. '
        "In the key: false alarms a month.</text>",
    ]
    for minutes in range(0, int(MOST) + 1, 10):
        y = _y(minutes)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH - 20}" y1="{y:.1f}" y2="{y:.1f}" stroke="#dddddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{minutes}</text>')
    for number, size in enumerate(SIZES):
        parts.append(f'<text x="{_x(number):.1f}" y="{HEIGHT - FOOT + 20}" text-anchor="middle">{size:g}×</text>')
    for number, (name, result) in enumerate(results.items()):
        parts += _line(name, result, number)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([*parts, "</svg>\n"]), encoding="utf-8")


def _line(name: str, result: Result, number: int) -> list[str]:
    colour, points, parts = COLOURS[name], [], []
    for place, size in enumerate(SIZES):
        its = [it for it in result.known if it.size == size]
        delays = result.verdict.delays(its)
        if not delays:
            continue
        x, y = _x(place), _y(min(MOST, quantile(delays, 0.5)))
        points.append(f"{x:.1f},{y:.1f}")
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>')
        share = f"{len(delays)}/{len(its)}"
        parts.append(
            f'<text x="{x + 6:.1f}" y="{y - 6 - 3 * number:.1f}" font-size="11" fill="{colour}">{share}</text>'
        )
    dash = f' stroke-dasharray="{DASHES[name]}"' if DASHES[name] else ""
    drawn = f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
    x = LEFT + number * 200
    key = f'<line x1="{x}" x2="{x + 30}" y1="36" y2="36" stroke="{colour}" stroke-width="2"{dash}/>'
    said = f'<text x="{x + 36}" y="40">{name} ({result.verdict.false_a_month:.1f})</text>'
    return [drawn, *parts, key, said]


def _told(result: Result) -> str:
    return f"{len(result.verdict.found)} of {len(result.known)} found, {result.verdict.false_a_month:.1f} false a month"


def _x(number: int) -> float:
    return LEFT + 30 + number * (WIDTH - LEFT - 80) / (len(SIZES) - 1)


def _y(minutes: float) -> float:
    return HEIGHT - FOOT - minutes / MOST * (HEIGHT - FOOT - TOP)
