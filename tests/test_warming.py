"""Pages whose first answer takes long are asked for ahead, which nobody is told of as a request."""

from __future__ import annotations

import re
import time
from pathlib import Path

from tests.service import Service, serving

WAIT = 30.0
LONG = "import api.warming; api.warming.SECONDS_BEFORE = 0.05; api.warming.PAGES *= 500; "
"""Begins early, and asks for so much that it is still at it when the service is told to stop."""


def _kept(service: Service) -> int:
    """How many parts of answers the service keeps of the index; none before an index is open."""
    found = re.search(r'^edugraph_cache_entries\{cache="parts"\} (\S+)', service.get("/metrics").text, re.MULTILINE)
    return int(float(found[1])) if found else 0


def test_a_service_that_nobody_has_asked_has_its_slow_pages_ready(built: Path) -> None:
    with serving(build_dir=built) as service:
        give_up = time.monotonic() + WAIT
        while not _kept(service) and time.monotonic() < give_up:
            time.sleep(0.2)
        assert _kept(service) > 0
        assert {line["path"] for line in service.lines("edugraph.access")} <= {"/metrics", "/health/ready"}
        assert service.lines("edugraph.warming") == []


def test_a_service_that_is_told_to_stop_meanwhile_stops(built: Path) -> None:
    with serving(build_dir=built, before=LONG) as service:
        assert service.get("/health/ready").status_code == 200
        time.sleep(0.3)  # by now it asks for one after the other
        asked = time.monotonic()
        assert service.stop() == 0
        assert time.monotonic() - asked < 5
        assert service.lines("edugraph.warming") == []
