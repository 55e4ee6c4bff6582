"""Compresses answers for the clients that accept it: zstd, br or gzip, streaming, without keeping an answer back."""

from __future__ import annotations

from starlette.types import ASGIApp
from starlette_compress import CompressMiddleware, add_compress_type

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


def compressed(app: ASGIApp) -> CompressMiddleware:
    """The app with its answers compressed; one that breaks off raises through it, so the client sees it broken."""
    for media_type in DATA_TYPES:
        add_compress_type(media_type)
    return CompressMiddleware(app, minimum_size=1024)
