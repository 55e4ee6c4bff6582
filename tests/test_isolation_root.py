"""Started by root, the child processes that see what a stranger sent are nobody, and the store stays readable."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pyoxigraph as ox
import pytest

from graph.isolation.guards import MOST_OPEN_TABLES
from graph.isolation.worker import NAME
from tests.generations import make_generation
from tests.service import ROOT, SMALL, Service, serving

NOBODY = 65534
MAY_READ = 1 << 2  # CAP_DAC_READ_SEARCH
MAY_CHANGE_USER = 1 << 6 | 1 << 7  # CAP_SETGID, CAP_SETUID
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can show that root is left")
COUNT = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
ATTEMPTS = """
import os, sys
sys.path.insert(0, sys.argv[1])
from graph.isolation import guards
guards.first(os.getppid())
told = guards.last_of_check(2**30, os.getppid(), sys.argv[1] + "/graph")
def refused(what, *given):
    try:
        what(*given)
    except OSError:
        return True
    return False
print(told["no_root"], told["no_processes"], os.getresuid(), os.getresgid(), os.getgroups())
print(refused(os.fork), refused(os.setuid, 0), refused(os.chmod, sys.argv[1], 0o755), refused(os.kill, 1, 0))
"""


def user(child: int) -> tuple[int, ...]:
    """The users and groups that a process has, and the capabilities that it could use."""
    status = Path(f"/proc/{child}/status").read_text("ascii")
    fields = dict(line.split(":\t") for line in status.splitlines() if ":\t" in line)
    assert fields["Groups"].strip() == "" or not fields["Uid"].startswith(str(NOBODY))
    capabilities = {int(fields[name], 16) for name in ("CapEff", "CapPrm")}
    return tuple(sorted({int(word) for name in ("Uid", "Gid") for word in fields[name].split()} | capabilities))


def users(service: Service, kind: str) -> set[tuple[int, ...]]:
    """Those of all children of a kind, once they are ready: a spare worker may be starting still."""
    found: set[tuple[int, ...]] = set()
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up:
        with contextlib.suppress(OSError, psutil.Error):
            found = {user(child.pid) for child in service.called(kind)}
            if found and all(each[-1] == NOBODY for each in found):
                return found
        time.sleep(0.05)
    return found


@AS_ROOT
@pytest.mark.parametrize("quads_in_memory", [0, 100_000])
def test_workers_and_relay_are_nobody(quads_in_memory: int) -> None:
    with serving(str(SMALL), service_endpoints="http://127.0.0.1:1/", quads_in_memory=quads_in_memory) as service:
        assert users(service, NAME) == {(0, NOBODY)}  # 0: no capability
        assert users(service, "isolation.relay") <= {(0, NOBODY), (MAY_READ, NOBODY)}
        assert service.get("/sparql", params={"query": "ASK { ?s ?p ?o }", "format": "csv"}).text.startswith("true")


@AS_ROOT
def test_nobody_starts_no_process_and_does_not_come_back() -> None:
    command = [sys.executable, "-c", ATTEMPTS, str(ROOT)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ended.stdout.splitlines() == [
        f"True True {(NOBODY,) * 3} {(NOBODY,) * 3} []",
        "True True True True",
    ], ended.stderr


@AS_ROOT
@pytest.mark.parametrize(
    ("capabilities", "told"), [(MAY_CHANGE_USER, "False True"), (MAY_CHANGE_USER | MAY_READ, "True False")]
)
def test_what_must_be_read_can_be_read(tmp_path: Path, capabilities: int, told: str) -> None:
    """The folder is closed to others; a container may have taken root's capability to read all the same."""
    (tmp_path / "late").write_text("late", "utf-8")
    tmp_path.chmod(0o700)
    script = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from graph.isolation.rootless import keep_capabilities, leave_root
assert keep_capabilities({capabilities})
told = leave_root([{str(tmp_path)!r}])
print(told["no_root"], told["no_capabilities"])
print(open({str(tmp_path / "late")!r}).read())
"""
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert ended.stdout.split("\n") == [told, "late", ""], ended.stderr


@pytest.fixture
def many_tables() -> Iterator[Path]:
    """A folder with a generation of more tables than the engine opens at its start."""
    with tempfile.TemporaryDirectory() as folder:
        generation = make_generation(Path(folder), "many", [])
        store = ox.Store(str(generation.store))
        for number in range(6):
            quad = f"<urn:s{number}> <urn:p{number}> <urn:o{number}> <urn:g{number}> ."
            store.bulk_load(quad.encode(), format=ox.RdfFormat.N_QUADS)
        del store
        assert len(list(generation.store.glob("*.sst"))) > MOST_OPEN_TABLES
        yield Path(folder)


@AS_ROOT
@pytest.mark.parametrize(("mode", "capabilities"), [(0o755, 0), (0o700, MAY_READ)])
def test_a_store_whose_tables_are_opened_later_stays_readable(many_tables: Path, mode: int, capabilities: int) -> None:
    many_tables.chmod(mode)
    with serving(build_dir=many_tables) as service:
        assert users(service, NAME) == {(capabilities, NOBODY)}
        assert service.get("/sparql", params={"query": COUNT, "format": "csv"}).text == "n\r\n6\r\n"
