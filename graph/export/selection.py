"""Chooses what an export holds: everything, one article, or one entity with all that is needed to understand it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from graph.errors import UnknownEntity
from graph.export.gathered import Gathered
from graph.export.parts import Part
from graph.namespaces import BASE, DATASET, DCTERMS, EDG, OA, RDF, RDFS, SCHEMA, SKOS

_DEFAULT = DefaultGraph()
_TYPE, _CLAIM, _EVIDENCE = NamedNode(RDF + "type"), NamedNode(EDG + "Claim"), NamedNode(EDG + "evidence")
_SUBJECT, _PREDICATE, _OBJECT = (NamedNode(RDF + part) for part in ("subject", "predicate", "object"))
_SELECTOR = NamedNode(OA + "hasSelector")
_OURS = (BASE, SCHEMA, DCTERMS)
_ARTICLE = NamedNode(EDG + "Article")
LISTS = frozenset({"bound", "kind", "modality", "scheme", "skip", "status", "unit"})
"""The controlled lists: half of all claims name one of their terms, so a term's document goes without claims."""
MOST_CLAIMS = 2000
"""Claims in one document; an export of the same thing has them all."""
_NAMING = [_TYPE, *(NamedNode(iri) for iri in (SKOS + "prefLabel", RDFS + "label", DCTERMS + "title"))]


def part_triples(store: Store, part: Part) -> Iterable[Triple]:
    """The triples of a part, sorted, however many they are. Raises UnknownEntity."""
    return _article_triples(store, part.iri) if part.said_by else _things_triples(store, part.iri, *part.within)


def _article_triples(store: Store, article: str) -> Gathered:
    """Everything the article says, with the names of all it speaks of."""
    own = store.quads_for_pattern(None, None, None, NamedNode(article))
    if (first := next(own, None)) is None:
        raise UnknownEntity(f"no article is called {article}")
    return _closed(store, (quad.triple for quad in chain([first], own)))


def _things_triples(store: Store, entity: str, *others: str) -> Gathered:
    """Each thing's description, every claim that speaks of it, the evidence, and the names of all they speak of."""
    if not description(store, entity):
        raise UnknownEntity(f"nothing is known of {entity}")
    return _closed(store, chain.from_iterable(_concerning(store, iri) for iri in (entity, *others)))


def _concerning(store: Store, iri: str) -> Iterator[Triple]:
    yield from description(store, iri)
    for claim in _claims_about(store, NamedNode(iri)):
        yield from _claim_triples(store, claim)


@dataclass(frozen=True)
class Document:
    """What is served of one IRI."""

    triples: list[Triple]
    claims_left_out: int = 0
    """Claims beyond MOST_CLAIMS, which only an export holds."""


def document(store: Store, iri: str, most_claims: int = MOST_CLAIMS) -> Document:
    """What a reader of one IRI is told; for most things that is their part of the export. Raises UnknownEntity.

    A claim brings its statement and evidence, an article also the spans that are its fragments; a term of a
    controlled list comes without the claims that use it.
    """
    node = NamedNode(iri)
    own = description(store, iri)
    if not own:
        raise UnknownEntity(f"nothing is known of {iri}")
    if iri.removeprefix(BASE).partition("/")[0] in LISTS:
        return Document(list(_closed(store, own)))
    types = {triple.object for triple in own if triple.predicate == _TYPE}
    if _CLAIM in types:
        own |= _claim_triples(store, node)
    if _ARTICLE in types:
        own |= _fragments(store, node)
    claims = sorted(set(_claims_about(store, node)), key=str)
    for claim in claims[:most_claims]:
        own |= _claim_triples(store, claim)
    return Document(list(_closed(store, own)), max(0, len(claims) - most_claims))


def description(store: Store, iri: str) -> set[Triple]:
    """The triples that have the IRI as their subject; none where it is unknown."""
    return {quad.triple for quad in store.quads_for_pattern(NamedNode(iri), None, None, _DEFAULT)}


def _fragments(store: Store, article: NamedNode) -> set[Triple]:
    """What the article's own graph says of the spans of its text."""
    quads = store.quads_for_pattern(None, None, None, article)
    return {
        quad.triple
        for quad in quads
        if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(f"{article.value}#")
    }


def _claims_about(store: Store, node: NamedNode) -> Iterator[NamedNode]:
    """The claims that have the entity as subject or object, or in a qualifier; one may come more than once."""
    for quad in store.quads_for_pattern(None, None, node, _DEFAULT):
        if isinstance(quad.subject, NamedNode) and Quad(quad.subject, _TYPE, _CLAIM, _DEFAULT) in store:
            yield quad.subject


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


def _closed(store: Store, triples: Iterable[Triple]) -> Gathered:
    """Add class and name of everything named, and what the data set is with its licence and version."""
    closed = Gathered(_OURS)
    closed.add(triples)
    closed.add(quad.triple for quad in store.quads_for_pattern(DATASET, None, None, _DEFAULT))
    for term in closed.named():  # the class of what was just named wants a name too
        for predicate in _NAMING:
            closed.add(quad.triple for quad in store.quads_for_pattern(term, predicate, None, _DEFAULT))
    return closed
