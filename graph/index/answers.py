"""Reads the answers of the .rq files as plain values, ready for the tables of the index."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple

from graph.queries import query_text


def rows(store: Store, query: str) -> Iterator[tuple[str | None, ...]]:
    """The rows of ``query``.rq, each term as its bare text."""
    for row in terms(store, query):
        yield tuple(plain(term) for term in row)


def terms(store: Store, query: str) -> Iterator[tuple[object, ...]]:
    """The rows of ``query``.rq as terms; the IRIs of the first two columns are plain text already."""
    solutions = store.query(query_text(query))
    if not isinstance(solutions, QuerySolutions):
        raise TypeError(f"{query}.rq must be a SELECT")
    for solution in solutions:
        yield tuple(plain(term) if isinstance(term, NamedNode) and i < 2 else term for i, term in enumerate(solution))


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
