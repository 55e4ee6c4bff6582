"""Names things in words for the findings: labels of entities, and a claim as subject, role and object."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode, Store

from graph.check.findings import LANGUAGES, Texts
from graph.namespaces import DCTERMS, EDG, RDF, RDFS, SKOS, compact

_LABELS = [NamedNode(iri) for iri in (SKOS + "prefLabel", RDFS + "label", DCTERMS + "title")]
_CLAIM_PARTS = [NamedNode(RDF + part) for part in ("subject", "predicate", "object")]
_TYPE, _CLAIM = NamedNode(RDF + "type"), NamedNode(EDG + "Claim")


def in_words(store: Store, iri: str) -> Texts:
    """The thing's label per language; a claim reads as its statement. Things without a label go by their short name."""
    node = NamedNode(iri) if ":" in iri and not iri.startswith("_:") else None
    if node is None:
        return {"en": iri}
    if any(store.quads_for_pattern(node, _TYPE, _CLAIM)):
        parts = [_first(store, node, predicate) for predicate in _CLAIM_PARTS]
        return {lang: " – ".join(_label(store, part, lang) for part in parts) for lang in LANGUAGES}
    return {lang: _label(store, node, lang) for lang in LANGUAGES}


def _first(store: Store, subject: NamedNode, predicate: NamedNode) -> object:
    return next((quad.object for quad in store.quads_for_pattern(subject, predicate, None)), None)


def _label(store: Store, term: object, lang: str) -> str:
    if not isinstance(term, NamedNode):
        return term.value if isinstance(term, Literal) else str(term)
    found = {
        quad.object.language: quad.object.value
        for predicate in _LABELS
        for quad in store.quads_for_pattern(term, predicate, None)
        if isinstance(quad.object, Literal)
    }
    for choice in (lang, "en", *sorted(tag or "" for tag in found)):
        if choice in found:
            return found[choice]
    return compact(term.value)
