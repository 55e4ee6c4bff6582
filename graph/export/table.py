"""The claims as a CSV table: one row for each claim and piece of evidence, names beside IRIs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from itertools import groupby

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store, Triple

from graph.build.identifiers import parse_span
from graph.namespaces import EDG, OA, RDF, compact
from graph.query.index import Index

COLUMNS = (
    *("claim", "subject", "subject_label", "subject_lang", "role", "role_label", "role_lang"),
    *("object", "object_label", "object_lang", "modality", "article", "start", "end", "qualifiers"),
)
_CHAIN = ("en",)
_PARTS = tuple(NamedNode(RDF + part) for part in ("subject", "predicate", "object"))
_MODALITY, _EVIDENCE = NamedNode(EDG + "modality"), NamedNode(EDG + "evidence")
_TYPE, _CLAIM = NamedNode(RDF + "type"), NamedNode(EDG + "Claim")
_SOURCE, _SELECTOR = NamedNode(OA + "hasSource"), NamedNode(OA + "hasSelector")


def csv_lines(index: Index, store: Store, triples: Iterable[Triple]) -> Iterator[bytes]:
    """Yield the header and the rows as UTF-8 with CRLF (RFC 4180).

    The triples come grouped by subject; the rows keep their order, and evidence is looked up in ``store``.
    """
    yield _line(COLUMNS)
    for claim, group in groupby(triples, key=lambda triple: triple.subject):
        said = list(group)
        if any(triple.predicate == _TYPE and triple.object == _CLAIM for triple in said):
            yield from (_line(row) for row in _rows(index, store, claim, said))


def _rows(index: Index, store: Store, claim: object, said: list[Triple]) -> Iterator[list[str]]:
    parts = {triple.predicate: triple.object for triple in said}
    subject, role, value = (parts.get(part) for part in _PARTS)
    known = {_TYPE, *_PARTS, _MODALITY, _EVIDENCE}
    qualifiers = "; ".join(
        sorted(f"{compact(t.predicate.value)} = {_short(t.object)}" for t in said if t.predicate not in known)
    )
    head = [_short(claim), *_cells(index, subject), *_cells(index, role), *_cells(index, value)]
    modality = _short(parts.get(_MODALITY))
    for evidence in sorted((t.object for t in said if t.predicate == _EVIDENCE), key=str):
        source, selector = _first(store, evidence, _SOURCE), _first(store, evidence, _SELECTOR)
        span = parse_span(selector.value) if isinstance(selector, NamedNode) else None
        place = [str(span.start), str(span.end)] if span else ["", ""]
        yield [*head, modality, _short(source), *place, qualifiers]


def _first(store: Store, subject: object, predicate: NamedNode) -> object:
    if not isinstance(subject, NamedNode):
        return None
    return next((quad.object for quad in store.quads_for_pattern(subject, predicate, None, DefaultGraph())), None)


def _cells(index: Index, term: object) -> tuple[str, str, str]:
    """A term, its label and the label's language; a literal is its own label."""
    if isinstance(term, NamedNode):
        label = index.label(term.value, _CHAIN)
        return compact(term.value), label.text, label.lang or ""
    return _short(term), _short(term), (term.language or "") if isinstance(term, Literal) else ""


def _short(term: object) -> str:
    if isinstance(term, NamedNode):
        return compact(term.value)
    return term.value if isinstance(term, Literal) else str(term or "")


def _line(cells: Iterable[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue().encode()
