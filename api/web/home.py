"""The first page: search, what is in the graph, events in time, the newest articles, questions to begin with."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.generations import generation_of
from api.indexes import index_of
from api.web.page import Page, begin, render
from api.web.query import questions
from api.web.routing import Pages
from graph.query.claims import ClaimSelection, count_claims
from graph.query.collections import COLLECTIONS, Selection, page, sort_language
from graph.query.entities import summary
from graph.query.facets import Fitting
from graph.query.index import Index
from graph.query.years import events_by_year

COUNTED = (
    "organisations",
    "persons",
    "events",
    "programmes",
    "documents",
    "places",
    "countries",
    "topics",
    "articles",
    "claims",
)
"""The lists that the first page counts, in its order."""
NEWEST = 6
YEARS = 12
"""The latest years in which events are counted one by one; what is earlier is one number."""
EXAMPLES = (
    "who-organised-almaty-seminar",
    "who-signed-almaty-roadmap",
    "who-supports-but-does-not-organise",
    "which-bodies-appear-in-several-articles",
    "which-bodies-were-invited-but-not-seen",
    "which-events-prepare-the-summit",
    "which-targets-are-due-by-2025",
    "planned-numbers-by-unit",
    "which-numbers-contradict-each-other",
    "which-programmes-link-two-articles",
    "who-is-ministry-in-russian",
    "where-it-says-who-moderated",
)
"""The competency questions that the first page shows."""

pages = Pages()


@pages.page("/")
async def home(request: Request) -> Response:
    """The first page."""
    asked = begin(request)
    return render(asked, "home/home.html", **await run_in_threadpool(_values, request, asked))


def _values(request: Request, asked: Page) -> dict[str, Any]:
    index = index_of(request)
    known = {one.name: one for one in questions(request.app.state.settings.home / "data" / "questions")}
    return {
        "examples": [(name, known[name].named(asked.chain)) for name in EXAMPLES if name in known],
        "counts": [(name, _total(index, name)) for name in COUNTED],
        "newest": _newest(index, asked, "articles"),
        "events": _newest(index, asked, "events"),
        "years": events_by_year(index, YEARS),
        "manifest": generation_of(request).manifest,
    }


def _total(index: Index, name: str) -> int:
    if name == "claims":
        return count_claims(index, ClaimSelection())
    segment = COLLECTIONS[name].segment
    return Fitting(index, Selection(segment, {}, None, None, None, True, "id", "")).total


def _newest(index: Index, asked: Page, name: str) -> list[dict[str, Any]]:
    wanted = Selection(COLLECTIONS[name].segment, {}, None, None, None, True, "-date", sort_language(asked.chain))
    things, _ = page(index, wanted, None, NEWEST)
    return [summary(index, thing, asked.chain) for thing in things]
