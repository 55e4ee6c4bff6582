"""Writes index.sqlite: the answers of the .rq files, materialised for one generation."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, Store

from graph.index.answers import number, plain, rows, terms, value
from graph.index.fold import fold
from graph.index.lookups import write_lookups
from graph.network.tables import write_tables as write_network
from graph.search.tables import write_tables

FORMAT = 14
"""Changed whenever a table changes or what is written into it, so that an old index is never read as a new one."""

_SCHEMA = """
CREATE TABLE qualifier (claim TEXT NOT NULL, property TEXT NOT NULL, value TEXT NOT NULL, form TEXT NOT NULL);
CREATE TABLE thing (iri TEXT NOT NULL, class TEXT NOT NULL, kind TEXT);
CREATE TABLE name (thing TEXT NOT NULL, lang TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
    preferred INTEGER NOT NULL);
CREATE TABLE role (iri TEXT NOT NULL, broader TEXT NOT NULL);
CREATE TABLE article (iri TEXT NOT NULL PRIMARY KEY, sha256 TEXT NOT NULL, name TEXT NOT NULL);
CREATE TABLE sentence (article TEXT NOT NULL, start INTEGER NOT NULL, "end" INTEGER NOT NULL, skipped TEXT,
    PRIMARY KEY (article, start, "end")) WITHOUT ROWID;
"""
_INDEXES = """
CREATE INDEX qualifier_claim ON qualifier (claim);
CREATE INDEX thing_iri ON thing (iri, class, kind);
CREATE INDEX name_thing ON name (thing, preferred, lang, name);
CREATE INDEX name_folded ON name (folded);
"""


def write_index(store: Store, path: Path) -> None:
    """Write the projection of ``store`` to a new file; the same store gives the same bytes."""
    connection = sqlite3.connect(path)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA page_size = 4096;")
        connection.executescript(_SCHEMA)
        _fill(connection, "qualifier", 4, ((row[0], row[1], *value(row[2])) for row in terms(store, "qualifiers")))
        _fill(connection, "thing", 3, rows(store, "things"))
        _fill(connection, "name", 5, _names(store))
        _fill(connection, "role", 2, rows(store, "roles"))
        _fill(connection, "article", 3, rows(store, "articles"))
        _fill(connection, "sentence", 4, _ledger(store))
        connection.executescript(_INDEXES)
        write_lookups(connection, store)
        write_tables(connection)
        write_network(connection, store)
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.commit()
        connection.execute("VACUUM")
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, table: str, width: int, found: Iterator[tuple[object, ...]]) -> None:
    """Insert the distinct rows in one order, whatever the order in which the store gave them."""
    marks = ", ".join("?" * width)
    ordered = sorted(set(found), key=lambda row: tuple((cell is not None, str(cell)) for cell in row))
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", ordered)  # noqa: S608 - names and marks are ours


def _ledger(store: Store) -> Iterator[tuple[object, ...]]:
    for article, _, start, end, skipped in rows(store, "coverage"):
        yield article, number(start), number(end), skipped


def _names(store: Store) -> Iterator[tuple[object, ...]]:
    for thing, name, preferred in terms(store, "names"):
        if isinstance(name, Literal):
            yield plain(thing), name.language or "", name.value, fold(name.value), number(plain(preferred))
