"""What a person needs to see to know whether a thing is the one that is meant: names, kind, links with evidence."""

from __future__ import annotations

from typing import Any

from graph.build.identifiers import Span
from graph.namespaces import compact
from graph.query.index import Index
from graph.query.quotes import Quotes
from graph.search.properties import REPORTED

LINKS = 8
"""Links that an overview shows; it says how many there are."""


def kind_of(index: Index, iri: str, chain: tuple[str, ...]) -> str:
    """Kind and class in words, such as "ministry, organisation"; empty where nothing is known."""
    rows = index.connection.execute("SELECT DISTINCT kind, class FROM thing WHERE iri = ? ORDER BY kind, class", (iri,))
    parts = [str(part) for row in rows for part in row if part is not None]
    return ", ".join(dict.fromkeys(index.label(part, chain).text for part in parts))


def overview(index: Index, quotes: Quotes, iri: str, chain: tuple[str, ...]) -> dict[str, Any]:
    """Names by language, kind, and the first links with article and evidence, quoted where the texts are at hand."""
    names = index.connection.execute(
        "SELECT DISTINCT name, lang FROM name WHERE thing = ? ORDER BY preferred DESC, lang, name", (iri,)
    )
    rows = index.connection.execute(
        "SELECT direction, role, counterpart, modality, source, min(first || ',' || last)"
        " FROM link WHERE entity = ? GROUP BY direction, role, counterpart, claim, source"
        " ORDER BY direction, role, counterpart, source",
        (iri,),
    ).fetchall()
    label = index.label(iri, chain)
    return {
        "iri": iri,
        "id": compact(iri),
        "label": label.text,
        "lang": label.lang,
        "kind": kind_of(index, iri, chain),
        "names": [{"name": name, "lang": lang or None} for name, lang in names],
        "total": len(rows),
        "links": [_link(index, quotes, row, chain) for row in rows[:LINKS]],
    }


def _link(index: Index, quotes: Quotes, row: tuple[Any, ...], chain: tuple[str, ...]) -> dict[str, Any]:
    direction, role, counterpart, modality, source, first = row
    span = Span(source, *(int(part) for part in first.split(","))) if first else None
    return {
        "direction": direction,
        "role": index.label(role, chain).text,
        "counterpart": index.label(counterpart, chain).text,
        "planned": None if modality == REPORTED else index.label(modality, chain).text,
        "article": index.label(source, chain).text,
        "evidence": span.iri if span else None,
        "quote": quotes.of([span]).get(span) if span else None,
    }
