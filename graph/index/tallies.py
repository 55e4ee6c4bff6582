"""Fills the tables from which facets are counted: how often each value stands in a whole collection, and where.

``tally``          the commonest values of each facet of a whole collection, with how many members have them.
``facet_members``  which members have a value, as the bits of their numbers: what a filter leaves of each value is
                   counted by intersecting two of these, which takes hardly longer for 10,000 members than for ten.
``claim_mix``      how many claims there are of each property and modality.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby

from graph.index.bits import as_blob, bits

TALLIED = 100
"""Values of a facet whose number is kept for each whole collection, the commonest first."""
FEW = 500
"""Values up to which a facet of a collection has its members kept as bits; beyond it each value has few of them."""

_SCHEMA = """
CREATE TABLE tally (collection TEXT NOT NULL, facet TEXT NOT NULL, planned INTEGER NOT NULL, place INTEGER NOT NULL,
    value TEXT NOT NULL, total INTEGER NOT NULL, PRIMARY KEY (collection, facet, planned, place)) WITHOUT ROWID;
CREATE TABLE facet_members (collection TEXT NOT NULL, facet TEXT NOT NULL, planned INTEGER NOT NULL,
    value TEXT NOT NULL, bits BLOB NOT NULL);
CREATE TABLE claim_mix (predicate TEXT NOT NULL, modality TEXT NOT NULL, total INTEGER NOT NULL);
INSERT INTO claim_mix SELECT predicate, modality, count(*) FROM claim GROUP BY 1, 2 ORDER BY 1, 2;
CREATE TEMP TABLE counted AS SELECT collection, facet, facet.planned, value, number
    FROM facet JOIN member ON member.thing = facet.thing ORDER BY collection, facet, value, number;
"""
_TALLY = """
INSERT INTO tally SELECT * FROM (
    SELECT collection, facet, :planned, row_number() OVER
        (PARTITION BY collection, facet ORDER BY count(*) DESC, value) AS place, value, count(*)
    FROM (SELECT collection, facet, value FROM counted WHERE :planned OR planned = 0
        UNION ALL SELECT 'claim', 'article', source FROM claim WHERE :planned OR modality = :reported)
    GROUP BY collection, facet, value)
WHERE place <= :most
"""
_COUNTED = """
SELECT collection, facet, value, number FROM counted
WHERE (:planned OR planned = 0) AND (collection, facet) IN
    (SELECT collection, facet FROM counted GROUP BY 1, 2 HAVING count(DISTINCT value) <= :few)
ORDER BY rowid
"""


def write_tallies(connection: sqlite3.Connection, reported: str) -> None:
    """Fill the tables; they need ``facet``, ``member`` and ``claim`` filled. ``reported`` is the modality of facts."""
    connection.executescript(_SCHEMA)
    for planned in (0, 1):
        connection.execute(_TALLY, {"planned": planned, "reported": reported, "most": TALLIED})
        connection.executemany("INSERT INTO facet_members VALUES (?, ?, ?, ?, ?)", _members(connection, planned))
    connection.execute("CREATE UNIQUE INDEX facet_members_value ON facet_members (collection, facet, planned, value)")
    connection.execute("DROP TABLE counted")


def _members(connection: sqlite3.Connection, planned: int) -> Iterator[tuple[str, str, int, str, bytes]]:
    rows = connection.execute(_COUNTED, {"planned": planned, "few": FEW}).fetchall()
    for (collection, facet, value), group in groupby(rows, key=lambda row: row[:3]):
        yield collection, facet, planned, value, as_blob(bits(row[3] for row in group))
