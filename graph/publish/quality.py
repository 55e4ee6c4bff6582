"""What a generation knows of its own quality: coverage of the articles, totals, decisions, and what is unsure."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from graph.check.expect import EXPECT, count, load_expectations
from graph.index.answers import number, rows
from graph.namespaces import EDG, SCHEMA
from graph.publish.generation import Generation
from graph.read.identity import IdentityDecision

BOUND, INFERRED, STATUS = EDG + "bound", EDG + "inferredBecause", SCHEMA + "eventStatus"

_SPANS = (
    "SELECT DISTINCT span.value ->> 0, span.value ->> 1, span.value ->> 2 FROM claim, json_each(claim.evidence) AS span"
)
_CLAIMS = "SELECT span.value ->> 0, count(DISTINCT number) FROM claim, json_each(claim.evidence) AS span GROUP BY 1"
_REPEATED = """
SELECT subject, predicate, number, object, qualifiers FROM claim
WHERE (subject, predicate) IN (SELECT subject, predicate FROM claim GROUP BY subject, predicate HAVING count(*) > 1
    AND (predicate = ? OR max(form = 'iri' OR form LIKE '@%') = 0))
ORDER BY subject, predicate, number
"""


def write_quality(
    store: Store, generation: Generation, home: Path | None, identity: Iterable[IdentityDecision]
) -> None:
    """Write the record of a generation whose index is written; the same sources give the same bytes.

    ``home`` is where the expected totals stand, None where nothing is expected. Raises SourceSyntaxError where they
    cannot be read.
    """
    with closing(sqlite3.connect(f"{generation.index.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        record = {
            "coverage": _coverage(store, connection),
            "claims": _claims(connection),
            "inferred": list(_inferred(connection)),
            "contradictions": list(_contradictions(connection)),
            "totals": list(_totals(store, home / EXPECT)) if home else [],
            "identity": [asdict(decision) for decision in identity],
        }
    generation.quality.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")


@dataclass
class _Ledger:
    """The sentences and spans of one article, as they are counted."""

    sentences: list[tuple[int, int, str | None]] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)

    def counted(self) -> dict[str, Any]:
        """Sentences that facts cite, that were passed over, by reason, and that are neither."""
        cited = [one for one in self.sentences if any(one[0] <= start and end <= one[1] for start, end in self.spans)]
        skipped = Counter(one[2] for one in self.sentences if one[2] is not None and one not in cited)
        return {
            "sentences": len(self.sentences),
            "cited": len(cited),
            "skipped": dict(sorted(skipped.items())),
            "open": len(self.sentences) - len(cited) - skipped.total(),
            "spans": len(self.spans),
        }


def _coverage(store: Store, connection: sqlite3.Connection) -> list[dict[str, Any]]:
    """A row for each article: the least covered first, then by IRI."""
    ledgers: dict[str, _Ledger] = defaultdict(_Ledger)
    lengths = {article: number(length) for article, length in rows(store, "lengths") if article}
    for article, _, start, end, reason in rows(store, "coverage"):
        ledgers[article or ""].sentences.append((int(start or 0), int(end or 0), reason))
    for article, start, end in connection.execute(_SPANS):
        if start is not None:
            ledgers[article].spans.append((start, end))
    claims: dict[str, int] = dict(connection.execute(_CLAIMS).fetchall())
    found = [
        {"article": article, "length": lengths[article], "claims": claims.get(article, 0), **ledgers[article].counted()}
        for article in lengths
    ]
    return sorted(found, key=lambda row: (-row["open"], row["cited"] / max(1, row["sentences"]), row["article"]))


def _claims(connection: sqlite3.Connection) -> dict[str, Any]:
    def one(sql: str, *values: object) -> int:
        return int(connection.execute(sql, values).fetchone()[0])

    by_modality = connection.execute("SELECT modality, count(*) FROM claim GROUP BY modality ORDER BY 2 DESC, 1")
    return {
        "total": one("SELECT count(*) FROM claim"),
        "modality": dict(by_modality.fetchall()),
        "evidence": one("SELECT count(*) FROM claim, json_each(claim.evidence)"),
        "inferred": one("SELECT count(DISTINCT claim) FROM qualifier WHERE property = ?", INFERRED),
        "hedged": one("SELECT count(DISTINCT claim) FROM qualifier WHERE property = ?", BOUND),
    }


def _inferred(connection: sqlite3.Connection) -> Iterator[int]:
    found = connection.execute(
        "SELECT number FROM claim WHERE iri IN (SELECT claim FROM qualifier WHERE property = ?) ORDER BY number",
        (INFERRED,),
    )
    yield from (row[0] for row in found)


def _contradictions(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """What has one value, a date, a number or a status, and is given several, or one that is hedged differently."""
    for (thing, prop), group in groupby(connection.execute(_REPEATED, (STATUS,)), key=lambda row: row[:2]):
        claims = list(group)
        if len({(row[3], tuple(bounds(row[4]))) for row in claims}) > 1:
            yield {"thing": thing, "property": prop, "claims": [row[2] for row in claims]}


def bounds(qualifiers: str) -> Iterator[str]:
    """The hedges of a claim, from its qualifiers as the index keeps them."""
    return (value for prop, value, _ in json.loads(qualifiers) if prop == BOUND)


def _totals(store: Store, path: Path) -> Iterator[dict[str, Any]]:
    """Each expected total as it was counted when the generation was made."""
    for expected in load_expectations(path):
        yield {
            "name": expected.name,
            "pattern": expected.pattern,
            "counted": count(store, expected.pattern),
            "least": expected.minimum,
            "most": expected.maximum,
        }
