"""What differs as a record to keep: counts of all, the first of each list, and the names of what it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graph.changes.difference import Claim, Difference, Thing, Value
from graph.changes.dump import Dump
from graph.namespaces import DCTERMS, RDFS, SKOS

MOST_KEPT = 1000
"""Entries of each list that a record holds; the counts are of all."""
LISTS = {"things": ("added", "removed", "changed"), "claims": ("added", "withdrawn", "changed")}
_NAMES = {SKOS + "prefLabel", RDFS + "label", DCTERMS + "title"}


def make_record(difference: Difference, old: Dump, new: Dump, sides: dict[str, Any]) -> dict[str, Any]:
    """The record of a difference; ``sides`` says what ``old`` and ``new`` are."""
    lists: dict[str, dict[str, list[Any]]] = {
        kind: {change: getattr(difference, f"{kind}_{change}") for change in changes} for kind, changes in LISTS.items()
    }
    kept = {
        kind: {change: [_entry(one) for one in found[:MOST_KEPT]] for change, found in of.items()}
        for kind, of in lists.items()
    }
    counts = {kind: {change: len(found) for change, found in of.items()} for kind, of in lists.items()}
    spoken_of = sorted({iri for of in kept.values() for found in of.values() for one in found for iri in _iris(one)})
    names = {iri: _names(new, iri) or _names(old, iri) for iri in spoken_of}
    return {
        **sides,
        "counts": {"quads": difference.quads, **counts},
        **kept,
        "names": {iri: name for iri, name in names.items() if name},
    }


def _entry(one: Claim | Thing | tuple[Claim, Claim]) -> dict[str, Any]:
    if isinstance(one, Thing):
        return {"iri": one.iri, "added": _pairs(one.added), "removed": _pairs(one.removed)}
    if isinstance(one, Claim):
        return _claim(one)
    before, after = one
    return {"before": _claim(before), "after": _claim(after)}


def _claim(claim: Claim) -> dict[str, Any]:
    return {
        "claim": claim.iri,
        "subject": claim.subject,
        "predicate": claim.predicate,
        "object": _value(claim.object),
        "modality": claim.modality,
        "evidence": [{"source": source, "start": start, "end": end} for source, start, end in claim.sources],
        "qualifiers": _pairs(claim.qualifiers),
    }


def _pairs(pairs: tuple[tuple[str, Value], ...] | list[tuple[str, Value]]) -> list[dict[str, Any]]:
    return [{"property": prop, **_value(value)} for prop, value in pairs]


def _value(value: Value) -> dict[str, str]:
    text, form = value
    if form == "iri":
        return {"iri": text}
    return {"value": text, "lang": form[1:]} if form.startswith("@") else {"value": text, "datatype": form}


def _iris(entry: object) -> Iterator[str]:
    """Every IRI that an entry speaks of, but for the claim's own."""
    if isinstance(entry, dict):
        for name, part in entry.items():
            if name in ("iri", "subject", "predicate", "modality", "source", "property"):
                yield str(part)
            else:
                yield from _iris(part)
    elif isinstance(entry, list):
        for part in entry:
            yield from _iris(part)


def _names(dump: Dump, iri: str) -> dict[str, str]:
    """The preferred name of a thing in each language."""
    said = (quad for quad in dump.about(iri) if quad.predicate.value in _NAMES)
    return {getattr(quad.object, "language", None) or "": getattr(quad.object, "value", "") for quad in said}
