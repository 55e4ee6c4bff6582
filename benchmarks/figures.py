"""Keeps the figures that the benchmarks measured, each with its size of data, for the table and plot of growth."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.machine import size_of_machine


@dataclass(frozen=True)
class Figures:
    """A file of figures; a figure measured again replaces the one before."""

    path: Path

    def note(self, name: str, articles: int, value: float) -> None:
        """Keep one figure, with the day and the machine."""
        known = self.read()
        measured = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {size_of_machine()}"
        known.setdefault(name, {})[str(articles)] = {"value": float(f"{value:.4g}"), "measured": measured}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", "utf-8")

    def read(self) -> dict[str, dict[str, dict[str, str | float]]]:
        """Name -> articles -> value and where and when it was measured."""
        if not self.path.is_file():
            return {}
        found: dict[str, dict[str, dict[str, str | float]]] = json.loads(self.path.read_text("utf-8"))
        return found
