"""Answers what a generation knows of its own quality, with the names of what it speaks of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from graph.errors import NothingBuilt
from graph.namespaces import compact
from graph.network.records import Reader
from graph.publish.generation import Generation
from graph.query.kept import kept_record

MOST_LISTED = 1000
"""Rows of each list that one answer may hold."""


def quality_record(reader: Reader, generation: Generation, limit: int, skip: int = 0) -> dict[str, Any]:
    """Coverage, checks, totals, decisions and doubts; of each list ``limit`` rows behind ``skip``, and how many follow.

    Raises NothingBuilt where the generation was published without the record.
    """
    kept = kept_record(generation.quality)
    if kept is None:
        raise NothingBuilt(f"{generation.quality} is not there; run 'edugraph build'")
    lists: dict[str, list[Any]] = {
        "articles": kept["coverage"],
        "inferred": kept["inferred"],
        "contradictions": kept["contradictions"],
        "unsure": [row for row in kept["identity"] if row["judgement"] == "unsure"],
        "decisions": [row for row in kept["identity"] if row["judgement"] != "unsure"],
    }
    shown = {name: rows[skip : skip + limit] for name, rows in lists.items()}
    reader.prepare((), [*shown["inferred"], *(number for one in shown["contradictions"] for number in one["claims"])])
    record: dict[str, Any] = {name: [_LISTED[name](reader, row) for row in rows] for name, rows in shown.items()}
    judgements = dict(Counter(row["judgement"] for row in kept["identity"]))
    left_out = {name: max(0, len(rows) - skip - limit) for name, rows in lists.items()}
    return {
        "manifest": generation.manifest,
        "coverage": _summed(reader, kept["coverage"]),
        "claims": {**kept["claims"], "modality": _named_counts(reader, kept["claims"]["modality"])},
        "totals": kept["totals"],
        "identity": {"judgements": judgements, "decisions": record.pop("decisions")},
        **record,
        "left_out": left_out,
        "truncated": any(left_out.values()),
    }


def _summed(reader: Reader, coverage: list[dict[str, Any]]) -> dict[str, Any]:
    """All articles together; ``share`` is of the sentences that are cited or passed over for a reason."""
    skipped: Counter[str] = Counter()
    for row in coverage:
        skipped.update(row["skipped"])
    sentences, unseen = (sum(row[name] for row in coverage) for name in ("sentences", "open"))
    return {
        "articles": len(coverage),
        "sentences": sentences,
        "cited": sum(row["cited"] for row in coverage),
        "skipped": _named_counts(reader, dict(skipped.most_common())),
        "open": unseen,
        "share": (sentences - unseen) / sentences if sentences else None,
    }


def _article(reader: Reader, row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in ("article", "skipped")}
    return {**reader.named(row["article"]), **kept, "skipped": _named_counts(reader, row["skipped"])}


def _named_counts(reader: Reader, counts: dict[str, int]) -> list[dict[str, Any]]:
    return [{**reader.named(iri), "total": total} for iri, total in counts.items()]


def _contradiction(reader: Reader, one: dict[str, Any]) -> dict[str, Any]:
    claims = [reader.claim(number) for number in one["claims"]]
    return {"thing": reader.named(one["thing"]), "property": reader.named(one["property"]), "claims": claims}


def _decision(reader: Reader, row: dict[str, Any]) -> dict[str, Any]:
    sides = {side: _side(reader, row[side]) for side in ("left", "right")}
    return sides | {name: row[name] for name in ("judgement", "reason", "date", "curator")}


def _side(reader: Reader, text: str) -> dict[str, Any]:
    """A thing, or a name as one article gives it."""
    if text.startswith("https:"):
        return reader.named(text)
    name, _, article = text.rpartition("@")
    return {"id": compact(text), "iri": None, "label": name, "lang": None, "article": article}


_LISTED: dict[str, Callable[[Reader, Any], dict[str, Any]]] = {
    "articles": _article,
    "inferred": Reader.claim,
    "contradictions": _contradiction,
    "unsure": _decision,
    "decisions": _decision,
}
"""How a row of each list is told."""
