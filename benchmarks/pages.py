"""Measures every page of the site: its size, the server's time for it, its scripts, and when a browser has painted it.

The server's time is taken in the process of the service, through all its layers but without a network: one request at a
time, of a browser that holds nothing yet, after each page was asked for once.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any

from starlette.types import ASGIApp, Message

from api.app import create_app
from api.web.assets import bundle
from benchmarks.site import Address, addresses
from benchmarks.sizes import parser_of, sizes
from graph.publish.generation import Generation
from graph.query.index import Index
from graph.settings import Settings

LARGEST, SLOWEST, LATEST = 100_000, 15.0, 1000.0
"""The targets: bytes of HTML, milliseconds of server time, milliseconds to the largest contentful paint."""
_SCRIPT = re.compile(rb'<(?:script[^>]* src|link rel="modulepreload" href)="[^"]*/([^"/]+)"')


@dataclass(frozen=True)
class Answer:
    """One answer of the service, and the milliseconds that it took: by the clock, and of processors."""

    status: int
    body: bytes
    took: float
    worked: float


@dataclass(frozen=True)
class Measured:
    """One page: its first answer, the times of the following ones in ascending order, and their mean work."""

    address: Address
    first: Answer
    times: list[float]
    worked: float

    @property
    def scripts(self) -> int:
        """Bytes of the scripts that the page names."""
        folder = bundle().folder
        names = {name.decode() for name in _SCRIPT.findall(self.first.body)}
        return sum((folder / name).stat().st_size for name in names if (folder / name).is_file())

    @property
    def p99(self) -> float:
        """The time that one in a hundred passes."""
        return self.times[min(len(self.times) - 1, len(self.times) * 99 // 100)]

    @property
    def misses(self) -> list[str]:
        """The targets that are missed."""
        told = {
            f"status {self.first.status}": self.first.status != 200,
            "size": len(self.first.body) > LARGEST,
            "time": median(self.times) > SLOWEST,
            "p99": self.p99 > SLOWEST,
        }
        return [name for name, missed in told.items() if missed]


def main() -> None:
    """Measure all pages and print them as Markdown."""
    args = _arguments()
    logging.disable()  # the access log goes where nobody looks
    print(f"{args.requests} requests a page;", end=" ")
    for _, generation in sizes(args):
        found = asyncio.run(measure(generation, args.requests, args.only))
        print(*table(found, whole=args.all), sep="\n", flush=True)
        if args.paint:
            print(f"\n{paints(generation)}", flush=True)


async def measure(generation: Generation, requests: int, only: str = "") -> list[Measured]:
    """All pages of a service on the generation whose addresses hold ``only``, one request at a time."""
    settings = Settings(build_dir=generation.path.parent, workers=1, kept_answers=0)  # each page is written anew
    app = create_app(settings)
    asked = [address for address in addresses(Index(generation)) if only in address.path]
    async with app.router.lifespan_context(app):
        first = [await ask(app, address.path) for address in asked]
        gc.collect()
        gc.freeze()
        return [await _repeated(app, *pair, requests) for pair in zip(asked, first, strict=True)]


async def _repeated(app: ASGIApp, address: Address, first: Answer, requests: int) -> Measured:
    """The page asked for again and again; one that failed at first has nothing to be measured."""
    answers = [await ask(app, address.path) for _ in range(requests)] if first.status == 200 else [first]
    return Measured(address, first, sorted(one.took for one in answers), fmean(one.worked for one in answers))


async def ask(app: ASGIApp, path: str) -> Answer:
    """One request of a browser, answered within this process."""
    bare, _, query = path.partition("?")
    headers = {"host": "localhost", "accept": "text/html,application/xhtml+xml,*/*;q=0.8", "accept-language": "en"}
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": bare,
        "raw_path": bare.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("localhost", 80),
        "state": {},
    }
    status, body, waiting = 0, bytearray(), asyncio.Event()
    unasked = True

    async def receive() -> Message:
        nonlocal unasked
        if not unasked:
            await waiting.wait()
        unasked = False
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        nonlocal status
        status = message.get("status", status)
        body.extend(message.get("body", b""))

    begin, worked = time.perf_counter(), time.process_time()
    await app(scope, receive, send)
    took, worked = time.perf_counter() - begin, time.process_time() - worked
    return Answer(status, bytes(body), took * 1000, worked * 1000)


def table(found: Sequence[Measured], *, whole: bool = True) -> Iterator[str]:
    """The measurements as a table: of each route the page that worked longest, unless the whole is wanted."""
    yield "| page | HTML, kB | server time, ms | p99 | processor time | first time | scripts, kB | misses |"
    yield "|---" * 8 + "|"
    shown = found if whole else [max(group, key=lambda one: one.worked) for group in _by_route(found)]
    for one in shown:
        yield (
            f"| `{one.address.path}` | {len(one.first.body) / 1000:.1f} | {median(one.times):.1f} | {one.p99:.1f}"
            f" | {one.worked:.1f} | {one.first.took:.0f} | {one.scripts / 1000:.0f} | {', '.join(one.misses)} |"
        )
    missing = sum(1 for one in found if one.misses)
    yield f"\n{len(found)} addresses of {len(_by_route(found))} pages; {missing} miss a target."


def _by_route(found: Sequence[Measured]) -> list[list[Measured]]:
    groups: dict[str, list[Measured]] = {}
    for one in found:
        groups.setdefault(one.address.route, []).append(one)
    return list(groups.values())


def paints(generation: Generation) -> str:
    """When headless chromium has painted the largest content of the two entity pages, in a new tab each time."""
    # Only here: whoever measures no paint needs neither playwright nor a browser.
    from benchmarks.paint import largest_paints

    wanted = [one.path for one in addresses(Index(generation)) if one.route == "/organisations/{identifier}"]
    told = "; ".join(
        f"`{path}` {median(times):.0f} ms (slowest of {len(times)}: {max(times):.0f})"
        for path, times in largest_paints(generation, wanted)
    )
    return f"Largest contentful paint in a browser that holds nothing yet: {told}; the target is {LATEST:.0f}."


def _arguments() -> argparse.Namespace:
    parser = parser_of("benchmarks.pages", __doc__, (100, 10_000))
    add = parser.add_argument
    add("--requests", type=int, default=100, help="requests of each page (default: %(default)s)")
    add("--only", default="", metavar="TEXT", help="only pages whose address holds TEXT")
    add("--all", action="store_true", help="show every address, not only the slowest of each page")
    add("--paint", action="store_true", help="also see when chromium has painted an entity page")
    return parser.parse_args()


if __name__ == "__main__":
    main()
