"""Pages whose first answer takes long are asked for ahead, which nobody is told of as a request."""

from __future__ import annotations

import re
import time
from pathlib import Path

from tests.service import Service, serving

WAIT = 30.0


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
