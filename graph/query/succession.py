"""What took the place of a thing that is deprecated: an IRI is never deleted, it points on."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from graph.namespaces import DCTERMS, OWL, XSD

_DEPRECATED, _REPLACED = NamedNode(OWL + "deprecated"), NamedNode(DCTERMS + "isReplacedBy")
_TRUE = frozenset(Literal(text, datatype=NamedNode(XSD + "boolean")) for text in ("true", "1"))


@dataclass(frozen=True)
class Succession:
    """The things in use that a deprecated one leads to: mostly one, several where it was divided, or none."""

    successors: tuple[str, ...]


def succession(store: Store, iri: str) -> Succession | None:
    """Where a deprecated IRI leads, through any number of steps; None if it is in use."""
    if not _deprecated(store, iri):
        return None
    found: set[str] = set()
    seen, waiting = {iri}, [iri]
    while waiting:
        for quad in store.quads_for_pattern(NamedNode(waiting.pop()), _REPLACED, None, DefaultGraph()):
            if not isinstance(quad.object, NamedNode) or quad.object.value in seen:
                continue
            seen.add(quad.object.value)
            (waiting.append if _deprecated(store, quad.object.value) else found.add)(quad.object.value)
    return Succession(tuple(sorted(found)))


def _deprecated(store: Store, iri: str) -> bool:
    stated = store.quads_for_pattern(NamedNode(iri), _DEPRECATED, None, DefaultGraph())
    return any(quad.object in _TRUE for quad in stated)
