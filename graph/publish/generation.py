"""A published generation on disk: where its files are and how the current one is found."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from graph.errors import NothingBuilt

CURRENT = "current"


@dataclass(frozen=True)
class Generation:
    """One immutable generation; its id is the ETag of every answer made from it."""

    id: str
    path: Path

    @property
    def store(self) -> Path:
        """The pyoxigraph store folder, opened read-only by whoever queries it."""
        return self.path / "store"

    @property
    def index(self) -> Path:
        """The SQLite projection of links and labels."""
        return self.path / "index.sqlite"

    @property
    def nquads(self) -> Path:
        """The canonical sorted N-Quads of the whole data set."""
        return self.path / "edugraph.nq"

    @property
    def turtle(self) -> Path:
        """The default graph as Turtle."""
        return self.path / "edugraph.ttl"

    @property
    def shapes(self) -> Path:
        """The shapes that the data conforms to, as canonical N-Triples."""
        return self.path / "shapes.nt"

    @property
    def checks(self) -> Path:
        """The query checks and the words of the built-in ones, as JSON."""
        return self.path / "checks.json"

    @property
    def quality(self) -> Path:
        """Coverage, totals, identity decisions and doubts, as JSON."""
        return self.path / "quality.json"

    @property
    def changes(self) -> Path:
        """What differs from the generation before, as JSON; it stands beside, for it depends on which that was."""
        return self.path.parent / "changes" / f"{self.id}.json"

    @property
    def exists(self) -> bool:
        """Whether its files are there: somebody may have deleted it under its readers."""
        return self._manifest.is_file()

    @property
    def quads(self) -> int:
        """How many quads it has."""
        return int(self.manifest["counts"]["quads"])

    @cached_property
    def moment(self) -> int:
        """When it was published, in seconds since 1970; 0 where its folder is gone."""
        try:
            return int(self.path.stat().st_mtime)
        except OSError:
            return 0

    @property
    def published(self) -> datetime | None:
        """The same as a date; None where its folder is gone."""
        return datetime.fromtimestamp(self.moment, UTC) if self.moment else None

    def date(self, before: Generation | None) -> None:
        """Set when it is published: now, and in any case later than the one before it.

        A clock may have been set back, two may come within one second, and one may come again: whoever holds an answer
        of the one before must learn by the dates alone that there is another.
        """
        moment = time.time()
        if before is not None and before.exists:
            moment = max(moment, before.path.stat().st_mtime + 1)
        os.utime(self.path, (moment, moment))

    @property
    def _manifest(self) -> Path:
        return self.path / "manifest.json"

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Counts, hash, version, source commit and check result of this generation."""
        manifest: dict[str, Any] = json.loads(self._manifest.read_text("utf-8"))
        return manifest


def current(generations: Path) -> Generation:
    """The generation that ``current`` points to now. Raises NothingBuilt."""
    path = (generations / CURRENT).resolve()
    found = Generation(id=path.name, path=path)
    if not found.exists:
        raise NothingBuilt(f"no generation is published in {generations}; run 'edugraph build'")
    return found
