"""Chooses from a published data set what the checks need to see beside a few statements that somebody posts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from graph.namespaces import BASE, EDG, ONTOLOGY_GRAPH, RDF, REGISTRY_GRAPH, SKOS

_TYPE, _CLAIM, _EVIDENCE = NamedNode(RDF + "type"), NamedNode(EDG + "Claim"), NamedNode(EDG + "evidence")
_SENTENCE = NamedNode(EDG + "sentence")
_SUBJECT, _PREDICATE, _OBJECT = (NamedNode(RDF + part) for part in ("subject", "predicate", "object"))
_SHARED = frozenset(NamedNode(SKOS + name) for name in ("prefLabel", "exactMatch"))
"""What no two things may share."""
_UPWARD = tuple(NamedNode(EDG + name) for name in ("partOf", "officeOf", "subEventOf", "locatedIn", "successorOf"))
"""What must not lead a thing back to itself."""


def excerpt(store: Store, posted: Collection[Quad], replaced: Collection[NamedNode]) -> set[Quad]:
    """The ontology, and of everything that ``posted`` names what bears on it, but for what it replaces.

    Of a named thing: its description, and of an article its ledger; of a subject also the claims about it, and all that
    it is part of; further whatever has the same label or the same outside record, and the class of everything that all
    this names.
    """
    described = {quad.subject for quad in posted if quad.predicate == _TYPE and quad.graph_name == REGISTRY_GRAPH}
    published = _Published(store, replaced, described)
    found = set(published.quads(graph=ONTOLOGY_GRAPH))
    for iri in _iris(posted):
        found.update(published.description(iri))
        found.update(published.ledger(iri))
    for quad in posted:
        if quad.predicate in _SHARED:
            for other in published.quads(predicate=quad.predicate, value=quad.object):
                found.update(published.description(other.subject))
    for subject in _subjects(posted):
        for claim in published.quads(predicate=_SUBJECT, value=subject):
            found.update(published.claim(claim.subject))
        found.update(published.upward(subject))
    for iri in _iris(found):
        found.update(published.quads(subject=iri, predicate=_TYPE))
    return found


class _Published:
    """The named graphs of a store, but for those that are replaced, and the registry's descriptions that are."""

    def __init__(self, store: Store, replaced: Collection[NamedNode], described: Collection[object]) -> None:
        self._store, self._hidden = store, {DefaultGraph(), *replaced}
        self._described = described
        facts = store.quads_for_pattern(None, _TYPE, NamedNode(EDG + "FactProperty"), DefaultGraph())
        self._facts = {quad.subject for quad in facts}

    def quads(
        self,
        subject: NamedNode | None = None,
        predicate: NamedNode | None = None,
        value: object = None,
        graph: NamedNode | None = None,
    ) -> Iterator[Quad]:
        """The quads of this pattern."""
        found = self._store.quads_for_pattern(subject, predicate, value, graph)  # type: ignore[arg-type]
        return (quad for quad in found if quad.graph_name not in self._hidden and not self._redescribed(quad))

    def _redescribed(self, quad: Quad) -> bool:
        """Whether the posted file says anew what this description in the registry says."""
        again = quad.graph_name == REGISTRY_GRAPH and quad.subject in self._described
        return again and quad.predicate not in self._facts

    def description(self, thing: object) -> Iterator[Quad]:
        """What is said of a thing without a claim; of a claim all."""
        if isinstance(thing, NamedNode):
            yield from (quad for quad in self.quads(subject=thing) if quad.predicate not in self._facts)

    def ledger(self, article: NamedNode) -> Iterator[Quad]:
        """The sentences of an article, and of nothing else."""
        for quad in self.quads(article, _SENTENCE):
            if isinstance(quad.object, NamedNode):
                yield from self._evidence(quad.object)

    def claim(self, claim: object) -> Iterator[Quad]:
        """A claim, its evidence, and its statement where it stands."""
        if not isinstance(claim, NamedNode):
            return
        said = list(self.quads(subject=claim))
        yield from said
        parts = {quad.predicate: quad.object for quad in said}
        for quad in said:
            if quad.predicate == _EVIDENCE and isinstance(quad.object, NamedNode):
                yield from self._evidence(quad.object)
        subject, predicate = parts.get(_SUBJECT), parts.get(_PREDICATE)
        if isinstance(subject, NamedNode) and isinstance(predicate, NamedNode):
            yield from self.quads(subject, predicate, parts.get(_OBJECT))

    def upward(self, thing: NamedNode) -> Iterator[Quad]:
        """All that a thing is part of, in any number of steps."""
        seen, waiting = {thing}, [thing]
        while waiting:
            below = waiting.pop()
            for predicate in _UPWARD:
                for quad in self.quads(below, predicate):
                    yield quad
                    if isinstance(quad.object, NamedNode) and quad.object not in seen:
                        seen.add(quad.object)
                        waiting.append(quad.object)

    def _evidence(self, evidence: NamedNode) -> Iterator[Quad]:
        for quad in self.quads(subject=evidence):
            yield quad
            if isinstance(quad.object, NamedNode):  # the selector; a source has its class from its description
                yield from self.description(quad.object)


def _subjects(posted: Iterable[Quad]) -> set[NamedNode]:
    """What the statements and the claims are about."""
    about = {quad.subject for quad in posted} | {quad.object for quad in posted if quad.predicate == _SUBJECT}
    return {term for term in about if isinstance(term, NamedNode) and term.value.startswith(BASE)}


def _iris(quads: Iterable[Quad]) -> set[NamedNode]:
    terms = (term for quad in quads for term in (quad.subject, quad.predicate, quad.object))
    return {term for term in terms if isinstance(term, NamedNode)}
