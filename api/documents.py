"""Every thing under its IRI's path: 303 from the thing to its document, and the document in the form asked for."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query
from pyoxigraph import NamedNode, Store
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response

from api.generations import generation_of
from api.indexes import index_of, quotes_of
from api.languages import preferred_languages
from api.problem import PROBLEM, TYPE_BASE, HttpProblem
from api.public_base import address_of, ascii_only, public_base
from api.representations import (
    DATA_FORMS,
    JSON,
    NO_NUL,
    Form,
    Languages,
    choose_form,
    described_forms,
    document_headers,
    format_parameter,
    only_known_parameters,
    rdf_body,
    respond,
    revalidate,
    store_of,
)
from graph.errors import UnknownEntity
from graph.export.record import thing_record
from graph.export.selection import Document, description, document
from graph.namespaces import BASE, COLLECTIONS
from graph.query.collections import COLLECTIONS as LOOKUPS
from graph.query.entities import entity_record
from graph.query.index import language_chain
from graph.query.succession import succession

SEGMENTS = {collection: segment for segment, collection in COLLECTIONS.items()}
PATHS = (*SEGMENTS, *COLLECTIONS)


class _Kind(Convertor[str]):
    """Matches the first path segment of our IRIs and of their documents, and nothing else."""

    regex = "|".join(PATHS)

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("thing", _Kind())

router = APIRouter(tags=["linked data"], dependencies=[Depends(only_known_parameters)])

Collection = Annotated[
    str,
    Path(
        description="The sort of thing: the plural for its document, the singular for the thing itself.",
        json_schema_extra={"enum": list(PATHS)},
        examples=["organisations"],
    ),
]
Identifier = Annotated[
    str,
    Path(max_length=500, pattern=NO_NUL, description="The last part of the IRI.", examples=["unesco"]),
]
Format = Annotated[str | None, format_parameter(DATA_FORMS)]
Explain = Annotated[
    Literal["0", "1"], Query(description="1 adds to each fact of the JSON the claims that say so, each with its span.")
]

_LOCATION = {"Location": {"schema": {"type": "string"}, "description": "Where to go on."}}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The document",
        "content": described_forms(DATA_FORMS, "iri", "label", "classes", "links"),
    },
    303: {"description": "The thing itself is no document; its document is there", "headers": _LOCATION},
    304: {"description": "The client holds this generation's answer"},
    308: {"description": "The IRI is deprecated; this took its place", "headers": _LOCATION},
    404: PROBLEM,
    410: {**PROBLEM, "description": "Deprecated, and no one thing took its place"},
}


@router.get("/{collection:thing}/{identifier}", response_class=Response, responses=_ANSWERS)
async def thing(
    request: Request,
    collection: Collection,
    identifier: Identifier,
    format: Format = None,  # noqa: A002
    lang: Languages = None,
    explain: Explain = "0",
) -> Response:
    """The document about one thing, or from the thing's own path the way to it.

    JSON for everybody (names, kind, description, facts, identifiers, parents and children, posts, mentions, counts and
    the first 100 links, each with a label and its language);
    JSON-LD, Turtle, N-Triples and RDF/XML for linked data: the description, every claim that speaks of it with its
    evidence, and the names of all they speak of.
    """
    segment = SEGMENTS.get(collection, collection)
    iri = f"{BASE}{segment}/{identifier}"
    store = await run_in_threadpool(store_of, request)
    if not await run_in_threadpool(_known, store, iri):
        raise UnknownEntity(f"there is no {segment} {identifier!r}")
    base = public_base(request)
    address = address_of(base, iri)
    wish = f"?{ascii_only(request.url.query)}" if request.url.query else ""
    if (moved := await run_in_threadpool(_moved, request, store, iri, collection in SEGMENTS, wish)) is not None:
        return moved
    if collection not in SEGMENTS:
        headers = {"location": address + wish, "link": f'<{address}>; rel="describedby"', "vary": "Accept"}
        return Response(status_code=303, headers=headers)
    form = choose_form(request, format, DATA_FORMS)
    await revalidate(request)
    headers = document_headers(request, iri, address, DATA_FORMS, form)
    if form.media_type == JSON:
        chain = language_chain(lang.split(",")) if lang else preferred_languages(request.headers.get("accept-language"))
        body = await run_in_threadpool(_json, request, iri, address, chain, headers, explain == "1")
    else:
        body = await run_in_threadpool(_rdf, request, iri, form, headers)
    return respond(body, form, headers)


def _known(store: Store, iri: str) -> bool:
    try:
        return bool(description(store, iri))
    except ValueError:  # what no IRI may hold
        return False


def _moved(request: Request, store: Store, iri: str, to_document: bool, wish: str) -> Response | None:
    """The way on from a deprecated IRI, or None if it is in use. Raises HttpProblem 410."""
    found = succession(store, iri)
    if found is None:
        return None
    base = public_base(request)
    if len(found.successors) != 1:
        several = "; it was divided into " + ", ".join(found.successors) if found.successors else ""
        raise HttpProblem(
            410, "The IRI is deprecated", f"{iri} is no longer used and no one thing took its place{several}",
            kind=TYPE_BASE + "gone", successors=list(found.successors),
        )  # fmt: skip
    (successor,) = found.successors
    there = address_of(base, successor)
    if not to_document and successor.startswith(BASE):
        there = base + ascii_only(successor.removeprefix(BASE))
    headers = {"location": there + wish, "link": f'<{there}>; rel="successor-version"'}
    return Response(status_code=308, headers=headers)


def _json(
    request: Request, iri: str, address: str, chain: tuple[str, ...], headers: dict[str, str], explain: bool
) -> bytes:
    index, quotes = index_of(request), quotes_of(request)
    record = thing_record(store_of(request), index, quotes, iri, chain)
    collection = COLLECTIONS[iri.removeprefix(BASE).partition("/")[0]]
    if collection in LOOKUPS:
        known = entity_record(index, iri, collection, chain, quotes, explain=explain)
        record = known | record | {"names": known["names"], "kind": known["kind"]}
    record["url"] = address
    record["formats"] = {form.name: f"{address}?format={form.name}" for form in DATA_FORMS}
    record["generation"] = generation_of(request).id
    headers["content-language"] = record["lang"] or "und"
    return json.dumps(record, ensure_ascii=False).encode()


def _rdf(request: Request, iri: str, form: Form, headers: dict[str, str]) -> bytes:
    found: Document = document(store_of(request), iri)
    if found.claims_left_out:
        whole = f"{public_base(request)}export?entity={quote(iri, safe='')}&format={form.name}"
        headers["link"] += f', <{whole}>; rel="item"; title="with {found.claims_left_out} more claims"'
    # What was asked for stands first.
    node = NamedNode(iri)
    return rdf_body(request, form, sorted(found.triples, key=lambda triple: triple.subject != node))
