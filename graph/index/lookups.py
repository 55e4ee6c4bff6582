"""Fills the tables behind collections, links and records: claims, links, dates, descriptions, facets, members."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from pyoxigraph import Store

from graph.index.answers import number, plain, rows, terms, value
from graph.index.dates import days
from graph.index.tallies import write_tallies
from graph.namespaces import BASE, EDG
from graph.namespaces import REPORTED as REPORTED

SORT_LANGUAGES = ("en", "ru", "lv", "kk")
"""The languages in which members are kept sorted; each falls back to the others in this order, then to any."""
NEVER = 99_999_999
"""Stands for no date, behind every day (as the number 20230403), so that what has no date is sorted last."""

_SCHEMA = """
CREATE TABLE claim (number INTEGER PRIMARY KEY, iri TEXT NOT NULL, subject TEXT NOT NULL, predicate TEXT NOT NULL,
    object TEXT NOT NULL, form TEXT NOT NULL, modality TEXT NOT NULL, asserted INTEGER NOT NULL,
    source TEXT NOT NULL, evidence TEXT NOT NULL, qualifiers TEXT NOT NULL);
CREATE TABLE linked (number INTEGER PRIMARY KEY, entity TEXT NOT NULL, direction TEXT NOT NULL, role TEXT NOT NULL,
    counterpart TEXT NOT NULL, claim INTEGER NOT NULL, source TEXT NOT NULL, activity TEXT, part TEXT);
CREATE TABLE linked_group (entity TEXT NOT NULL, direction TEXT NOT NULL, role TEXT NOT NULL, low INTEGER NOT NULL,
    high INTEGER NOT NULL, modalities TEXT NOT NULL, PRIMARY KEY (entity, direction, role)) WITHOUT ROWID;
CREATE TABLE description (thing TEXT NOT NULL, property TEXT NOT NULL, value TEXT NOT NULL, form TEXT NOT NULL);
CREATE TABLE moment (thing TEXT NOT NULL, property TEXT NOT NULL, value TEXT NOT NULL, form TEXT NOT NULL, claim TEXT,
    modality TEXT NOT NULL, first TEXT, last TEXT);
CREATE TABLE period (thing TEXT NOT NULL, planned INTEGER NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL,
    PRIMARY KEY (thing, planned)) WITHOUT ROWID;
CREATE TABLE facet (facet TEXT NOT NULL, value TEXT NOT NULL, thing TEXT NOT NULL, claims INTEGER NOT NULL,
    planned INTEGER NOT NULL, PRIMARY KEY (facet, value, thing)) WITHOUT ROWID;
CREATE TABLE member (collection TEXT NOT NULL, thing TEXT NOT NULL, number INTEGER NOT NULL, oldest INTEGER NOT NULL,
    newest INTEGER NOT NULL, links INTEGER NOT NULL, label_en TEXT NOT NULL, label_ru TEXT NOT NULL,
    label_lv TEXT NOT NULL, label_kk TEXT NOT NULL, PRIMARY KEY (collection, thing)) WITHOUT ROWID;
CREATE VIEW link AS SELECT linked.entity, linked.direction, linked.role, linked.counterpart, claim.iri AS claim,
    claim.modality, linked.source, span.value ->> 1 AS first, span.value ->> 2 AS last, linked.activity, linked.part
    FROM linked JOIN claim ON claim.number = linked.claim, json_each(claim.evidence) AS span
    WHERE span.value ->> 0 = linked.source;
CREATE TEMP TABLE raw_evidence (claim TEXT, source TEXT, start INTEGER, "end" INTEGER);
CREATE TEMP TABLE raw_claim (iri TEXT, subject TEXT, predicate TEXT, object TEXT, form TEXT, modality TEXT,
    asserted INTEGER);
CREATE TEMP TABLE raw_linking (role TEXT PRIMARY KEY);
CREATE TEMP TABLE raw_facet (facet TEXT, value TEXT, thing TEXT, claim TEXT, modality TEXT);
"""
_LINKED = """
INSERT INTO linked
WITH stated AS (SELECT claim.*, told.source AS teller
        FROM (SELECT DISTINCT claim, source FROM raw_evidence) AS told JOIN claim ON claim.iri = told.claim),
    tied AS (SELECT * FROM stated WHERE predicate IN (SELECT role FROM raw_linking)),
    spoken AS (SELECT stated.*, qualifier.value AS whom
        FROM stated JOIN qualifier ON qualifier.claim = stated.iri AND qualifier.property = :representing),
    ends (entity, direction, role, counterpart, claim, number, source, activity, part) AS (
        SELECT subject, 'out', predicate, object, iri, number, teller, NULL, NULL FROM tied
        UNION SELECT object, 'in', predicate, subject, iri, number, teller, NULL, NULL FROM tied
        UNION SELECT object, 'out', :representing, whom, iri, number, teller, subject, predicate FROM spoken
        UNION SELECT whom, 'in', :representing, object, iri, number, teller, subject, predicate FROM spoken)
SELECT NULL, entity, direction, role, counterpart, number, source, activity, part FROM ends
ORDER BY entity, direction, role, counterpart, claim, source, activity, part
"""
_CLAIM_INDEXES = """
CREATE UNIQUE INDEX claim_iri ON claim (iri);
CREATE INDEX claim_subject ON claim (subject, predicate);
CREATE INDEX claim_predicate ON claim (predicate);
CREATE INDEX claim_modality ON claim (modality);
CREATE INDEX claim_source ON claim (source);
CREATE INDEX claim_object ON claim (object) WHERE form = 'iri';
"""
_INDEXES = """
CREATE INDEX linked_entity ON linked (entity);
CREATE INDEX description_thing ON description (thing);
CREATE INDEX moment_thing ON moment (thing);
CREATE INDEX facet_thing ON facet (thing, facet);
CREATE INDEX member_links ON member (collection, links, thing);
CREATE INDEX member_oldest ON member (collection, oldest, thing);
CREATE INDEX member_newest ON member (collection, newest, thing);
"""


def write_lookups(connection: sqlite3.Connection, store: Store) -> None:
    """Fill the tables; they need ``qualifier``, ``thing`` and ``name`` filled and indexed."""
    connection.executescript(_SCHEMA)
    _claims(connection, store)
    _links(connection, store)
    described = ((row[0], row[1], *value(row[2])) for row in terms(store, "descriptions"))
    _insert(connection, "description", 4, sorted(set(described)))
    _dates(connection, store)
    _facets(connection, store)
    connection.executescript(_INDEXES)
    _members(connection)
    write_tallies(connection, REPORTED)
    connection.executescript(
        "DROP TABLE raw_evidence; DROP TABLE raw_claim; DROP TABLE raw_linking; DROP TABLE raw_facet;"
    )


def _insert(connection: sqlite3.Connection, table: str, width: int, found: Iterable[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * width)
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", found)  # noqa: S608 - names and marks are ours


def _claims(connection: sqlite3.Connection, store: Store) -> None:
    """Number the claims in the order in which their sources tell them."""
    spans = ((row[0], row[1], number(row[2]), number(row[3])) for row in rows(store, "evidence"))
    _insert(connection, "raw_evidence", 4, spans)
    stated = ((row[0], row[1], row[2], *value(row[3]), *row[4:]) for row in _stated(store))
    _insert(connection, "raw_claim", 7, stated)
    connection.execute("CREATE INDEX raw_evidence_claim ON raw_evidence (claim)")
    told = connection.execute(
        "SELECT c.* FROM (SELECT DISTINCT * FROM raw_claim) c LEFT JOIN (SELECT claim, min(source) AS source,"
        " min(start) AS start FROM raw_evidence GROUP BY claim) e ON e.claim = c.iri ORDER BY e.source, e.start, c.iri"
    )
    numbered = ((None, *row, *_carried(connection, row[0])) for row in told)
    _insert(connection, "claim", 11, numbered)
    connection.executescript(_CLAIM_INDEXES)


def _stated(store: Store) -> Iterator[tuple[Any, ...]]:
    for claim, subject, predicate, stated, modality, asserted in terms(store, "claims"):
        yield claim, subject, plain(predicate), stated, plain(modality), plain(asserted) == "true"


def _carried(connection: sqlite3.Connection, claim: str) -> tuple[str, str, str]:
    """The first source of a claim, its spans and its qualifiers, the latter two as JSON."""
    spans = connection.execute(
        'SELECT DISTINCT source, start, "end" FROM raw_evidence WHERE claim = ? ORDER BY source, start, "end"', (claim,)
    ).fetchall()
    said = connection.execute(
        "SELECT property, value, form FROM qualifier WHERE claim = ? ORDER BY property, value, form", (claim,)
    ).fetchall()
    return spans[0][0] if spans else "", _json(spans), _json(said)


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _links(connection: sqlite3.Connection, store: Store) -> None:
    """Number the links so that those of one thing, one direction and one role stand together.

    A row of ``linked`` is a link; the view ``link`` has a row for each piece of evidence, as links.rq. The engine takes
    as long for links.rq as for all other questions together, so the links are put together from the claims instead.
    """
    _insert(connection, "raw_linking", 1, sorted(set(rows(store, "linking"))))
    connection.execute(_LINKED, {"representing": EDG + "representing"})
    ordered = connection.execute(
        "SELECT entity, direction, role, linked.number, modality FROM linked JOIN claim ON claim.number = linked.claim"
        " ORDER BY linked.number"
    )
    _insert(connection, "linked_group", 6, _linked_groups(ordered))


def _linked_groups(ordered: Iterable[tuple[Any, ...]]) -> Iterator[tuple[object, ...]]:
    for key, group in groupby(ordered, key=lambda row: row[:3]):
        members = [(row[3], row[4]) for row in group]
        counts = sorted(Counter(modality for _, modality in members).items())
        yield *key, members[0][0], members[-1][0], _json(dict(counts))


def _dates(connection: sqlite3.Connection, store: Store) -> None:
    found = set()
    for thing, prop, date, claim, modality in terms(store, "when"):
        text, form = value(date)
        first, last = days(text) or (None, None)
        claimed = value(claim)[0] if claim is not None else None
        found.add((thing, prop, text, form, claimed, value(modality)[0], first, last))
    ordered = sorted(found, key=lambda row: tuple(str(cell) for cell in row))
    _insert(connection, "moment", 8, ordered)
    for planned, among in ((0, f"modality = '{REPORTED}'"), (1, "1")):
        connection.execute(
            f"INSERT INTO period SELECT thing, {planned}, min(first), max(last) FROM moment"  # noqa: S608 - ours
            f" WHERE first IS NOT NULL AND {among} GROUP BY thing"
        )


def _facets(connection: sqlite3.Connection, store: Store) -> None:
    connection.execute("CREATE TEMP TABLE raw_within (place TEXT, country TEXT)")
    _insert(connection, "raw_within", 2, rows(store, "within"))
    connection.execute("CREATE TEMP TABLE raw_whereabouts (thing TEXT, place TEXT, claim TEXT, modality TEXT)")
    _insert(connection, "raw_whereabouts", 4, rows(store, "whereabouts"))
    _insert(connection, "raw_facet", 5, _raw_facets(store))
    connection.executescript(
        "INSERT INTO raw_facet SELECT 'country', country, thing, claim, modality FROM raw_whereabouts"
        " JOIN raw_within ON raw_within.place = raw_whereabouts.place;"
        "INSERT INTO raw_facet SELECT 'role', role, entity, claim, modality FROM linked"
        " JOIN claim ON claim.number = linked.claim;"
        "DROP TABLE raw_within; DROP TABLE raw_whereabouts;"
    )
    connection.execute(
        "INSERT INTO facet SELECT facet, value, thing, count(DISTINCT claim), min(modality <> ?) FROM raw_facet"
        " GROUP BY facet, value, thing ORDER BY facet, value, thing",
        (REPORTED,),
    )


def _raw_facets(store: Store) -> Iterator[tuple[str | None, ...]]:
    for thing, article, claim, modality in rows(store, "mentions"):
        yield "article", article, thing, claim, modality
        yield "modality", modality, thing, claim, modality
    for thing, topic, claim, modality in rows(store, "topics"):
        yield "topic", topic, thing, claim, modality
    for thing, word, claim, modality, facet in rows(store, "kinds"):
        yield facet, word, thing, claim, modality


def _members(connection: sqlite3.Connection) -> None:
    """Every thing, by the path segment of its IRI, with what it can be sorted by."""
    things = connection.execute(
        "SELECT iri, coalesce(0 + replace(first, '-', ''), ?), coalesce(-replace(last, '-', ''), ?),"
        " -coalesce((SELECT sum(high - low + 1) FROM linked_group WHERE entity = iri), 0)"
        " FROM (SELECT DISTINCT iri FROM thing) LEFT JOIN period ON period.thing = iri AND planned = 1 ORDER BY iri",
        (NEVER, NEVER),
    )
    numbers: Counter[str] = Counter()
    members = (
        (segment, iri, _next(numbers, segment), *keys, *_sort_labels(connection, iri))
        for iri, *keys in things
        for segment, slash, _ in [iri.removeprefix(BASE).partition("/")]
        if slash
    )
    _insert(connection, "member", 6 + len(SORT_LANGUAGES), members)
    for lang in SORT_LANGUAGES:
        connection.execute(f"CREATE INDEX member_{lang} ON member (collection, label_{lang}, thing)")


def _next(numbers: Counter[str], segment: str) -> int:
    """The number of the next member of a collection, from 0."""
    numbers[segment] += 1
    return numbers[segment] - 1


def _sort_labels(connection: sqlite3.Connection, iri: str) -> list[str]:
    """The folded preferred name of a thing for each language of SORT_LANGUAGES."""
    found = connection.execute(
        "SELECT lang, folded FROM name WHERE thing = ? AND preferred = 1 ORDER BY lang DESC, name DESC", (iri,)
    ).fetchall()
    names: dict[str, str] = dict(found)
    bare = iri.rpartition("/")[2]
    chains = [(lang, *SORT_LANGUAGES, *sorted(names)) for lang in SORT_LANGUAGES]
    return [next((names[lang] for lang in chain if lang in names), bare) for chain in chains]
