"""The page of what changed since the generation before."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import changes
from api.generations import generation_of
from api.parameters import read_parameters
from api.web.given import with_those_of_pages
from api.web.page import begin, render
from api.web.routing import Pages
from graph.changes.record import LISTS
from graph.query.changes import changes_record

ENTRIES = 25
"""Entries of each list where the address does not say how many."""

pages = Pages()


@pages.page("/changes")
async def since_the_one_before(request: Request) -> Response:
    """What came, went and changed."""
    asked = begin(request)
    given = read_parameters(request, with_those_of_pages(changes.PARAMETERS))
    most = given["limit"] if "limit" in request.query_params else ENTRIES
    record = await run_in_threadpool(changes_record, generation_of(request), asked.chain, most)
    return render(asked, "changes/changes.html", record=record, lists=LISTS)
