"""Where the service is reached, for the links in its answers."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote, urlsplit

from starlette.requests import Request

from api.fields import values
from graph.namespaces import BASE, COLLECTIONS


def public_base(request: Request) -> str:
    """The public address with a slash at its end: the setting, else the request's own."""
    told: str | None = request.app.state.settings.public_base
    if told is not None:
        return told.rstrip("/") + "/"
    scope = request.scope
    return _own(scope["scheme"], scope.get("server"), scope.get("root_path", ""), *values(scope["headers"], b"host"))


@lru_cache(maxsize=256)
def _own(scheme: str, server: tuple[str, int | None] | None, root_path: str, *hosts: bytes) -> str:
    """The address that a request names, which is read once for all requests that name the same."""
    headers = [(b"host", host) for host in hosts]
    named = {"type": "http", "path": "/", "query_string": b"", "headers": headers}
    return (
        str(Request({**named, "scheme": scheme, "server": server, "root_path": root_path}).base_url).rstrip("/") + "/"
    )


def public_path(request: Request, path: str) -> str:
    """A path of the service as the world knows it: below the path of the public address, where that has one."""
    told: str | None = request.app.state.settings.public_base
    return path if told is None else urlsplit(told).path.rstrip("/") + path


def address_of(base: str, iri: str) -> str:
    """The address of the document about one of our IRIs (its fragment aside); any other IRI as it is."""
    if not iri.startswith(BASE):
        return iri
    segment, slash, rest = iri.removeprefix(BASE).partition("#")[0].partition("/")
    return base + ascii_only(COLLECTIONS.get(segment, segment) + slash + rest)


def ascii_only(address: str) -> str:
    """An IRI or a part of one as a header field may hold it: what is not ASCII is percent-encoded."""
    return quote(address, safe="%!#$&'()*+,/:;=?@[]~")
