"""Measures the lookups beside the engine that answers the same question, alternating in one run.

The links of organisations beside ``oxigraph serve`` and rdflib-endpoint, 304 beside 200, suggestions, search with a
typing error, reconciliation, the network around the best connected body, and links beside runaway SPARQL.
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import asking
from benchmarks.figures import Figures
from benchmarks.load import Lookup, Plan, Result
from benchmarks.machine import pairs
from benchmarks.questions import RUNAWAY
from benchmarks.servers import EDUGRAPH, KEEPING, OXIGRAPH, RDFLIB, NotReady, Server, serving
from benchmarks.sizes import parser_of, sizes
from benchmarks.world import World
from graph.publish.generation import Generation
from graph.query.index import Index

TRIAL = 0.5
"""Seconds of a phase below which nothing is measured in earnest."""
BATCH = 10
"""Names in one request to /reconcile, as OpenRefine sends them."""
DRAWN, SPREAD = "as often as they are named", "all alike"


@dataclass(frozen=True)
class Run:
    """One size of data, and how it is measured."""

    world: World
    generation: Generation
    figures: Figures
    args: argparse.Namespace

    def plan(self, lookups: Sequence[Lookup], connections: int | None = None) -> Plan:
        """A phase that asks these lookups."""
        return Plan("", [], connections or self.args.connections, self.args.seconds, list(lookups))

    def note(self, name: str, value: float) -> None:
        """Keep a figure of this size."""
        self.figures.note(name, self.world.articles, value)

    def names(self, many: int) -> list[str]:
        """Some names of the data."""
        with closing(Index(self.generation)) as index:
            return asking.some_names(index, many, self.world.seed)


def main() -> None:
    """Measure what is asked for at each size, and print it as Markdown."""
    args = _arguments()
    for world, generation in sizes(args):
        run = Run(world, generation, Figures(args.figures), args)
        for part in args.parts:
            PARTS[part](run)


def _links(run: Run) -> None:
    """The links of organisations beside the same question in SPARQL, by how organisations are chosen."""
    choices = {DRAWN: asking.drawn(run.world, run.args.bodies), SPREAD: asking.spread(run.world, run.args.bodies)}
    with ExitStack() as stack:
        edugraph, keeping = stack.enter_context(_edugraph(run)), stack.enter_context(_edugraph(run, KEEPING))
        engine = stack.enter_context(_server(run, run.args.engine))
        for choice, bodies in choices.items():
            most = _same_rows(edugraph, engine, bodies)
            print(f"\n{len(set(bodies))} organisations, {choice}; {most:.0f} rows on average; every row was compared\n")
            here = run.plan(asking.gets(map(asking.links_path, bodies)))
            there = Plan("", [asking.as_kindest(body) for body in bodies], run.args.connections, run.args.seconds)
            print(_HEAD)
            rounds = [(edugraph.load(here), engine.load(there), keeping.load(here)) for _ in range(run.args.rounds)]
            _compared(run, f"links, {choice}", engine.name, [(made, theirs) for made, theirs, _ in rounds])
            kept = [(mine, theirs) for _, theirs, mine in rounds]
            _compared(run, f"links, {choice}, answers kept", engine.name, kept, KEEPING)


def _edugraph(run: Run, name: str = EDUGRAPH) -> AbstractContextManager[Server]:
    return _server(run, name)


def _server(run: Run, name: str, patience: float = 60.0) -> AbstractContextManager[Server]:
    """What is only tried out does not wait until it has settled."""
    return serving(name, run.generation, patience, settled=run.args.seconds >= TRIAL)


def _as_defined(run: Run) -> None:
    """The same beside links.rq as it stands, which costs the engines scans."""
    bodies = asking.drawn(run.world, run.args.bodies)
    servers = (run.args.engine,) if run.args.without_rdflib else (run.args.engine, RDFLIB)
    with ExitStack() as stack:
        edugraph = stack.enter_context(_edugraph(run))
        here = run.plan(asking.gets(map(asking.links_path, bodies)))
        for name in servers:
            try:
                other = stack.enter_context(_server(run, name, run.args.patience))
                # The engine that asks first also shows that one answer comes in time.
                _same_rows(edugraph, other, bodies[:1], asking.as_defined, run.args.patience)
            except (NotReady, OSError) as error:
                print(f"\n{name}: {error}; it is left out at this size.", flush=True)
                continue
            there = Plan("", [asking.as_defined(body) for body in bodies], run.args.connections, run.args.seconds)
            print(f"\nlinks.rq as it stands, the organisation bound\n\n{_HEAD}")
            rounds = [(edugraph.load(here), other.load(there)) for _ in range(min(3, run.args.rounds))]
            _compared(run, "links as defined", name, rounds)


def _same_rows(
    edugraph: Server,
    other: Server,
    bodies: Sequence[str],
    query: Callable[[str], str] = asking.as_kindest,
    patience: float = 60.0,
) -> float:
    """Rows of an answer on average; leave with a message unless both servers give the same rows, in the same order."""
    rows = 0
    for body in dict.fromkeys(bodies):
        mine = asking.rows_of_lookup(_get(edugraph, asking.links_path(body)))
        theirs = asking.rows_of_sparql(other.ask(query(body), patience))
        if mine != theirs:
            sys.exit(f"{edugraph.name} and {other.name} answer differently for {body}")
        rows += len(mine)
    return rows / len(set(bodies))


def _get(server: Server, path: str) -> Any:
    with urllib.request.urlopen(server.base + path, timeout=60) as answer:
        return json.load(answer)


def _not_modified(run: Run) -> None:
    """A 304 beside the 200 that it stands for."""
    paths = [asking.links_path(body) for body in asking.drawn(run.world, run.args.bodies)]
    tag = f'W/"{run.generation.id}"'
    whole = run.plan(asking.gets(paths))
    held = replace(run.plan(asking.gets(paths, If_None_Match=tag)), good=304)
    with _edugraph(run) as server:
        print(f"\nA 304 beside a 200\n\n{_HEAD}")
        rounds = [(server.load(held), server.load(whole)) for _ in range(run.args.rounds)]
    _compared(run, "304", "200", rounds, "304")


def _names(run: Run) -> None:
    """Suggestions and search with a typing error on one connection, and reconciliation in batches."""
    names, seed = run.names(2000), run.world.seed
    with closing(Index(run.generation)) as index:
        (labels,) = index.connection.execute("SELECT count(*) FROM label").fetchone()
    asked = {
        "suggest": asking.gets(asking.suggestions(names, seed)),
        "search with a typing error": asking.gets(asking.misspelt(names, seed)),
        "reconcile": asking.batches(names, BATCH),
    }
    print(f"\n{labels:,} labels; one connection, 2,000 different names; {BATCH} names in a request to /reconcile\n")
    print(_HEAD)
    with _edugraph(run) as server:
        for name, lookups in asked.items():
            results = [server.load(run.plan(lookups, 1)) for _ in range(run.args.rounds)]
            _row(run, name, results)
            if name == "reconcile":
                a_second = median(result.rate for result in results) * BATCH
                run.note("reconcile, names a second", a_second)
                print(f"\n/reconcile: {a_second:,.0f} names a second")


def _network(run: Run) -> None:
    """The network two steps around the body with most links, asked on one connection."""
    with closing(Index(run.generation)) as index:
        (actor,) = index.connection.execute("SELECT iri FROM node WHERE class = 'Organisation' ORDER BY id").fetchone()
    path = f"/network?actor={actor}&depth=2"
    with _edugraph(run) as server:
        told = _get(server, path)
        print(f"\n/network around {actor}, depth 2: {told['nodes']} nodes, {told['edges']} edges;", end=" ")
        print(f"left out and said so: {json.dumps(told['left_out'])}\n\n{_HEAD}")
        _row(run, "network", [server.load(run.plan(asking.gets([path]), 1)) for _ in range(run.args.rounds)])


def _runaway(run: Run) -> None:
    """Links alone and beside a runaway query every two seconds."""
    lookups = asking.gets(map(asking.links_path, asking.drawn(run.world, run.args.bodies)))
    with _edugraph(run) as server:
        print(f"\nLinks beside runaway SPARQL, one connection: {RUNAWAY}\n\n{_HEAD}")
        quiet = run.plan(lookups, 1)
        pairs_of = [(server.load(quiet), server.load(replace(quiet, runaway=RUNAWAY))) for _ in range(run.args.rounds)]
        _row(run, "links alone", [pair[0] for pair in pairs_of])
        _row(run, "links beside runaway SPARQL", [pair[1] for pair in pairs_of])


_HEAD = (
    "| what | requests/s | p50 ms | p99 ms | kB | processor ms a request | failures |\n|---|---|---|---|---|---|---|"
)


def _row(run: Run, name: str, results: Sequence[Result]) -> None:
    """The medians of the rounds; rate and p99 are kept."""
    size = median(result.bytes / max(1, len(result.latencies)) for result in results) / 1000
    rate, half, most, cost = (
        median(values)
        for values in zip(
            *((one.rate, one.percentile(0.5), one.percentile(0.99), one.cost) for one in results), strict=True
        )
    )
    failures = sum(result.failures for result in results)
    print(f"| {name} | {rate:,.0f} | {half:.2f} | {most:.2f} | {size:,.1f} | {cost:.2f} | {failures} |", flush=True)
    run.note(f"{name}, requests a second", rate)
    run.note(f"{name}, p99 ms", most)
    run.note(f"{name}, processor ms", cost)


def _compared(run: Run, name: str, other: str, rounds: Sequence[tuple[Result, Result]], first: str = EDUGRAPH) -> None:
    """A row for each of the two, and the ratios within the rounds."""
    _row(run, first if first == "304" else name, [pair[0] for pair in rounds])
    _row(run, f"{name}: {other}", [pair[1] for pair in rounds])
    rates = [mine.rate / theirs.rate for mine, theirs in rounds if theirs.rate]
    tails = [mine.percentile(0.99) / theirs.percentile(0.99) for mine, theirs in rounds if theirs.latencies]
    if not rates:
        print(f"\n{other} answered nothing in time.")
        return
    print(f"\n- {first} / {other}: requests/s {pairs(rates)}; p99 {pairs(tails)}", flush=True)
    run.note(f"{name}, requests a second: times {other}", median(rates))


PARTS: dict[str, Callable[[Run], None]] = {
    "links": _links,
    "defined": _as_defined,
    "unchanged": _not_modified,
    "names": _names,
    "network": _network,
    "runaway": _runaway,
}


def _arguments() -> argparse.Namespace:
    parser = parser_of("benchmarks.lookups", __doc__)
    add = parser.add_argument
    add("--parts", nargs="+", choices=list(PARTS), default=list(PARTS), help="what to measure (default: all)")
    add("--seconds", type=float, default=3.0, help="length of one phase (default: %(default)s)")
    add("--rounds", type=int, default=5, help="how often each has its turn (default: %(default)s)")
    add("--connections", type=int, default=4, help="requests under way at a time (default: %(default)s)")
    add("--bodies", type=int, default=200, help="organisations that are drawn (default: %(default)s)")
    add("--patience", type=float, default=60.0, help="seconds to load, or for one answer (default: %(default)s)")
    add("--without-rdflib", action="store_true", help="leave rdflib-endpoint out")
    add("--engine", choices=[OXIGRAPH, EDUGRAPH], default=OXIGRAPH, help="whose SPARQL (default: %(default)s)")
    add("--figures", type=Path, default=Path("build/benchmarks/figures.json"), help="where figures are kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
