"""The tables of index.sqlite that network, timeline and targets are read from, written at publishing.

``node``     everything of the classes below, numbered so that what has most links comes first: the smaller the
             number, the better known.
``tie``      each link between two nodes, seen from either end; ``activity`` is the activity in which, if any.
``lies_in``  the countries of each node.
``neighbour`` the things that a node has links with, and how many with each.
``companion`` actors that took part in the same events and programmes, in how many of them, and in how many of these
             both are reported.
``reach``    of each node with more than HUB of these its neighbours, or its companions, as the bits of their numbers.
``lasting``  the first and last day of what is dated, planned dates counted or not; days are numbers such as 20230403.
``standing`` how many links each actor and activity has with others, and how many activities an actor shares.
``sort``     the nodes of each class and kind, as the bits of their numbers.
``agenda``   the dated activities that a node is tied to, the latest first.
``dated``    the claims that give something a date, or a deadline, and the first and last day that it may mean.
``targeted`` the claims that are made of a commitment.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from pyoxigraph import Store

from graph.index.answers import rows
from graph.index.bits import as_blob, bits
from graph.namespaces import EDG, REPORTED

ACTORS = ("Actor", "Organisation", "Person", "Group", "Post", "Country")
ACTIVITIES = ("Event", "Programme", "Commitment", "Target")
OTHERS = ("Article", "Document", "Figure", "Place")
SHARED = ("Event", "Programme")
"""The activities by which two actors that took part in both are tied."""
INVOLVES = EDG + "involves"
NOT_PARTICIPATING = (EDG + "invited", EDG + "beneficiary")
"""Roles that do not say that the actor took a part: to be invited is not to come, to be done for is not to do."""
CLASSES = (*ACTORS, *ACTIVITIES, *OTHERS)
"""What can be a node, by the bare name of its class. Topics, units, kinds and statuses are none."""
LINKS, SHARING = "links", "co-participation"
"""The two ways of tying things together, by the names that a person asks for: by what links them, or by taking part."""
HUB = 200
"""Neighbours from which on a node's are kept as bits too; those of others are soon read one by one."""

_SCHEMA = """
CREATE TABLE node (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, class TEXT NOT NULL, kind TEXT, links INTEGER NOT NULL);
CREATE TABLE term (id INTEGER PRIMARY KEY, iri TEXT NOT NULL);
CREATE TABLE tie (node INTEGER NOT NULL, other INTEGER NOT NULL, claim INTEGER NOT NULL, role INTEGER NOT NULL,
    forward INTEGER NOT NULL, modality INTEGER NOT NULL, activity INTEGER,
    PRIMARY KEY (node, other, claim, role, forward)) WITHOUT ROWID;
CREATE TABLE neighbour (node INTEGER NOT NULL, other INTEGER NOT NULL, strength INTEGER NOT NULL,
    PRIMARY KEY (node, strength DESC, other)) WITHOUT ROWID;
CREATE TABLE reach (projection TEXT NOT NULL, node INTEGER NOT NULL, bits BLOB NOT NULL);
CREATE TABLE lasting (planned INTEGER NOT NULL, node INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (planned, node)) WITHOUT ROWID;
CREATE TABLE standing (projection TEXT NOT NULL, node INTEGER NOT NULL, strength INTEGER NOT NULL,
    PRIMARY KEY (projection, strength DESC, node)) WITHOUT ROWID;
CREATE TABLE sort (class TEXT NOT NULL, kind TEXT, bits BLOB NOT NULL);
CREATE TABLE companion (node INTEGER NOT NULL, other INTEGER NOT NULL, activities INTEGER NOT NULL,
    reported INTEGER NOT NULL, PRIMARY KEY (node, activities DESC, other)) WITHOUT ROWID;
CREATE TABLE agenda (node INTEGER NOT NULL, last INTEGER NOT NULL, first INTEGER NOT NULL, thing INTEGER NOT NULL,
    PRIMARY KEY (node, last DESC, first DESC, thing)) WITHOUT ROWID;
CREATE TABLE lies_in (node INTEGER NOT NULL, country INTEGER NOT NULL, PRIMARY KEY (node, country)) WITHOUT ROWID;
CREATE TABLE dated (thing TEXT NOT NULL, claim INTEGER NOT NULL, deadline INTEGER NOT NULL, first TEXT, last TEXT,
    PRIMARY KEY (thing, claim)) WITHOUT ROWID;
CREATE TABLE targeted (thing TEXT NOT NULL, claim INTEGER NOT NULL, PRIMARY KEY (thing, claim)) WITHOUT ROWID;
"""
_NODES = """
INSERT INTO node SELECT row_number() OVER (ORDER BY links DESC, iri) - 1, iri, class, kind, links FROM (
    SELECT thing.iri, min(substr(thing.class, :bare)) AS class, min(thing.kind) AS kind,
        (SELECT count(*) FROM linked AS link WHERE link.entity = thing.iri) AS links
    FROM thing WHERE thing.class IN (SELECT value FROM json_each(:classes)) GROUP BY thing.iri)
"""
_TERMS = """
INSERT INTO term SELECT row_number() OVER (ORDER BY iri) - 1, iri FROM (
    SELECT role AS iri FROM linked UNION SELECT iri FROM role UNION SELECT broader FROM role
    UNION SELECT modality FROM claim)
"""
_TIES = """
INSERT INTO tie SELECT DISTINCT one.id, other.id, link.claim, role.id, link.direction = 'out', modality.id,
    CASE WHEN link.activity IS NOT NULL THEN through.id
         WHEN one.class IN (SELECT value FROM json_each(:activities)) THEN one.id
         WHEN other.class IN (SELECT value FROM json_each(:activities)) THEN other.id END
FROM linked AS link JOIN claim ON claim.number = link.claim
JOIN node AS one ON one.iri = link.entity JOIN node AS other ON other.iri = link.counterpart
JOIN term AS role ON role.iri = link.role JOIN term AS modality ON modality.iri = claim.modality
LEFT JOIN node AS through ON through.iri = link.activity
WHERE one.id != other.id ORDER BY 1, 2, 3, 4, 5
"""
_NEIGHBOURS = "INSERT INTO neighbour SELECT node, other, count(*) FROM tie GROUP BY node, other ORDER BY 1, 3 DESC, 2"
_LINKED_STANDING = """
INSERT INTO standing SELECT :links, t.node, sum(t.strength) FROM neighbour AS t
JOIN node AS n ON n.id = t.node JOIN node AS o ON o.id = t.other
WHERE n.class IN (SELECT value FROM json_each(:drawn)) AND o.class IN (SELECT value FROM json_each(:drawn))
GROUP BY t.node ORDER BY 3 DESC, 2
"""
_PARTS = """
CREATE TEMP TABLE part AS WITH RECURSIVE
    below (iri) AS (SELECT :involves UNION SELECT role.iri FROM role JOIN below ON role.broader = below.iri)
SELECT t.other AS activity, t.node AS actor, max(modality.iri = :reported) AS reported FROM tie AS t
JOIN node AS n ON n.id = t.node JOIN node AS a ON a.id = t.other
JOIN term AS role ON role.id = t.role JOIN term AS modality ON modality.id = t.modality
WHERE t.forward = 0 AND n.class IN (SELECT value FROM json_each(:actors))
    AND a.class IN (SELECT value FROM json_each(:shared))
    AND role.iri IN below AND role.iri NOT IN (SELECT value FROM json_each(:apart))
GROUP BY t.other, t.node
"""
_COMPANIONS = """
INSERT INTO companion SELECT one.actor, other.actor, count(*), sum(one.reported AND other.reported)
FROM part AS one JOIN part AS other ON other.activity = one.activity AND other.actor != one.actor GROUP BY 1, 2
"""
_SHARING_STANDING = """
INSERT INTO standing SELECT :sharing, actor, count(*) FROM part
WHERE activity IN (SELECT activity FROM part GROUP BY activity HAVING count(*) > 1) GROUP BY actor ORDER BY 3 DESC, 2
"""
_HUBS = """
SELECT node, other FROM {table} WHERE node IN (SELECT node FROM {table} GROUP BY node HAVING count(*) > :hub)
ORDER BY node, other
"""
_LASTING = """
INSERT INTO lasting SELECT p.planned, n.id, 0 + replace(p.first, '-', ''), 0 + replace(p.last, '-', '')
FROM period AS p JOIN node AS n ON n.iri = p.thing ORDER BY 1, 2
"""
_AGENDA = """
INSERT INTO agenda SELECT DISTINCT t.node, p.last, p.first, t.other
FROM lasting AS p JOIN node AS n ON n.id = p.node AND p.planned = 1 JOIN tie AS t ON t.other = n.id
WHERE n.class IN (SELECT value FROM json_each(:activities)) ORDER BY 1, 2 DESC, 3 DESC, 4
"""
_DATED = """
INSERT INTO dated SELECT :thing, c.number, c.predicate = :deadline,
    (SELECT min(first) FROM moment WHERE thing = c.subject AND claim = c.iri),
    (SELECT max(last) FROM moment WHERE thing = c.subject AND claim = c.iri)
FROM claim AS c WHERE c.iri = :claim
"""
_COUNTRIES = """
INSERT INTO lies_in SELECT DISTINCT node.id, country.id FROM facet
JOIN node ON node.iri = facet.thing JOIN node AS country ON country.iri = facet.value
WHERE facet.facet = 'country' UNION SELECT id, id FROM node WHERE class = 'Country' ORDER BY 1, 2
"""


def write_tables(connection: sqlite3.Connection, store: Store) -> None:
    """Fill the tables; they need ``thing``, ``role``, ``claim``, ``linked``, ``period`` and ``facet``."""
    given = {
        "bare": len(EDG) + 1,
        "classes": json.dumps([EDG + name for name in CLASSES]),
        "activities": json.dumps(ACTIVITIES),
        "involves": INVOLVES,
        "apart": json.dumps(NOT_PARTICIPATING),
        "actors": json.dumps(ACTORS),
        "drawn": json.dumps([*ACTORS, *ACTIVITIES]),
        "shared": json.dumps(SHARED),
        "reported": REPORTED,
        "links": LINKS,
        "sharing": SHARING,
    }
    connection.executescript(_SCHEMA)
    connection.execute(_NODES, given)
    connection.execute(_TERMS)
    connection.executescript("CREATE UNIQUE INDEX node_iri ON node (iri); CREATE UNIQUE INDEX term_iri ON term (iri);")
    connection.execute(_TIES, given)
    connection.execute(_PARTS, given)
    connection.execute("CREATE INDEX temp.part_activity ON part (activity, actor)")
    connection.execute(_COMPANIONS)
    connection.execute(_SHARING_STANDING, given)
    connection.execute("DROP TABLE part")
    connection.execute(_NEIGHBOURS)
    connection.execute(_LINKED_STANDING, given)
    _sets(connection)
    connection.execute(_LASTING)
    connection.execute(_AGENDA, given)
    connection.execute(_COUNTRIES)
    given = {"deadline": EDG + "deadline"}
    connection.executemany(
        _DATED, ({"thing": thing, "claim": claim, **given} for thing, claim in _found(store, "dated"))
    )
    targeted = "INSERT INTO targeted SELECT ?, number FROM claim WHERE iri = ?"
    connection.executemany(targeted, _found(store, "targets"))


def _sets(connection: sqlite3.Connection) -> None:
    """What is counted by sets: whom a hub reaches, and what is of a class and kind."""
    for projection, table in ((LINKS, "neighbour"), (SHARING, "companion")):
        found = connection.execute(_HUBS.format(table=table), {"hub": HUB})
        hubs = ((projection, node, _blob(group)) for node, group in groupby(found, key=lambda row: row[0]))
        connection.executemany("INSERT INTO reach VALUES (?, ?, ?)", hubs)
    connection.execute("CREATE UNIQUE INDEX reach_node ON reach (node, projection)")
    found = connection.execute("SELECT class, kind, id FROM node ORDER BY class, kind, id")
    sorts = ((*sort, _blob(group)) for sort, group in groupby(found, key=lambda row: row[:2]))
    connection.executemany("INSERT INTO sort VALUES (?, ?, ?)", sorts)


def _blob(rows_of_numbers: Iterable[tuple[Any, ...]]) -> bytes:
    """The set of the last numbers of rows."""
    return as_blob(bits(row[-1] for row in rows_of_numbers))


def _found(store: Store, query: str) -> list[tuple[str | None, ...]]:
    """The rows of a query, each once and in one order."""
    return sorted(set(rows(store, query)), key=str)
