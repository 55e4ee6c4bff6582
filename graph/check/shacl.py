"""Validates the default graph with pySHACL, the reference, and reads its report into findings."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Store
from pyshacl import validate
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from graph.build.dataset import Dataset
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
            shapes.parse(path, format="turtle")
        except (SyntaxError, ValueError) as error:
            raise SourceSyntaxError(str(error), file=f"shapes/{path.name}") from error
    return shapes


def check_shapes(dataset: Dataset, store: Store, shapes: Graph) -> Iterator[Finding]:
    """Yield a finding for each result of validating the merged data against ``shapes``."""
    data = Graph()
    data.parse(data=b"".join(dataset.triples()), format="nt")
    _, report, _ = validate(data, shacl_graph=shapes, advanced=False, meta_shacl=False, inference="none")
    if not isinstance(report, Graph):
        raise TypeError(f"pySHACL gave no report: {report}")
    declared = sorted(str(term) for term in data.subjects(RDF.type) if str(term).startswith(EDG))
    for result in report.subjects(RDF.type, SH.ValidationResult):
        yield _finding(report, result, shapes, dataset, store, declared)


def _finding(
    report: Graph, result: Node, shapes: Graph, dataset: Dataset, store: Store, declared: list[str]
) -> Finding:
    shape = _named_shape(shapes, report.value(result, SH.sourceShape))
    focus, value = report.value(result, SH.focusNode), report.value(result, SH.value)
    concerned = value if isinstance(value, URIRef | BNode) and _key(value) in dataset.places else focus
    key = _key(concerned)
    place = dataset.places.get(key)
    path = report.value(result, SH.resultPath)
    name = str(shape).rpartition("/")[2]
    shown = value if value is not None and value != concerned else path
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
        value=_shown(shown),
    )


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
    if term is None:
        return None
    return compact(str(term)) if isinstance(term, URIRef) else str(term)
