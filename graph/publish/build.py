"""Builds, checks and publishes: sources to a new generation, or nothing changed."""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, Store, parse, serialize

from graph.check.run import Report, check
from graph.errors import CheckFailed, NothingBuilt, PublishFailed
from graph.index.projection import write_index
from graph.namespaces import PREFIXES
from graph.publish.changes import write_changes
from graph.publish.generation import CURRENT, Generation, current
from graph.publish.lock import build_lock
from graph.publish.manifest import make_manifest
from graph.publish.quality import write_quality
from graph.publish.shapes import checks_json, shapes_ntriples
from graph.settings import Settings

KEPT = 3
"""Generations that stay on disk, the current one included: readers finish on the one that they opened."""
_NEW = ".new-"
_ID = re.compile(r"[0-9a-f]{16}")


def build(settings: Settings, progress: Callable[[str], None] = lambda step: None) -> Generation:
    """Publish the sources as the current generation. Raises CheckFailed, BuildRunning, PublishFailed, SettingsError."""
    settings.require_sources()
    folder = settings.generations
    with build_lock(folder):
        _clear(folder)
        report = check(settings, progress)
        if not report.conforms:
            found = len(report.findings)
            raise CheckFailed(f"{found} finding{'s' if found != 1 else ''}; nothing was published", report)
        progress("publish")
        with _disk_faults(folder):
            generation = _write(settings.home, folder, report)
            before = _previous(folder)
            write_changes(before, generation, folder / f"{_NEW}changes")
            if before is None or before.id != generation.id:
                generation.date(before)
            _point_to(folder, generation)
            _forget_old(folder, generation)
    return generation


def _write(home: Path, folder: Path, report: Report) -> Generation:
    """Write all files beside the generations, then move them into place in one rename."""
    nquads = report.dataset.nquads()
    shapes, checks = shapes_ntriples(home / "shapes"), checks_json(home / "shapes/checks")
    manifest = make_manifest(home, report, nquads, shapes, checks)
    identifier = sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()[:16]
    done = Generation(identifier, folder / identifier)
    if (done.path / "manifest.json").is_file():
        return done
    new = Generation(identifier, Path(tempfile.mkdtemp(prefix=_NEW, dir=folder)))
    try:
        new.path.chmod(0o755)
        new.shapes.write_bytes(shapes)
        new.checks.write_bytes(checks)
        _fill(new, home, nquads, manifest, report)
        if done.path.exists():  # a generation that lost its manifest: nobody can have opened it
            _remove(done.path)
        new.path.rename(done.path)
    except BaseException:
        shutil.rmtree(new.path, ignore_errors=True)
        raise
    _sync(folder)
    return done


def _fill(new: Generation, home: Path, nquads: list[bytes], manifest: dict[str, Any], report: Report) -> None:
    new.nquads.write_bytes(b"".join(nquads))
    triples = parse(b"".join(report.dataset.triples()), format=RdfFormat.N_TRIPLES)
    serialize((quad.triple for quad in triples), str(new.turtle), format=RdfFormat.TURTLE, prefixes=PREFIXES)
    store = Store(str(new.store))
    store.bulk_load(path=str(new.nquads), format=RdfFormat.N_QUADS)
    store.optimize()
    store.flush()
    write_index(store, new.index)
    write_quality(store, new, home, report.dataset.identity)
    del store
    (new.path / "manifest.json").write_text(json.dumps({"id": new.id, **manifest}, indent=2) + "\n", "utf-8")
    for path in sorted(new.path.rglob("*")):
        _sync(path)


def _previous(folder: Path) -> Generation | None:
    """The generation that is current until now."""
    try:
        return current(folder)
    except NothingBuilt:
        return None


def _point_to(folder: Path, generation: Generation) -> None:
    """Make it the current one: one rename, which readers see wholly or not at all."""
    link = folder / f"{_NEW}link"
    link.unlink(missing_ok=True)
    link.symlink_to(generation.id)
    link.replace(folder / CURRENT)
    _sync(folder)


def _forget_old(folder: Path, current: Generation) -> None:
    """Remove all but the newest KEPT generations; the current one always stays."""
    others = [path for path in folder.iterdir() if _ID.fullmatch(path.name) and path.name != current.id]
    for path in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT - 1 :]:
        _remove(path)
        Generation(path.name, path).changes.unlink(missing_ok=True)


def _remove(path: Path) -> None:
    """Take a generation away whole: renamed first, so that a build killed halfway leaves no part under its name."""
    gone = path.with_name(f"{_NEW}gone-{path.name}")
    path.rename(gone)
    shutil.rmtree(gone, ignore_errors=True)


def _clear(folder: Path) -> None:
    """Remove what a killed build left behind."""
    for left_over in folder.glob(f"{_NEW}*"):
        if not left_over.is_dir() or left_over.is_symlink():
            left_over.unlink(missing_ok=True)
        else:
            shutil.rmtree(left_over, ignore_errors=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _disk_faults(folder: Path) -> Iterator[None]:
    """Say of a full or read-only disk what it is; the generation before stays in place."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        # RocksDB tells every file on the way before it tells the reason.
        reason = getattr(error, "strerror", None) or str(error).rpartition(": ")[2]
        raise PublishFailed(
            f"the generation could not be written to {folder}: {reason}; the one before it is still current"
        ) from error
