"""What a page shows of one thing: its facts with their evidence, and the first links of each role."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from graph.namespaces import EDG, SCHEMA
from graph.publish.quality import bounds
from graph.query.claims import claim_record, claims_about
from graph.query.index import Index
from graph.query.link_records import as_record, group_record, role_record
from graph.query.links import LinkFilter, groups_of, link_page
from graph.query.quotes import Quotes

STATUS = SCHEMA + "eventStatus"
_FIRST = (STATUS, *(EDG + name for name in ("value", "unit", "startDate", "endDate", "deadline")))
"""What a reader looks for first, in this order."""


def facts_of(index: Index, iri: str, chain: tuple[str, ...], quotes: Quotes, most: int) -> list[dict[str, Any]]:
    """What claims say of a thing by itself, by property, the first of each; what ties it to others is among its links.

    ``differs`` marks a property with several values of which a thing has but one: a date, a number, a status; the same
    number hedged and not hedged, "800" and "more than 800", is two values.
    """
    tying = {group.role for group in groups_of(index, iri, LinkFilter("out"))}
    found = []
    for prop, group in groupby(claims_about(index, iri), key=lambda row: row[3]):
        if prop in tying:
            continue
        rows = list(group)
        single = prop == STATUS or all(row[5] != "iri" and not row[5].startswith("@") for row in rows)
        found.append(
            {
                "property": role_record(index, prop, chain),
                "differs": single and len({(row[4], *bounds(row[9])) for row in rows}) > 1,
                "total": len(rows),
                "claims": [claim_record(index, row, chain, quotes) for row in rows[:most]],
            }
        )
    return sorted(found, key=lambda told: _rank(told["property"]["iri"]))


def _rank(prop: str) -> int:
    return _FIRST.index(prop) if prop in _FIRST else len(_FIRST)


def link_groups(index: Index, iri: str, chain: tuple[str, ...], quotes: Quotes, most: int) -> list[dict[str, Any]]:
    """The links of a thing by direction and role, each group with how many it has and the first of them."""
    wanted = LinkFilter()
    found = []
    for group in groups_of(index, iri, wanted):
        links = link_page(index, wanted, [group], 0, most)
        records = [as_record(index, link, chain, quotes.of(link.evidence)) for link in links]
        found.append({**group_record(index, group, chain), "links": records})
    return found
