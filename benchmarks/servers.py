"""Starts the servers that are compared, each on a free port of the loopback, and ends them."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil

from benchmarks.load import HOST, Plan, Result, run
from graph.publish.generation import Generation

EDUGRAPH, OXIGRAPH, RDFLIB = "edugraph", "oxigraph serve", "rdflib-endpoint"
IN_MEMORY = "oxigraph serve, in memory"
"""The engine's own server over a copy in its memory, which goes when it ends: for sizes that edugraph holds there."""
KEEPING = "edugraph, answers kept"
"""edugraph as it is served by default. The loads repeat what they ask, and the other measures answers made anew."""


REST, LONGEST_WARMING = 3.0, 90.0
"""Seconds for which a server that has settled does nothing, which is longer than it waits before it asks for its own
pages; and how long that may take."""


class NotReady(Exception):
    """A server did not answer in the time that it was given."""


@dataclass(frozen=True)
class Server:
    """A running server and its SPARQL endpoint."""

    name: str
    url: str
    process: subprocess.Popen[bytes]

    @property
    def base(self) -> str:
        """Scheme, host and port."""
        return self.url.rpartition("/")[0]

    def ask(self, query: str, timeout: float = 60.0) -> Any:
        """The answer as SPARQL JSON. Raises OSError."""
        target = f"{self.url}?{urlencode({'query': query})}"
        asked = urllib.request.Request(target, headers={"accept": "application/sparql-results+json"})
        with urllib.request.urlopen(asked, timeout=timeout) as answer:
            return json.load(answer)

    def processor(self) -> float:
        """Seconds of processor time that it and its children, also those that have ended, have used so far."""
        parent = psutil.Process(self.process.pid)
        return sum(sum(one.cpu_times()[:4]) for one in (parent, *parent.children(recursive=True)))

    def load(self, plan: Plan) -> Result:
        """Carry out a plan here, and see what it cost."""
        before = self.processor()
        result = run(replace(plan, url=self.url))
        result.processor = self.processor() - before
        return result


@contextmanager
def serving(
    name: str,
    generation: Generation,
    patience: float = 60.0,
    ready: Callable[[Server, float], object] = lambda server, timeout: server.ask("ASK { ?s ?p ?o }", timeout),
    *,
    settled: bool = True,
) -> Iterator[Server]:
    """The server on the generation's data, ready to answer. Raises NotReady after ``patience`` seconds.

    ``settled``: edugraph has also asked for its slow pages ahead, so that nothing of this runs beside what is measured.
    """
    port = _free_port()
    words, path = _command(name, generation, port)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("EDUGRAPH_")}
    environment |= {"EDUGRAPH_BUILD_DIR": str(generation.path.parent), "EDUGRAPH_PORT": str(port)}
    if name == EDUGRAPH:
        environment["EDUGRAPH_KEPT_ANSWERS"] = "0"
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        server = Server(name, f"http://{HOST}:{port}{path}", process)
        _wait(server, patience, ready)
        if name == IN_MEMORY:
            _load(server, generation)
        if settled and name in (EDUGRAPH, KEEPING):
            _settle(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _command(name: str, generation: Generation, port: int) -> tuple[list[str], str]:
    programs = Path(sys.executable).parent
    match name:
        case "edugraph" | "edugraph, answers kept":
            return [str(programs / "edugraph"), "serve", "--host", HOST], "/sparql"
        case "oxigraph serve":
            # The very store that edugraph's workers read, in the same state of optimisation.
            store = ["--location", str(generation.store), "--bind", f"{HOST}:{port}"]
            return [str(programs / "oxigraph"), "serve-read-only", *store], "/query"
        case "oxigraph serve, in memory":
            return [str(programs / "oxigraph"), "serve", "--bind", f"{HOST}:{port}"], "/query"
        case "rdflib-endpoint":
            program = [sys.executable, "-m", "rdflib_endpoint", "serve", str(generation.nquads)]
            return [*program, "--host", HOST, "--port", str(port)], "/"
    raise ValueError(f"{name} is not a server that is known here")


def _load(server: Server, generation: Generation) -> None:
    headers = {"content-type": "application/n-quads"}
    sent = urllib.request.Request(f"{server.base}/store", generation.nquads.read_bytes(), headers, method="POST")
    with urllib.request.urlopen(sent):
        pass


def _wait(server: Server, patience: float, ready: Callable[[Server, float], object]) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if server.process.poll() is not None:
            raise NotReady(f"{server.name} ended with status {server.process.returncode} before it answered")
        try:
            ready(server, max(1.0, end - time.monotonic()))
        except (OSError, urllib.error.URLError):
            time.sleep(0.01)
        else:
            return
    raise NotReady(f"{server.name} had not loaded the data after {patience:g} s")


def _settle(server: Server) -> None:
    """Wait until it has been at rest for a while, for LONGEST_WARMING at most."""
    end, resting = time.monotonic() + LONGEST_WARMING, 0.0
    while time.monotonic() < end and resting < REST:
        before = server.processor()
        time.sleep(0.5)
        resting = resting + 0.5 if server.processor() - before < 0.05 else 0.0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
