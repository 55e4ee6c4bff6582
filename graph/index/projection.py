"""Writes index.sqlite: the answers of the .rq files that define links and names, materialised for one generation."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Store, Triple

from graph.index.fold import fold
from graph.queries import query_text

FORMAT = 2
"""Changed whenever a table changes, so that an old index is never read as a new one."""

_SCHEMA = """
CREATE TABLE link (entity TEXT NOT NULL, direction TEXT NOT NULL, role TEXT NOT NULL, counterpart TEXT NOT NULL,
    claim TEXT NOT NULL, modality TEXT NOT NULL, source TEXT NOT NULL, first INTEGER, last INTEGER,
    activity TEXT, part TEXT);
CREATE TABLE qualifier (claim TEXT NOT NULL, property TEXT NOT NULL, value TEXT NOT NULL, form TEXT NOT NULL);
CREATE TABLE thing (iri TEXT NOT NULL, class TEXT NOT NULL, kind TEXT);
CREATE TABLE name (thing TEXT NOT NULL, lang TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
    preferred INTEGER NOT NULL);
CREATE TABLE role (iri TEXT NOT NULL, broader TEXT NOT NULL);
CREATE TABLE article (iri TEXT NOT NULL PRIMARY KEY, sha256 TEXT NOT NULL, name TEXT NOT NULL);
"""
_INDEXES = """
CREATE INDEX link_entity ON link (entity, direction, role);
CREATE INDEX qualifier_claim ON qualifier (claim);
CREATE INDEX thing_iri ON thing (iri);
CREATE INDEX name_thing ON name (thing, preferred, lang);
CREATE INDEX name_folded ON name (folded);
"""


def write_index(store: Store, path: Path) -> None:
    """Write the projection of ``store`` to a new file; the same store gives the same bytes."""
    connection = sqlite3.connect(path)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 4096;")
        connection.executescript(_SCHEMA)
        links = ((*row[:7], _int(row[7]), _int(row[8]), *row[9:]) for row in _rows(store, "links"))
        _fill(connection, "link", 11, links)
        _fill(connection, "qualifier", 4, ((row[0], row[1], *_value(row[2])) for row in _terms(store, "qualifiers")))
        _fill(connection, "thing", 3, _rows(store, "things"))
        _fill(connection, "name", 5, _names(store))
        _fill(connection, "role", 2, _rows(store, "roles"))
        _fill(connection, "article", 3, _rows(store, "articles"))
        connection.executescript(_INDEXES)
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.commit()
        connection.execute("VACUUM")
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, table: str, width: int, rows: Iterator[tuple[object, ...]]) -> None:
    """Insert the distinct rows in one order, whatever the order in which the store gave them."""
    marks = ", ".join("?" * width)
    ordered = sorted(set(rows), key=lambda row: tuple((cell is not None, str(cell)) for cell in row))
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", ordered)  # noqa: S608 - names and marks are ours


def _names(store: Store) -> Iterator[tuple[object, ...]]:
    for thing, name, preferred in _terms(store, "names"):
        if isinstance(name, Literal):
            yield _plain(thing), name.language or "", name.value, fold(name.value), _int(_plain(preferred))


def _rows(store: Store, query: str) -> Iterator[tuple[str | None, ...]]:
    for row in _terms(store, query):
        yield tuple(_plain(term) for term in row)


def _terms(store: Store, query: str) -> Iterator[tuple[object, ...]]:
    solutions = store.query(query_text(query))
    if not isinstance(solutions, QuerySolutions):
        raise TypeError(f"{query}.rq must be a SELECT")
    for solution in solutions:
        yield tuple(_plain(term) if isinstance(term, NamedNode) and i < 2 else term for i, term in enumerate(solution))


def _value(term: object) -> tuple[str, str]:
    """A qualifier's value and its form: ``iri``, a language tag with @, or a datatype IRI."""
    if isinstance(term, Literal):
        return term.value, f"@{term.language}" if term.language else term.datatype.value
    return _plain(term) or "", "iri"


def _plain(term: object) -> str | None:
    if term is None or isinstance(term, str):
        return term
    if isinstance(term, NamedNode | Literal):
        return term.value
    if isinstance(term, BlankNode | Triple):
        return str(term)
    raise TypeError(f"{term!r} is not a term")


def _int(text: str | None) -> int | None:
    return None if text is None else int(text)
