"""A running ``edugraph serve`` for the tests: a real process on a free port, spoken to through real HTTP."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil

ROOT = Path(__file__).parent.parent
SMALL = ROOT / "tests" / "fixtures" / "served" / "small.trig"
START = "from api.cli import main; main()"
COMMAND = [sys.executable, "-P", "-c", START]
SECONDS_TO_START = 20.0


@dataclass
class Service:
    """One running service."""

    process: subprocess.Popen[str]
    port: int
    log: Path

    @property
    def url(self) -> str:
        """The base of its addresses, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def client(self, **options: Any) -> httpx.Client:
        """A client for it that ignores any proxy of the environment."""
        return httpx.Client(base_url=self.url, trust_env=False, timeout=20, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        """One GET on a connection of its own."""
        with self.client() as client:
            return client.get(path, **options)

    def connect(self) -> socket.socket:
        """A bare connection, for what no HTTP client would send."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def say(self, data: bytes) -> bytes:
        """Send bytes as they are, and read until the service closes."""
        with self.connect() as connection:
            connection.sendall(data)
            return read_all(connection)

    def lines(self, logger: str) -> list[dict[str, Any]]:
        """What one logger has written so far."""
        lines = [json.loads(line) for line in self.log.read_text("utf-8").splitlines() if line.startswith("{")]
        return [line for line in lines if line["logger"] == logger]

    def line(self, request_id: str) -> dict[str, Any]:
        """The access log line of one request, which is written just after its answer."""
        give_up = time.monotonic() + 5
        while time.monotonic() < give_up:
            for line in self.lines("edugraph.access"):
                if line["request_id"] == request_id:
                    return line
            time.sleep(0.02)
        raise AssertionError(f"no line for {request_id}")

    def settled(self) -> Service:
        """This service once it keeps answers: not within the second in which its generation was made."""
        give_up = time.monotonic() + 10
        while not re.search(
            r'^edugraph_cache_entries\{cache="answers"\} [1-9]', self.get("/metrics").text, re.MULTILINE
        ):
            assert time.monotonic() < give_up
            self.get("/sparql", params={"query": "ASK {}"})
        return self

    def children(self) -> list[int]:
        """The process ids of its child processes."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]

    def called(self, mark: str) -> list[psutil.Process]:
        """Its child processes that run and have a mark in their name or command line."""
        found = []
        for child in psutil.Process(self.process.pid).children():
            with contextlib.suppress(psutil.Error):  # one that has just ended
                if child.status() != psutil.STATUS_ZOMBIE and mark in " ".join([child.name(), *child.cmdline()]):
                    found.append(child)
        return found

    def kill_workers(self) -> None:
        """SIGKILL to every child process of the service."""
        for child in self.children():
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Stop it and wait; its exit status."""
        self.process.send_signal(number)
        return self.process.wait(20)


def eventually(holds: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether something comes to hold within so many seconds."""
    give_up = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > give_up:
            return False
        time.sleep(0.05)
    return True


def outliving(processes: list[psutil.Process], seconds: float = 2) -> list[psutil.Process]:
    """Those that still run after so many seconds; what is dead and only waits for its parent to notice does not."""
    _, left = psutil.wait_procs(processes, timeout=seconds)
    alive = []
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_ZOMBIE:
                alive.append(process)
    return alive


def read_all(connection: socket.socket) -> bytes:
    """Everything until the other side closes or resets."""
    data = b""
    with contextlib.suppress(ConnectionResetError):
        while piece := connection.recv(65536):
            data += piece
    return data


def environment(**settings: object) -> dict[str, str]:
    """The environment of a command: this one's, the checkout's code, and the settings given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EDUGRAPH_")}
    given = {f"EDUGRAPH_{name.upper()}": str(value) for name, value in settings.items()}
    return kept | {"PYTHONPATH": str(ROOT)} | given


@contextlib.contextmanager
def serving(*arguments: str, before: str = "", **settings: object) -> Iterator[Service]:
    """Run ``edugraph serve`` with arguments on a free port; settings go in as EDUGRAPH_ variables.

    ``before`` is Python that the process runs first.
    """
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("w") as stderr:
            process = subprocess.Popen(
                [*COMMAND[:-1], before + START, "serve", *arguments, "--port", "0"],
                env=environment(**settings),
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        try:
            yield Service(process, _port(process, log), log)
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(15)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
            if process.stdout is not None:
                process.stdout.close()


def _port(process: subprocess.Popen[str], log: Path) -> int:
    assert process.stdout is not None
    told = re.search(r":(\d+)/", process.stdout.readline())
    assert told is not None, log.read_text("utf-8")
    port = int(told.group(1))
    give_up = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < give_up:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"http://127.0.0.1:{port}/health/ready", trust_env=False, timeout=5).status_code == 200:
                return port
        time.sleep(0.05)
    raise AssertionError(f"not ready: {log.read_text('utf-8')}")
