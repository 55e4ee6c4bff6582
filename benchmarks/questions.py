"""The queries of the benchmark: the project's own questions, asked of things of known popularity."""

from __future__ import annotations

from benchmarks.article import event_of
from benchmarks.world import World
from graph.namespaces import BASE, EDG

_PROLOGUE = f"""PREFIX edg: <{EDG}>
PREFIX modality: <{BASE}modality/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""

RUNAWAY = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
"""A count over a cartesian product: it would run for years."""

# The selector's IRI says where the span is, so one pattern is optional; the engine joins two by a scan of all spans.
_LINKS = """SELECT ?role ?event ?modality ?source ?where WHERE {{
  ?claim rdf:object <{org}> ; rdf:subject ?event ; rdf:predicate ?role ; edg:modality ?modality ; edg:evidence ?span .
  ?span oa:hasSource ?source . OPTIONAL {{ ?span oa:hasSelector ?where }} }}"""


def questions(world: World) -> dict[str, str]:
    """Name -> query, from a lookup of one thing to sums over the whole graph."""
    crowd = world.organisations
    popular, known, rare = crowd[0].value, crowd[min(20, crowd.size - 1)].value, crowd[crowd.size // 2].value
    event = event_of(world.articles // 2).value
    asked = {
        "labels of an organisation": f"SELECT ?label WHERE {{ <{popular}> skos:prefLabel ?label }}",
        "all of an event": f"SELECT ?p ?o WHERE {{ <{event}> ?p ?o }}",
        "who organised it": (
            f"SELECT ?org ?name WHERE {{ <{event}> edg:organisedBy ?org . ?org skos:prefLabel ?name }}"
        ),
        "was it held": f"ASK {{ <{event}> schema:eventStatus <{BASE}status/Held> }}",
        "links of a rare organisation": _LINKS.format(org=rare),
        "links of a known organisation": _LINKS.format(org=known),
        "links of the most popular organisation": _LINKS.format(org=popular),
        "its links by role and modality": (
            f"SELECT ?role ?modality (COUNT(*) AS ?n) WHERE {{ ?claim rdf:object <{popular}> ; rdf:predicate ?role ;"
            " edg:modality ?modality } GROUP BY ?role ?modality ORDER BY DESC(?n)"
        ),
        "who shares events with a known one": (
            "SELECT ?other (COUNT(DISTINCT ?event) AS ?n) WHERE {"
            f" ?event edg:organisedBy|edg:participant <{known}> ; edg:organisedBy|edg:participant ?other"
            f" FILTER (?other != <{known}>) }} GROUP BY ?other ORDER BY DESC(?n) ?other LIMIT 20"
        ),
        "names of 1,000 organisations": (
            "SELECT ?org ?label WHERE { ?org a edg:Organisation ; skos:prefLabel ?label } LIMIT 1000"
        ),
        "claims by modality": (
            "SELECT ?modality (COUNT(*) AS ?n) WHERE { ?claim edg:modality ?modality } GROUP BY ?modality"
        ),
        "who organised most": (
            "SELECT ?org (COUNT(?event) AS ?n) WHERE { ?event edg:organisedBy ?org }"
            " GROUP BY ?org ORDER BY DESC(?n) ?org LIMIT 10"
        ),
        "targets by unit": (
            "SELECT ?unit (COUNT(*) AS ?n) (SUM(?value) AS ?sum) WHERE { ?a rdf:subject ?t ; rdf:predicate edg:value ;"
            " rdf:object ?value . ?b rdf:subject ?t ; rdf:predicate edg:unit ; rdf:object ?unit } GROUP BY ?unit"
        ),
    }
    return {name: _PROLOGUE + query for name, query in asked.items()}
