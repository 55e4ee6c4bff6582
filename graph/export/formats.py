"""The formats of the export: their names, media types and file endings."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import RdfFormat


@dataclass(frozen=True)
class ExportFormat:
    """One format; ``rdf`` is None where the export is a table."""

    name: str
    media_type: str
    extension: str
    rdf: RdfFormat | None
    quads: bool = False
    """Whether it can hold named graphs."""
    rdf12: bool = False
    """Whether claims are written as RDF 1.2 reifiers."""


FORMATS = {
    form.name: form
    for form in (
        ExportFormat("turtle", "text/turtle", "ttl", RdfFormat.TURTLE),
        ExportFormat("turtle12", "text/turtle; version=1.2", "ttl", RdfFormat.TURTLE, rdf12=True),
        ExportFormat("ntriples", "application/n-triples", "nt", RdfFormat.N_TRIPLES),
        ExportFormat("nquads", "application/n-quads", "nq", RdfFormat.N_QUADS, quads=True),
        ExportFormat("trig", "application/trig", "trig", RdfFormat.TRIG, quads=True),
        ExportFormat("jsonld", "application/ld+json", "jsonld", RdfFormat.JSON_LD),
        ExportFormat("rdfxml", "application/rdf+xml", "rdf", RdfFormat.RDF_XML),
        ExportFormat("csv", "text/csv; charset=utf-8", "csv", None),
    )
}
"""Format by name, as the command line and ``?format=`` take it."""
