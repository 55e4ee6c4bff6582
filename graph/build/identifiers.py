"""Derives the IRIs of claims and evidence from a hash of their own content."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple

from pyoxigraph import NamedNode

from graph.namespaces import BASE

_DIGITS = 20  # hexadecimal digits kept: 80 bits, a clash is unlikely below 10^11 claims
_FRAGMENT = re.compile(r"(?P<source>[^#]+)#char=(?P<start>0|[1-9]\d*),(?P<end>0|[1-9]\d*)")


class Span(NamedTuple):
    """A stretch of an article's text: Unicode code points, end exclusive (RFC 5147)."""

    source: str
    start: int
    end: int

    @property
    def iri(self) -> str:
        """The RFC 5147 fragment, which names the text position selector."""
        return f"{self.source}#char={self.start},{self.end}"


def parse_span(iri: str) -> Span | None:
    """The span that a ``#char=start,end`` IRI means, or None for any other IRI."""
    match = _FRAGMENT.fullmatch(iri)
    return Span(match["source"], int(match["start"]), int(match["end"])) if match else None


def evidence_iri(source: str) -> NamedNode:
    """The IRI of the evidence that stands at a span's IRI, or that a reference source is."""
    return NamedNode(f"{BASE}evidence/{_digest((source,))}")


def claim_iri(graph: str, statement: Iterable[str], qualifiers: Iterable[str]) -> NamedNode:
    """The IRI of a claim: who says it, what, and how qualified.

    The evidence is left out on purpose: moving a span corrects a claim and does not make another one.
    """
    return NamedNode(f"{BASE}claim/{_digest((graph, *statement, *sorted(qualifiers)))}")


def _digest(parts: Iterable[str]) -> str:
    return sha256("\x1f".join(parts).encode()).hexdigest()[:_DIGITS]
