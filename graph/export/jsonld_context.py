"""The published JSON-LD context, made from the ontology, and documents written with its short keys."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import IO, Any

from pyoxigraph import BlankNode, Literal, NamedNode, Store, Triple

from graph.namespaces import DCTERMS, EDG, KINDS, ONTOLOGY_GRAPH, OWL, PREFIXES, RDF, RDFS, SKOS, XSD

_TYPE = NamedNode(RDF + "type")
_IN_LANGUAGES = frozenset(
    {SKOS + "prefLabel", SKOS + "altLabel", SKOS + "definition", RDFS + "label", DCTERMS + "title"}
    | {DCTERMS + "description", SKOS + "scopeNote"}
)
_CLASSES = frozenset({OWL + "Class"})
_LINKS = frozenset({OWL + "ObjectProperty"})
_VALUES = frozenset({OWL + "DatatypeProperty", OWL + "AnnotationProperty", RDF + "Property"})
_KEYWORDS = {"id": "@id", "type": "@type"}
_LARGEST = 2**53
"""Beyond it a reader of JSON may lose digits of a bare number (RFC 8259, 6)."""


@dataclass(frozen=True)
class Context:
    """The short keys: which IRI each stands for, and how its values are written."""

    document: dict[str, Any]
    """What is served: ``{"@context": {...}}``."""
    keys: dict[str, str]
    """IRI -> short key."""
    links: frozenset[str]
    """IRIs of properties whose bare strings are IRIs."""
    texts: frozenset[str]
    """IRIs of properties whose values are grouped by language."""
    prefixes: tuple[tuple[str, str], ...]
    """Namespace and prefix of the vocabularies, longest first, for what has no short key."""

    def key(self, iri: str) -> str:
        """The short key of a property or class, else its prefixed name, else the IRI."""
        return self.keys.get(iri) or self.prefixed(iri)

    def prefixed(self, iri: str) -> str:
        """The prefixed name of a vocabulary's term, else the IRI."""
        for namespace, prefix in self.prefixes:
            if iri.startswith(namespace) and iri != namespace:
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri


def make_context(store: Store) -> Context:
    """The context of a generation: every class and property of the ontology by its bare name.

    Our own terms come first; a bare name that two vocabularies share goes to neither of them.
    """
    sorts: dict[str, set[str]] = {}
    for quad in store.quads_for_pattern(None, _TYPE, None, ONTOLOGY_GRAPH):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            sorts.setdefault(quad.subject.value, set()).add(quad.object.value)
    known = {iri: of for iri, of in sorts.items() if of & (_CLASSES | _LINKS | _VALUES)} | {
        iri: {OWL + "AnnotationProperty"} for iri in _IN_LANGUAGES if iri not in sorts
    }
    keys = _bare_names(known)
    vocabularies = {prefix: iri for prefix, iri in PREFIXES.items() if prefix not in KINDS and prefix not in keys}
    links = frozenset(iri for iri in keys if known[iri] & _LINKS)
    terms: dict[str, Any] = {"@version": 1.1, **_KEYWORDS, **dict(sorted(vocabularies.items()))}
    for iri, key in sorted(keys.items(), key=lambda item: item[1]):
        terms[key] = {"@id": iri}
        if iri in links:
            terms[key]["@type"] = "@id"
        if iri in _IN_LANGUAGES:
            terms[key]["@container"] = "@language"
    longest_first = sorted(((iri, prefix) for prefix, iri in vocabularies.items()), key=lambda pair: -len(pair[0]))
    return Context({"@context": terms}, keys, links, _IN_LANGUAGES & keys.keys(), tuple(longest_first))


def _bare_names(known: Iterable[str]) -> dict[str, str]:
    names: dict[str, list[str]] = {}
    for iri in known:
        names.setdefault(iri.rpartition("#")[2].rpartition("/")[2], []).append(iri)
    keys = {}
    for name, iris in names.items():
        ours = [iri for iri in iris if iri.startswith(EDG)]
        chosen = ours or iris
        if len(chosen) == 1 and name not in _KEYWORDS:
            keys[chosen[0]] = name
    return keys


def nodes(context: Context, triples: Iterable[Triple]) -> Iterator[dict[str, Any]]:
    """The node objects of triples that come grouped by subject."""
    for subject, group in groupby(triples, key=lambda triple: triple.subject):
        node: dict[str, Any] = {"id": _identifier(subject)}
        for triple in group:
            _add(context, node, triple)
        yield {name: _single(values) for name, values in node.items()}


def write_jsonld(context: Context, address: str, triples: Iterable[Triple], out: IO[bytes]) -> None:
    """Write a JSON-LD document of triples that come grouped by subject; ``address`` is where the context stands."""
    out.write(b'{"@context": ' + json.dumps(address).encode() + b', "@graph": [')
    for number, node in enumerate(nodes(context, triples)):
        out.write((b",\n" if number else b"\n") + json.dumps(node, ensure_ascii=False).encode())
    out.write(b"\n]}\n")


def _add(context: Context, node: dict[str, Any], triple: Triple) -> None:
    predicate, value = triple.predicate.value, triple.object
    if triple.predicate == _TYPE and isinstance(value, NamedNode):
        node.setdefault("type", []).append(context.key(value.value))
    elif predicate in context.texts and isinstance(value, Literal):
        texts = node.setdefault(context.key(predicate), {})
        if isinstance(texts, dict) and value.datatype.value in (XSD + "string", RDF + "langString"):
            texts.setdefault(value.language or "@none", []).append(value.value)
        else:  # neither text nor language: beside the map, under the name that has none
            node.setdefault(context.prefixed(predicate), []).append(_literal(context, value, bare=False))
    elif predicate in context.texts:
        node.setdefault(context.prefixed(predicate), []).append({"id": _identifier(value)})
    elif isinstance(value, Literal):
        node.setdefault(context.key(predicate), []).append(
            _literal(context, value, bare=predicate not in context.links)
        )
    else:
        named = _identifier(value)
        node.setdefault(context.key(predicate), []).append(named if predicate in context.links else {"id": named})


def _literal(context: Context, value: Literal, *, bare: bool) -> Any:
    """A literal as JSON says it: bare where that reads back as the same literal."""
    if value.language:
        return {"@value": value.value, "@language": value.language}
    kind = value.datatype.value
    if kind == XSD + "string":
        return value.value if bare else {"@value": value.value}
    if bare and kind == XSD + "boolean" and value.value in ("true", "false"):
        return value.value == "true"
    if bare and kind == XSD + "integer" and _plain_integer(value.value):
        return int(value.value)
    return {"@value": value.value, "@type": context.prefixed(kind)}


def _plain_integer(text: str) -> bool:
    try:
        return str(int(text)) == text and abs(int(text)) < _LARGEST
    except ValueError:
        return False


def _identifier(term: object) -> str:
    if isinstance(term, NamedNode):
        return term.value
    if isinstance(term, BlankNode):
        return str(term)
    raise TypeError(f"{term!r} cannot stand here in RDF 1.1")


def _single(values: Any) -> Any:
    """A list of one is written as its one value; the same within a map of languages."""
    if isinstance(values, dict):
        return {name: _single(inner) for name, inner in values.items()}
    return values[0] if isinstance(values, list) and len(values) == 1 else values
