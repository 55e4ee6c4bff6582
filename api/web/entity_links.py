"""All links of one thing, filtered and paged; and the shortest paths from it to another."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.indexes import index_of, quotes_of
from api.links import PARAMETERS, Answer
from api.lookups import unknown_thing
from api.network import path_answer
from api.parameters import read_parameters
from api.web.given import OF_PAGES, with_those_of_pages, without_empty
from api.web.page import Page, begin, render
from api.web.routing import Pages
from graph.namespaces import BASE, EDG
from graph.network.tables import CLASSES
from graph.query.claims import claim_row
from graph.query.collections import COLLECTIONS
from graph.query.entities import link_counts

PER_PAGE = 50

pages = Pages()


@pages.page("/{collection:collection}/{identifier}/links")
async def links(request: Request) -> Response:
    """One page of the links that fit the filters."""
    asked = begin(request)
    if (clean := without_empty(request)) is not None:
        return clean
    given = read_parameters(request, with_those_of_pages(PARAMETERS))
    return render(asked, "entity/links.html", **await run_in_threadpool(_links, request, asked, given))


def _links(request: Request, asked: Page, given: dict[str, Any]) -> dict[str, Any]:
    index, quotes = index_of(request), quotes_of(request)
    collection, identifier = request.path_params["collection"], request.path_params["identifier"]
    iri = f"{BASE}{COLLECTIONS[collection].segment}/{identifier}"
    if not index.exists(iri) and claim_row(index, iri) is None:
        raise unknown_thing(index, COLLECTIONS[collection].segment, identifier)
    shown = {**given, "group": None, "limit": min(given["limit"] or PER_PAGE, 2 * PER_PAGE)}
    body = Answer(request, index, quotes, iri, asked.chain, shown).body()
    counts = link_counts(index, iri, asked.chain)
    roles = {group["role"]["iri"]: group["role"] for group in counts["by_role"]}
    return {
        "about": index.named(iri, asked.chain),
        "answer": body,
        "given": given,
        "roles": [(role["id"], role) for role in sorted(roles.values(), key=lambda role: role["label"])],
        "classes": [(name, index.named(EDG + name, asked.chain)) for name in CLASSES],
        "modalities": [(told["id"].rpartition(":")[2], told) for told in counts["by_modality"]],
    }


@pages.page("/paths")
async def paths(request: Request) -> Response:
    """The form with two names and, where both are given, the facts along each shortest path."""
    asked = begin(request)
    if (clean := without_empty(request)) is not None:
        return clean
    both = request.query_params.get("from") and request.query_params.get("to")
    record = None
    if both:
        record = await path_answer(request, asked.reader(), OF_PAGES)
    return render(asked, "entity/paths.html", record=record)
