"""Keeps what a new generation changed, while the one before it is still there to be compared with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from graph.changes.difference import difference
from graph.changes.dump import opened
from graph.changes.record import make_record
from graph.publish.generation import Generation


def write_changes(old: Generation | None, new: Generation, unfinished: Path) -> None:
    """Write the record, in ``unfinished`` until it is whole; who is published again unchanged keeps the one it has."""
    if old is not None and old.id == new.id:
        return
    if old is None or not old.nquads.is_file():
        new.changes.unlink(missing_ok=True)
        return
    unfinished.write_text(json.dumps(compared(old, new), ensure_ascii=False) + "\n", "utf-8")
    new.changes.parent.mkdir(exist_ok=True)
    unfinished.replace(new.changes)


def compared(old: Generation, new: Generation) -> dict[str, Any]:
    """The record of what differs between two generations."""
    with opened(old.nquads) as before, opened(new.nquads) as after:
        return make_record(difference(before, after), before, after, {"old": as_side(old), "new": as_side(new)})


def as_side(generation: Generation) -> dict[str, Any]:
    """What a record says of a generation that it compares."""
    told = {name: generation.manifest.get(name) for name in ("id", "version", "source_commit", "rdfc10_sha256")}
    return told | {"shapes_sha256": generation.manifest.get("shapes_sha256")}
