"""The page of one thing, of every sort but articles; and the page of one claim."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.documents import SEGMENTS, moved_on
from api.indexes import index_of, quotes_of
from api.lookups import unknown_thing
from api.parameters import EXPLAIN, LANG, Parameter, read_parameters
from api.public_base import public_base
from api.web.ego import HEIGHT, WIDTH, ego_network
from api.web.given import OF_PAGES
from api.web.page import Page, begin, linked, render
from api.web.routing import Pages
from api.web.schema_org import schema_org
from graph.export.record import head_record
from graph.namespaces import BASE, COLLECTIONS, EDG
from graph.network.tables import ACTORS, CLASSES
from graph.query.claims import claim_record, claim_row
from graph.query.entities import KINSHIP, identity_of, kin_of, mentions_of
from graph.query.index import Index
from graph.query.link_records import date_records
from graph.query.links import narrower
from graph.query.portrait import facts_of, link_groups
from graph.query.statements import Stated, statements_of
from graph.query.succession import succession
from graph.query.surroundings import PROMISES, agenda, companions, due

PER_ROLE = 5
"""Links of one role that the page shows; the links page has all."""
FEW = 12
"""Rows of each other list on the page; behind each stands the way to all."""
ARTICLES_AT_ONCE = 100
ARTICLES = Parameter(
    "articles",
    f"Which {ARTICLES_AT_ONCE} of the articles that speak of it are listed; without it the first few.",
    {"type": "integer", "minimum": 1, "maximum": 1_000_000},
)
_ELSEWHERE = ("article", "claim", "evidence")
_AS_TARGETS = ("based_on_it",)
"""The lists of a record that its page has as a table of targets."""
_UNDESCRIBED = (
    *(f"skos:{name}" for name in ("exactMatch", "closeMatch", "broadMatch", "notation", "inScheme", "topConceptOf")),
    "edg:curatorTranslation",
    "owl:differentFrom",
    "dcterms:identifier",
    "dcterms:type",
)
"""What stands elsewhere on the page, or is no news to a reader."""

pages = Pages()


@pages.page("/claims/{identifier}")
async def claim(request: Request) -> Response:
    """One claim: what it states, in whose words, and its forms as data."""
    asked = begin(request)
    read_parameters(request, (LANG, *OF_PAGES))
    values = await run_in_threadpool(_claim, request, asked)
    return linked(render(asked, "entity/claim.html", **values), request, values["fact"]["iri"])


def _claim(request: Request, asked: Page) -> dict[str, Any]:
    index, quotes = index_of(request), quotes_of(request)
    iri = f"{BASE}claim/{request.path_params['identifier']}"
    row = claim_row(index, iri)
    if row is None:
        raise unknown_thing(index, "claim", request.path_params["identifier"])
    return {"fact": claim_record(index, row, asked.chain, quotes)}


async def thing(request: Request) -> Response:
    """One thing: who or what it is, what is said of it and what ties it to others, each with its evidence."""
    asked = begin(request)
    given = read_parameters(request, (LANG, EXPLAIN, ARTICLES, *OF_PAGES))
    collection = request.url.path.strip("/").split("/")[-2]
    iri = f"{BASE}{SEGMENTS[collection]}/{request.path_params['identifier']}"
    index = index_of(request)
    moved = await run_in_threadpool(succession, index, iri)
    if moved is not None:
        wish = f"?{request.url.query}" if request.url.query else ""
        return moved_on(public_base(request), iri, moved, to_document=True, wish=wish)
    values = await run_in_threadpool(_values, request, asked, iri, collection, given["articles"])
    return linked(render(asked, "entity/entity.html", **values), request, iri)


for _segment, _collection in COLLECTIONS.items():
    if _segment not in _ELSEWHERE:
        pages.page(f"/{_collection}/{{identifier}}")(thing)


def _values(request: Request, asked: Page, iri: str, collection: str, articles: int | None) -> dict[str, Any]:
    index, quotes, chain = index_of(request), quotes_of(request), asked.chain
    own = statements_of(index, iri)
    if not own:
        raise unknown_thing(index, SEGMENTS[collection], request.path_params["identifier"])
    groups = link_groups(index, iri, chain, quotes, PER_ROLE)
    facts = facts_of(index, iri, chain, quotes, FEW)
    record = _record(index, iri, own, chain) | {"links": sum(group["total"] for group in groups)}
    claimed = {told["property"]["iri"] for told in facts} | {group["role"]["iri"] for group in groups}
    listed, before = (ARTICLES_AT_ONCE, (articles - 1) * ARTICLES_AT_ONCE) if articles else (FEW, 0)
    kin = kin_of(index, iri, collection, chain, quotes, FEW)
    shown = [
        (name, *KINSHIP[collection][name], found)
        for name, found in kin.items()
        if found["total"] and name not in _AS_TARGETS
    ]
    return {
        "record": record,
        "about": [said for said in record["description"] if _is_description(said, claimed)],
        "identifiers": sorted(record["identifiers"], key=lambda told: (told["authority"] or "~", told["value"])),
        "unlike": [other for other in record["related"] if other["property"] == "owl:differentFrom"],
        "facts": facts,
        "groups": (others := _without(index, groups, [(way, role) for _, way, role, _ in shown])),
        "linked": sum(group["total"] for group in others),
        "kin": shown,
        "mentions": mentions_of(index, iri, chain, listed, before),
        "hundreds": (articles or 0, ARTICLES_AT_ONCE),
        "ego": ego_network(groups),
        "canvas": (WIDTH, HEIGHT),
        "query": urlencode({"entity": iri}),
        "actor": urlencode({"actor": iri}),
        "schema": schema_org(record, groups, asked.canonical),
        "is_node": bool(set(record["classes"]) & set(CLASSES)),
        **_around(asked, iri, record["classes"]),
    }


def _record(index: Index, iri: str, own: list[Stated], chain: tuple[str, ...]) -> dict[str, Any]:
    identity = identity_of(index, iri, chain)
    return head_record(index, iri, own, chain) | identity | {"dates": date_records(index, iri, chain)}


def _without(index: Index, groups: list[dict[str, Any]], kin: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """The groups of links but for those that the lists of kin show: direction and role, narrower ones too."""
    told = {(way, below) for way, role in kin for below in narrower(index, EDG + role)}
    return [group for group in groups if (group["direction"], group["role"]["iri"]) not in told]


def _is_description(said: dict[str, Any], claimed: set[str]) -> bool:
    return said["property"]["iri"] not in claimed and said["property"]["id"] not in _UNDESCRIBED


def _around(asked: Page, iri: str, classes: list[str]) -> dict[str, Any]:
    """Companions, timeline and targets of a thing, and the address that lists all its targets."""
    reader = asked.reader()
    role = next((PROMISES[name] for name in classes if name in PROMISES), None)
    cls = next((name for name in classes if name in PROMISES), "")
    lists = {"responsible": "responsible", "underProgramme": "programme"}
    none: dict[str, Any] = {"total": 0, "items": []}
    return {
        "companions": companions(reader, iri, FEW) if set(classes) & set(ACTORS) else none,
        "agenda": agenda(reader, iri, FEW),
        "due": due(reader, iri, cls, FEW),
        "all_due": f"{asked.root}targets?{urlencode({lists[role]: iri})}"
        if role in lists
        else f"{asked.href(iri)}/links?role={role}&direction=in",
    }
