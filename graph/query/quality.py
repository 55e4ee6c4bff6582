"""Answers what a generation knows of its own quality, with the names of what it speaks of."""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

from graph.errors import NothingBuilt
from graph.namespaces import compact
from graph.network.records import Reader
from graph.publish.generation import Generation

MOST_LISTED = 1000
"""Rows of each list that one answer may hold."""


def quality_record(reader: Reader, generation: Generation, limit: int) -> dict[str, Any]:
    """Coverage, checks, totals, decisions and doubts; of each list the first ``limit``, all of it counted.

    Raises NothingBuilt where the generation was published without the record.
    """
    kept = _read(generation.quality)
    inferred, contradictions = kept["inferred"][:limit], kept["contradictions"][:limit]
    reader.prepare((), [*inferred, *(number for one in contradictions for number in one["claims"])])
    decided = [_decision(reader, row) for row in kept["identity"]]
    unsure = [row for row in decided if row["judgement"] == "unsure"]
    settled = [row for row in decided if row["judgement"] != "unsure"]
    record = {
        "manifest": generation.manifest,
        "coverage": _summed(reader, kept["coverage"]),
        "articles": [_article(reader, row) for row in kept["coverage"][:limit]],
        "claims": {**kept["claims"], "modality": _named_counts(reader, kept["claims"]["modality"])},
        "totals": kept["totals"],
        "inferred": [reader.claim(number) for number in inferred],
        "contradictions": [_contradiction(reader, one) for one in contradictions],
        "unsure": unsure[:limit],
        "identity": {"judgements": dict(Counter(row["judgement"] for row in decided)), "decisions": settled[:limit]},
        "left_out": {
            "articles": max(0, len(kept["coverage"]) - limit),
            "inferred": max(0, len(kept["inferred"]) - limit),
            "contradictions": max(0, len(kept["contradictions"]) - limit),
            "unsure": max(0, len(unsure) - limit),
            "decisions": max(0, len(settled) - limit),
        },
    }
    record["truncated"] = any(record["left_out"].values())
    return record


@lru_cache(maxsize=2)
def _read(path: Path) -> dict[str, Any]:
    try:
        kept: dict[str, Any] = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise NothingBuilt(f"{path} is not there; run 'edugraph build'") from error
    return kept


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
