"""Answers to queries in one form, to compare two: numbers by value, blank nodes whatever they are called."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
    parse_query_results,
)

XSD = "http://www.w3.org/2001/XMLSchema#"
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
RDF_FORMATS = {".ttl": RdfFormat.TURTLE, ".rdf": RdfFormat.RDF_XML}
ROW_FORMATS = {".srx": QueryResultsFormat.XML, ".srj": QueryResultsFormat.JSON, ".tsv": QueryResultsFormat.TSV}
FLOATING = {XSD + "double", XSD + "float"}
EXACT = {XSD + "decimal", XSD + "integer"}
Row = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Answer:
    """Rows with their bound variables, or the triples of a graph, or yes or no."""

    rows: tuple[Row, ...] = ()
    graph: tuple[Triple, ...] | None = None
    truth: bool | None = None

    def same(self, other: Answer, *, ordered: bool, lax: bool) -> bool:
        """Whether two answers say the same."""
        if self.truth is not None or other.truth is not None:
            return self.truth == other.truth and self.rows == other.rows
        if (self.graph is None) != (other.graph is None):
            return False
        return _canonical(self._quads(ordered, lax)) == _canonical(other._quads(ordered, lax))

    def _quads(self, ordered: bool, lax: bool) -> list[Quad]:
        if self.graph is not None:
            return [Quad(_plain(t.subject), t.predicate, _plain(t.object), DefaultGraph()) for t in self.graph]
        numbered = enumerate(self.rows) if ordered else ((n, row) for row, n in Counter(self.rows).items())
        quads = []
        for index, (number, row) in enumerate(numbered):
            node = BlankNode(f"row{index}")
            quads.append(Quad(node, NamedNode("urn:number"), Literal(0 if lax else number), DefaultGraph()))
            quads += [Quad(node, NamedNode("urn:of:" + name), term, DefaultGraph()) for name, term in row]
        return quads


def _canonical(quads: list[Quad]) -> Dataset:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def _plain(term: Any) -> Any:
    """A term with its number written in one way, and blank nodes apart from those that stand for rows."""
    if isinstance(term, BlankNode):
        return BlankNode("b" + term.value)
    if not isinstance(term, Literal):
        return term
    kind = term.datatype.value
    try:
        if kind in EXACT:
            return Literal(format(Decimal(term.value).normalize(), "f"), datatype=term.datatype)
        if kind in FLOATING:
            return Literal(repr(float(term.value.replace("INF", "inf"))), datatype=term.datatype)
    except (ArithmeticError, ValueError):
        return term  # no number: it stays as it is written
    if term.language:
        return Literal(term.value, language=term.language.lower())
    return term


def rows(found: QuerySolutions) -> Answer:
    """The answer to a SELECT."""
    names = [variable.value for variable in found.variables]
    return Answer(
        tuple(tuple((name, _plain(row[name])) for name in sorted(names) if row[name] is not None) for row in found)
    )


def answered(found: Any) -> Answer:
    """The answer of the engine itself."""
    if isinstance(found, QueryBoolean):
        return Answer(truth=bool(found))
    return rows(found) if isinstance(found, QuerySolutions) else Answer(graph=tuple(found))


def read_answer(content: bytes, suffix: str, base: str) -> Answer:
    """An answer as it was sent, or as the suite writes it; the kind of file says how to read it."""
    if suffix == ".csv":
        return _csv(content)
    if suffix in ROW_FORMATS:
        return answered(parse_query_results(content, ROW_FORMATS[suffix]))
    triples = tuple(quad.triple for quad in parse(content, RDF_FORMATS[suffix], base_iri=base))
    return _result_set(triples) or Answer(graph=triples)


def expected(path: Path, base: str) -> tuple[Answer, bool]:
    """The right answer of a case, and whether the order of its rows is written down."""
    content = path.read_bytes()
    return read_answer(content, path.suffix, base), f"{RS}index".encode() in content or b"rs:index" in content


def _csv(content: bytes) -> Answer:
    lines = list(csv.reader(io.StringIO(content.decode())))
    return Answer(tuple(tuple(zip(lines[0], map(_cell, line), strict=True)) for line in lines[1:]))


def _cell(text: str) -> Any:
    """CSV does not say what a value is, except that a blank node begins with _:."""
    return BlankNode("b" + text[2:]) if text.startswith("_:") else Literal(text)


def _result_set(triples: tuple[Triple, ...]) -> Answer | None:
    """The answer that a graph in the suite's own vocabulary describes; None where it is just a graph."""
    store = Store()
    store.extend(Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in triples)

    def of(subject: Any, name: str) -> list[Any]:
        return [quad.object for quad in store.quads_for_pattern(subject, NamedNode(RS + name), None)]

    if truth := of(None, "boolean"):
        return Answer(truth=truth[0].value == "true")
    if not of(None, "resultVariable"):
        return None
    solutions = sorted(of(None, "solution"), key=lambda node: [int(index.value) for index in of(node, "index")])
    return Answer(
        tuple(
            tuple(
                sorted(
                    ((of(b, "variable")[0].value, _plain(of(b, "value")[0])) for b in of(node, "binding")),
                    key=lambda bound: bound[0],
                )
            )
            for node in solutions
        )
    )
