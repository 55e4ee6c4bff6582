"""One thing as plain JSON: names, classes, kind, what is said of it, and its links, everything with a label."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyoxigraph import Literal, NamedNode, Store, Triple

from graph.build.identifiers import Span, parse_span
from graph.export.selection import description
from graph.namespaces import DATASET, DCTERMS, EDG, OA, PREFIXES, RDF, RDFS, SKOS, compact
from graph.query.index import Index
from graph.query.link_records import as_record
from graph.query.links import LinkFilter, groups_of, link_page
from graph.query.quotes import Quotes

MOST_LINKS = 100
"""Links that a record holds; ``total`` says how many there are."""
_NAMES = {RDFS + "label": True, SKOS + "prefLabel": True, DCTERMS + "title": True, SKOS + "altLabel": False}
_KIND, _TYPE = DCTERMS + "type", RDF + "type"
_EVIDENCE, _SOURCE = NamedNode(EDG + "evidence"), NamedNode(OA + "hasSource")
_DISTRIBUTION = NamedNode(PREFIXES["dcat"] + "Distribution")
_SELECTOR = NamedNode(OA + "hasSelector")


def thing_record(store: Store, index: Index, quotes: Quotes, iri: str, chain: tuple[str, ...]) -> dict[str, Any]:
    """The record of a thing that the store describes; labels in the first language of ``chain`` that there is."""
    own = sorted(description(store, iri), key=str)
    kind = next((triple.object for triple in own if triple.predicate.value == _KIND), None)
    record = {
        "iri": iri,
        "id": compact(iri),
        **label_record(index, iri, chain),
        "classes": [_class_name(triple.object) for triple in own if triple.predicate.value == _TYPE],
        "kind": {"iri": kind.value, **label_record(index, kind.value, chain)} if isinstance(kind, NamedNode) else None,
        "names": [
            {"name": name.value, "lang": name.language, "preferred": _NAMES[triple.predicate.value]}
            for triple in own
            if triple.predicate.value in _NAMES and isinstance(name := triple.object, Literal)
        ],
        "description": described(index, own, chain),
    }
    if f"{EDG}Claim" in {triple.object.value for triple in own if isinstance(triple.object, NamedNode)}:
        record["evidence"] = _evidence(store, quotes, own)
    groups = groups_of(index, iri, LinkFilter())
    shown = link_page(index, LinkFilter(), groups, 0, MOST_LINKS)
    record["links"] = {
        "total": sum(group.total for group in groups),
        "shown": len(shown),
        "items": [as_record(index, link, chain, quotes.of(link.evidence)) for link in shown],
    }
    return record


def described(index: Index, own: Iterable[Triple], chain: tuple[str, ...]) -> list[dict[str, Any]]:
    """The triples of one subject but its classes and names: property and value, each with its label."""
    return [
        {"property": _named(index, triple.predicate.value, chain), "value": _value(index, triple.object, chain)}
        for triple in own
        if triple.predicate.value != _TYPE and triple.predicate.value not in _NAMES
    ]


def catalogue_record(index: Index, iri: str, triples: Iterable[Triple], chain: tuple[str, ...]) -> dict[str, Any]:
    """The record of the data set or its catalogue from its VoID and DCAT triples, with the distributions beside."""
    about: dict[str, list[Triple]] = {}
    for triple in triples:
        if isinstance(triple.subject, NamedNode):
            about.setdefault(triple.subject.value, []).append(triple)
    return {
        "iri": iri,
        **label_record(index, DATASET.value, chain),
        "description": described(index, about[iri], chain),
        "distributions": [
            {"iri": subject, "description": described(index, said, chain)}
            for subject, said in about.items()
            if any(triple.object == _DISTRIBUTION for triple in said)
        ],
    }


def _class_name(term: object) -> str:
    return compact(term.value).removeprefix("edg:") if isinstance(term, NamedNode) else str(term)


def _named(index: Index, iri: str, chain: tuple[str, ...]) -> dict[str, Any]:
    return {"iri": iri, "id": compact(iri), **label_record(index, iri, chain)}


def label_record(index: Index, iri: str, chain: tuple[str, ...]) -> dict[str, Any]:
    """The name of a thing and the language that it is in."""
    label = index.label(iri, chain)
    return {"label": label.text, "lang": label.lang}


def _value(index: Index, term: object, chain: tuple[str, ...]) -> dict[str, Any]:
    if isinstance(term, NamedNode):
        return _named(index, term.value, chain)
    if isinstance(term, Literal) and term.language:
        return {"value": term.value, "lang": term.language}
    if isinstance(term, Literal):
        return {"value": term.value, "datatype": compact(term.datatype.value)}
    return {"value": str(term)}


def _evidence(store: Store, quotes: Quotes, claim: list[Triple]) -> list[dict[str, Any]]:
    """The evidence of a claim: the source, the span in it, and its words where the texts are at hand."""
    found = []
    for triple in claim:
        if triple.predicate == _EVIDENCE and isinstance(triple.object, NamedNode):
            parts = {part.predicate: part.object for part in description(store, triple.object.value)}
            source, selector = parts.get(_SOURCE), parts.get(_SELECTOR)
            span = parse_span(selector.value) if isinstance(selector, NamedNode) else None
            found.append(_evidence_record(triple.object.value, source, span, quotes))
    return found


def _evidence_record(iri: str, source: object, span: Span | None, quotes: Quotes) -> dict[str, Any]:
    return {
        "iri": iri,
        "source": source.value if isinstance(source, NamedNode) else None,
        "selector": span.iri if span else None,
        "start": span.start if span else None,
        "end": span.end if span else None,
        "quote": quotes.of([span]).get(span) if span else None,
    }
