"""Measures the build, the exports, the start of the service and its memory, beside rdflib doing the same.

Each side reads and writes files, in a process of its own, in turns; the seconds are those of the work alone, without
the start of Python.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

from benchmarks import steps
from benchmarks.figures import Figures
from benchmarks.machine import pairs
from benchmarks.servers import EDUGRAPH, Server, serving
from benchmarks.sizes import parser_of, sizes
from benchmarks.steps import RDFLIB_NAMES, Seconds, TooLong
from benchmarks.world import World
from graph.export.formats import FORMATS
from graph.publish.generation import Generation
from graph.settings import Settings

BUILDS = ("build", "whole-build", "rdflib-build", "rdflib-index")
"""By edugraph without and with its checks, by rdflib without and with the answers of the index."""
IDLE = 2.0
"""Seconds that the service rests before its memory is read."""


@dataclass(frozen=True)
class Run:
    """One size of data, and how it is measured."""

    world: World
    generation: Generation
    figures: Figures
    home: Path
    args: argparse.Namespace

    def note(self, name: str, value: float) -> None:
        """Keep a figure of this size."""
        self.figures.note(name, self.world.articles, value)

    def step(self, name: str, *paths: Path | str) -> Seconds | None:
        """The seconds of a step; None, and said so, where it takes too long."""
        try:
            return steps.run(name, *paths, patience=self.args.patience)
        except TooLong as error:
            print(f"| {error} | | |", flush=True)
            return None


def main() -> None:
    """Measure what is asked for at each size, and print it as Markdown."""
    args = _arguments()
    for world, generation in sizes(args):
        run = Run(world, generation, Figures(args.figures), Settings.from_env().home, args)
        for part in args.parts:
            PARTS[part](run)


def _build(run: Run) -> None:
    """The build without its checks beside rdflib, first the data alone, then with the answers of the index."""
    rounds: dict[str, list[Seconds]] = {name: [] for name in run.args.builds}
    with tempfile.TemporaryDirectory(dir=run.args.data) as scratch:
        home = Path(scratch, "home")
        steps.write_home(run.world, run.home, home)
        print("\n| build | seconds | of these the index |\n|---|---|---|")
        for number in range(run.args.rounds):
            for name, taken in rounds.items():
                sources = name in ("build", "whole-build")
                given = (home, Path(scratch, f"{name}-{number}")) if sources else (run.generation.nquads, Path(scratch))
                if len(taken) == number and (took := run.step(name, *given)) is not None:
                    taken.append(took)
                    print(f"| {name} | {_whole(took):.2f} | {took.get('index', 0):.2f} |", flush=True)
    if rounds.get("build"):
        _shares(run, rounds)


def _shares(run: Run, rounds: dict[str, list[Seconds]]) -> None:
    """What the index is of the build, and how much longer rdflib took."""
    ours = rounds["build"]
    run.note("build without checks, seconds", median(_whole(took) for took in ours))
    share = median(took["index"] / took["build"] for took in ours)
    run.note("index, share of the build without checks", share)
    print(f"\n- the index is {share:.2f} of the build without checks")
    if rounds.get("whole-build"):
        share = median(took["index"] / took["build"] for took in rounds["whole-build"])
        run.note("index, share of the whole build", share)
        print(f"- the index is {share:.2f} of the whole build, with its checks")
    _ratio(run, "build, rdflib / edugraph", [_whole(took) for took in rounds.get("rdflib-index", ())], ours, _whole)
    data = [took["data"] for took in rounds.get("rdflib-build", ())]
    _ratio(run, "build without the index, rdflib / edugraph", data, ours, lambda took: took["build"] - took["index"])


def _whole(took: Seconds) -> float:
    return took["build"] if "build" in took else sum(took.values())


def _ratio(
    run: Run, name: str, theirs: Sequence[float], ours: Sequence[Seconds], of: Callable[[Seconds], float]
) -> None:
    if theirs:
        ratios = [one / of(took) for one, took in zip(theirs, ours, strict=False)]
        print(f"- {name}: {pairs(ratios)}", flush=True)
        run.note(name, median(ratios))


def _exports(run: Run) -> None:
    """Each format beside rdflib."""
    print("\n| export | edugraph, s | rdflib, s | rdflib / edugraph |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory(dir=run.args.data) as scratch:
        out = Path(scratch, "out")
        for form in run.args.formats:
            ours: list[float] = []
            theirs: list[float] = []
            for _ in range(run.args.rounds):
                if (took := run.step("export", form, run.generation.path, out)) is None:
                    break
                ours.append(took["export"])
                if form not in RDFLIB_NAMES or run.args.without_rdflib:
                    continue
                if (took := run.step("rdflib-export", form, run.generation.nquads, out)) is None:
                    break
                theirs.append(took["export"])
            _export_row(run, form, ours, theirs)


def _export_row(run: Run, form: str, ours: Sequence[float], theirs: Sequence[float]) -> None:
    if not ours:
        return
    run.note(f"export {form}, seconds", median(ours))
    ratios = [other / own for own, other in zip(ours, theirs, strict=False)]
    if not ratios:
        print(f"| {form} | {median(ours):.3f} | | |", flush=True)
        return
    run.note(f"export {form}, rdflib / edugraph", median(ratios))
    print(f"| {form} | {median(ours):.3f} | {median(theirs):.2f} | {pairs(ratios)} |", flush=True)


def _start(run: Run) -> None:
    """From the start of the command to the first answer of /health/ready."""
    took = []
    for _ in range(run.args.rounds):
        begin = time.perf_counter()
        with serving(EDUGRAPH, run.generation, ready=is_ready, settled=False):
            took.append(time.perf_counter() - begin)
    run.note("start to ready, seconds", median(took))
    print(f"\nStart to ready: {' '.join(f'{one:.2f}' for one in took)}, median **{median(took):.2f}** s")


def is_ready(server: Server, timeout: float) -> None:
    """Whether /health/ready says yes. Raises OSError."""
    with urllib.request.urlopen(f"{server.base}/health/ready", timeout=timeout):
        return


def _memory(run: Run) -> None:
    """What an idle service holds resident, and with its workers, shared pages counted in part."""
    with serving(EDUGRAPH, run.generation) as server:
        time.sleep(IDLE)
        parent = psutil.Process(server.process.pid)
        family = [parent, *parent.children(recursive=True)]
        resident = parent.memory_info().rss / 1e6
        whole = sum(process.memory_full_info().pss for process in family) / 1e6
    run.note("idle service, resident MB", resident)
    run.note("idle service with its workers, proportional MB", whole)
    print(f"\nIdle: **{resident:.0f}** MB resident; with {len(family) - 1} children {whole:.0f} MB proportional (PSS)")


PARTS: dict[str, Callable[[Run], None]] = {"build": _build, "exports": _exports, "start": _start, "memory": _memory}


def _arguments() -> argparse.Namespace:
    parser = parser_of("benchmarks.building", __doc__)
    add = parser.add_argument
    add("--parts", nargs="+", choices=list(PARTS), default=list(PARTS), help="what to measure (default: all)")
    add("--builds", nargs="+", choices=BUILDS, default=BUILDS, help="which builds (default: all); build comes first")
    add("--formats", nargs="+", choices=list(FORMATS), default=list(FORMATS), help="which exports (default: all)")
    add("--rounds", type=int, default=3, help="how often each has its turn (default: %(default)s)")
    add("--patience", type=float, default=120.0, help="seconds that one step may take (default: %(default)s)")
    add("--without-rdflib", action="store_true", help="leave the exports of rdflib out")
    add("--figures", type=Path, default=Path("build/benchmarks/figures.json"), help="where figures are kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
