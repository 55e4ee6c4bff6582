"""The page of what changed since the generation before."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import changes
from api.generations import generation_of
from api.web.given import read_in_parts
from api.web.page import begin, render
from api.web.routing import Pages
from graph.changes.record import LISTS
from graph.query.changes import changes_record, former

ENTRIES = 25
"""Entries of each list where the address does not say how many."""

pages = Pages()


@pages.page("/changes")
async def since_the_one_before(request: Request) -> Response:
    """What came, went and changed."""
    generation = generation_of(request)
    asked = begin(request, f"-{former(generation)}")
    most = read_in_parts(request, changes.PARAMETERS, ENTRIES)["limit"]
    record = await run_in_threadpool(changes_record, generation, asked.chain, most)
    return render(asked, "changes/changes.html", record=record, lists=LISTS)
