"""Validates the default graph with pySHACL, the reference, and reads its report into findings.

pySHACL asks the queries of the shapes; the store answers them, for rdflib's engine took most of the time of a check.
"""

from __future__ import annotations

import difflib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import BlankNode, Store
from pyshacl import validate
from pyshacl.errors import ReportableRuntimeError
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from graph.build.claims import statement_key
from graph.build.dataset import Dataset, Place
from graph.check.asked_graph import AskedGraph
from graph.check.findings import LANGUAGES, Finding, Texts
from graph.check.wording import in_words
from graph.errors import SourceSyntaxError
from graph.namespaces import EDG, compact

UNKNOWN_TERM = "term-unknown"


def load_shapes(folder: Path) -> Graph:
    """All shape files of the folder in one graph. Raises SourceSyntaxError."""
    shapes = Graph()
    for path in sorted(folder.glob("*.ttl")):
        try:
            added = Graph().parse(path, format="turtle")
            for query in added.objects(None, SH.select):
                Store().query(str(query))  # only parsed: there is nothing to find
        except (SyntaxError, ValueError) as error:
            raise SourceSyntaxError(str(error), file=f"shapes/{path.name}") from error
        shapes += added
    return shapes


def published_shapes(ntriples: bytes) -> Graph:
    """The shapes of a generation."""
    return Graph().parse(data=ntriples, format="nt")


def check_shapes(dataset: Dataset, store: Store, shapes: Graph) -> Iterator[Finding]:
    """Yield a finding for each result of validating the merged data against ``shapes``. Raises SourceSyntaxError."""
    data = AskedGraph(store)
    blank = {node.value for quad in dataset.quads for node in quad if isinstance(node, BlankNode)}
    same = {label: BNode(label) for label in blank}  # keep their labels, by which their places are known
    with _quiet():
        data.parse(data=b"".join(dataset.triples()), format="nt", bnode_context=same)
        try:
            _, report, _ = validate(data, shacl_graph=shapes, advanced=False, meta_shacl=False, inference="none")
        except ReportableRuntimeError as error:
            raise SourceSyntaxError(error.message.strip(), file="shapes") from error
    if not isinstance(report, Graph):
        raise TypeError(f"pySHACL gave no report: {report}")
    declared = sorted(str(term) for term in data.subjects(RDF.type) if str(term).startswith(EDG))
    for result in report.subjects(RDF.type, SH.ValidationResult):
        yield _finding(report, result, shapes, data, dataset, store, declared)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep rdflib from logging a traceback for each value that is not of its datatype: a finding says it."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _finding(
    report: Graph, result: Node, shapes: Graph, data: Graph, dataset: Dataset, store: Store, declared: list[str]
) -> Finding:
    shape = _named_shape(shapes, report.value(result, SH.sourceShape))
    path = report.value(result, SH.resultPath)
    key, place, shown = _concerned(report, result, data, dataset)
    name = str(shape).rpartition("/")[2]
    remedy = _texts(shapes, shape, SH.description)
    if name == UNKNOWN_TERM:
        remedy = _suggest(remedy, str(path), declared)
    return Finding(
        check=name,
        message=_filled(_texts(shapes, shape, SH.message), path),
        remedy=remedy,
        file=place.file if place else None,
        line=place.line if place else None,
        subject=key,
        words=in_words(store, key),
        value=shown,
    )


def _concerned(report: Graph, result: Node, data: Graph, dataset: Dataset) -> tuple[str, Place | None, str | None]:
    """The thing that a result is about, where that stands, and the offending term.

    A SPARQL constraint says it with ?value: the thing or claim itself, or the key of a statement.
    """
    focus, value = report.value(result, SH.focusNode), report.value(result, SH.value)
    path = _shown(report.value(result, SH.resultPath))
    subject, *stated = str(value).split(" ", 2)
    if isinstance(value, Literal) and len(stated) == 2 and subject in dataset.places:
        said = " ".join(compact(term) if term.startswith("http") else term for term in stated)
        return subject, dataset.places.get(str(value)) or dataset.places[subject], said
    if isinstance(value, URIRef | BNode) and _key(value) in dataset.places:
        return _key(value), dataset.places[_key(value)], path
    key = _key(focus)
    stand = (dataset.places.get(statement_key(key, str(p), str(value))) for p in data.predicates(focus, value))
    return key, next(filter(None, stand), dataset.places.get(key)), path if value is None else _shown(value)


def _named_shape(shapes: Graph, shape: Node | None) -> Node | None:
    """The nearest shape with an IRI: constraints written in place belong to the shape around them."""
    while isinstance(shape, BNode):
        shape = next(shapes.subjects(None, shape), None)
    return shape


def _texts(graph: Graph, subject: Node | None, predicate: URIRef) -> Texts:
    texts = {
        text.language or "en": str(text)
        for text in graph.objects(subject, predicate)
        if isinstance(text, Literal) and (text.language or "en") in LANGUAGES
    }
    return dict(sorted(texts.items()))


def _filled(texts: Texts, path: Node | None) -> Texts:
    """Put the offending term in; pySHACL does so too, but loses the languages."""
    return {lang: text.replace("{?path}", _shown(path) or "") for lang, text in texts.items()}


def _suggest(remedy: Texts, term: str, declared: list[str]) -> Texts:
    near = difflib.get_close_matches(term, declared, n=1)
    words = {"en": "did you mean", "ru": "возможно, имелось в виду", "lv": "varbūt domāts"}
    return {lang: f"{text} ({words[lang]} {compact(near[0])}?)" for lang, text in remedy.items()} if near else remedy


def _key(term: Node | None) -> str:
    return f"_:{term}" if isinstance(term, BNode) else str(term)


def _shown(term: Node | None) -> str | None:
    if term is None or isinstance(term, BNode):
        return None
    return compact(str(term)) if isinstance(term, URIRef) else str(term)
