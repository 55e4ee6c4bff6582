"""The claims as a CSV table: one row for each claim and piece of evidence, names beside IRIs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Triple

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


def csv_lines(index: Index, triples: Iterable[Triple]) -> Iterator[bytes]:
    """Yield the header and the rows, in the order of claims, as UTF-8 with CRLF (RFC 4180)."""
    yield _line(COLUMNS)
    about: dict[object, list[Triple]] = {}
    for triple in triples:
        about.setdefault(triple.subject, []).append(triple)
    claims = [node for node, said in about.items() if any(t.predicate == _TYPE and t.object == _CLAIM for t in said)]
    for claim in sorted(claims, key=str):
        yield from (_line(row) for row in _rows(index, claim, about))


def _rows(index: Index, claim: object, about: dict[object, list[Triple]]) -> Iterator[list[str]]:
    said = about[claim]
    parts = {triple.predicate: triple.object for triple in said}
    subject, role, value = (parts.get(part) for part in _PARTS)
    known = {_TYPE, *_PARTS, _MODALITY, _EVIDENCE}
    qualifiers = "; ".join(
        sorted(f"{compact(t.predicate.value)} = {_short(t.object)}" for t in said if t.predicate not in known)
    )
    head = [_short(claim), *_cells(index, subject), *_cells(index, role), *_cells(index, value)]
    modality = _short(parts.get(_MODALITY))
    for evidence in sorted((t.object for t in said if t.predicate == _EVIDENCE), key=str):
        source = {triple.predicate: triple.object for triple in about.get(evidence, [])}
        selector = source.get(_SELECTOR)
        span = parse_span(selector.value) if isinstance(selector, NamedNode) else None
        place = [str(span.start), str(span.end)] if span else ["", ""]
        yield [*head, modality, _short(source.get(_SOURCE)), *place, qualifiers]


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
