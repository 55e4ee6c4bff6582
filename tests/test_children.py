"""Child processes that are killed, again while they are ending: how they ended stays known, and nothing is said."""

from __future__ import annotations

import asyncio
import signal
import sys

import pytest

from graph.children import kill


async def _killed_again_and_again() -> int:
    process = await asyncio.create_subprocess_exec(sys.executable, "-I", "-S", "-c", "input()", stdin=-1)
    for _ in range(50):
        kill(process)
    status = await process.wait()
    kill(process)
    return status


def test_a_process_killed_while_it_ends_is_seen_to_end_by_the_signal(caplog: pytest.LogCaptureFixture) -> None:
    async def ends() -> list[int]:
        return [await _killed_again_and_again() for _ in range(25)]

    assert set(asyncio.run(ends())) == {-signal.SIGKILL}
    assert not caplog.records
