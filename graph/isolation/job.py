"""What the parent asks a worker, and the limits that hold for it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from graph.isolation import frames
from graph.isolation.guards import Bounds
from graph.settings import Settings

SOLUTIONS: Mapping[str, str] = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
"""Short name to media type of the forms of SELECT and ASK, the preferred first."""

GRAPHS: Mapping[str, str] = {
    "turtle": "text/turtle",
    "nt": "application/n-triples",
    "rdfxml": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nq": "application/n-quads",
    "trig": "application/trig",
}
"""Short name to media type of the forms of CONSTRUCT and DESCRIBE, the preferred first."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One query of one client.

    ``default_graphs`` and ``named_graphs`` are the protocol's data set and override FROM; None says none was given.
    ``solutions`` and ``graphs`` are the media types to answer in, None where the client takes none of that kind.
    ``prefixes`` are written into Turtle and RDF/XML beside those that the query declares. A relative IRI of the query
    follows from ``base`` where it has no BASE of its own.
    """

    query: str
    client: str
    solutions: str | None = SOLUTIONS["json"]
    graphs: str | None = GRAPHS["turtle"]
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    prefixes: Mapping[str, str] = field(default_factory=dict)
    base: str | None = None

    @property
    def sha256(self) -> str:
        """The hash by which logs and operators name the query."""
        return hashlib.sha256(self.query.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one query may take; seconds and bytes, None where there is no limit."""

    seconds: float
    memory: int
    rows: int | None = None
    size: int | None = None
    endpoints: tuple[str, ...] = ()
    """Where SERVICE may go."""
    relay: str | None = None
    """The address of the relay by which it goes there; a query's number follows."""

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """The limits that the settings name."""
        return cls(
            seconds=settings.query_timeout,
            memory=settings.query_memory,
            rows=settings.max_rows,
            size=settings.max_result,
            endpoints=settings.service_endpoints,
        )

    @property
    def bounds(self) -> Bounds:
        """Those that hold for a worker of this process; its only port is the relay's."""
        return Bounds(self.memory, os.getpid(), (urlsplit(self.relay).port or 0) if self.relay else 0)


def encode(job: Job, limits: Limits, number: int) -> bytes:
    """The job as the worker reads it; ``number`` is the query's, by which the relay knows its calls."""
    if job.default_graphs is None and job.named_graphs is None and not job.prefixes:
        terms = _plain_terms(job.solutions, job.graphs, job.base, limits)
    else:
        terms = _terms(job, limits)
    return frames.pack_query(number, terms, job.query)


@lru_cache(maxsize=64)
def _plain_terms(solutions: str | None, graphs: str | None, base: str | None, limits: Limits) -> bytes:
    return _terms(Job(query="", client="", solutions=solutions, graphs=graphs, base=base), limits)


def _terms(job: Job, limits: Limits) -> bytes:
    return json.dumps(
        {
            "solutions": job.solutions,
            "graphs": job.graphs,
            "default_graphs": job.default_graphs,
            "named_graphs": job.named_graphs,
            "prefixes": dict(job.prefixes),
            "base": job.base,
            "seconds": limits.seconds,
            "rows": limits.rows,
            "size": limits.size,
            "endpoints": limits.endpoints,
            "relay": limits.relay,
        }
    ).encode("ascii")
