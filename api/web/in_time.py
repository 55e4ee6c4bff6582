"""The pages of what is dated: the timeline of events and deadlines, and the table of targets."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import targets, timeline
from api.parameters import Parameter, read_parameters
from api.web.given import with_those_of_pages
from api.web.page import begin, render
from api.web.routing import Pages
from graph.query.targets import targets_answer
from graph.query.timeline import timeline_answer

ENTRIES = 100
"""Entries or targets on a page where the address does not say how many; how many are left out stands below."""

pages = Pages()


@pages.page("/timeline")
async def dated(request: Request) -> Response:
    """Events, programmes and deadlines by year."""
    asked = begin(request)
    given = _given(request, timeline.PARAMETERS)
    record = await run_in_threadpool(timeline_answer, asked.reader(), timeline.asked_of(given))
    years = [(year, list(group)) for year, group in groupby(record["entries"], key=lambda one: one["earliest"][:4])]
    return render(asked, "time/timeline.html", record=record, years=years)


@pages.page("/targets")
async def promised(request: Request) -> Response:
    """Every commitment with its numbers, and sums by unit."""
    asked = begin(request)
    given = _given(request, targets.PARAMETERS)
    record = await run_in_threadpool(targets_answer, asked.reader(), targets.asked_of(given))
    return render(asked, "time/targets.html", record=record)


def _given(request: Request, known: tuple[Parameter, ...]) -> dict[str, Any]:
    given = read_parameters(request, with_those_of_pages(known))
    if "limit" not in request.query_params:
        given["limit"] = ENTRIES
    return given
