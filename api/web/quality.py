"""The page of the data's quality: coverage, checks, totals, identity decisions and what is unsure."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from api import quality
from api.web.given import read_in_parts
from api.web.page import begin, render
from api.web.routing import Pages

ROWS = 25
"""Rows of each list on one page at most."""

pages = Pages()


@pages.page("/quality")
async def of_the_data(request: Request) -> Response:
    """What the data says of itself."""
    asked = begin(request)
    given = read_in_parts(request, quality.PARAMETERS, ROWS)
    rows, part = given["limit"], given["part"]
    record = await quality.record_of(request, asked.reader(), rows, rows * (part - 1))
    # The longest of the lists decides how many pages there are.
    parts = part + -(-max(record["left_out"].values()) // rows)
    return render(asked, "quality/quality.html", record=record, given=given, parts=parts)
