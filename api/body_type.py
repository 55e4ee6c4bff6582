"""The media type of a request's body, where only some are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.message import Message

from starlette.requests import Request

from api import problem_types
from api.problem import problem
from graph.told import told


def body_type(request: Request, types: Sequence[str], parameters: Mapping[str, Sequence[str]]) -> str:
    """The one of ``types`` that the body is; of its parameters only these values are taken. Raises HttpProblem 415."""
    given = Message()
    given["content-type"] = request.headers.get("content-type", "")
    # Message takes what it cannot read for text/plain, with its parameters, which is never one of ours.
    said = {name.lower(): value.lower() for name, value in given.get_params([])[1:]}
    media_type = given.get_content_type()
    if media_type not in types or any(value not in parameters.get(name, ()) for name, value in said.items()):
        known = ", ".join(types)
        raise problem(problem_types.MEDIA_TYPE, told("send %(types)s in UTF-8", types=known), {"accept": known})
    return media_type
