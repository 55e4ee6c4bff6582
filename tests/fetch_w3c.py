"""Fetches the test cases of the W3C for SPARQL, which stand in the source archive of the locked rdflib.

``python -m tests.fetch_w3c`` is part of the set-up of the tests (Makefile). pip holds the archive against the hashes
of the lock file; no download address stands here.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

LOCK = Path(__file__).parent.parent / "requirements-dev.lock"
INSIDE = "test/data/suites/w3c/"


def pinned() -> tuple[str, str]:
    """The version of rdflib that the lock file names, and its lines there, hashes included."""
    block = re.search(r"^rdflib==(\S+) \\\n(?: +--hash=\S+(?: \\)?\n)+", LOCK.read_text("utf-8"), re.MULTILINE)
    if block is None:
        sys.exit(f"{LOCK}: no rdflib with hashes; run make lock")
    return block.group(1), block.group(0)


def suites() -> Path:
    """Where the cases of the locked version lie, fetched or not."""
    return Path(sys.prefix) / "w3c" / pinned()[0]


def fetch() -> None:
    """Download the archive, if its cases are not there yet, and unpack them."""
    version, lines = pinned()
    target = suites()
    if target.is_dir():
        return
    target.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        wanted = Path(folder, "wanted.txt")
        wanted.write_text(lines, "utf-8")
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        source = ["--no-deps", "--no-binary", "rdflib", "--no-build-isolation"]
        subprocess.run([*pip, *source, "-r", str(wanted), "-d", folder], check=True)
        with tarfile.open(Path(folder, f"rdflib-{version}.tar.gz")) as archive:
            start = f"rdflib-{version}/{INSIDE}"
            members = [member for member in archive if member.name.startswith(start)]
            for member in members:
                member.name = member.name.removeprefix(start)
            unpacked = Path(folder, "unpacked")
            archive.extractall(unpacked, members, filter="data")
        unpacked.rename(target)


if __name__ == "__main__":
    fetch()
