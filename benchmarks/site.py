"""Addresses of every page of the site, taken from its routes, so that no page is forgotten by a benchmark or a test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from api.web.pages import PAGES
from graph.namespaces import BASE, COLLECTIONS
from graph.query.index import Index

REDIRECTS = frozenset({"/sparql"})
"""Routes of the pages that only lead to another page."""
_PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")


class UnknownPage(Exception):
    """A route has parameters for which no example can be chosen."""


@dataclass(frozen=True)
class Address:
    """One page: the route it belongs to, and where it is."""

    route: str
    path: str


def addresses(index: Index) -> list[Address]:
    """Each page at least once; where its size depends on what it is asked, the busiest and the emptiest."""
    routes = dict.fromkeys(route.path for route in PAGES.routes)
    return [Address(route, path) for route in routes if route not in REDIRECTS for path in _paths(index, route)]


def _paths(index: Index, route: str) -> Iterator[str]:
    match _PARAMETER.findall(route):
        case []:
            yield route
            yield from (f"{route}?{urlencode(wish)}" for wish in _wishes(index, route))
        case ["identifier"]:
            yield from (_filled(route, identifier=name) for name in _extremes(index, route.split("/")[1]))
        case ["collection", "identifier"]:
            names = _extremes(index, "organisations")
            yield from (_filled(route, collection="organisations", identifier=name) for name in names)
        case ["name"] if route == "/shapes/{name}":
            yield from (_filled(route, name=name) for name in ("claim", "claim-evidence"))
        case ["name"] if route == "/problem/{name}":
            yield _filled(route, name="query-timeout")
        case names:
            raise UnknownPage(f"benchmarks/site.py knows no values for {', '.join(names)} of {route}; add some")


def _filled(route: str, **values: str) -> str:
    return _PARAMETER.sub(lambda found: values[found[1]], route)


def _wishes(index: Index, route: str) -> Iterator[dict[str, str]]:
    """What a page without parameters in its path is asked beside nothing."""
    match route:
        case "/search":
            name = index.label(_most_tied(index)[0], ("en",)).text
            yield {"q": name}
            yield {"q": name.split()[0][:3]}
            yield {"q": name[:2] + name[3:]}  # a typing error
        case "/paths":
            yield dict(zip(("from", "to"), _most_tied(index), strict=True))
        case "/claims":
            yield {"modality": "Planned"}
        case "/docs":
            yield {"operation": "organisations"}
        case "/centrality":
            yield {"measure": "betweenness"}
        case "/network":
            yield {"actor": _most_tied(index)[0]}
        case "/events" | "/timeline":
            yield {"from": "2020", "to": "2021"}
        case "/organisations":
            yield {"label": "a", "sort": "links"}


def _most_tied(index: Index) -> list[str]:
    """The organisation and the person with most links, else two organisations."""
    most = "SELECT thing FROM member WHERE collection = :segment ORDER BY links, thing LIMIT 2"
    first, *others = [str(row[0]) for row in index.read(most, {"segment": "organisation"})]
    return [first, *[str(row[0]) for row in index.read(most, {"segment": "person"})], *others][:2]


def _extremes(index: Index, collection: str) -> list[str]:
    """The ids of the things of a collection with most links and with fewest; articles and claims by what they say."""
    match collection:
        case "claims":
            ranked = "SELECT iri AS thing, -length(evidence) AS links FROM claim"
        case "articles":
            ranked = (
                "SELECT source AS thing, -count(*) AS links FROM claim WHERE source LIKE '%/article/%' GROUP BY source"
            )
        case _:
            ranked = "SELECT thing, links FROM member WHERE collection = :segment"
    segment = next(segment for segment, name in COLLECTIONS.items() if name == collection)
    order = f"SELECT thing FROM ({ranked}) ORDER BY links"
    found = [
        row for way in ("ASC", "DESC") for row in index.read(f"{order} {way}, thing LIMIT 1", {"segment": segment})
    ]
    return list(dict.fromkeys(str(row[0]).removeprefix(f"{BASE}{segment}/") for row in found))
