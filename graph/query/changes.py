"""Answers what changed since the generation before, with the names of what it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graph.build.identifiers import Span
from graph.changes.record import LISTS
from graph.index.lookups import REPORTED
from graph.namespaces import compact
from graph.publish.generation import Generation
from graph.query.index import chosen_label
from graph.query.kept import kept_record

Named = Callable[[str], dict[str, Any]]


def changes_record(generation: Generation, chain: Sequence[str], limit: int, skip: int = 0) -> dict[str, Any]:
    """What the generation changed; of each list ``limit`` entries behind ``skip``, and how many follow.

    ``old`` is None for a first generation.
    """
    kept = kept_record(generation.changes)
    if kept is None:
        nothing = {kind: dict.fromkeys(changes, 0) for kind, changes in LISTS.items()}
        counts = {"quads": {"added": 0, "removed": 0}, **nothing}
        lists: dict[str, Any] = {kind: {change: [] for change in changes} for kind, changes in LISTS.items()}
        side = {"id": generation.id, "version": generation.manifest.get("version")}
        kept = {"old": None, "new": side, "counts": counts, **lists, "names": {}}
    return named_changes(kept, chain, limit, skip)


def longest(generation: Generation) -> int:
    """How many entries the longest of the lists holds; of a very large change a list holds the first alone."""
    kept = kept_record(generation.changes)
    return max(len(kept[kind][change]) for kind, changes in LISTS.items() for change in changes) if kept else 0


def former(generation: Generation) -> str:
    """The id of the generation that this one is compared with, on which the record depends too; empty for a first."""
    kept = kept_record(generation.changes)
    return str(kept["old"]["id"]) if kept else ""


def named_changes(kept: Mapping[str, Any], chain: Sequence[str], limit: int, skip: int = 0) -> dict[str, Any]:
    """A kept record with labels in the first languages of the chain that have them; the kept one stays as it is."""

    def named(iri: str) -> dict[str, Any]:
        label = chosen_label(iri, kept["names"].get(iri, {}), chain)
        return {"id": compact(iri), "iri": iri, "label": label.text, "lang": label.lang}

    record: dict[str, Any] = {name: kept[name] for name in ("old", "new", "counts")}
    makers = {"things": _thing, "claims": _claim_entry}
    for kind, changes in LISTS.items():
        record[kind] = {
            change: [makers[kind](entry, named) for entry in kept[kind][change][skip : skip + limit]]
            for change in changes
        }
    record["left_out"] = {
        kind: {
            change: max(
                0, kept["counts"][kind][change] - min(skip, len(kept[kind][change])) - len(record[kind][change])
            )
            for change in changes
        }
        for kind, changes in LISTS.items()
    }
    record["truncated"] = any(number for of in record["left_out"].values() for number in of.values())
    return record


def _thing(entry: Mapping[str, Any], named: Named) -> dict[str, Any]:
    stated = {name: [_stated(pair, named) for pair in entry[name]] for name in ("added", "removed")}
    return {**named(entry["iri"]), **stated}


def _stated(pair: Mapping[str, Any], named: Named) -> dict[str, Any]:
    return {"property": named(pair["property"]), "value": _value(pair, named)}


def _claim_entry(entry: Mapping[str, Any], named: Named) -> dict[str, Any]:
    if "before" not in entry:
        return _claim(entry, named)
    before, after = _claim(entry["before"], named), _claim(entry["after"], named)
    kept = ("subject", "predicate", "object")
    differing = [name for name in before if name not in (*kept, "claim", "planned") and before[name] != after[name]]
    return {**{name: after[name] for name in kept}, "differs_in": differing, "before": before, "after": after}


def _claim(entry: Mapping[str, Any], named: Named) -> dict[str, Any]:
    return {
        "claim": entry["claim"],
        "subject": named(entry["subject"]),
        "predicate": named(entry["predicate"]),
        "object": _value(entry["object"], named),
        "modality": named(entry["modality"]),
        "planned": entry["modality"] != REPORTED,
        "evidence": [_evidence(span, named) for span in entry["evidence"]],
        "qualifiers": [_stated(pair, named) for pair in entry["qualifiers"]],
    }


def _evidence(span: Mapping[str, Any], named: Named) -> dict[str, Any]:
    """A span of an article; a reference source carries a claim as a whole."""
    source, start, end = span["source"], span["start"], span["end"]
    selector = None if start is None else Span(source, start, end).iri
    return {"source": named(source), "start": start, "end": end, "selector": selector}


def _value(told: Mapping[str, Any], named: Named) -> dict[str, Any]:
    if "iri" in told:
        return named(told["iri"])
    return {name: told[name] for name in ("value", "lang", "datatype") if name in told}
