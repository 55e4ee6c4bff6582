"""What a search found: every answer with the name that matched, in any script, and why."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.generations import generation_of
from api.indexes import index_of
from api.parameters import CURSOR, LANG, Parameter, limit, read_parameters
from api.search import MOST_AT_ONCE, search_record, start_of
from api.web.given import OF_PAGES, without_empty
from api.web.page import begin, render
from api.web.routing import Pages
from graph.query.cursors import cursor_for
from graph.search.find import LONGEST

CLASSES = ("Organisation", "Person", "Event", "Programme", "Document", "Place", "Article")
"""The classes that the page offers to narrow a search to."""
PARAMETERS = (
    Parameter("q", "A name or a part of it.", {"type": "string", "minLength": 1, "maxLength": LONGEST}),
    Parameter("class", "Only things of this class."),
    limit(MOST_AT_ONCE, 20, "Results on one page."),
    CURSOR,
    LANG,
    *OF_PAGES,
)

pages = Pages()


@pages.page("/search")
async def found(request: Request) -> Response:
    """The results; without a text, what to do."""
    if empty := without_empty(request):
        return empty
    asked = begin(request)
    given = read_parameters(request, PARAMETERS)
    text, narrowed = given["q"], given["class"]
    values: dict[str, Any] = {"total": 0, "results": [], "complete": True}
    following = None
    if text:
        generation, question = generation_of(request), ["search", text, narrowed]
        start = start_of(generation, question, given["cursor"])
        shown = slice(start, start + given["limit"])
        values = await run_in_threadpool(search_record, index_of(request), text, narrowed, asked.chain, shown)
        if shown.stop < values["total"]:
            following = cursor_for(generation, question, [shown.stop])
    return render(asked, "search/search.html", given=given, classes=CLASSES, following=following, found=values)
