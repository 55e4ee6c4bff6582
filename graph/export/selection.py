"""Chooses what an export holds: everything, one article, or one entity with all that is needed to understand it."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from graph.errors import UnknownEntity
from graph.namespaces import BASE, DATASET, DCTERMS, EDG, OA, RDF, RDFS, SCHEMA, SKOS

_DEFAULT = DefaultGraph()
_TYPE, _CLAIM, _EVIDENCE = NamedNode(RDF + "type"), NamedNode(EDG + "Claim"), NamedNode(EDG + "evidence")
_SUBJECT, _PREDICATE, _OBJECT = (NamedNode(RDF + part) for part in ("subject", "predicate", "object"))
_SELECTOR = NamedNode(OA + "hasSelector")
_OURS = (BASE, SCHEMA, DCTERMS)
_NAMING = [_TYPE, *(NamedNode(iri) for iri in (SKOS + "prefLabel", RDFS + "label", DCTERMS + "title"))]


def article_triples(store: Store, article: str) -> list[Triple]:
    """Everything the article says, with the names of all it speaks of. Raises UnknownEntity."""
    graph = NamedNode(article)
    own = {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}
    if not own:
        raise UnknownEntity(f"no article is called {article}")
    return _closed(store, own)


def entity_triples(store: Store, entity: str) -> list[Triple]:
    """The entity's description, every claim that speaks of it, the evidence, and the names of all they speak of."""
    node = NamedNode(entity)
    own = {quad.triple for quad in store.quads_for_pattern(node, None, None, _DEFAULT)}
    if not own:
        raise UnknownEntity(f"nothing is known of {entity}")
    for claim in _claims_about(store, node):
        own |= _claim_triples(store, claim)
    return _closed(store, own)


def _claims_about(store: Store, node: NamedNode) -> set[NamedNode]:
    """The claims that have the entity as subject or object, or in a qualifier."""
    return {
        quad.subject
        for quad in store.quads_for_pattern(None, None, node, _DEFAULT)
        if isinstance(quad.subject, NamedNode) and Quad(quad.subject, _TYPE, _CLAIM, _DEFAULT) in store
    }


def _claim_triples(store: Store, claim: NamedNode) -> set[Triple]:
    """The claim, its evidence, and the statement itself where it is asserted."""
    said = {quad.triple for quad in store.quads_for_pattern(claim, None, None, _DEFAULT)}
    parts = {triple.predicate: triple.object for triple in said}
    found = set(said)
    for triple in said:
        if triple.predicate == _EVIDENCE and isinstance(triple.object, NamedNode):
            found |= _evidence_triples(store, triple.object)
    subject, predicate, value = parts.get(_SUBJECT), parts.get(_PREDICATE), parts.get(_OBJECT)
    if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode) and value is not None:
        statement = Triple(subject, predicate, value)
        if Quad(subject, predicate, value, _DEFAULT) in store:
            found.add(statement)
    return found


def _evidence_triples(store: Store, evidence: NamedNode) -> set[Triple]:
    found = {quad.triple for quad in store.quads_for_pattern(evidence, None, None, _DEFAULT)}
    for triple in tuple(found):
        if triple.predicate == _SELECTOR and isinstance(triple.object, NamedNode):
            found |= {quad.triple for quad in store.quads_for_pattern(triple.object, None, None, _DEFAULT)}
    return found


def _closed(store: Store, triples: set[Triple]) -> list[Triple]:
    """Add class and name of everything named, and what the data set is with its licence and version; sort."""
    closed = triples | {quad.triple for quad in store.quads_for_pattern(DATASET, None, None, _DEFAULT)}
    described = {triple.subject for triple in closed}
    new = closed
    while new:  # the class of what was just named wants a name too
        named = {term for triple in new for term in _iris(triple) if term.value.startswith(_OURS)} - described
        described |= named
        new = {
            quad.triple
            for term in named
            for predicate in _NAMING
            for quad in store.quads_for_pattern(term, predicate, None, _DEFAULT)
        }
        closed |= new
    return sorted(closed, key=str)


def _iris(triple: Triple) -> Iterable[NamedNode]:
    return (term for term in (triple.subject, triple.predicate, triple.object) if isinstance(term, NamedNode))
