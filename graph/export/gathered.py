"""Gathers the triples of an export in order and once each, on disk where they are many, never all in memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

AT_ONCE = 1000
"""Triples or IRIs that are in hand at a time."""


class Gathered:
    """Triples, sorted by their text without repeats, and the IRIs that they name, each once.

    They stand in a temporary database of SQLite, which spills to an unnamed file what its cache of some MB does not
    hold, so that the export of the most connected thing needs no more memory than that of any other.
    """

    def __init__(self, namespaces: tuple[str, ...]) -> None:
        """``namespaces`` are those whose IRIs are kept in mind."""
        self._namespaces = namespaces
        # Written in one thread and read to its end in the same, which need not be the one that closes it.
        self._rows = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._rows.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
            "CREATE TABLE triple (text TEXT PRIMARY KEY) WITHOUT ROWID;"
            "CREATE TABLE named (number INTEGER PRIMARY KEY, iri TEXT UNIQUE); BEGIN"
        )

    def add(self, triples: Iterable[Triple]) -> None:
        """Take triples in; those that are here already change nothing."""
        for triple in triples:
            if self._rows.execute("INSERT OR IGNORE INTO triple VALUES (?)", (str(triple),)).rowcount > 0:
                named = [(term.value,) for term in _iris(triple) if term.value.startswith(self._namespaces)]
                self._rows.executemany("INSERT OR IGNORE INTO named (iri) VALUES (?)", named)

    def named(self) -> Iterator[NamedNode]:
        """Each IRI that a triple names, in the order of coming in; also those that come in meanwhile."""
        last = 0
        while rows := self._rows.execute(
            "SELECT number, iri FROM named WHERE number > ? ORDER BY number LIMIT ?", (last, AT_ONCE)
        ).fetchall():
            yield from (NamedNode(iri) for _, iri in rows)
            last = rows[-1][0]

    def __iter__(self) -> Iterator[Triple]:
        """The triples in order, so those of one subject together."""
        rows = self._rows.execute("SELECT text FROM triple ORDER BY text")
        while some := rows.fetchmany(AT_ONCE):
            lines = "".join(f"{text} .\n" for (text,) in some)
            yield from (quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES))


def _iris(triple: Triple) -> Iterator[NamedNode]:
    return (term for term in (triple.subject, triple.predicate, triple.object) if isinstance(term, NamedNode))
