"""Files kept between exports: made once for all who wait, made anew after a failure, given up without harm."""

from __future__ import annotations

import asyncio
import threading

import pytest

from api.kept_files import KeptFile, KeptFiles, written


def content(file: KeptFile) -> bytes:
    return b"".join(file.pieces(range(file.size)))


class Maker:
    """Makes files that say their number, and counts them."""

    def __init__(self) -> None:
        self.made = 0
        self._lock = threading.Lock()

    def __call__(self) -> KeptFile:
        with self._lock:
            self.made += 1
            number = self.made
        return written(lambda out: out.write(f"number {number}".encode()))


def test_all_who_wait_get_the_one_file_that_is_made() -> None:
    async def ask() -> list[KeptFile]:
        files = KeptFiles()
        return list(await asyncio.gather(*(files.get("key", maker) for _ in range(20))))

    maker = Maker()
    found = asyncio.run(ask())
    assert maker.made == 1
    assert {content(file) for file in found} == {b"number 1"}


def test_a_failure_is_told_and_not_kept() -> None:
    def fail() -> KeptFile:
        raise OSError("the disk is full")

    async def ask() -> bytes:
        files = KeptFiles()
        with pytest.raises(OSError, match="the disk is full"):
            await files.get("key", fail)
        return content(await files.get("key", Maker()))

    assert asyncio.run(ask()) == b"number 1"


def test_what_is_given_up_is_still_read_to_its_end_and_made_anew_when_asked_for() -> None:
    async def ask() -> tuple[bytes, bytes, int]:
        files = KeptFiles(most_files=2)
        first = await files.get("first", maker)
        pieces = first.pieces(range(first.size))
        for key in ("second", "third", "second"):
            await files.get(key, maker)
        assert maker.made == 3
        again = await files.get("first", maker)
        return b"".join(pieces), content(again), maker.made

    maker = Maker()
    assert asyncio.run(ask()) == (b"number 1", b"number 4", 4)


def test_a_client_that_leaves_does_not_take_the_file_along() -> None:
    async def ask() -> bytes:
        files = KeptFiles()
        gone = asyncio.create_task(files.get("key", maker))
        await asyncio.sleep(0)
        gone.cancel()
        return content(await files.get("key", maker))

    maker = Maker()
    assert asyncio.run(ask()) == b"number 1"
    assert maker.made == 1


def test_no_more_bytes_are_kept_than_allowed() -> None:
    async def ask() -> int:
        files = KeptFiles(most_bytes=20)
        for key in ("first", "second", "third", "third"):
            await files.get(key, maker)
        await files.get("first", maker)
        return maker.made

    maker = Maker()
    assert asyncio.run(ask()) == 4
