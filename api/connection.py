"""Limits on a connection that no ASGI layer can see: slow or endless heads, unread answers, too many at once.

uvicorn's protocol has a timer for idle connections only. This one adds a deadline and a size for the request
head, a deadline for a client that does not read, and a place for the newcomer when all places are taken.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from typing import Any, ClassVar, cast
from urllib.parse import quote_from_bytes

from httptools import HttpParserInvalidMethodError, HttpParserUpgrade
from starlette.types import Message, Send
from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from api import problem_types as types
from api.close_delimited import Ending, ends_with_connection, unchunked
from api.departure import Departure
from api.other_protocols import read_behind_head
from api.problem import MEDIA_TYPE, HttpProblem, problem, problem_body
from api.request_id import fresh
from api.target import in_origin_form
from graph.settings import Settings

logger = logging.getLogger("edugraph.connections")

_ASCII = bytes(range(128))


class GuardedProtocol(HttpToolsProtocol):
    """One connection under the limits of ``settings``; made by ``guarded_protocol``."""

    limits: ClassVar[Settings]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.head_begun: float | None = None
        self.owing_since: float | None = None
        """Since when the client, not the service, has had the next bytes to send; None while it has not."""
        self._head_bytes = 0
        self._latest = self._unread = b""
        self._head_timer: asyncio.TimerHandle | None = None
        self._unread_timer: asyncio.TimerHandle | None = None
        self._ending: Ending | None = None
        self._aborted = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a place; if there is none left, that of the client that has owed its bytes for longest."""
        if len(self.connections) >= self.limits.max_connections and not self._make_room():
            full = HttpProblem(503, "Too many connections", "try again in a moment")
            transport.write(_refusal(full, "retry-after: 1\r\n"))
            transport.close()
            self.transport, self.flow = transport, None  # type: ignore[assignment]
            return
        super().connection_made(transport)
        self._await_head()
        self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        for timer in (self._head_timer, self._unread_timer):
            if timer is not None:
                timer.cancel()
        if self._ending is not None and self.cycle.response_complete and exc is None and not self._aborted:
            self._ending.in_order()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Feed the parser, and stop a head that has no end."""
        head = self.head_begun
        self._unread = data if data.isascii() or not self._between_requests() else _with_quoted_target(data)
        while self._unread:
            self._latest, self._unread = self._unread, b""
            super().data_received(self._latest)
        # Most heads come whole: only one that does not needs its clock.
        if self.head_begun is not None and self._head_timer is None:
            self._watch_head()
        if head is not None and head == self.head_begun:
            self._head_bytes += len(data)
            if self._head_bytes > self.limits.max_url + self.limits.max_head:
                self._refuse_head(self._too_long() or problem(types.HEAD_TOO_LARGE, types.HEAD_TOO_LARGE.remedy))

    def on_message_begin(self) -> None:
        """A head begins, perhaps while the answer before it is still under way."""
        if self.head_begun is None:
            self._await_head()
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a field of the head; one behind the body is dropped, for it would pass where a proxy looks no more."""
        if self.head_begun is not None:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is whole: its deadline is off, and the body may follow."""
        self.head_begun, self.owing_since = None, time.monotonic()
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
        self.url = in_origin_form(self.url, self.headers)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole: now it is the service's turn."""
        if self.parser.should_upgrade():  # as the parser sees it: the body, if there is one, is read behind it
            return
        self.owing_since = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is out: the connection idles until the next request."""
        if self.owing_since is None:
            self.owing_since = time.monotonic()
        super().on_response_complete()

    def _unsupported_upgrade_warning(self) -> None:
        """Pass over the wish for another protocol: what the parser left unread is HTTP/1.1 as before."""
        wish = cast(HttpParserUpgrade, sys.exception())
        self._unread = self._latest[wish.args[0] :]
        read_behind_head(self)

    def send_400_response(self, msg: str) -> None:
        """Answer what is not HTTP with a problem, as every other error; the parser takes a very long URL for that."""
        self._refuse_head(self._too_long() or _unreadable(sys.exception(), self._latest))

    def pause_writing(self) -> None:
        """The client is not reading: its time runs."""
        super().pause_writing()
        self._unread_timer = self.loop.call_later(self.limits.send_timeout, self._abort)

    def resume_writing(self) -> None:
        """The client has read on."""
        if self._unread_timer is not None:
            self._unread_timer.cancel()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection, and do not wait for a client that leaves its answer unread."""
        super().timeout_keep_alive_handler()
        self._do_not_linger()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        old = cycle.scope["http_version"] == "1.0"

        async def app_then_close(scope: Any, receive: Any, send: Any) -> None:
            try:
                await app(scope, receive, self._to_old_clients(cycle, send) if old else send)
            finally:
                if not cycle.response_complete or not cycle.keep_alive:
                    self.loop.call_soon(self._do_not_linger)

        cycle.transport = cast(asyncio.Transport, Departure(cycle, self.loop))
        super()._start_asgi_task(cycle, app_then_close)

    def _to_old_clients(self, cycle: RequestResponseCycle, send: Send) -> Any:
        """``send`` to a client of HTTP/1.0, which ends an answer of unknown length with the connection."""

        async def sent(message: Message) -> None:
            nonlocal send
            if message["type"] == "http.response.start" and ends_with_connection(cycle.scope["method"], message):
                send, self._ending = unchunked(cycle, send), Ending(self.transport)
            await send(message)

        return sent

    def _abort(self) -> None:
        """End the connection at once, whatever has not left yet."""
        self._aborted = True
        self.transport.abort()

    def _await_head(self) -> None:
        self.head_begun, self._head_bytes = time.monotonic(), 0
        self.owing_since = self.owing_since or self.head_begun

    def _between_requests(self) -> bool:
        """Whether what comes next begins a head."""
        if self.cycle is None:
            return self._head_bytes == 0
        return self.head_begun is None and not self.cycle.more_body

    def _watch_head(self) -> None:
        self._head_timer = self.loop.call_later(self.limits.head_timeout, self._head_too_slow)

    def _head_too_slow(self) -> None:
        if self._head_bytes == 0:
            self.transport.close()
        else:
            detail = f"no whole request head came within {self.limits.head_timeout:g} s"
            self._refuse_head(HttpProblem(408, "The request head came too slowly", detail))

    def _too_long(self) -> HttpProblem | None:
        """The problem of a head whose URL alone has more bytes than are read."""
        url, most = len(getattr(self, "url", b"")), self.limits.max_url
        return problem(types.URL_TOO_LONG, f"{url} bytes and more; at most {most}") if url > most else None

    def _refuse_head(self, found: HttpProblem) -> None:
        if self.transport.is_closing():
            return
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            if not cycle.more_body or cycle.response_started or self.pipeline:
                # The answer before this head is under way: it is finished, and then the connection ends.
                cycle.keep_alive = False
                self.flow.pause_reading()
                return
            # It is the body that cannot be read: whoever waits for the rest of it need not wait on.
            cycle.disconnected = True
            cycle.message_event.set()
        self.transport.write(_refusal(found))
        self.transport.close()
        self._do_not_linger()

    def _do_not_linger(self) -> None:
        """Closing waits until all is read; a client that reads nothing must not keep its place by that."""
        if self.transport.is_closing():
            if self._unread_timer is not None:
                self._unread_timer.cancel()
            self._unread_timer = self.loop.call_later(self.limits.send_timeout, self._abort)

    def _make_room(self) -> bool:
        owing = [
            (protocol.owing_since, protocol)
            for protocol in self.connections
            if isinstance(protocol, GuardedProtocol) and protocol.owing_since is not None
        ]
        if not owing:
            return False
        _, oldest = min(owing, key=lambda pair: pair[0])
        self.connections.discard(oldest)
        oldest._abort()
        return True


def _unreadable(why: BaseException | None, data: bytes) -> HttpProblem:
    """What is wrong with bytes that the parser does not take, by what it says and how they begin."""
    method = data.partition(b" ")[0]
    if method == b"CONNECT" or (isinstance(why, HttpParserInvalidMethodError) and method.isalpha()):
        detail = "a method is one of GET, HEAD, POST, PUT, DELETE, QUERY and OPTIONS, in capitals"
        return HttpProblem(501, "This method is not known", detail)
    if data.startswith(b"\x16\x03"):  # TLS's first record
        detail = "it is TLS: ask with http://, not https://, at this port"
    else:
        detail = f"{why}; a head is 'GET /path HTTP/1.1', then lines 'Name: value', then an empty line"
    return HttpProblem(400, "This is not an HTTP request", detail)


def guarded_protocol(settings: Settings) -> type[GuardedProtocol]:
    """The protocol class for a server with these settings."""
    return type("GuardedProtocol", (GuardedProtocol,), {"limits": settings})


def _with_quoted_target(data: bytes) -> bytes:
    """The bytes with the first line's letters that no URL may hold percent-encoded, as browsers write them.

    Who types a name in Cyrillic into a URL for curl sends them as they are, and the parser would refuse them.
    """
    line, end, rest = data.partition(b"\n")
    return quote_from_bytes(line, _ASCII).encode("ascii") + end + rest


def _refusal(found: HttpProblem, headers: str = "") -> bytes:
    """A whole answer for where there is no request yet, and so no line of the access log; the log has its id too."""
    request_id = fresh().decode("ascii")
    status, title = found.status_code, found.title
    logger.info("%s %s: %s", status, title, found.detail, extra={"request_id": request_id})
    body = problem_body(found, request_id)
    head = (
        f"HTTP/1.1 {status} {title}\r\ncontent-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\n"
        f"x-request-id: {request_id}\r\naccess-control-allow-origin: *\r\nx-content-type-options: nosniff\r\n"
        f"{headers}connection: close\r\n\r\n"
    )
    return head.encode("ascii") + body
