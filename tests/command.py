"""Runs the command ``edugraph`` as its users do: a process of its own, its output and its exit status."""

from __future__ import annotations

import subprocess

from tests.service import COMMAND, environment


def edugraph(*arguments: str, stdin: bytes | None = None, **settings: object) -> subprocess.CompletedProcess[bytes]:
    """One run to its end; settings go in as EDUGRAPH_ variables."""
    return subprocess.run(
        [*COMMAND, *arguments], env=environment(**settings), input=stdin, capture_output=True, timeout=120, check=False
    )


def told(ended: subprocess.CompletedProcess[bytes]) -> str:
    """What a run that failed as it should said: one line, and no traceback."""
    said = ended.stderr.decode()
    assert ended.returncode == 2, (ended.returncode, said, ended.stdout[:500])
    assert said.startswith("edugraph: "), said
    assert said.count("\n") == 1, said
    return said
