"""Holds the articles' texts, where a folder of them is given, against their hash, length, ledger and selectors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from graph.build.dataset import Dataset
from graph.build.identifiers import Span, evidence_iri, parse_span
from graph.check.findings import Finding, Texts
from graph.check.wording import in_words
from graph.errors import TextError
from graph.namespaces import DCTERMS, EDG, OA, SCHEMA

_ARTICLES = f"""SELECT ?article ?name ?hash ?length WHERE {{
  ?article a <{EDG}Article> . OPTIONAL {{ ?article <{DCTERMS}identifier> ?name }}
  OPTIONAL {{ ?article <{SCHEMA}sha256> ?hash }} OPTIONAL {{ ?article <{EDG}textLength> ?length }}
}} ORDER BY ?article"""


@dataclass(frozen=True)
class ArticleText:
    """What the data says of an article's text: file name without ending, SHA-256 of its bytes, code points."""

    article: str
    name: str
    sha256: str
    length: int


class TextFolder:
    """A folder of UTF-8 texts, found by SHA-256 first and by name where no text has the hash."""

    def __init__(self, folder: Path) -> None:
        """Read and hash every ``*.txt``. Raises TextError where there is no such folder."""
        if not folder.is_dir():
            raise TextError(f"{folder} is not a folder of texts")
        self._by_hash: dict[str, Path] = {}
        self._by_name: dict[str, Path] = {}
        for path in sorted(folder.glob("*.txt")):
            self._by_hash.setdefault(sha256(path.read_bytes()).hexdigest(), path)
            self._by_name[path.stem] = path
        self.folder = folder

    def find(self, article: ArticleText) -> str:
        """The text of an article. Raises TextError where it is missing, differs or is not UTF-8."""
        path = self._by_hash.get(article.sha256)
        if path is None and article.name in self._by_name:
            raise TextError("text-differs")
        if path is None:
            raise TextError("text-missing")
        try:
            return path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise TextError("text-encoding") from error


def article_texts(store: Store) -> list[ArticleText]:
    """What the data says of each article's text."""
    solutions = store.query(_ARTICLES)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError("a SELECT has solutions")
    return [
        ArticleText(row["article"].value, _value(row["name"]), _value(row["hash"]), int(_value(row["length"]) or 0))
        for row in solutions
        if isinstance(row["article"], NamedNode)
    ]


def check_texts(dataset: Dataset, store: Store, folder: TextFolder, messages: dict[str, Texts]) -> Iterator[Finding]:
    """Yield a finding for each text, ledger or selector that does not fit."""
    for article in article_texts(store):
        for check, span, value in _faults(article, store, folder):
            subject = article.article if span is None else span.iri
            place = dataset.places.get(_evidence_key(span)) if span else None
            place = place or dataset.places.get(article.article)
            yield Finding(
                check=check,
                message=messages[check],
                remedy=messages[f"{check}.mend"],
                file=place.file if place else None,
                line=place.line if place else None,
                subject=subject,
                words=in_words(store, article.article),
                value=value,
            )


def _faults(article: ArticleText, store: Store, folder: TextFolder) -> Iterator[tuple[str, Span | None, str | None]]:
    try:
        text = folder.find(article)
    except TextError as error:
        yield str(error), None, article.name
        return
    if len(text) != article.length:
        yield "text-length", None, f"{article.length} ≠ {len(text)}"
    sentences, selectors = _spans(store, article.article)
    covered = bytearray(len(text))
    for span in sentences:
        covered[span.start : span.end] = b"\x01" * len(text[span.start : span.end])
    loose = next((at for at, done in enumerate(covered) if not done and not text[at].isspace()), None)
    if loose is not None:
        yield "text-outside-ledger", None, f"#char={loose},{loose + 1}"
    for span in selectors:
        fault = _selector_fault(span, text)
        if fault is not None:
            yield fault, span, f"#char={span.start},{span.end}"


def _selector_fault(span: Span, text: str) -> str | None:
    """Whether a span cuts into a word or white space at one of its ends; beyond the text it is the shapes' matter."""
    if not span.start < span.end <= len(text):
        return None
    if text[span.start].isspace() or text[span.end - 1].isspace():
        return "selector-cuts"
    before, after = text[span.start - 1 : span.start], text[span.end : span.end + 1]
    cut_in = before.isalnum() and text[span.start].isalnum()
    cut_out = after.isalnum() and text[span.end - 1].isalnum()
    return "selector-cuts" if cut_in or cut_out else None


def _spans(store: Store, article: str) -> tuple[list[Span], list[Span]]:
    """The article's ledger sentences, and all its spans, in the order of the text."""
    node, part = NamedNode(article), NamedNode(EDG + "sentence")
    ledger = {quad.object for quad in store.quads_for_pattern(node, part, None)}
    sentences, spans = [], []
    for quad in store.quads_for_pattern(None, NamedNode(OA + "hasSource"), node):
        for selected in store.quads_for_pattern(quad.subject, NamedNode(OA + "hasSelector"), None):
            span = parse_span(selected.object.value) if isinstance(selected.object, NamedNode) else None
            if span is not None:
                spans.append(span)
                if quad.subject in ledger:
                    sentences.append(span)
    return sorted(set(sentences)), sorted(set(spans))


def _evidence_key(span: Span) -> str:
    return evidence_iri(span.iri).value


def _value(term: object) -> str:
    return term.value if isinstance(term, Literal) else ""
