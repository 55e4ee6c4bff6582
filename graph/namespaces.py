"""The IRIs of edugraph: namespaces, the prefixes of its files and exports, and compact names."""

from __future__ import annotations

import re
from functools import lru_cache

from pyoxigraph import NamedNode

BASE = "https://w3id.org/edugraph/"
EDG = BASE + "ontology#"
REPORTED = BASE + "modality/Reported"
"""The modality of what an article says is so."""
ONTOLOGY_GRAPH = NamedNode(BASE + "ontology")
REGISTRY_GRAPH = NamedNode(BASE + "registry")
DATASET = NamedNode(BASE + "dataset")

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
DCTERMS = "http://purl.org/dc/terms/"
OA = "http://www.w3.org/ns/oa#"
SCHEMA = "https://schema.org/"

KINDS = {
    "article": "article",
    "bound": "bound",
    "claim": "claim",
    "commitment": "commitment",
    "country": "country",
    "doc": "document",
    "event": "event",
    "evidence": "evidence",
    "figure": "figure",
    "group": "group",
    "kind": "kind",
    "modality": "modality",
    "org": "organisation",
    "person": "person",
    "place": "place",
    "post": "post",
    "programme": "programme",
    "scheme": "scheme",
    "skip": "skip",
    "source": "source",
    "status": "status",
    "target": "target",
    "topic": "topic",
    "unit": "unit",
}
"""Prefix of each sort of thing, and the path segment of its IRIs."""

_TERMS = frozenset({"bound", "kind", "modality", "scheme", "skip", "status", "unit"})
"""The path segments of what the data are told with."""

COLLECTIONS = {
    segment: {"country": "countries", "modality": "modalities", "status": "statuses"}.get(segment, f"{segment}s")
    for segment in KINDS.values()
}
"""The path segment under which the documents of each sort are served, by the segment of their IRIs."""

SHAPES = BASE + "shapes/"

PREFIXES = {
    **{prefix: f"{BASE}{segment}/" for prefix, segment in KINDS.items()},
    "edg": EDG,
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": DCTERMS,
    "foaf": "http://xmlns.com/foaf/0.1/",
    "m8g": "http://data.europa.eu/m8g/",
    "oa": OA,
    "owl": OWL,
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "skos": SKOS,
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "w3org": "http://www.w3.org/ns/org#",
    "xsd": XSD,
}
"""The prefixes of every file and export. ``org`` is an organisation of ours, as in the sources; W3C's is ``w3org``."""

_LOCAL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*[A-Za-z0-9_-]|[A-Za-z0-9_]")
_PREFIX_OF = {namespace: prefix for prefix, namespace in reversed(PREFIXES.items())}


def is_term(iri: str) -> bool:
    """Whether an IRI is a term of the vocabulary, by which things are told, and no thing that is told of."""
    return iri.startswith(EDG) or iri.removeprefix(BASE).partition("/")[0] in _TERMS


@lru_cache(maxsize=65536)
def compact(iri: str) -> str:
    """The prefixed name of an IRI, or ``<iri>`` where no prefix fits."""
    local = iri[max(iri.rfind("/"), iri.rfind("#")) + 1 :]
    prefix = _PREFIX_OF.get(iri.removesuffix(local))
    return f"{prefix}:{local}" if prefix and _LOCAL.fullmatch(local) else f"<{iri}>"


def expand(name: str) -> str | None:
    """The IRI of a prefixed name or of ``<iri>`` or of an absolute IRI; None where it is neither."""
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1]
    prefix, colon, local = name.partition(":")
    if colon and prefix in PREFIXES and not local.startswith("//"):
        return PREFIXES[prefix] + local
    return name if re.match(r"(https?|urn):", name) else None
