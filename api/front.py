"""The one layer around all routes: what is done for every request stands here in its order, each in its own room."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import cors, request_id
from api.access_log import AccessLog
from api.compression import compressed
from api.errors import UnexpectedErrors, is_foreign
from api.fields import Fields, values, vary
from api.generations import Generations, stamp
from api.kept_answers import KeptAnswer, KeptAnswers, Key, may_be_kept
from api.limits import LimitedBody, check_head, has_body
from api.metrics import Measurements
from api.problem import HttpProblem, problem_response
from api.security_headers import secure
from api.short_way import ShortWay
from graph.settings import Settings


class Front:
    """Takes each request, leads it to its route, and sees its answer out.

    A layer for each of these concerns would cost a short query more than the engine takes for it.
    """

    def __init__(
        self,
        routes: ASGIApp,
        short_way: ShortWay,
        settings: Settings,
        generations: Generations,
        measurements: Measurements,
        access_log: AccessLog,
        kept_answers: KeptAnswers,
        for_people: Callable[[ASGIApp], ASGIApp],
    ) -> None:
        """``for_people`` makes of an application that answers problems one that shows them as pages where asked."""
        self.settings, self.generations = settings, generations
        self.measurements, self.access_log = measurements, access_log
        self.kept_answers = kept_answers
        self.for_people = for_people
        self._short_way, self._unexpected = short_way, UnexpectedErrors(short_way)
        self._routes = compressed(routes)
        self._short_compressed = compressed(self._unexpected)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is no request (the lifespan) goes straight on."""
        if scope["type"] != "http":
            await self._routes(scope, receive, send)
            return
        await Visit(self, scope, receive, send).run()

    def way(self, scope: Scope) -> ASGIApp:
        """Where a request goes."""
        if not self._short_way.serves(scope):
            return self._routes
        return self._short_compressed if values(scope["headers"], b"accept-encoding") else self._unexpected


class Visit:
    """One request on its way in, and its answer on its way out."""

    __slots__ = (
        "_begin",
        "_body",
        "_fields",
        "_foreign",
        "_front",
        "_id",
        "_key",
        "_receive",
        "_scope",
        "_send",
        "_size",
        "_status",
        "_whole",
    )

    def __init__(self, front: Front, scope: Scope, receive: Receive, send: Send) -> None:
        self._front, self._scope, self._receive, self._send = front, scope, receive, send
        self._begin = time.monotonic()
        self._id = request_id.identify(scope)
        self._body = LimitedBody(scope, receive, front.settings) if has_body(scope) else None
        self._status, self._size, self._whole = 0, 0, False
        self._foreign: int | None = None
        self._key: Key | None = None
        self._fields: Fields | None = None  # of an answer that is kept if it comes whole

    async def run(self) -> None:
        """Answer it, and write down that it was answered."""
        front, scope = self._front, self._scope
        front.measurements.begin()
        try:
            await self._answer()
            if self._foreign is not None:
                await self._tell(HttpProblem(self._foreign))
        finally:
            seconds = time.monotonic() - self._begin
            front.measurements.end(scope, self._status, seconds, whole=self._whole)
            front.access_log.add(scope, status=self._status, size=self._size, seconds=seconds, whole=self._whole)

    async def _answer(self) -> None:
        front, scope, receive = self._front, self._scope, self._receive
        if (permission := cors.preflight(scope)) is not None:
            await permission(scope, receive, self.send)
            return
        scope["state"]["generation"] = front.generations.current
        try:
            check_head(scope, front.settings)
            if self._body is not None:
                self._body.check()
                receive = self._body.receive
        except HttpProblem as refused:
            await self._tell(refused)
            return
        self._key = None if self._body is not None else front.kept_answers.key(scope)
        kept = None if self._key is None else front.kept_answers.find(self._key)
        if kept is not None:
            await self._send_kept(kept)
        else:
            await front.way(scope)(scope, receive, self.send)

    async def _send_kept(self, kept: KeptAnswer) -> None:
        fields = [*kept.fields]
        cors.share(fields, self._scope)
        request_id.tell(fields, self._id)
        self._scope["route"], self._scope["state"]["log"] = kept.route, {**kept.log}
        self._status, self._size = 200, len(kept.body)
        await self._send({"type": "http.response.start", "status": self._status, "headers": fields})
        await self._send({"type": "http.response.body", "body": kept.body})
        self._whole = True

    async def _tell(self, problem: HttpProblem) -> None:
        self._foreign = None
        scope = self._scope
        if problem.status_code == HTTPStatus.REQUEST_URI_TOO_LONG:
            scope = {**scope, "query_string": b""}  # else each link of the page would hold it again
        await self._front.for_people(problem_response(problem, scope))(scope, self._receive, self.send)

    async def send(self, message: Message) -> None:
        """Pass a message of the answer on, its head completed."""
        if message["type"] == "http.response.start":
            status: int = message["status"]
            fields: Fields = list(message.get("headers", ()))
            if is_foreign(fields, status, self._scope):
                self._foreign = status
                return
            await self._complete(fields, status)
            self._status = status
            await self._send({**message, "headers": fields})
        elif self._foreign is None:
            await self._send(message)
            if message["type"] == "http.response.body":
                body = message.get("body", b"")
                self._whole = not message.get("more_body", False)
                if self._whole and self._size == 0 and self._fields is not None and self._key is not None:
                    self._front.kept_answers.keep(self._key, self._scope, self._fields, body)
                self._size += len(body)

    async def _complete(self, fields: Fields, status: int) -> None:
        state: dict[str, Any] = self._scope["state"]
        varies = stamp(fields, status, state)
        if self._body is not None:
            await self._body.answer(fields)
        cors.share(fields, self._scope)
        # What may be read by any page says so to those pages alone.
        vary(fields, varies or (), ("Origin",) if varies is None else ("Accept-Encoding", "Origin"))
        secure(fields, status)
        if self._key is not None and may_be_kept(self._scope, status, fields):
            self._fields = [*fields]
        request_id.tell(fields, self._id)
