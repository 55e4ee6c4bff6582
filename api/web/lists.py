"""The lists: organisations, persons, events and all other things, filtered, counted, sorted and paged."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.collections import MEMBERS, counted_values, parameters_of, selection_of
from api.indexes import index_of
from api.parameters import read_parameters
from api.web.dates import language_name
from api.web.given import with_those_of_pages, without_empty
from api.web.page import Page, begin, render
from api.web.routing import Handler, Pages
from graph.query.collections import Collection, Selection, page
from graph.query.cursors import cursor_for, key_of
from graph.query.entities import summary
from graph.query.facets import Fitting

SHOWN_VALUES = 20
"""Values of a facet that a list offers, the commonest first."""
MOST_ROWS = 100
"""Rows on a page, also where the address asks for more; the data's forms give them."""
ONE_BY_ONE = 500
"""Rows that fit a filter up to which a facet with very many values, such as the articles, is counted on the page."""
FACETS = ("kind", "status", "unit", "language", "country", "topic", "modality", "article")
"""The facets that a list offers, in this order; a role is said by address or form only."""
TYPED = ("label", "from", "to")
"""The filters that are typed."""

pages = Pages()


def _mount(name: str, collection: Collection) -> None:
    known = with_those_of_pages(parameters_of(name, collection))

    async def members(request: Request) -> Response:
        if empty := without_empty(request):
            return empty
        asked = begin(request)
        given = read_parameters(request, known)
        values = await run_in_threadpool(_values, asked, collection, given)
        return render(asked, "lists/list.html", name=name, given=given, **values)

    handler: Handler = members
    pages.page(f"/{name}")(handler)


def _values(asked: Page, collection: Collection, given: dict[str, Any]) -> dict[str, Any]:
    index = index_of(asked.request)
    wanted = selection_of(index, collection, given, asked.chain)
    after = key_of(index.generation, wanted.question, given["cursor"], wanted.key_shape) if given["cursor"] else None
    things, behind = page(index, wanted, after, min(given["limit"], MOST_ROWS))
    fitting = Fitting(index, wanted)
    return {
        "total": fitting.total,
        "items": [summary(index, thing, asked.chain, planned=wanted.planned) for thing in things],
        "facets": [
            (name, counted_values(index, fitting, name, asked.chain, SHOWN_VALUES))
            for name in FACETS
            if name in collection.facets and name not in wanted.facets
            if wanted.whole or fitting.total <= ONE_BY_ONE or fitting.is_kept(name)
        ],
        "active": _active(asked, wanted, given),
        "typed": [name for name in TYPED if name in given],
        "following": cursor_for(index.generation, wanted.question, behind) if behind else None,
    }


def _active(asked: Page, wanted: Selection, given: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Each filter that is set, with the name of what it was set to."""
    index = index_of(asked.request)
    named: list[tuple[str, dict[str, Any]]] = [
        (name, {"label": language_name(asked.language, value), "lang": None})
        if name == "language"
        else (name, {**index.named(value, asked.chain)})
        for name, value in wanted.facets.items()
    ]
    return named + [(name, {"label": given[name], "lang": None}) for name in TYPED if given.get(name)]


for _name, _collection in MEMBERS.items():
    _mount(_name, _collection)
