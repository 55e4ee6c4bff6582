"""Rows as CSV beside JSON: which of the two is asked for, and the table itself."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from starlette.requests import Request
from starlette.responses import Response

from api import problem_types
from api.fields import listed
from api.negotiation import comes_as, negotiate
from api.parameters import Parameter
from api.problem import problem

JSON, CSV = "application/json", "text/csv"
FORMAT = Parameter(
    "format", "The form of the answer; overrides Accept.", {"type": "string", "enum": ["json", "csv"]}, "csv"
)
_AS_JSON = frozenset({None, JSON, "*/*"})
"""What most clients accept, for which there is nothing to weigh."""


def wants_csv(request: Request, name: str | None, *others: str) -> bool:
    """Whether the rows are asked for as CSV, by ``format`` or else by Accept; ``others`` are known to the caller.

    Raises HttpProblem 406.
    """
    if name is not None:
        return name == "csv"
    accept = listed(request.scope, b"accept")
    if accept in _AS_JSON:
        return False
    chosen = negotiate(accept, (JSON, CSV))
    if chosen is None and negotiate(accept, ("text/html",)) is None:
        raise problem(problem_types.NOT_ACCEPTABLE, comes_as((JSON, CSV, *others)))
    return chosen == CSV


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], following: str | None) -> Response:
    """The rows as CSV (RFC 4180); the next page is in the Link field."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows(rows)
    headers = next_field(following)
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8; header=present", headers=headers)


def next_field(following: str | None) -> dict[str, str]:
    """The Link field that names the next page, if there is one."""
    return {} if following is None else {"link": f'<{following}>; rel="next"'}
