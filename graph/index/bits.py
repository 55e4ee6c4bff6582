"""Sets of numbers as bits: intersecting and counting them takes hardly longer for ten thousand members than for ten."""

from __future__ import annotations

from collections.abc import Iterable

_AS_NUMBERS = bytes.maketrans(b"01", b"\0\1")


def bits(numbers: Iterable[int]) -> int:
    """The numbers as one integer, whose bit of each of them is set."""
    held = bytearray()
    for number in numbers:
        place, bit = divmod(number, 8)
        if place >= len(held):
            held.extend(bytes(place + 1 - len(held)))
        held[place] |= 1 << bit
    return int.from_bytes(held, "little")


def as_blob(found: int) -> bytes:
    """The set as it stands in a table."""
    return found.to_bytes((found.bit_length() + 7) // 8, "little")


def from_blob(blob: bytes) -> int:
    """The set that stands so in a table."""
    return int.from_bytes(blob, "little")


def flags(found: int, size: int) -> bytes:
    """For each number below ``size`` whether it is in the set, as 0 or 1: for asking of many numbers one by one."""
    return bin(found & (1 << size) - 1 | 1 << size)[:2:-1].encode().translate(_AS_NUMBERS)


def holds(blob: bytes, number: int) -> bool:
    """Whether the number is in the set; it takes as long for a large set as for a small one."""
    place = number >> 3
    return place < len(blob) and bool(blob[place] >> (number & 7) & 1)
