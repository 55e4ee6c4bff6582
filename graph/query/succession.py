"""What took the place of a thing that is deprecated: an IRI is never deleted, it points on."""

from __future__ import annotations

from dataclasses import dataclass

from graph.namespaces import DCTERMS, OWL, XSD
from graph.query.index import Index

_DEPRECATED, _REPLACED = OWL + "deprecated", DCTERMS + "isReplacedBy"
_TRUE = ("true", "1")


@dataclass(frozen=True)
class Succession:
    """The things in use that a deprecated one leads to: mostly one, several where it was divided, or none."""

    successors: tuple[str, ...]


def succession(index: Index, iri: str) -> Succession | None:
    """Where a deprecated IRI leads, through any number of steps; None if it is in use."""
    if not _deprecated(index, iri):
        return None
    found: set[str] = set()
    seen, waiting = {iri}, [iri]
    while waiting:
        for successor in _said(index, waiting.pop(), _REPLACED, "iri"):
            if successor not in seen:
                seen.add(successor)
                (waiting.append if _deprecated(index, successor) else found.add)(successor)
    return Succession(tuple(sorted(found)))


def _deprecated(index: Index, iri: str) -> bool:
    return any(value in _TRUE for value in _said(index, iri, _DEPRECATED, XSD + "boolean"))


def _said(index: Index, iri: str, prop: str, form: str) -> list[str]:
    rows = index.connection.execute(
        "SELECT value FROM description WHERE thing = ? AND property = ? AND form = ?", (iri, prop, form)
    )
    return [str(row[0]) for row in rows]
