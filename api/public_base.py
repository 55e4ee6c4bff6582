"""Where the service is reached, for the links in its answers."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request

from graph.namespaces import BASE, COLLECTIONS


def public_base(request: Request) -> str:
    """The public address with a slash at its end: the setting, else the request's own."""
    told: str | None = request.app.state.settings.public_base
    return (told if told is not None else str(request.base_url)).rstrip("/") + "/"


def address_of(base: str, iri: str) -> str:
    """The address of the document about one of our IRIs (its fragment aside); any other IRI as it is."""
    if not iri.startswith(BASE):
        return iri
    segment, slash, rest = iri.removeprefix(BASE).partition("#")[0].partition("/")
    return base + ascii_only(COLLECTIONS.get(segment, segment) + slash + rest)


def ascii_only(address: str) -> str:
    """An IRI or a part of one as a header field may hold it: what is not ASCII is percent-encoded."""
    return quote(address, safe="%!#$&'()*+,/:;=?@[]~")
