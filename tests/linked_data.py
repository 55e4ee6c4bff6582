"""A made-up generation whose things are deprecated in every way, and what the linked data tests share."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
from pyoxigraph import RdfFormat, Store, Triple, parse

from graph.index.projection import write_index
from graph.namespaces import BASE
from graph.publish.generation import Generation
from tests.generations import make_generation

RDF = {
    "turtle": RdfFormat.TURTLE,
    "ntriples": RdfFormat.N_TRIPLES,
    "rdfxml": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
MEDIA_TYPES = {
    "json": "application/json",
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
}
_DEPRECATED = "<http://www.w3.org/2002/07/owl#deprecated>"
_REPLACED = "<http://purl.org/dc/terms/isReplacedBy>"
_TRUE = '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def organisation(name: str) -> str:
    """The IRI of an organisation as N-Triples has it."""
    return f"<{BASE}organisation/{name}>"


def _things() -> list[str]:
    names = ("new", "old", "older", "gone", "split", "left", "right", "ring-a", "ring-b", "away", "not-false")
    lines = [f"{organisation(name)} {_TYPE} <{BASE}ontology#Organisation> ." for name in names]
    for name in ("old", "older", "gone", "split", "ring-a", "ring-b", "away"):
        lines.append(f"{organisation(name)} {_DEPRECATED} {_TRUE} .")
    lines.append(f"{organisation('not-false')} {_DEPRECATED} {_TRUE.replace('true', 'false')} .")
    for old, new in (
        ("older", "old"),
        ("old", "new"),
        ("split", "left"),
        ("split", "right"),
        ("ring-a", "ring-b"),
        ("ring-b", "ring-a"),
    ):
        lines.append(f"{organisation(old)} {_REPLACED} {organisation(new)} .")
    lines.append(f"<{BASE}dataset> {_TYPE} <http://rdfs.org/ns/void#Dataset> .")
    lines.append(f"{organisation('away')} {_REPLACED} <https://example.org/elsewhere> .")
    return lines


def made_up(folder: Path) -> Generation:
    """A generation of things that are deprecated, with an index and without shapes."""
    generation = make_generation(folder, "0123456789abcdef", _things())
    counts = {"triples": 0, "classes": 0, "properties": 0, "things": {}}
    told = {"id": generation.id, "version": "0", "rdfc10_sha256": "0", "counts": counts}
    (generation.path / "manifest.json").write_text(json.dumps(told), "utf-8")
    write_index(Store.read_only(str(generation.store)), generation.index)
    return generation


def triples(response: httpx.Response, form: str, context: str = "") -> set[Triple]:
    """The triples of an answer; in JSON-LD the published context is put where it is only named."""
    body = response.content
    if form == "jsonld":
        named = f'"@context": "{response.url.copy_with(path="/context.jsonld", query=None)}"'.encode()
        assert body.count(named) == 1, body[:200]
        body = body.replace(named, context.encode())
    return {quad.triple for quad in parse(body, format=RDF[form], base_iri=str(response.url))}
