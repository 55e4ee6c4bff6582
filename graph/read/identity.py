"""Reads data/identity.csv: pairs that look alike, what was decided, and why."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from graph.errors import SourceSyntaxError
from graph.namespaces import expand

COLUMNS = ["left", "right", "judgement", "reason", "date", "curator"]
JUDGEMENTS = ("same", "different", "unsure")


@dataclass(frozen=True)
class IdentityDecision:
    """One row: each side is an IRI, or ``name@article-id`` where a text only names it."""

    left: str
    right: str
    judgement: str
    reason: str
    line: int
    date: str
    """The day of the decision, YYYY-MM-DD."""
    curator: str

    def iris(self) -> list[str]:
        """The sides that are IRIs of the graph."""
        return [side for side in (self.left, self.right) if side.startswith("https:")]


def read_identity(path: Path, shown_as: str) -> Iterator[IdentityDecision]:
    """Yield the rows in order. Raises SourceSyntaxError with file and line."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceSyntaxError(f"cannot be read as UTF-8: {error}", file=shown_as) from error
    rows = csv.reader(text.splitlines(keepends=True), strict=True)
    header = next(rows, None)
    if header != COLUMNS:
        raise SourceSyntaxError(f"the columns must be {','.join(COLUMNS)}", file=shown_as, line=1)
    for row in rows:
        yield _decision(row, shown_as, rows.line_num)


def _decision(row: list[str], shown_as: str, line: int) -> IdentityDecision:
    def refuse(message: str) -> SourceSyntaxError:
        return SourceSyntaxError(message, file=shown_as, line=line)

    if len(row) != len(COLUMNS):
        raise refuse(f"{len(row)} columns where {len(COLUMNS)} belong")
    record = dict(zip(COLUMNS, row, strict=True))
    if record["judgement"] not in JUDGEMENTS:
        raise refuse(f"judgement {record['judgement']!r} is none of {', '.join(JUDGEMENTS)}")
    if not record["reason"].strip():
        raise refuse("a decision without a reason")
    try:
        date.fromisoformat(record["date"])
    except ValueError as error:
        raise refuse(f"date {record['date']!r} is not YYYY-MM-DD") from error
    sides = [expand(record[side]) or record[side] for side in ("left", "right")]
    for side in sides:
        if not side.startswith("https:") and "@" not in side:
            raise refuse(f"{side!r} is neither a prefixed name nor name@article-id")
    return IdentityDecision(
        sides[0], sides[1], record["judgement"], record["reason"], line, record["date"], record["curator"]
    )
