"""One query for the command line, in a worker as any other: with its limits, and ended by Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection, Generator
from dataclasses import replace

from graph.isolation.job import GRAPHS, SOLUTIONS, Job
from graph.isolation.pool import Pool
from graph.publish.generation import Generation
from graph.settings import Settings


def run_once(
    settings: Settings, generation: Generation, query: str, media_type: str | None = None
) -> Generator[bytes, None, None]:
    """The answer's bytes as they come; closing the generator ends the query. Raises QueryError.

    Without a media type a table is answered as TSV and a graph as Turtle.
    """
    job = Job(
        query=query,
        client="command line",
        solutions=_if_in(media_type, SOLUTIONS.values(), SOLUTIONS["tsv"]),
        graphs=_if_in(media_type, GRAPHS.values(), GRAPHS["turtle"]),
    )
    with asyncio.Runner() as runner:
        on_disk = replace(settings, quads_in_memory=0)  # for one query, loading takes longer than it gains
        pool, held = Pool(on_disk, generation, spare=0), contextlib.AsyncExitStack()
        try:
            runner.run(pool.start())
            answer = runner.run(held.enter_async_context(pool.answer(job)))
            while (piece := runner.run(answer.read())) is not None:
                yield piece
        finally:
            runner.run(held.aclose())
            runner.run(pool.close())


def _if_in(media_type: str | None, types: Collection[str], otherwise: str) -> str | None:
    if media_type is None:
        return otherwise
    return media_type if media_type in types else None
