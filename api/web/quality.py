"""The page of the data's quality: coverage, checks, totals, identity decisions and what is unsure."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from api import quality
from api.web.given import read_in_parts
from api.web.page import begin, render
from api.web.routing import Pages

ROWS = 25
"""Rows of each list where the address does not say how many."""

pages = Pages()


@pages.page("/quality")
async def of_the_data(request: Request) -> Response:
    """What the data says of itself."""
    asked = begin(request)
    rows = read_in_parts(request, quality.PARAMETERS, ROWS)["limit"]
    return render(asked, "quality/quality.html", record=await quality.record_of(request, asked.reader(), rows))
