"""Compresses answers for the clients that accept it: zstd, br or gzip, streaming, without keeping an answer back."""

from __future__ import annotations

from functools import lru_cache

from starlette.types import ASGIApp, Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

from api.fields import listed, replace

# The data types that the library does not know of; the registration is global to the library and idempotent.
DATA_TYPES = (
    "application/n-quads",
    "application/n-triples",
    "application/problem+json",
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "application/trig",
    "text/csv",
    "text/tab-separated-values",
    "text/turtle",
)

CODINGS = ("zstd", "br", "gzip", "identity")


class Compressed(CompressMiddleware):
    """The library takes any coding that is accepted; this one leaves it those that the client likes best."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        accepted = listed(scope, b"accept-encoding") if scope["type"] == "http" else None
        if accepted is not None and "q" in accepted:
            headers = list(scope["headers"])
            replace(headers, b"accept-encoding", liked_best(accepted).encode("latin-1"))
            scope["headers"] = headers
        await super().__call__(scope, receive, send)


@lru_cache(maxsize=128)
def liked_best(accepted: str) -> str:
    """An Accept-Encoding field with the codings of the highest quality alone."""
    given = dict(_quality(part) for part in accepted.lower().split(",") if part.strip())
    rest = given.get("*", 0.0)
    weights = {coding: given.get(coding, rest) for coding in CODINGS}
    best = max(weights.values())
    return ", ".join(coding for coding, weight in weights.items() if weight == best > 0) or "identity"


def _quality(part: str) -> tuple[str, float]:
    coding, *parameters = (piece.strip() for piece in part.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return coding, float(value)
            except ValueError:
                return coding, 0.0
    return coding, 1.0


def compressed(app: ASGIApp) -> CompressMiddleware:
    """The app with its answers compressed; one that breaks off raises through it, so the client sees it broken."""
    for media_type in DATA_TYPES:
        add_compress_type(media_type)
    return Compressed(app, minimum_size=1024)
