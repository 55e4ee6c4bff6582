"""Reads HTTP/1.1 on where a client would rather speak another protocol: such a wish may be passed over (RFC 9110, 7.8).

The parser takes what follows a head with an Upgrade field for that other protocol, and a body for empty. Java's own
client says ``Upgrade: h2c`` in the first request on each connection, also with a query or a graph in its body.
"""

from __future__ import annotations

from httptools import HttpRequestParser
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.fields import Fields

_OF_A_BODY = frozenset({b"content-length", b"transfer-encoding"})


def read_behind_head(protocol: HttpToolsProtocol) -> None:
    """Give ``protocol`` a parser for what follows the head that it has just had: its body, then further requests."""
    protocol.parser = HttpRequestParser(_BehindHead(protocol))
    protocol.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as uvicorn has it
    protocol.parser.feed_data(_head_of_a_body(protocol.headers))


class _BehindHead:
    """Tells the protocol what a parser reads, but for the first head."""

    def __init__(self, protocol: HttpToolsProtocol) -> None:
        self._protocol, self._passed = protocol, False
        self.on_body, self.on_message_complete = protocol.on_body, protocol.on_message_complete

    def on_message_begin(self) -> None:
        if self._passed:
            self._protocol.on_message_begin()

    def on_url(self, url: bytes) -> None:
        if self._passed:
            self._protocol.on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._passed:
            self._protocol.on_header(name, value)

    def on_headers_complete(self) -> None:
        if self._passed:
            self._protocol.on_headers_complete()
        self._passed = True


def _head_of_a_body(fields: Fields) -> bytes:
    """The least head behind which the same body follows."""
    lines = [b"%b: %b\r\n" % field for field in fields if field[0] in _OF_A_BODY]
    return b"POST / HTTP/1.1\r\n%b\r\n" % b"".join(lines)
