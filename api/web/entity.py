"""The page of one thing, of every sort but articles; and the page of one claim."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.documents import moved_on
from api.indexes import index_of, quotes_of
from api.parameters import EXPLAIN, LANG, read_parameters
from api.public_base import public_base
from api.web.ego import HEIGHT, WIDTH, ego_network
from api.web.given import OF_PAGES
from api.web.page import Page, begin, render
from api.web.routing import Pages
from api.web.schema_org import schema_org
from graph.errors import UnknownEntity
from graph.export.record import head_record
from graph.namespaces import BASE, COLLECTIONS
from graph.network.questions import Asked, network_answer
from graph.network.records import Reader
from graph.network.selection import Extent
from graph.network.tables import ACTORS, CLASSES
from graph.query.claims import claim_record, claim_row
from graph.query.entities import identity_of, kin_of, mentions_of
from graph.query.index import Index
from graph.query.link_records import date_records
from graph.query.portrait import facts_of, link_groups
from graph.query.statements import statements_of
from graph.query.succession import succession
from graph.query.targets import TargetsAsked, targets_answer
from graph.query.timeline import TimelineAsked, timeline_answer

PER_ROLE = 5
"""Links of one role that the page shows; the links page has all."""
BUSY = 400
"""Links from which on the page leaves companions, timeline and targets to the pages of their own."""
FEW = 12
"""Rows of each of these on the page."""
_KIN = ("parents", "children", "posts", "holders", "organisations", "predecessors", "successors", "activities")
_ELSEWHERE = ("article", "claim", "evidence")
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
    return render(asked, "entity/claim.html", **await run_in_threadpool(_claim, request, asked))


def _claim(request: Request, asked: Page) -> dict[str, Any]:
    index, quotes = index_of(request), quotes_of(request)
    iri = f"{BASE}claim/{request.path_params['identifier']}"
    row = claim_row(index, iri)
    if row is None:
        raise UnknownEntity(f"there is no claim {request.path_params['identifier'][:100]!r}")
    return {"fact": claim_record(index, row, asked.chain, quotes)}


async def thing(request: Request) -> Response:
    """One thing: who or what it is, what is said of it and what ties it to others, each with its evidence."""
    asked = begin(request)
    read_parameters(request, (LANG, EXPLAIN, *OF_PAGES))
    collection = request.url.path.strip("/").split("/")[-2]
    segment = next(segment for segment, name in COLLECTIONS.items() if name == collection)
    iri = f"{BASE}{segment}/{request.path_params['identifier']}"
    index = index_of(request)
    moved = await run_in_threadpool(succession, index, iri)
    if moved is not None:
        wish = f"?{request.url.query}" if request.url.query else ""
        return moved_on(public_base(request), iri, moved, to_document=True, wish=wish)
    values = await run_in_threadpool(_values, request, asked, iri, collection)
    return render(asked, "entity/entity.html", **values)


for _segment, _collection in COLLECTIONS.items():
    if _segment not in _ELSEWHERE:
        pages.page(f"/{_collection}/{{identifier}}")(thing)


def _values(request: Request, asked: Page, iri: str, collection: str) -> dict[str, Any]:
    index, quotes, chain = index_of(request), quotes_of(request), asked.chain
    own = statements_of(index, iri)
    if not own:
        raise UnknownEntity(f"there is no {collection} {request.path_params['identifier'][:100]!r}")
    groups = link_groups(index, iri, chain, quotes, PER_ROLE)
    record = head_record(index, iri, own, chain) | identity_of(index, iri, chain)
    record["links"] = sum(group["total"] for group in groups)
    record["dates"] = date_records(index, iri, chain)
    facts, kin = facts_of(index, iri, chain, quotes), kin_of(index, iri, collection, chain)
    claimed = {told["property"]["iri"] for told in facts} | {group["role"]["iri"] for group in groups}
    return {
        "collection": collection,
        "record": record,
        "about": [said for said in record["description"] if _is_description(said, claimed)],
        "unlike": [other for other in record["related"] if other["property"] == "owl:differentFrom"],
        "facts": facts,
        "groups": groups,
        "kin": [(name, kin[name]) for name in _KIN if kin.get(name, {}).get("total")],
        "mentions": mentions_of(index, iri, chain),
        "ego": ego_network(groups),
        "canvas": (WIDTH, HEIGHT),
        "query": urlencode({"entity": iri}),
        "actor": urlencode({"actor": iri}),
        "schema": schema_org(record, asked.canonical),
        "is_actor": bool(set(record["classes"]) & set(ACTORS)),
        "is_node": bool(set(record["classes"]) & set(CLASSES)),
        **_beside(index, asked.reader(), iri, record),
    }


def _is_description(said: dict[str, Any], claimed: set[str]) -> bool:
    return said["property"]["iri"] not in claimed and said["property"]["id"] not in _UNDESCRIBED


def _beside(index: Index, reader: Reader, iri: str, record: dict[str, Any]) -> dict[str, Any]:
    """Companions, timeline and targets of a thing, where there are not so many that the page would be slow."""
    found: dict[str, Any] = {"companions": [], "entries": [], "due": [], "busy": record["links"] > BUSY}
    if found["busy"]:
        return found
    if set(record["classes"]) & set(ACTORS) and record["links"]:
        network = network_answer(reader, Asked(), iri, "co-participation", Extent(1, FEW + 1))
        nodes = {node["data"]["id"]: node["data"] for node in network["elements"]["nodes"]}
        middle = record["id"]
        for edge in network["elements"]["edges"]:
            ends = {edge["data"]["source"], edge["data"]["target"]}
            if middle in ends and len(ends) > 1:
                (other,) = ends - {middle}
                found["companions"].append({**nodes[other], "through": edge["data"]})
        found["companions"].sort(key=lambda told: (-told["through"]["weight"], told["iri"]))
        found["entries"] = timeline_answer(reader, TimelineAsked(actor=iri, limit=FEW))["entries"]
        found["due"] = targets_answer(reader, TargetsAsked(responsible=iri, limit=FEW))["targets"]
    elif "Programme" in record["classes"]:
        found["due"] = targets_answer(reader, TargetsAsked(programme=iri, limit=FEW))["targets"]
    return found
