"""What the address of a page may hold beside the parameters of its data, and what a form leaves in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.parameters import Parameter, read_parameters
from api.web.interface import THEMES
from api.web.routing import HTML

OF_PAGES = (
    Parameter("theme", "The colours of the page.", {"type": "string", "enum": list(THEMES)}),
    Parameter("format", "The form of the answer.", {"type": "string", "enum": [HTML.partition("/")[2]]}),
)
"""What every page may be given beside the parameters of its data."""
PART = Parameter("part", "Which page.", {"type": "integer", "minimum": 1, "maximum": 99_999, "default": 1})
"""Of pages that are numbered, because what they show stands in one fixed order."""


def with_those_of_pages(known: Iterable[Parameter]) -> tuple[Parameter, ...]:
    """The parameters of some data as its page takes them: the form of a page is always HTML."""
    ours = {parameter.name for parameter in OF_PAGES}
    return (*(parameter for parameter in known if parameter.name not in ours), *OF_PAGES)


def read_in_parts(
    request: Request, known: Iterable[Parameter], rows: int, most: int | None = None, limit: str = "limit"
) -> dict[str, Any]:
    """The parameters of a page's data, with ``rows`` as their limit where the address says none.

    ``most`` are the rows of one page, by default ``rows``, also where the address asks for more: the data's forms give
    all at once, and a page stays small. Raises HttpProblem 400.
    """
    given = read_parameters(request, with_those_of_pages((*known, PART)))
    asked = given[limit] if limit in request.query_params else rows
    return given | {limit: min(asked, most or rows)}


def without_empty(request: Request, several: tuple[str, ...] = ()) -> Response | None:
    """The way to the same page without the fields that a form sent empty; None where there are none.

    What a form sends several times over, of the parameters ``several``, is written once with commas between.
    """
    given = request.query_params.multi_items()
    kept = [(name, text) for name, text in given if text and name not in several]
    for name in several:
        if texts := [text for other, text in given if text and other == name]:
            kept.append((name, ",".join(texts)))
    if len(kept) == len(given):
        return None
    # A bare "?" would do for browsers, but other clients take it for the address with its fields.
    bare = request.url.path.rpartition("/")[2] or "."
    return RedirectResponse(f"?{urlencode(kept)}" if kept else bare, 303)
