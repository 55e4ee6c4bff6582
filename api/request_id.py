"""Gives every request an id: the caller's own if it is a sane one, else a fresh one."""

from __future__ import annotations

import re
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "x-request-id"
# What may stand in a log line and in a header of ours without a second thought.
SANE = re.compile(r"[A-Za-z0-9._-]{1,64}")


class RequestId:
    """The outermost layer: sets ``scope["state"]["request_id"]`` and answers with ``X-Request-ID``."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app; see the class."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).getlist(HEADER)
        sane = len(given) == 1 and SANE.fullmatch(given[0])
        request_id = given[0] if sane else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        await self.app(scope, receive, answer)
