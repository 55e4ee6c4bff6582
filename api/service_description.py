"""What /sparql says of itself to a client that sends no query: a SPARQL 1.1 service description with VoID."""

from __future__ import annotations

from collections.abc import Sequence

from rdflib import RDF, SDO, VOID, BNode, Graph, Literal, Namespace, URIRef
from starlette.requests import Request
from starlette.responses import Response

from api.generations import generation_of
from api.sparql_formats import choose
from graph.errors import NotAcceptable
from graph.isolation.job import GRAPHS
from graph.publish.generation import Generation
from graph.settings import Settings

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")

RESULT_FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
    "N-Quads",
    "TriG",
)

_RDFLIB_NAMES = {
    GRAPHS["turtle"]: "turtle",
    GRAPHS["nt"]: "nt",
    GRAPHS["rdfxml"]: "xml",
    GRAPHS["jsonld"]: "json-ld",
    GRAPHS["nq"]: "nquads",
    GRAPHS["trig"]: "trig",
}


def describe(request: Request, formats: Sequence[str]) -> Response:
    """The description in the RDF form that the client takes. Raises HttpProblem and NotAcceptable, 406."""
    accept = ",".join(request.headers.getlist("accept")) or None
    forms = choose(accept, formats)
    if (media_type := forms.graphs) is None:
        raise NotAcceptable(
            f"without a query this address describes the service, as {', '.join(GRAPHS)}; send a query for its results"
        )
    endpoint = URIRef(str(request.url.replace(query="", fragment="")))
    graph = description(endpoint, generation_of(request), request.app.state.settings)
    body = _serialize(graph, media_type)
    return Response(body, headers={"vary": "Accept"}, media_type=forms.labels.get(media_type, media_type))


def description(endpoint: URIRef, generation: Generation, settings: Settings) -> Graph:
    """The description of the service at ``endpoint`` while it serves ``generation``."""
    graph = Graph()
    graph.bind("sd", SD)
    graph.bind("void", VOID)
    service, dataset, default = BNode("service"), BNode("dataset"), BNode("default")
    graph.add((service, RDF.type, SD.Service))
    graph.add((service, SD.endpoint, endpoint))
    graph.add((service, SD.supportedLanguage, SD.SPARQL11Query))
    for name in RESULT_FORMATS:
        graph.add((service, SD.resultFormat, FORMATS[name]))
    if settings.service_endpoints:
        graph.add((service, SD.feature, SD.BasicFederatedQuery))
    graph.add((service, SD.defaultDataset, dataset))
    graph.add((dataset, RDF.type, SD.Dataset))
    graph.add((dataset, RDF.type, VOID.Dataset))
    graph.add((dataset, VOID.sparqlEndpoint, endpoint))
    graph.add((dataset, SDO.version, Literal(generation.id)))
    graph.add((dataset, SD.defaultGraph, default))
    graph.add((default, RDF.type, SD.Graph))
    return graph


def _serialize(graph: Graph, media_type: str) -> bytes:
    name = _RDFLIB_NAMES[media_type]
    if name == "nquads":  # one default graph: its N-Quads are its N-Triples
        name = "nt"
    if name == "trig":
        name = "turtle"
    return graph.serialize(format=name, encoding="utf-8")
