"""The list of claims: every fact in the order in which the articles tell it, filtered and counted."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.claims import PARAMETERS, counted_values, selection_of
from api.indexes import index_of, quotes_of
from api.parameters import read_parameters
from api.web.given import with_those_of_pages, without_empty
from api.web.lists import ONE_BY_ONE, SHOWN_VALUES
from api.web.page import Page, begin, render
from api.web.routing import Pages
from graph.query.claims import FACETS, ClaimSelection, claim_page, claim_record, count_claims, is_kept
from graph.query.cursors import cursor_for, key_of
from graph.query.index import Index

TYPED = ("subject", "object")
"""The filters that are typed: any thing, by its id."""

MOST_ROWS = 60
"""Rows on a page, also where the address asks for more: with their quotes, more would weigh too much."""

pages = Pages()


@pages.page("/claims")
async def claims(request: Request) -> Response:
    """One page of the claims that fit, each with its evidence."""
    if empty := without_empty(request):
        return empty
    asked = begin(request)
    given = read_parameters(request, with_those_of_pages(PARAMETERS))
    return render(asked, "claims/claims.html", given=given, **await run_in_threadpool(_values, asked, given))


def _values(asked: Page, given: dict[str, Any]) -> dict[str, Any]:
    index, quotes = index_of(asked.request), quotes_of(asked.request)
    wanted = selection_of(index, given)
    after = key_of(index.generation, wanted, given["cursor"], (int,))[0] if given["cursor"] else 0
    rows, behind = claim_page(index, wanted, after, min(given["limit"], MOST_ROWS))
    total = count_claims(index, wanted)
    return {
        "total": total,
        "items": [claim_record(index, row, asked.chain, quotes) for row in rows],
        "facets": [
            (name, counted_values(index, wanted, name, asked.chain, SHOWN_VALUES))
            for name in FACETS
            if not given[name] and (total <= ONE_BY_ONE or is_kept(wanted, name))
        ],
        "active": _active(index, asked, wanted),
        "typed": TYPED,
        "following": cursor_for(index.generation, wanted, behind) if behind else None,
    }


def _active(index: Index, asked: Page, wanted: ClaimSelection) -> list[tuple[str, dict[str, Any]]]:
    """Each filter that is set, with the name of what it was set to."""
    chosen = {name: getattr(wanted, name) for name in (*TYPED, *FACETS)}
    return [(name, {**index.named(iri, asked.chain)}) for name, iri in chosen.items() if iri is not None]
