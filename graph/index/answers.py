"""Reads the answers of the .rq files as plain values, ready for the tables of the index."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple

from graph.queries import query_text

_BARE = (NamedNode, Literal)
"""The terms whose text is their value."""


def rows(store: Store, query: str) -> Iterator[tuple[str | None, ...]]:
    """The rows of ``query``.rq, each term as its bare text."""
    for solution in _solutions(store, query):
        # In one pass and without a call for each term: the index reads some hundred terms for each article.
        yield tuple([term.value if isinstance(term, _BARE) else plain(term) for term in solution])


def terms(store: Store, query: str) -> Iterator[tuple[object, ...]]:
    """The rows of ``query``.rq as terms; the IRIs of the first two columns are plain text already."""
    for solution in _solutions(store, query):
        first, second, *others = solution
        yield (
            first.value if isinstance(first, NamedNode) else first,
            second.value if isinstance(second, NamedNode) else second,
            *others,
        )


def _solutions(store: Store, query: str) -> QuerySolutions:
    solutions = store.query(query_text(query))
    if not isinstance(solutions, QuerySolutions):
        raise TypeError(f"{query}.rq must be a SELECT")
    return solutions


def value(term: object) -> tuple[str, str]:
    """A value and its form: ``iri``, a language tag with @, or a datatype IRI."""
    if isinstance(term, Literal):
        return term.value, f"@{term.language}" if term.language else term.datatype.value
    return plain(term) or "", "iri"


def plain(term: object) -> str | None:
    """The text of a term; None where the row has none."""
    if term is None or isinstance(term, str):
        return term
    if isinstance(term, NamedNode | Literal):
        return term.value
    if isinstance(term, BlankNode | Triple):
        return str(term)
    raise TypeError(f"{term!r} is not a term")


def number(text: str | None) -> int | None:
    """The integer that the text of a term means."""
    return None if text is None else int(text)
