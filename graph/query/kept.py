"""Reads the records that were written beside a generation's data, each once for as long as its file is the same."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any


def kept_record(path: Path) -> dict[str, Any] | None:
    """The record in a JSON file, None where there is no file. It is shared: do not change it.

    A file may be written anew under the same name: what a generation changed depends on the one before it.
    """
    try:
        status = path.stat()
        return _read(path, status.st_ino, status.st_mtime_ns)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=4)
def _read(path: Path, *_: int) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(path.read_bytes())
    return record
