"""The record of one thing: all that the graph says of it, for every sort of thing."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from itertools import groupby
from typing import Any

from graph.index.lookups import REPORTED
from graph.namespaces import BASE, DCTERMS, EDG, OWL, RDFS, SKOS, compact
from graph.query.authorities import reference
from graph.query.claims import carried, claim_record, claim_row, claims_about
from graph.query.index import Index
from graph.query.link_records import (
    date_records,
    group_record,
    kind_record,
    qualifier_records,
    role_record,
    short,
    value_record,
)
from graph.query.links import LinkFilter, LinkGroup, groups_of, link_page
from graph.query.quotes import Quotes
from graph.query.sums import plain_number

MOST_LISTED = 100
"""How many parts, holders or articles a record lists; beside each list stands how many there are."""
PLACING = tuple(EDG + name for name in ("heldAt", "locatedIn", "seat", "territory"))
_FIGURE = BASE + "figure/"
_IDENTIFYING = tuple(SKOS + name for name in ("exactMatch", "closeMatch", "broadMatch", "notation"))
_IDENTIFIERS = (*_IDENTIFYING, DCTERMS + "identifier")
_RELATED = (OWL + "differentFrom", RDFS + "seeAlso", DCTERMS + "isReplacedBy")
_TRANSLATED = EDG + "curatorTranslation"
KINSHIP = {
    "organisations": {"parents": ("out", "partOf"), "children": ("in", "partOf"), "posts": ("in", "postIn"),
                      "predecessors": ("out", "successorOf"), "successors": ("in", "successorOf")},
    "persons": {"posts": ("out", "holdsPost")},
    "posts": {"organisations": ("out", "postIn"), "holders": ("in", "holdsPost")},
    "events": {"parents": ("out", "subEventOf"), "children": ("in", "subEventOf")},
    "programmes": {"activities": ("in", "underProgramme")},
    "documents": {"events": ("out", "presentedAt"), "based_on_it": ("in", "basedOn")},
    "places": {"parents": ("out", "locatedIn"), "children": ("in", "locatedIn")},
    "countries": {"children": ("in", "locatedIn")},
}  # fmt: skip
"""The lists of each sort of thing: the direction and the role of the links that make them, narrower ones too."""


def summary(
    index: Index, iri: str, chain: tuple[str, ...], why: Quotes | None = None, *, planned: bool = True
) -> dict[str, Any]:
    """A thing as a row of its collection: name, kind, where, when, how many links.

    Without ``planned``, what is not reported as so is left out. With ``why``, each value says which claim gives it.
    """
    told = [row for row in claims_about(index, iri) if planned or row[6] == REPORTED]
    links = index.connection.execute("SELECT sum(high - low + 1) FROM linked_group WHERE entity = ?", (iri,)).fetchone()
    return {
        "id": iri.rpartition("/")[2],
        **index.named(iri, chain),
        "kind": kind_record(index, iri, chain),
        "where": [_fact(index, row, chain, why) for row in told if row[3] in PLACING],
        "dates": [date for date in date_records(index, iri, chain, why) if planned or not date["planned"]],
        "links": links[0] or 0,
        **(_quantity(index, told, chain, why) if iri.startswith(_FIGURE) else {}),
    }


def _quantity(index: Index, told: list[Any], chain: tuple[str, ...], why: Quotes | None) -> dict[str, Any]:
    """What a figure says: each number as a number, with its hedges among its qualifiers, and its units."""
    values = [(_fact(index, row, chain, why), Decimal(row[4])) for row in told if row[3] == EDG + "value"]
    return {
        "values": [fact | {"value": plain_number(number)} for fact, number in values],
        "units": [_fact(index, row, chain, why) for row in told if row[3] == EDG + "unit"],
    }


def entity_record(
    index: Index, iri: str, collection: str, chain: tuple[str, ...], quotes: Quotes, *, explain: bool = False
) -> dict[str, Any]:
    """What is known of a thing beyond its description; with ``explain`` each fact says which claims give it."""
    why = quotes if explain else None
    own: dict[str, Any] = {
        **identity_of(index, iri, chain),
        "dates": date_records(index, iri, chain, why),
    }
    if collection == "claims":
        # A claim is told by its statement; its qualifiers may hold dates, which stand above.
        return own | {"claim": claim_record(index, claim_row(index, iri), chain, quotes)}
    own["facts"] = [
        {"property": role_record(index, prop, chain), "values": [_fact(index, row, chain, why) for row in group]}
        for prop, group in groupby(claims_about(index, iri), key=lambda row: row[3])
    ]
    own |= kin_of(index, iri, collection, chain, why)
    own |= {"mentions": mentions_of(index, iri, chain), "counts": link_counts(index, iri, chain)}
    if collection == "articles":
        own["claims"] = _said_by(index, iri, chain)
    return own


def identity_of(index: Index, iri: str, chain: tuple[str, ...]) -> dict[str, Any]:
    """By what else a thing is known, and to what it is the same, near or unlike."""
    described = _described(index, iri)
    return {
        "identifiers": [
            {"property": short(prop), "value": value, **reference(value)}
            for prop, value in described
            if prop in _IDENTIFIERS
        ],
        "related": [
            {"property": short(prop), **index.named(value, chain)} for prop, value in described if prop in _RELATED
        ],
    }


def kin_of(
    index: Index,
    iri: str,
    collection: str,
    chain: tuple[str, ...],
    why: Quotes | None = None,
    most: int = MOST_LISTED,
) -> dict[str, Any]:
    """Parts, posts, holders and what else belongs to a thing of the collection: a list for each, maybe empty."""
    return {
        name: _kin(index, iri, direction, EDG + role, chain, why, most)
        for name, (direction, role) in KINSHIP.get(collection, {}).items()
    }


def _described(index: Index, iri: str) -> list[tuple[str, str]]:
    """Property and value of what is said of a thing without a claim."""
    return index.connection.execute(
        "SELECT property, value FROM description WHERE thing = ? ORDER BY property, value, form", (iri,)
    ).fetchall()


def names_of(index: Index, iri: str) -> list[dict[str, Any]]:
    """Every name of a thing; one that is the curator's own translation says so."""
    translated = {value for prop, value in _described(index, iri) if prop == _TRANSLATED}
    rows = index.connection.execute(
        "SELECT name, lang, max(preferred) FROM name WHERE thing = ? GROUP BY name, lang ORDER BY 3 DESC, lang, name",
        (iri,),
    )
    return [
        {
            "name": name,
            "lang": lang or None,
            "preferred": bool(preferred),
            **({"curator_translation": True} if preferred and lang in translated else {}),
        }
        for name, lang, preferred in rows.fetchall()
    ]


def _fact(index: Index, row: Any, chain: tuple[str, ...], why: Quotes | None) -> dict[str, Any]:
    """The object of a claim about the thing, with how it is put."""
    _, iri, _, predicate, stated, form, modality, source, evidence, qualifiers = row
    fact = {
        "property": short(predicate),
        **({"id": short(stated)} if form == "iri" else {}),
        **value_record(index, stated, form, chain),
        "modality": short(modality),
        "planned": modality != REPORTED,
        "article": source,
        "qualifiers": qualifier_records(index, tuple(map(tuple, json.loads(qualifiers))), chain),
    }
    return fact if why is None else fact | {"because": [{"claim": iri, **told} for told in carried(evidence, why)]}


def _kin(
    index: Index, iri: str, direction: str, role: str, chain: tuple[str, ...], why: Quotes | None, most: int
) -> dict[str, Any]:
    """The counterparts of one role, with how many there are; a post comes with its holders.

    With ``why`` each says in which role of those it is, how that is qualified, and which claims say so.
    """
    wanted = LinkFilter(direction, role)
    total, things = _counterparts(index, groups_of(index, iri, wanted), most)
    listed = []
    for thing, parts in things.items():
        links = link_page(index, wanted, parts, 0, -1)
        record: dict[str, Any] = {
            "id": short(thing),
            **index.named(thing, chain),
            "planned": all(link.modality != REPORTED for link in links),
        }
        if why is not None:
            rows = [claim_row(index, link.claim) for link in links]
            said = dict.fromkeys(qualifier for link in links for qualifier in link.qualifiers)
            record["roles"] = [role_record(index, name, chain) for name in dict.fromkeys(link.role for link in links)]
            record["qualifiers"] = qualifier_records(index, tuple(said), chain)
            record["because"] = [{"claim": row[1], **told} for row in rows for told in carried(row[8], why)]
        if role == EDG + "postIn" and direction == "in":
            record["holders"] = _kin(index, thing, "in", EDG + "holdsPost", chain, why, most)["items"]
        listed.append(record)
    return {"total": total, "items": listed}


def _counterparts(index: Index, groups: list[LinkGroup], most: int) -> tuple[int, dict[str, list[LinkGroup]]]:
    """How many things stand at the other end of these links, and the first of them, each with its own links."""
    rows = index.connection.execute(
        "SELECT counterpart, json_group_array(number), count(*) OVER () FROM json_each(:stretches) AS stretch"
        " CROSS JOIN linked ON number BETWEEN stretch.value ->> 0 AND stretch.value ->> 1"
        " GROUP BY counterpart ORDER BY min(number) LIMIT :most",
        {"stretches": json.dumps([(group.low, group.high) for group in groups]), "most": most},
    ).fetchall()
    role = {"direction": groups[0].direction, "role": groups[0].role} if groups else {}
    things = {
        counterpart: [LinkGroup(**role, low=n, high=n, total=1, planned=0) for n in sorted(json.loads(numbers))]
        for counterpart, numbers, _ in rows
    }
    return (rows[0][2] if rows else 0), things


def mentions_of(
    index: Index, iri: str, chain: tuple[str, ...], most: int = MOST_LISTED, before: int = 0
) -> dict[str, Any]:
    """The articles that say something of the thing, each with how many claims; ``before`` of them are passed over."""
    # Left alone, SQLite takes the primary key for its order, and reads what every article says of everything.
    found = "FROM facet INDEXED BY facet_thing WHERE thing = ? AND facet = 'article'"
    (total,) = index.connection.execute(f"SELECT count(*) {found}", (iri,)).fetchone()
    rows = index.connection.execute(
        f"SELECT value, claims, planned {found} ORDER BY value LIMIT ? OFFSET ?",
        (iri, most, before),
    ).fetchall()
    return {
        "total": total,
        "items": [
            {"id": short(article), **index.named(article, chain), "claims": claims, "planned": bool(planned)}
            for article, claims, planned in rows
        ],
    }


def link_counts(index: Index, iri: str, chain: tuple[str, ...]) -> dict[str, Any]:
    """How many links there are: in all, by direction and role, by modality."""
    groups = groups_of(index, iri, LinkFilter())
    modalities: Counter[str] = Counter()
    for (counted,) in index.connection.execute("SELECT modalities FROM linked_group WHERE entity = ?", (iri,)):
        modalities.update(json.loads(counted))
    return {
        "links": sum(group.total for group in groups),
        "planned": sum(group.planned for group in groups),
        "by_role": [group_record(index, group, chain) for group in groups],
        "by_modality": [
            {"id": compact(modality), **index.named(modality, chain), "total": total}
            for modality, total in sorted(modalities.items())
        ],
    }


def _said_by(index: Index, iri: str, chain: tuple[str, ...]) -> dict[str, Any]:
    """How many claims an article makes, by modality."""
    rows = index.connection.execute(
        "SELECT modality, count(*) FROM claim WHERE source = ? GROUP BY modality ORDER BY modality", (iri,)
    ).fetchall()
    return {
        "total": sum(n for _, n in rows),
        "by_modality": [{"id": compact(name), **index.named(name, chain), "total": n} for name, n in rows],
    }
