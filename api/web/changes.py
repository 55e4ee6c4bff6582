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
from graph.query.changes import changes_record, former, longest

ENTRIES = 20
"""Entries of each of the six lists on one page at most."""

pages = Pages()


@pages.page("/changes")
async def since_the_one_before(request: Request) -> Response:
    """What came, went and changed."""
    generation = generation_of(request)
    asked = begin(request, f"-{former(generation)}")
    given = read_in_parts(request, changes.PARAMETERS, ENTRIES)
    rows, part = given["limit"], given["part"]
    record = await run_in_threadpool(changes_record, generation, asked.chain, rows, rows * (part - 1))
    # The longest of the lists decides how many pages there are.
    parts = -(-longest(generation) // rows)
    return render(asked, "changes/changes.html", record=record, given=given, parts=parts, lists=LISTS)
