"""Gives every request an id: the caller's own if it is a sane one, else a fresh one."""

from __future__ import annotations

import random
import re

from starlette.types import Scope

from api.fields import Fields, values

HEADER = b"x-request-id"
# What may stand in a log line and in a header of ours without a second thought.
SANE = re.compile(rb"[A-Za-z0-9._-]{1,64}")


def identify(scope: Scope) -> bytes:
    """The id, which is set as ``scope["state"]["request_id"]`` too."""
    given = values(scope["headers"], HEADER)
    sane = len(given) == 1 and SANE.fullmatch(given[0])
    request_id = given[0] if sane else fresh()
    scope.setdefault("state", {})["request_id"] = request_id.decode("ascii")
    return request_id


def fresh() -> bytes:
    """An id that no other request has. It opens nothing, so it need not be hard to guess."""
    return b"%032x" % random.getrandbits(128)


def tell(fields: Fields, request_id: bytes) -> None:
    """Answer with the id."""
    fields.append((HEADER, request_id))
