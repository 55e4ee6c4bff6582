"""The terms of the ontology and the shapes as records, for those who read them rather than load them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Store, Triple, parse

from graph.errors import NothingBuilt, UnknownEntity
from graph.namespaces import BASE, ONTOLOGY_GRAPH, OWL, RDF, RDFS, SHAPES, SKOS, compact
from graph.publish.generation import Generation

SH = "http://www.w3.org/ns/shacl#"
_TYPE = NamedNode(RDF + "type")
_SECTIONS = {
    "classes": OWL + "Class",
    "object_properties": OWL + "ObjectProperty",
    "datatype_properties": OWL + "DatatypeProperty",
    "annotation_properties": OWL + "AnnotationProperty",
    "controlled_lists": SKOS + "ConceptScheme",
}
"""Section of the documentation, and the class of what stands in it."""
_REFERENCES = {
    "broader": (RDFS + "subClassOf", RDFS + "subPropertyOf"),
    "domain": (RDFS + "domain",),
    "range": (RDFS + "range",),
    "disjoint_with": (OWL + "disjointWith",),
}
_TEXTS = {
    "labels": (RDFS + "label", SKOS + "prefLabel"),
    "definition": (SKOS + "definition",),
    "note": (SKOS + "scopeNote", RDFS + "comment"),
}


def ontology_record(store: Store) -> dict[str, Any]:
    """The ontology's terms by section, each with labels, definition, place in the hierarchy and example."""
    about: dict[str, list[Triple]] = {}
    for quad in store.quads_for_pattern(None, None, None, ONTOLOGY_GRAPH):
        if isinstance(quad.subject, NamedNode):
            about.setdefault(quad.subject.value, []).append(quad.triple)
    record: dict[str, Any] = {"iri": ONTOLOGY_GRAPH.value}
    for section, sort in _SECTIONS.items():
        terms = (iri for iri, said in about.items() if sort in _iris(said, (_TYPE.value,)))
        record[section] = [_term(iri, about[iri]) for iri in sorted(terms) if iri.startswith(BASE)]
    for scheme in record["controlled_lists"]:
        members = (iri for iri, said in about.items() if scheme["iri"] in _iris(said, (SKOS + "inScheme",)))
        scheme["members"] = [_term(iri, about[iri]) for iri in sorted(members)]
    return record


def _term(iri: str, said: list[Triple]) -> dict[str, Any]:
    term: dict[str, Any] = {"iri": iri, "id": compact(iri), "name": iri.rpartition("#")[2].rpartition("/")[2]}
    for name, predicates in _TEXTS.items():
        term[name] = _texts(said, predicates)
    for name, predicates in _REFERENCES.items():
        term[name] = [{"iri": other, "id": compact(other)} for other in _iris(said, predicates)]
    term["example"] = sorted(
        triple.object.value
        for triple in said
        if triple.predicate.value == SKOS + "example" and isinstance(triple.object, Literal)
    )
    return term


def _texts(said: Iterable[Triple], predicates: Iterable[str]) -> dict[str, str]:
    """Text by language; without one under ``und``."""
    found = {
        triple.object.language or "und": triple.object.value
        for triple in said
        if triple.predicate.value in predicates and isinstance(triple.object, Literal)
    }
    return dict(sorted(found.items()))


def _iris(said: Iterable[Triple], predicates: Iterable[str]) -> list[str]:
    return sorted(
        triple.object.value
        for triple in said
        if triple.predicate.value in predicates and isinstance(triple.object, NamedNode)
    )


@lru_cache(maxsize=2)
def shapes_store(generation: Generation) -> Store:
    """The shapes that were published with a generation. Raises NothingBuilt where there are none."""
    try:
        data = generation.shapes.read_bytes()
    except OSError as error:
        raise NothingBuilt(f"{generation.path} has no shapes; run 'edugraph build'") from error
    store = Store()
    store.extend(parse(data, format=RdfFormat.N_TRIPLES, rename_blank_nodes=False))
    return store


def all_shapes(shapes: Store) -> list[Triple]:
    """Every triple of the shapes, sorted."""
    return sorted((quad.triple for quad in shapes), key=str)


def shape_triples(shapes: Store, iri: str) -> list[Triple]:
    """One shape with what hangs on it by blank nodes, sorted. Raises UnknownEntity."""
    found: set[Triple] = set()
    wanted: list[NamedNode | BlankNode] = [NamedNode(iri)]
    while wanted:
        new = {quad.triple for quad in shapes.quads_for_pattern(wanted.pop(), None, None, DefaultGraph())} - found
        found |= new
        wanted.extend(triple.object for triple in new if isinstance(triple.object, BlankNode))
    if not found:
        raise UnknownEntity(f"there is no shape {iri.removeprefix(SHAPES)!r}; /shapes lists them")
    return sorted(found, key=str)


def shape_records(shapes: Store) -> list[dict[str, Any]]:
    """Every named shape: what it is about, what it says and how to mend it, in each language."""
    about: dict[str, list[Triple]] = {}
    for triple in all_shapes(shapes):
        if isinstance(triple.subject, NamedNode):
            about.setdefault(triple.subject.value, []).append(triple)
    return [_shape(iri, said) for iri, said in sorted(about.items())]


def _shape(iri: str, said: list[Triple]) -> dict[str, Any]:
    return {
        "iri": iri,
        "name": iri.removeprefix(SHAPES),
        "classes": [sort.removeprefix(SH) for sort in _iris(said, (_TYPE.value,))],
        "targets": [
            {"iri": target, "id": compact(target)}
            for target in _iris(
                said, tuple(SH + name for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf"))
            )
        ],
        "path": [{"iri": path, "id": compact(path)} for path in _iris(said, (SH + "path",))],
        "properties": [
            {"iri": part, "name": part.removeprefix(SHAPES)}
            for part in _iris(said, (SH + "property", SH + "node"))
            if part.startswith(SHAPES)
        ],
        "message": _texts(said, (SH + "message",)),
        "remedy": _texts(said, (SH + "description",)),
    }
