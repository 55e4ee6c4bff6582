"""What carries a fact, folded away: article, position, the words where they are at hand, and the way to the claim."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from api.web.marks import Marks, Record


@dataclass(frozen=True)
class Evidence:
    """Writes the evidence of facts with the words of one language."""

    marks: Marks
    title: str
    place: str
    """Where a span stands, with ``{start}`` and ``{end}`` for its first character and the one behind its last."""
    why: str
    tongue: Callable[[str], str]
    """The attribute that names the language of an article's words."""

    def of(self, article: Record, spans: Iterable[Record], claim: str) -> Markup:
        """The evidence of one claim."""
        return self._folded(self.carried(article, spans, claim))

    def several(self, claims: Iterable[Record]) -> Markup:
        """The same of claims that say one thing, each with its article, its spans and its address; maybe of none."""
        told = "".join(self.carried(one["article"], one["evidence"], one["claim"]) for one in claims)
        return self._folded(told) if told else Markup("")

    def carried(self, article: Record, spans: Iterable[Record], claim: str) -> Markup:
        """The spans of one claim and the way to it, not folded."""
        told = "".join([self._span(article, span) for span in spans])
        return Markup(f'{told}<p><a href="{escape(self.marks.href(claim))}">{self.why}</a></p>\n')  # noqa: S704 - escaped

    def _folded(self, told: str) -> Markup:
        return Markup(f'<details class="why"><summary>{self.title}</summary>{told}</details>')  # noqa: S704 - escaped

    def _span(self, article: Record, span: Record) -> str:
        start, end, quote = span["start"], span["end"], span["quote"]
        quoted = f"<blockquote{self.tongue(article['iri'])}>{escape(quote)}</blockquote>\n" if quote else ""
        if start is None:
            return f"<p>{self.marks.thing(article)}</p>\n{quoted}"
        where = f'<span class="quiet">{self.place.format(start=start, end=end)}</span>'
        return f"<p>{self.marks.thing(article, f'?at={start}-{end}#s-{start}-{end}')} {where}</p>\n{quoted}"
