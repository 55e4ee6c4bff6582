"""Quotes the sentence behind a span, where a folder of the articles' texts is given."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from graph.build.identifiers import Span
from graph.check.texts import ArticleText, TextFolder
from graph.errors import TextError
from graph.query.index import Index


class Quotes:
    """The texts of one generation's articles; without a folder nothing is quoted."""

    def __init__(self, index: Index, folder: Path | None) -> None:
        """Read the folder. Raises TextError where it is not one."""
        self._texts: dict[str, str] = {}
        if folder is None:
            return
        texts = TextFolder(folder)
        for iri, sha256, name in index.connection.execute("SELECT iri, sha256, name FROM article"):
            try:
                self._texts[iri] = texts.find(ArticleText(iri, name, sha256, 0))
            except TextError:
                continue  # 'edugraph check --texts' says which text is missing; what is there is still quoted

    @property
    def any(self) -> bool:
        """Whether there is a text to quote from."""
        return bool(self._texts)

    def of(self, spans: Iterable[Span]) -> dict[Span, str]:
        """The quoted words of each span whose text is at hand."""
        return {span: self._texts[span.source][span.start : span.end] for span in spans if span.source in self._texts}

    def text(self, article: str) -> str | None:
        """The whole text of an article, None where it is not at hand."""
        return self._texts.get(article)
