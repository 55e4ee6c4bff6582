"""What the data set says of itself to harvesters: VoID and DCAT 3, with each format as a distribution."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store, Triple

from graph.export.formats import FORMATS
from graph.export.parts import Part
from graph.export.selection import part_triples
from graph.namespaces import BASE, DATASET, DCTERMS, EDG, ONTOLOGY_GRAPH, PREFIXES, RDF, XSD, expand
from graph.publish.generation import Generation

CATALOGUE = NamedNode(BASE + "catalogue")
DCAT, VOID = PREFIXES["dcat"], PREFIXES["void"]
SPDX = "http://spdx.org/rdf/terms#"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
W3C_FORMATS = {
    "turtle": "Turtle",
    "turtle12": "Turtle",
    "ntriples": "N-Triples",
    "nquads": "N-Quads",
    "trig": "TriG",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
}
"""The names of the formats in http://www.w3.org/ns/formats/, which void:feature asks for; a table is none of them."""
_TYPE = NamedNode(RDF + "type")
_LICENCE = NamedNode(DCTERMS + "license")
_DESCRIPTION = NamedNode(DCTERMS + "description")


def licence(store: Store) -> str | None:
    """The IRI of the licence of the data, where the data states one."""
    stated = (quad.object for quad in store.quads_for_pattern(DATASET, _LICENCE, None, DefaultGraph()))
    return next((term.value for term in stated if isinstance(term, NamedNode)), None)


def _descriptions(store: Store) -> list[Literal]:
    """What the data set says that it is; DCAT's harvesters ask the same of the catalogue that holds it alone."""
    stated = (quad.object for quad in store.quads_for_pattern(DATASET, _DESCRIPTION, None, DefaultGraph()))
    return [term for term in stated if isinstance(term, Literal)]


def catalogue_triples(generation: Generation, store: Store, base: str, published: datetime | None) -> list[Triple]:
    """The data set, its catalogue, its distributions and its services, at the address ``base``; sorted.

    Sizes are given for the formats that the build wrote; the others are made when somebody asks for them.
    """
    triples = set(part_triples(store, Part(DATASET.value)))
    triples.update(_dataset(generation, published))
    triples.update(_partitions(generation))
    triples.update(_services(base))
    for name in FORMATS:
        triples.update(_distribution(generation, name, base, published))
    if (terms := licence(store)) is not None:
        triples.update(Triple(NamedNode(f"{DATASET.value}#{name}"), _LICENCE, NamedNode(terms)) for name in FORMATS)
        triples.add(Triple(CATALOGUE, _LICENCE, NamedNode(terms)))
    triples.update(Triple(CATALOGUE, _DESCRIPTION, text) for text in _descriptions(store))
    triples.update(_example(store))
    return sorted(triples, key=str)


def _dataset(generation: Generation, published: datetime | None) -> Iterator[Triple]:
    counts = generation.manifest["counts"]
    yield from _describe(
        DATASET,
        (DCAT + "version", _text(generation.manifest["version"])),
        (DCTERMS + "identifier", _text(generation.id)),
        (VOID + "triples", _number(counts["triples"])),
        (VOID + "classes", _number(counts["classes"])),
        (VOID + "properties", _number(counts["properties"])),
        (VOID + "uriRegexPattern", _text(f"^{BASE.replace('.', '[.]')}.+")),
        (DCTERMS + "conformsTo", ONTOLOGY_GRAPH),
    )
    for media_type in sorted(set(W3C_FORMATS.values())):
        yield Triple(DATASET, NamedNode(VOID + "feature"), NamedNode(f"http://www.w3.org/ns/formats/{media_type}"))
    yield from _describe(
        CATALOGUE,
        (RDF + "type", NamedNode(DCAT + "Catalog")),
        (DCTERMS + "title", Literal("edugraph: catalogue", language="en")),
        (DCAT + "dataset", DATASET),
    )
    if published is not None:
        moment = Literal(published.isoformat(), datatype=NamedNode(XSD + "dateTime"))
        for thing in (DATASET, CATALOGUE):
            yield Triple(thing, NamedNode(DCTERMS + "modified"), moment)


def _example(store: Store) -> Iterator[Triple]:
    """One thing to look at first."""
    organisations = store.quads_for_pattern(None, _TYPE, NamedNode(EDG + "Organisation"), DefaultGraph())
    first = min((quad.subject.value for quad in organisations if isinstance(quad.subject, NamedNode)), default=None)
    if first is not None:
        yield Triple(DATASET, NamedNode(VOID + "exampleResource"), NamedNode(first))


def _partitions(generation: Generation) -> Iterator[Triple]:
    """How many things of each class there are."""
    for name, number in generation.manifest["counts"]["things"].items():
        iri = expand(name)
        if iri is not None:
            part = NamedNode(f"{DATASET.value}#class-{name.removeprefix('edg:')}")
            yield Triple(DATASET, NamedNode(VOID + "classPartition"), part)
            yield from _describe(part, (VOID + "class", NamedNode(iri)), (VOID + "entities", _number(number)))


def _services(base: str) -> Iterator[Triple]:
    endpoint, service = NamedNode(base + "sparql"), NamedNode(f"{DATASET.value}#sparql")
    yield Triple(DATASET, NamedNode(VOID + "sparqlEndpoint"), endpoint)
    yield Triple(CATALOGUE, NamedNode(DCAT + "service"), service)
    yield from _describe(
        service,
        (RDF + "type", NamedNode(DCAT + "DataService")),
        (DCTERMS + "title", Literal("SPARQL 1.1 endpoint", language="en")),
        (DCTERMS + "conformsTo", NamedNode("https://www.w3.org/TR/sparql11-protocol/")),
        (DCAT + "endpointURL", endpoint),
        (DCAT + "endpointDescription", NamedNode(base + "openapi.json")),
        (DCAT + "servesDataset", DATASET),
    )


def _distribution(generation: Generation, name: str, base: str, published: datetime | None) -> Iterator[Triple]:
    form, node = FORMATS[name], NamedNode(f"{DATASET.value}#{name}")
    address = NamedNode(f"{base}export?format={name}")
    yield Triple(DATASET, NamedNode(DCAT + "distribution"), node)
    yield from _describe(
        node,
        (RDF + "type", NamedNode(DCAT + "Distribution")),
        (DCTERMS + "title", Literal(f"edugraph as {form.media_type}", language="en")),
        (DCAT + "accessURL", address),
        (DCAT + "downloadURL", address),
        (DCAT + "mediaType", NamedNode(MEDIA_TYPES + form.media_type.partition(";")[0])),
    )
    if published is not None:
        moment = Literal(published.isoformat(), datatype=NamedNode(XSD + "dateTime"))
        yield Triple(node, NamedNode(DCTERMS + "modified"), moment)
    if form.rdf is not None:
        yield Triple(DATASET, NamedNode(VOID + "dataDump"), address)
    if (size := _size({"turtle": generation.turtle, "nquads": generation.nquads}.get(name))) is not None:
        octets = Literal(str(size), datatype=NamedNode(XSD + "nonNegativeInteger"))  # DCAT 3 names this very datatype
        yield Triple(node, NamedNode(DCAT + "byteSize"), octets)
    if name == "nquads":
        yield from _checksum(node, generation.manifest["rdfc10_sha256"])


def _checksum(node: NamedNode, sha256: str) -> Iterator[Triple]:
    checksum = NamedNode(f"{node.value}-sha256")
    yield Triple(node, NamedNode(SPDX + "checksum"), checksum)
    yield from _describe(
        checksum,
        (RDF + "type", NamedNode(SPDX + "Checksum")),
        (SPDX + "algorithm", NamedNode(SPDX + "checksumAlgorithm_sha256")),
        (SPDX + "checksumValue", Literal(sha256, datatype=NamedNode(XSD + "hexBinary"))),
    )


def _describe(node: NamedNode, *said: tuple[str, Any]) -> Iterable[Triple]:
    return (Triple(node, NamedNode(predicate), value) for predicate, value in said)


def _size(path: Path | None) -> int | None:
    try:
        return path.stat().st_size if path is not None else None
    except OSError:
        return None


def _number(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(XSD + "integer"))


def _text(text: str) -> Literal:
    return Literal(text)
