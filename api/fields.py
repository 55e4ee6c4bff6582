"""Header fields as they came in and as they go out: bytes, with names in small letters, looked through as they stand.

The layer around all routes works with these; Starlette's own ``Headers`` decodes each field at each look.
"""

from __future__ import annotations

from functools import lru_cache

from starlette.types import Scope

Fields = list[tuple[bytes, bytes]]


def values(fields: Fields, name: bytes) -> list[bytes]:
    """All values of a field, in order."""
    return [value for each, value in fields if each == name]


def listed(scope: Scope, name: bytes) -> str | None:
    """A field of the request that is a list, its lines joined as HTTP has it; None where it is not there."""
    found = values(scope["headers"], name)
    return b",".join(found).decode("latin-1") if found else None


def replace(fields: Fields, name: bytes, value: bytes) -> None:
    """Let a field have this value alone."""
    fields[:] = [pair for pair in fields if pair[0] != name]
    fields.append((name, value))


def vary(fields: Fields, first: tuple[str, ...], last: tuple[str, ...]) -> None:
    """Name fields of the request in Vary, before and behind those that stand there, each once."""
    replace(fields, b"vary", _merged(first, tuple(values(fields, b"vary")), last))


@lru_cache(maxsize=256)
def _merged(first: tuple[str, ...], lines: tuple[bytes, ...], last: tuple[str, ...]) -> bytes:
    there = [field.strip() for line in lines for field in line.decode("latin-1").split(",")]
    return ", ".join(dict.fromkeys([*first, *there, *last])).encode("latin-1")
