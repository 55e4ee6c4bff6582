"""The system's clock jumps, by libfaketime, while the service runs and while a build publishes: what counts on goes on.

The clock that deadlines follow (CLOCK_MONOTONIC) stays as it is, as where somebody sets a machine's clock.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from tests.homes import article, make_home
from tests.service import COMMAND, Service, environment, serving

LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
TOKEN = "a-token-for-this-test"
THING = "/organisations/lighthouse"
QUERY = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENDLESS = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?s{n} ?p{n} ?o{n} .' for n in range(5))} }}"
JUMPS = {"+1d": 1, "-1d": -1, "+366d": 366, "-366d": -366, "+0": 0}

pytestmark = [
    pytest.mark.alone,
    pytest.mark.skipif(LIBRARY is None, reason="libfaketime is not here (Debian's package faketime): no clock jumps"),
]


@dataclass
class Clock:
    """The clock that a process started with ``variables`` sees."""

    file: Path

    @property
    def variables(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",  # what a file was given stays, whatever the clock says later
        }

    def jump(self, offset: str) -> None:
        """Set it; whole at once, for it is being read."""
        new = self.file.with_suffix(".new")
        new.write_text(offset, "utf-8")
        os.replace(new, self.file)


@dataclass
class Place:
    """A service under a clock, and the home that it serves."""

    service: Service
    clock: Clock
    home: Path

    def build(self, name: str) -> None:
        """One article more, built and published under the same clock, and taken up."""
        (self.home / "data" / "articles" / f"{name}.ttl").write_text(article(name), "utf-8")
        before = self.generation()
        ended = subprocess.run(
            [*COMMAND, "build"],
            env=environment(home=self.home) | self.clock.variables,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        give_up = time.monotonic() + 10
        while self.generation() == before:
            assert time.monotonic() < give_up, "the new generation was not taken up"
            time.sleep(0.05)

    def generation(self) -> str:
        ready = self.service.get("/health/ready")
        assert ready.status_code == 200, ready.text
        return str(ready.json()["generation"])

    def thing(self, **held: str) -> httpx.Response:
        fields = {name.replace("_", "-"): value for name, value in held.items()}
        return self.service.get(THING, headers={"accept": "application/json"} | fields)

    def thing_dated(self, days: int) -> httpx.Response:
        """The thing once the server's Date has come along, which it writes once a second."""
        give_up = time.monotonic() + 10
        while True:
            seen = self.thing()
            if abs(moment(seen, "date") - datetime.now(UTC) - timedelta(days=days)) < timedelta(seconds=10):
                return seen
            assert time.monotonic() < give_up, "the clock did not jump"
            time.sleep(0.1)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = make_home(tmp_path_factory.mktemp("clock") / "home")
    clock = Clock(home.parent / "clock")
    clock.jump("+0")
    with pytest.MonkeyPatch.context() as environ:
        for name, value in clock.variables.items():
            environ.setenv(name, value)
        running = serving(home=home, query_timeout=2, query_queue=2, workers=1, write_token=TOKEN)
        service = running.__enter__()
    try:
        yield Place(service, clock, home)
    finally:
        clock.jump("+0")
        running.__exit__(None, None, None)


def moment(answer: httpx.Response, field: str) -> datetime:
    return parsedate_to_datetime(answer.headers[field])


@pytest.mark.parametrize("offset", JUMPS)
def test_it_serves_on(place: Place, offset: str) -> None:
    held = place.thing()
    place.clock.jump(offset)
    seen = place.thing_dated(JUMPS[offset])
    expected = datetime.now(UTC) + timedelta(days=JUMPS[offset])
    assert moment(seen, "last-modified") <= moment(seen, "date")
    assert (seen.status_code, seen.headers["etag"]) == (200, held.headers["etag"])
    assert place.thing(if_none_match=held.headers["etag"]).status_code == 304
    assert place.service.get("/sparql", params={"query": QUERY}).status_code == 200
    place.generation()
    line = place.service.line(seen.headers["x-request-id"])
    assert 0 <= line["seconds"] < 5
    assert line["time"].startswith(expected.strftime("%Y-"))


@pytest.mark.parametrize("offset", ["+1d", "-366d"])
def test_a_jump_within_a_query_moves_no_limit(place: Place, offset: str) -> None:
    place.clock.jump("+0")
    token = {"authorization": f"Bearer {TOKEN}"}
    answers: list[httpx.Response] = []

    def ask() -> None:
        answers.append(place.service.get("/sparql", params={"query": ENDLESS}))

    asking = threading.Thread(target=ask)
    begin = time.monotonic()
    asking.start()
    time.sleep(0.5)
    place.clock.jump(offset)
    (operation,) = place.service.get("/operations", headers=token).json()
    asking.join()
    assert 0.3 < operation["seconds"] < 2.5
    assert answers[0].status_code == 504
    assert 1.9 < time.monotonic() - begin < 4
    assert place.service.get("/operations").status_code == 401


def test_a_full_queue_says_when_to_come_back(place: Place) -> None:
    place.clock.jump("-1d")
    answers: list[httpx.Response] = []

    def ask() -> None:
        answers.append(place.service.get("/sparql", params={"query": ENDLESS}))

    asking = [threading.Thread(target=ask) for _ in range(6)]
    for thread in asking:
        thread.start()
    time.sleep(0.3)
    place.clock.jump("+366d")
    for thread in asking:
        thread.join()
    told = [answer for answer in answers if "retry-after" in answer.headers]
    assert told
    assert all(answer.status_code == 503 and 1 <= int(answer.headers["retry-after"]) <= 60 for answer in told)
    assert place.service.get("/sparql", params={"query": QUERY}).status_code == 200


def test_what_was_published_after_the_clock_was_set_back_is_newer(place: Place) -> None:
    place.clock.jump("+0")
    first, give_up = place.thing_dated(0), time.monotonic() + 10
    while place.thing(if_modified_since=first.headers["last-modified"]).status_code != 304:
        assert time.monotonic() < give_up  # of what is younger than two seconds, the date cannot tell
        time.sleep(0.3)
        first = place.thing()
    place.clock.jump("-366d")
    place.build("set-back")
    place.thing_dated(-366)
    second = place.thing(if_modified_since=first.headers["last-modified"])
    assert second.status_code == 200
    assert second.headers["etag"] != first.headers["etag"]
    assert moment(second, "last-modified") <= moment(second, "date")
    place.clock.jump("+0")
    place.build("right-again")
    for held in (first, second):
        assert place.thing(if_modified_since=held.headers["last-modified"]).status_code == 200
        assert place.thing(if_none_match=held.headers["etag"]).status_code == 200
    assert not [line for line in place.service.lines("edugraph.generations") if line["level"] == "warning"]
