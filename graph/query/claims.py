"""Claims as rows and records: what is stated, how the source puts it, and the span that carries it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from graph.build.identifiers import Span
from graph.errors import UnknownEntity
from graph.index.lookups import REPORTED
from graph.index.tallies import TALLIED
from graph.namespaces import EDG, compact, expand
from graph.query.index import Index
from graph.query.link_records import evidence_records, qualifier_records, role_record, short, value_record
from graph.query.links import narrower
from graph.query.quotes import Quotes
from graph.told import told

_COLUMNS = "number, iri, subject, predicate, object, form, modality, source, evidence, qualifiers"
FACETS = {"role": "predicate", "modality": "modality", "article": "source"}
"""The column of each facet of claims."""
_ONE_BY_ONE = ("claim", "count(*)")


@dataclass(frozen=True)
class ClaimSelection:
    """Which claims are wanted; None means any."""

    subject: str | None = None
    role: str | None = None
    """IRI of a property; its narrower ones count too."""
    object: str | None = None
    modality: str | None = None
    article: str | None = None
    planned: bool = True


def claim_page(index: Index, wanted: ClaimSelection, after: int, limit: int) -> tuple[list[Any], list[int] | None]:
    """The rows of a page in the order in which the sources tell them, and the key of its end if there are more."""
    condition, values = _condition(index, wanted)
    rows = index.read(
        f"SELECT {_COLUMNS} FROM claim WHERE number > :after AND {condition} ORDER BY number LIMIT :limit",  # noqa: S608 - ours
        {**values, "after": after, "limit": limit + 1},
    )
    return rows[:limit], [rows[limit - 1][0]] if len(rows) > limit else None


def count_claims(index: Index, wanted: ClaimSelection) -> int:
    """How many claims fit."""
    condition, values = _condition(index, wanted)
    table, total = _counted_in(wanted)
    return int(index.read(f"SELECT coalesce({total}, 0) FROM {table} WHERE {condition}", values)[0][0])  # noqa: S608


def claim_facet(index: Index, wanted: ClaimSelection, facet: str, most: int) -> list[tuple[str, int]]:
    """The values of a facet among the claims that fit, each with how many the filter would leave, the commonest first.

    A role counts its narrower ones too, as the filter does.
    """
    if facet == "article" and is_kept(wanted, facet) and most <= TALLIED:
        return _tallied_articles(index, most, planned=wanted.planned)
    condition, values = _condition(index, wanted)
    table, total = _counted_in(wanted) if facet != "article" else _ONE_BY_ONE
    sql = f"SELECT {FACETS[facet]}, {total} FROM {table} WHERE {condition} GROUP BY 1"  # noqa: S608 - ours
    counted = {str(value): int(total) for value, total in index.read(sql, values)}
    if facet == "role":
        roles = {*counted, *(above for role in counted for above in _broader(index, role))}
        counted = {role: sum(counted.get(below, 0) for below in narrower(index, role)) for role in roles}
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))[:most]


def is_kept(wanted: ClaimSelection, facet: str) -> bool:
    """Whether a facet need not be counted one by one: the index keeps how often its values stand together."""
    free = wanted.subject is wanted.object is wanted.article is None
    return free and (facet != "article" or wanted.role is wanted.modality is None)


def _counted_in(wanted: ClaimSelection) -> tuple[str, str]:
    """The table in which claims by property and modality are counted, and how."""
    return ("claim_mix", "sum(total)") if is_kept(wanted, "role") else _ONE_BY_ONE


def _tallied_articles(index: Index, most: int, *, planned: bool) -> list[tuple[str, int]]:
    rows = index.connection.execute(
        "SELECT value, total FROM tally WHERE collection = 'claim' AND facet = 'article' AND planned = ?"
        " ORDER BY place LIMIT ?",
        (planned, most),
    )
    return [(str(value), int(total)) for value, total in rows]


def _broader(index: Index, role: str) -> Iterator[str]:
    while (above := index.broader.get(role)) is not None:
        yield above
        role = above


def claims_about(index: Index, subject: str) -> list[Any]:
    """The rows of all claims whose subject is the thing, by property and object."""
    return index.connection.execute(
        f"SELECT {_COLUMNS} FROM claim WHERE subject = ? ORDER BY predicate, object, number",  # noqa: S608 - ours
        (subject,),
    ).fetchall()


def claims_by(index: Index, article: str) -> list[Any]:
    """The rows of all claims of an article in the order in which it tells them."""
    return index.connection.execute(
        f"SELECT {_COLUMNS} FROM claim WHERE source = ? ORDER BY number",  # noqa: S608 - ours
        (article,),
    ).fetchall()


def claim_row(index: Index, iri: str) -> Any:
    """The row of one claim, or None."""
    return index.connection.execute(f"SELECT {_COLUMNS} FROM claim WHERE iri = ?", (iri,)).fetchone()  # noqa: S608


def claim_record(index: Index, row: Any, chain: tuple[str, ...], quotes: Quotes) -> dict[str, Any]:
    """A claim as a JSON object."""
    _, iri, subject, predicate, stated, form, modality, source, evidence, qualifiers = row
    said = tuple((prop, value, kind) for prop, value, kind in json.loads(qualifiers))
    return {
        "id": iri.rpartition("/")[2],
        "iri": iri,
        "subject": {"id": short(subject), **index.named(subject, chain)},
        "predicate": role_record(index, predicate, chain),
        "object": ({"id": short(stated)} if form == "iri" else {}) | value_record(index, stated, form, chain),
        "modality": {"id": short(modality), **index.named(modality, chain)},
        "planned": modality != REPORTED,
        "article": index.named(source, chain),
        "evidence": carried(evidence, quotes),
        "qualifiers": qualifier_records(index, said, chain),
    }


def carried(evidence: str, quotes: Quotes) -> list[dict[str, Any]]:
    """Each span of a claim with its source, from the index's JSON."""
    found = []
    for source, start, end in json.loads(evidence):
        span = None if start is None else Span(source, start, end)
        [told] = evidence_records((span,) if span else (), quotes.of([span]) if span else {})
        found.append({"article": source, **told})
    return found


def property_meant(index: Index, name: str) -> str:
    """The property that a bare, prefixed or full name means. Raises UnknownEntity with those that there are."""
    iri = expand(name) or EDG + name
    used = index.read("SELECT 1 FROM claim WHERE predicate = :iri LIMIT 1", {"iri": iri})
    if used or iri in index.broader or iri in index.broader.values():
        return iri
    rows = index.read("SELECT DISTINCT predicate FROM claim ORDER BY 1", {})
    there = ", ".join(compact(row[0]).removeprefix("edg:") for row in rows)
    raise UnknownEntity(
        told("%(name)s is no property of claims; there are: %(there)s", name=repr(name[:100]), there=there)
    )


def _condition(index: Index, wanted: ClaimSelection) -> tuple[str, dict[str, Any]]:
    parts = ["1"]
    values: dict[str, Any] = {}
    if wanted.object is not None:
        parts.append("form = 'iri'")
    for column, value in (
        ("subject", wanted.subject),
        ("object", wanted.object),
        ("modality", wanted.modality),
        ("source", wanted.article),
    ):
        if value is not None:
            parts.append(f"{column} = :{column}")
            values[column] = value
    if wanted.role is not None:
        parts.append("predicate IN (SELECT value FROM json_each(:roles))")
        values["roles"] = json.dumps(sorted(narrower(index, wanted.role)))
    if not wanted.planned:
        parts.append("modality = :reported")
        values["reported"] = REPORTED
    return " AND ".join(parts), values
