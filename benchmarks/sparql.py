"""Measures /sparql of edugraph beside ``oxigraph serve`` and rdflib-endpoint, alternating in one run.

Every server answers the same queries over the same synthetic data, from the same load program on the loopback.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import product
from statistics import median
from typing import Any

from benchmarks.load import Plan, Result
from benchmarks.machine import pairs
from benchmarks.questions import RUNAWAY, questions
from benchmarks.servers import EDUGRAPH, IN_MEMORY, KEEPING, OXIGRAPH, RDFLIB, NotReady, Server, serving
from benchmarks.sizes import parser_of, sizes
from benchmarks.world import World
from graph.publish.generation import Generation
from graph.settings import Settings

CLASSES = {"cheap (under 1 ms)": (0.0, 1.0), "1 to 50 ms": (1.0, 50.0), "50 ms and more": (50.0, float("inf"))}
"""Class of queries -> milliseconds, by what ``oxigraph serve`` takes for one asked alone."""


def main() -> None:
    """Run the comparison and print it as Markdown."""
    args = _arguments()
    for world, generation in sizes(args):
        if args.runaway:
            _beside_runaway(world, generation, args)
        else:
            _compare(world, generation, args)


def _compare(world: World, generation: Generation, args: argparse.Namespace) -> None:
    asked = questions(world)
    with ExitStack() as stack:
        servers = list(_started(stack, generation, args))
        _same_answers(servers, asked)
        alone = _alone(servers, asked, args.seconds / 4)
        for name, (low, high) in CLASSES.items():
            queries = [asked[title] for title, took in alone.items() if low <= took < high]
            if queries:
                plan = Plan("", queries, args.connections, args.seconds)
                _table(name, len(queries), servers, list(_rounds(servers, plan, args.rounds)))


def _started(stack: ExitStack, generation: Generation, args: argparse.Namespace) -> Iterator[Server]:
    held = [IN_MEMORY] if generation.quads <= Settings().quads_in_memory else []
    for name in (EDUGRAPH, OXIGRAPH, KEEPING, *held, *([] if args.without_rdflib else [RDFLIB])):
        try:
            yield stack.enter_context(serving(name, generation, args.patience))
        except NotReady as error:
            if name != RDFLIB:
                raise
            print(f"{error}; it is left out at this size.\n", flush=True)


def _same_answers(servers: Sequence[Server], asked: dict[str, str]) -> None:
    """Leave with a message unless every server gives the same answer to every question."""
    for title, query in asked.items():
        answers = [_essence(server.ask(query)) for server in servers]
        for server, answer in zip(servers, answers, strict=True):
            # A LIMIT without an order may choose its rows; their number must agree.
            agree = len(answer) == len(answers[0]) if "LIMIT 1000" in query else answer == answers[0]
            if not agree:
                sys.exit(f"{server.name} and {servers[0].name} answer differently: {title}")


def _essence(answer: Any) -> Counter[object]:
    if "boolean" in answer:
        return Counter([answer["boolean"]])
    rows = answer["results"]["bindings"]
    return Counter(tuple(sorted((name, term["value"]) for name, term in row.items())) for row in rows)


def _alone(servers: Sequence[Server], asked: dict[str, str], seconds: float) -> dict[str, float]:
    """Print what each question takes on one connection; the milliseconds of ``oxigraph serve``."""
    print("Median of one query asked alone, ms\n\n| query | " + " | ".join(server.name for server in servers) + " |")
    print("|---" * (len(servers) + 1) + "|")
    reference: dict[str, float] = {}
    for title, query in asked.items():
        took = [server.load(Plan(server.url, [query], 1, seconds)).percentile(0.5) for server in servers]
        reference[title] = took[1]
        print(f"| {title} | " + " | ".join(f"{each:.2f}" for each in took) + " |", flush=True)
    return reference


def _rounds(servers: Sequence[Server], plan: Plan, rounds: int) -> Iterator[list[Result]]:
    """A B C A B C ...: a round asks every server once."""
    for _ in range(rounds):
        yield [server.load(plan) for server in servers]


def _table(name: str, queries: int, servers: Sequence[Server], rounds: Sequence[Sequence[Result]]) -> None:
    print(f"\nClass {name}: {queries} queries, {len(rounds)} rounds; each cell is the median of the rounds\n")
    print("| server | requests/s | p50 ms | p99 ms | processor ms a request | failures |\n|---|---|---|---|---|---|")
    for number, server in enumerate(servers):
        mine = [results[number] for results in rounds]
        figures = ((one.rate, one.percentile(0.5), one.percentile(0.99), one.cost) for one in mine)
        rate, half, most, cost = (median(values) for values in zip(*figures, strict=True))
        failures = sum(result.failures for result in mine)
        print(f"| {server.name} | {rate:,.0f} | {half:.2f} | {most:.2f} | {cost:.2f} | {failures} |")
    print()
    ours = [number for number, server in enumerate(servers) if server.name in (EDUGRAPH, KEEPING)]
    for our, other in product(ours, (number for number in range(len(servers)) if number not in ours)):
        rates = [results[our].rate / results[other].rate for results in rounds]
        tails = [results[our].percentile(0.99) / results[other].percentile(0.99) for results in rounds]
        costs = [results[our].cost / results[other].cost for results in rounds]
        said = f"requests/s {pairs(rates)}; p99 {pairs(tails)}; processor time {pairs(costs)}"
        print(f"- {servers[our].name} / {servers[other].name}: {said}", flush=True)


def _beside_runaway(world: World, generation: Generation, args: argparse.Namespace) -> None:
    """Cheap queries alone and beside a runaway query every two seconds, on a fresh server each time."""
    asked = questions(world)
    queries = list(asked.values())[:4]
    print(f"{len(queries)} lookups of one thing; the runaway query is\n\n    {RUNAWAY}\n")
    print("| server | p99 quiet, ms | p99 beside, ms | times | requests/s quiet | beside | failures | sent |")
    print("|---" * 8 + "|")
    ratios: dict[str, list[float]] = {EDUGRAPH: [], OXIGRAPH: []}
    for _ in range(args.rounds):
        for name, seen in ratios.items():
            with serving(name, generation, args.patience) as server:
                plan = Plan(server.url, queries, args.connections, args.seconds)
                quiet = server.load(plan)
                beside = server.load(replace(plan, runaway=RUNAWAY))
            before, after = quiet.percentile(0.99), beside.percentile(0.99)
            seen.append(after / before)
            print(
                f"| {name} | {before:.2f} | {after:.2f} | {after / before:.1f} | {quiet.rate:,.0f} | {beside.rate:,.0f}"
                f" | {quiet.failures + beside.failures} | {beside.runaways} |",
                flush=True,
            )
    print("\n" + "\n".join(f"- {name}, p99 beside / quiet: {pairs(seen)}" for name, seen in ratios.items()))


def _arguments() -> argparse.Namespace:
    parser = parser_of("benchmarks.sparql", __doc__, (100, 1000, 10_000))
    add = parser.add_argument
    add("--seconds", type=float, default=3.0, help="length of one phase (default: %(default)s)")
    add("--rounds", type=int, default=5, help="how often each server has its turn (default: %(default)s)")
    add("--connections", type=int, default=4, help="requests under way at a time (default: %(default)s)")
    add("--patience", type=float, default=90.0, help="seconds that a server may take to load (default: %(default)s)")
    add("--without-rdflib", action="store_true", help="leave rdflib-endpoint out")
    add("--runaway", action="store_true", help="measure cheap queries beside runaway ones instead")
    return parser.parse_args()


if __name__ == "__main__":
    main()
