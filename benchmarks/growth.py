"""Writes how the measured figures grow with the data, as a table and a plot, into docs/benchmarks.md."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from importlib.util import find_spec
from math import log
from pathlib import Path

from benchmarks.figures import Figures

MARKS = "<!-- GROWTH -->", "<!-- END GROWTH -->"
PLOT = "growth.svg"


@dataclass(frozen=True)
class Line:
    """One row of the table: the figure's name where it was measured, what it is called, and what it grows with."""

    figure: str
    title: str
    panel: str | None = None
    """The part of the plot where it is drawn."""


LATENCY, COST, SECONDS, ENGINE = "p99, ms", "processor ms an answer", "seconds", "requests a second"
LINES = (
    Line("links, as often as they are named, requests a second", "links, requests/s", ENGINE),
    Line(
        "links, as often as they are named: oxigraph serve, requests a second", "the same of `oxigraph serve`", ENGINE
    ),
    Line("links, all alike, requests a second", "links, all organisations alike, requests/s"),
    Line("links, all alike: oxigraph serve, requests a second", "the same of `oxigraph serve`"),
    Line("304, requests a second", "304 of links, requests/s", ENGINE),
    Line("links alone, p99 ms", "links, p99 ms", LATENCY),
    Line("links beside runaway SPARQL, p99 ms", "links beside runaway SPARQL, p99 ms"),
    Line("suggest, p99 ms", "suggest, p99 ms", LATENCY),
    Line("search with a typing error, p99 ms", "search with a typing error, p99 ms", LATENCY),
    Line("reconcile, names a second", "reconcile, names a second", ENGINE),
    Line("network, p99 ms", "network of the best connected, depth 2, p99 ms", LATENCY),
    Line("links, as often as they are named, processor ms", "links, processor ms", COST),
    Line("304, processor ms", "304, processor ms", COST),
    Line("suggest, processor ms", "suggest, processor ms", COST),
    Line("search with a typing error, processor ms", "search with a typing error, processor ms", COST),
    Line("network, processor ms", "network, processor ms", COST),
    Line("build without checks, seconds", "build without checks, s", SECONDS),
    Line("index, share of the build without checks", "of this the index, share"),
    Line("index, share of the whole build", "of the build with its checks, share"),
    Line("export turtle, seconds", "export as Turtle, s"),
    Line("export ntriples, seconds", "export as N-Triples, s", SECONDS),
    Line("export jsonld, seconds", "export as JSON-LD, s"),
    Line("start to ready, seconds", "start to ready, s", SECONDS),
    Line("idle service, resident MB", "idle service, MB resident"),
    Line("idle service with its workers, proportional MB", "with its workers, MB proportional"),
)


def table(figures: Figures) -> list[str]:
    """The rows of every figure that was measured at two sizes or more, with the power of the size that it grows by."""
    known = figures.read()
    sizes = sorted({int(size) for line in LINES for size in known.get(line.figure, {})})
    rows = [
        f"| figure | {' | '.join(f'{size:,}' for size in sizes)} | grows as N to the |",
        "|---" * (len(sizes) + 2) + "|",
    ]
    for line in LINES:
        values = measured(figures, line.figure)
        if len(values) > 1:
            cells = [_shown(values[size]) if size in values else "" for size in sizes]
            rows.append(f"| {line.title} | {' | '.join(cells)} | {power(values):.2f} |")
    return rows


def measured(figures: Figures, name: str) -> dict[int, float]:
    """Articles -> value of a figure, by size."""
    return {int(size): float(one["value"]) for size, one in sorted(figures.read().get(name, {}).items(), key=_size)}


def _size(item: tuple[str, object]) -> int:
    return int(item[0])


def power(values: dict[int, float]) -> float:
    """How steeply the figure rises from the smallest to the largest size, on scales of logarithms."""
    first, last = min(values), max(values)
    return log(values[last] / values[first]) / log(last / first)


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def measured_when(figures: Figures) -> str:
    """From when to when, and on which machines."""
    known = figures.read()
    shown = [sizes for line in LINES if len(sizes := known.get(line.figure, {})) > 1]
    said = sorted({str(one["measured"]) for sizes in shown for one in sizes.values()})
    moments, machines = zip(*(one.split(", ", 1) for one in said), strict=True)
    return f"{moments[0]} to {moments[-1]}; {'; '.join(dict.fromkeys(machines))}."


def draw(figures: Figures, path: Path) -> None:
    """The plot: a panel for each sort of figure, both scales logarithmic; the same figures give the same bytes."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.hashsalt": "edugraph", "svg.fonttype": "none", "font.size": 9})
    from matplotlib import pyplot

    drawn = {line.panel for line in LINES if len(measured(figures, line.figure)) > 1}
    panels = [panel for panel in (ENGINE, LATENCY, COST, SECONDS) if panel in drawn]
    figure, axes = pyplot.subplots(1, len(panels), figsize=(4 * len(panels), 4.2), squeeze=False)
    for axis, panel in zip(axes[0], panels, strict=True):
        for line in LINES:
            values = measured(figures, line.figure)
            if line.panel == panel and len(values) > 1:
                title = (
                    line.title.replace("`", "")
                    .removesuffix(", p99 ms")
                    .removesuffix(", requests/s")
                    .removesuffix(", s")
                )
                axis.plot(list(values), list(values.values()), marker="o", markersize=3, label=title)
        axis.set(xscale="log", yscale="log", xlabel="articles", title=panel)
        axis.grid(visible=True, which="major", linewidth=0.3)
        axis.legend(fontsize=7)
    figure.tight_layout()
    figure.savefig(path, format="svg", metadata={"Date": None})
    pyplot.close(figure)


def main() -> None:
    """Write the table between its marks, and the plot beside the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--figures", type=Path, default=Path("build/benchmarks/figures.json"))
    parser.add_argument("--page", type=Path, default=Path("docs/benchmarks.md"))
    args = parser.parse_args()
    figures = Figures(args.figures)
    if find_spec("matplotlib") is None:
        print("matplotlib is not installed: the plot was left out (uv pip install --group bench)")
    else:
        draw(figures, args.page.with_name(PLOT))
    shown = f"![Growth]({PLOT})"
    told = "\n\n".join((MARKS[0], measured_when(figures), "\n".join(table(figures)), shown, MARKS[1]))
    page, between = args.page.read_text("utf-8"), re.compile(f"{MARKS[0]}.*?{MARKS[1]}", re.DOTALL)
    args.page.write_text(between.sub(lambda match: told, page), "utf-8")


if __name__ == "__main__":
    main()
