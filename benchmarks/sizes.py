"""The sizes of the data that a benchmark goes through: the options that say them, and the data of each."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.generator import SEED, make_world, publish
from benchmarks.machine import machine
from benchmarks.world import World
from graph.publish.generation import Generation
from graph.settings import Settings

EVERY = (100, 1000, 10_000, 70_000)
"""Articles of each size at which growth is shown."""


def parser_of(module: str, words: str | None, articles: Sequence[int] = EVERY) -> argparse.ArgumentParser:
    """A parser of ``python -m module`` that takes the sizes and what their data follow from."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=words)
    add = parser.add_argument
    add("--articles", type=int, nargs="+", default=articles, help="sizes of the data (default: %(default)s)")
    add("--data", type=Path, default=Path("build/benchmarks"), help="where data are kept (default: %(default)s)")
    add("--as-published", action="store_true", help="take data that an earlier edugraph made as they are")
    add("--seed", type=int, default=SEED, help="seed of the data (default: %(default)s)")
    return parser


def sizes(args: argparse.Namespace) -> Iterator[tuple[World, Generation]]:
    """The data of each size, made where they are not kept; prints the machine first, and a heading before each."""
    print(machine())
    home = Settings.from_env().home
    for number in args.articles:
        world = make_world(number, args.seed)
        generation = publish(world, home, args.data / f"{number}-{args.seed}", anew=not args.as_published)
        print(f"\n## {number:,} articles, {generation.manifest['counts']['quads']:,} quads\n", flush=True)
        yield world, generation
