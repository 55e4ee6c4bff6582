"""Limits on what one request may be: its URL, its header, its body, and how long the body may take."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
import zlib
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope

from api import problem_types as types
from api.fields import Fields, replace, values
from api.problem import HttpProblem, problem
from api.problem_types import ProblemType
from graph.settings import Settings

PIECE = 256 * 1024

DISCARDED, SECONDS_TO_DISCARD = 4 * 1024**2, 1.0

UPLOADS = frozenset({"/store"})

# Where nothing of this stands in a URL of ASCII, its decoded form is UTF-8; decoding it takes longer than to look.
SUSPECT = re.compile(rb"%(?:00|[89A-Fa-f])")

# A body that keeps this pace is not cut, however long it is; a slower one has body_timeout seconds in all.
BYTES_PER_SECOND = 1024

# RFC 3986, 3.2.2 and 3.2.3; empty where the target has no host.
_HOST = re.compile(rb"(?:\[[-\w.:~%]+\]|(?:[-\w.~!$&'()*+,;=]|%[\dA-Fa-f]{2})*)(?::\d*)?")

_OF_A_BODY = frozenset({b"content-length", b"transfer-encoding", b"content-encoding"})

# zlib's window bits: 16 + 15 reads gzip, 15 reads the zlib format, which HTTP calls deflate.
WINDOW = {"gzip": 31, "x-gzip": 31, "deflate": 15}


def refuse(kind: ProblemType, detail: str, **headers: str) -> HttpProblem:
    """The problem for a limit; the connection ends with it, for the rest of the request is not read."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return problem(kind, detail, {"connection": "close"} | named)


def check_head(scope: Scope, limits: Settings) -> None:
    """Refuse a request whose URL or header is too large or malformed. Raises HttpProblem."""
    headers = scope["headers"]
    raw_path, query_string = scope.get("raw_path") or b"", scope["query_string"]
    url = len(raw_path) + len(query_string)
    if url > limits.max_url:
        raise refuse(types.URL_TOO_LONG, f"{url} bytes; at most {limits.max_url}")
    if len(headers) > limits.max_headers:
        raise refuse(types.HEAD_TOO_LARGE, f"{len(headers)} header fields; at most {limits.max_headers}")
    size = sum(len(name) + len(value) + 4 for name, value in headers)
    if size > limits.max_head:
        raise refuse(types.HEAD_TOO_LARGE, f"{size} bytes of header fields; at most {limits.max_head}")
    _check_transfer(scope)
    for part, where in ((raw_path, "path"), (query_string, "query string")):
        if not part.isascii() or SUSPECT.search(part) or b"\0" in part:
            _check_text(unquote_to_bytes(part), where)


def _check_transfer(scope: Scope) -> None:
    headers = scope["headers"]
    if scope["http_version"] not in ("1.0", "1.1"):
        raise refuse(types.HTTP_VERSION, "send HTTP/1.1")
    codings = [coding.strip().lower() for coding in values(headers, b"transfer-encoding")]
    if codings and codings != [b"chunked"]:
        raise refuse(types.TRANSFER_CODING, "send the body plain or in chunks")
    hosts = values(headers, b"host")
    if len(hosts) > 1 or (not hosts and scope["http_version"] == "1.1"):
        raise refuse(types.BAD_HOST, f"the request has {len(hosts)}")
    if hosts and _HOST.fullmatch(hosts[0]) is None:
        raise refuse(types.BAD_HOST, "what it says is no host")


def has_body(scope: Scope) -> bool:
    """Whether a body follows the head, or the head speaks of one."""
    return any(name in _OF_A_BODY for name, _ in scope["headers"])


def _check_text(text: bytes, where: str) -> None:
    if b"\0" in text:
        raise refuse(types.BAD_URL, f"the {where} holds a NUL character")
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        detail = f"the {where} is not UTF-8 at byte {error.start + 1} of its decoded form"
        raise refuse(types.BAD_URL, detail) from None


class LimitedBody:
    """The body of one request: counted, timed and, where it is compressed, decompressed under the same count."""

    def __init__(self, scope: Scope, receive: Receive, settings: Settings) -> None:
        headers = Headers(scope=scope)
        upload = scope["path"] in UPLOADS and scope["method"] in ("PUT", "POST")
        self.most = settings.max_upload if upload else settings.max_body
        self.ended = "content-length" not in headers and "transfer-encoding" not in headers
        self._scope, self._receive = scope, receive
        self._waits_for_continue = "expect" in headers
        self._late = False
        self._patience = settings.body_timeout
        self._deadline: float | None = None
        self._read = self._made = 0
        self._inflate: zlib._Decompress | None = None
        self._tail = b""
        self._arrived_whole, self._drained = False, True

    def check(self) -> None:
        """Refuse what the header already tells: a length beyond the limit, an unknown encoding. Raises HttpProblem."""
        headers = Headers(scope=self._scope)
        declared = headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > self.most:
            raise self._too_large()
        encodings = ",".join(headers.getlist("content-encoding")).lower().strip()
        if encodings not in ("", "identity"):
            if encodings not in WINDOW:
                detail = f"content-encoding {encodings[:50]!r} is not read here; send gzip, deflate or none"
                raise refuse(types.ENCODING, detail, accept_encoding="gzip, deflate")
            self._inflate = zlib.decompressobj(WINDOW[encodings])
            self._scope["headers"] = _without_encoding(self._scope["headers"])

    async def answer(self, fields: Fields) -> None:
        """Before an answer to a body that was not read to its end: discard the rest, or end the connection with it."""
        if not self.ended:
            await self.discard()
        if not self.ended:
            # What has not been read would be taken for the next request, or be read for ever.
            replace(fields, b"connection", b"close")

    async def discard(self) -> None:
        """Read on for a moment: a client that is still sending would lose the answer if the connection closed now."""
        if self._waits_for_continue or self._late:
            return
        left = DISCARDED
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SECONDS_TO_DISCARD):
                while left > 0 and not self._arrived_whole:
                    message = await self._receive()
                    left -= len(message.get("body", b""))
                    self._arrived_whole = not message.get("more_body", False)
        self.ended = self._arrived_whole

    async def receive(self) -> Message:
        """The next message; after the body's end the server's own, so that a hang-up is still seen."""
        if self.ended:
            return await self._receive()
        if self._inflate is None:
            body = await self._arrived()
            more = not self._arrived_whole
        else:
            if self._drained and not self._arrived_whole:
                self._tail = await self._arrived()
            body = self._expand(self._inflate)
            more = not (self._drained and self._arrived_whole)
        self.ended = not more
        return {"type": "http.request", "body": body, "more_body": more}

    async def _arrived(self) -> bytes:
        """The next bytes as they were sent."""
        if self._deadline is None:
            self._deadline = time.monotonic() + self._patience
        left = self._deadline + self._read / BYTES_PER_SECOND - time.monotonic()
        try:
            async with asyncio.timeout(max(left, 0)):
                message = await self._receive()
        except TimeoutError:
            self._late = True
            detail = f"{self._read} bytes came in the time given; send faster than {BYTES_PER_SECOND} bytes a second"
            raise refuse(types.BODY_TIMEOUT, detail) from None
        if message["type"] != "http.request":
            raise ClientDisconnect
        body: bytes = message.get("body", b"")
        self._arrived_whole = not message.get("more_body", False)
        self._read += len(body)
        if self._read > self.most:
            raise self._too_large()
        return body

    def _expand(self, inflate: zlib._Decompress) -> bytes:
        """The next piece of the plain body; a bomb unfolds no further than the limit."""
        try:
            plain = inflate.decompress(self._tail, PIECE)
        except zlib.error as error:
            raise refuse(types.COMPRESSED_BODY, str(error)) from None
        self._tail = inflate.unconsumed_tail
        # A full piece may leave more in the window even when all input is taken.
        self._drained = not self._tail and len(plain) < PIECE
        self._made += len(plain)
        if self._made > self.most:
            raise self._too_large()
        if inflate.unused_data or (self._drained and self._arrived_whole and not inflate.eof):
            what = "something follows its end" if inflate.unused_data else "it ends too soon"
            raise refuse(types.COMPRESSED_BODY, what)
        return plain

    def _too_large(self) -> HttpProblem:
        return refuse(types.BODY_TOO_LARGE, f"at most {self.most} bytes are read")


def _without_encoding(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name not in (b"content-encoding", b"content-length")]
