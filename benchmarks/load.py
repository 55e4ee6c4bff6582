"""The load program: a closed loop of keep-alive connections, run as a process of its own.

Reads a Plan as JSON from standard input and writes a Result as JSON to standard output; ``run`` does both.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field
from random import Random
from typing import TypedDict, cast
from urllib.parse import urlencode, urlsplit

import httptools
import uvloop

HOST = "127.0.0.1"
WARM_UP = 0.3
"""Seconds at the start of a phase that do not count."""
GRACE = 30.0
"""Seconds beyond the phase in which a request under way may end."""


class Lookup(TypedDict, total=False):
    """A GET, or a POST where there is a body."""

    target: str
    """Path and query."""
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Plan:
    """What to ask, of whom, how many at a time and for how long (seconds)."""

    url: str
    """The SPARQL endpoint; the lookups go to the same host and port."""
    queries: list[str]
    """What is asked in SPARQL."""
    connections: int
    seconds: float
    lookups: list[Lookup] = field(default_factory=list)
    """What is asked at other paths."""
    good: int = 200
    """The status of an answer that counts."""
    runaway: str | None = None
    """A query that is sent beside the others and whose answer nobody waits for."""
    every: float = 2.0
    """Seconds between two runaway queries."""


@dataclass
class Result:
    """What came back: latencies in seconds of the whole answers, and what else there was."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failures: int = 0
    """Answers with another status than the good one, and connections that broke off."""
    bytes: int = 0
    asked: int = 0
    """All requests that were answered, those of the warm-up among them."""
    runaways: int = 0
    processor: float = 0.0
    """Seconds of processor time that the server and its children used meanwhile; filled in by who can see them."""

    @property
    def rate(self) -> float:
        """Whole answers a second."""
        return len(self.latencies) / self.seconds if self.seconds else 0.0

    @property
    def cost(self) -> float:
        """Milliseconds of the server's processor time for one answer."""
        return 1000 * self.processor / self.asked if self.asked else float("nan")

    def percentile(self, share: float) -> float:
        """The latency that this share of the answers kept to, in milliseconds; nearest rank."""
        if not self.latencies:
            return float("nan")
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def request(url: str, query: str) -> bytes:
    """A GET of the query by the SPARQL protocol."""
    parts = urlsplit(url)
    target = f"{parts.path}?{urlencode({'query': query})}"
    head = f"GET {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: application/sparql-results+json\r\n\r\n"
    return head.encode("ascii")


def lookup(url: str, asked: Lookup) -> bytes:
    """The request of a lookup."""
    body = asked.get("body", "").encode()
    fields = {"Host": urlsplit(url).netloc, "Accept": "application/json", **asked.get("headers", {})}
    if body:
        fields["Content-Length"] = str(len(body))
    lines = [f"{'POST' if body else 'GET'} {asked['target']} HTTP/1.1", *(f"{n}: {v}" for n, v in fields.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii") + body


class _Connection(asyncio.Protocol):
    """One keep-alive connection with at most one request under way."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[tuple[int, int]] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._size = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's class is not derived from asyncio's

    def ask(self, data: bytes) -> asyncio.Future[tuple[int, int]]:
        """Send a request; status and bytes of the body once it is whole."""
        assert self._transport is not None
        self._parser, self._size = httptools.HttpResponseParser(self), 0
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(data)
        return self._answer

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._size += len(body)

    def on_message_complete(self) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result((self._parser.get_status_code(), self._size))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError("the connection broke off"))


async def _connect(url: str) -> _Connection:
    parts = urlsplit(url)
    _, connection = await asyncio.get_running_loop().create_connection(
        _Connection, parts.hostname or HOST, parts.port or 80
    )
    return connection


async def _client(plan: Plan, number: int, begin: float, result: Result) -> None:
    requests = [request(plan.url, query) for query in plan.queries] + [lookup(plan.url, one) for one in plan.lookups]
    Random(number).shuffle(requests)
    connection, turn, counted = await _connect(plan.url), 0, False
    # A query that outlasts the phase is asked once all the same.
    while (start := time.perf_counter()) < begin + plan.seconds or not counted:
        try:
            status, size = await connection.ask(requests[turn % len(requests)])
        except ConnectionError:
            status, size = 0, 0
            connection = await _connect(plan.url)
        turn += 1
        result.asked += 1
        end = time.perf_counter()
        if start < begin:
            continue
        counted = True
        if status == plan.good:
            result.latencies.append(end - start)
            result.bytes += size
        else:
            result.failures += 1
        result.seconds = max(result.seconds, end - begin)
    connection.close()


async def _run_away(plan: Plan, query: str, result: Result) -> None:
    sent = []
    try:
        while True:
            connection = await _connect(plan.url)
            sent.append((connection, connection.ask(request(plan.url, query))))
            result.runaways += 1
            await asyncio.sleep(plan.every)
    finally:
        for connection, answer in sent:
            connection.close()
            answer.cancel()


async def _load(plan: Plan) -> Result:
    result, begin = Result(), time.perf_counter() + WARM_UP
    beside = asyncio.create_task(_run_away(plan, plan.runaway, result)) if plan.runaway else None
    clients = [_client(plan, number, begin, result) for number in range(plan.connections)]
    try:
        async with asyncio.timeout(plan.seconds + WARM_UP + GRACE):
            await asyncio.gather(*clients)
    except TimeoutError:
        result.failures += plan.connections
    finally:
        if beside is not None:
            beside.cancel()
            await asyncio.gather(beside, return_exceptions=True)
    return result


def run(plan: Plan) -> Result:
    """Carry out a plan in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.load"],
        input=json.dumps(asdict(plan)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=plan.seconds + WARM_UP + 2 * GRACE,
    )
    return Result(**json.loads(done.stdout))


def main() -> None:
    """Carry out the plan of standard input."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.parse_args()
    json.dump(asdict(uvloop.run(_load(Plan(**json.load(sys.stdin))))), sys.stdout)


if __name__ == "__main__":
    main()
