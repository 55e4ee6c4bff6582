"""Headers that tell a browser how little it may do with an answer."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# An answer with data is read by a program: as a page it may load, frame and run nothing.
DATA_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"

HEADERS = {
    "content-security-policy": DATA_POLICY,
    "cross-origin-resource-policy": "cross-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_ENCODED = [(name.encode("ascii"), value.encode("ascii")) for name, value in HEADERS.items()]


class SecurityHeaders:
    """Adds the headers that a route has not set itself; a page brings its own content security policy."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app; see the class."""

        async def add(message: Message) -> None:
            # A browser gives what it holds the headers of a 304: the policy of data would break a kept page.
            if message["type"] == "http.response.start" and message["status"] != 304:
                held = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in _ENCODED if pair[0] not in held)]
            await send(message)

        await self.app(scope, receive, add if scope["type"] == "http" else send)
