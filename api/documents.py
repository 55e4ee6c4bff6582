"""Every thing under its IRI's path: 303 from the thing to its document, and the document in the form asked for."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Depends, Path, Query
from pyoxigraph import NamedNode
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import Response

from api import problem_types
from api.generations import generation_of
from api.indexes import index_of, quotes_of
from api.lookups import chain_of, unknown_thing
from api.problem import PROBLEM, problem
from api.public_base import address_of, ascii_only, public_base
from api.representations import (
    DATA_FORMS,
    JSON,
    SHOWN_FORMS,
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
from graph.export.record import stated_of, thing_record
from graph.export.selection import Document, description, document
from graph.namespaces import BASE, COLLECTIONS
from graph.query.collections import COLLECTIONS as LOOKUPS
from graph.query.entities import entity_record
from graph.query.statements import Stated, statements_of
from graph.query.succession import Succession, succession
from graph.told import joined, told

SEGMENTS = {collection: segment for segment, collection in COLLECTIONS.items()}
PATHS = (*SEGMENTS, *COLLECTIONS)
PAGELESS = ("evidence",)
"""Things that no page shows by themselves: a piece of evidence stands beside what it is evidence for."""


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
    Path(max_length=500, description="The last part of the IRI.", examples=["unesco"]),
]
Format = Annotated[str | None, format_parameter(DATA_FORMS)]
Explain = Annotated[
    Literal["0", "1"], Query(description="1 adds to each fact of the JSON the claims that say so, each with its span.")
]

_LOCATION = {"Location": {"schema": {"type": "string"}, "description": "Where to go on."}}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The document",
        "content": described_forms(DATA_FORMS, "Thing"),
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
    own, moved = await run_in_threadpool(_found, request, iri)
    if not own:
        raise unknown_thing(index_of(request), segment, identifier)
    base = public_base(request)
    address = address_of(base, iri)
    wish = f"?{ascii_only(request.url.query)}" if request.url.query else ""
    if moved is not None:
        return moved_on(base, iri, moved, collection in SEGMENTS, wish)
    if collection not in SEGMENTS:
        headers = {"location": address + wish, "link": f'<{address}>; rel="describedby"', "vary": "Accept"}
        return Response(status_code=303, headers=headers)
    form = choose_form(request, format, DATA_FORMS)
    await revalidate(request)
    headers = document_headers(request, iri, address, DATA_FORMS if segment in PAGELESS else SHOWN_FORMS, form)
    if form.media_type == JSON:
        body = await run_in_threadpool(
            _json, request, iri, own, address, chain_of(request, lang), headers, explain == "1"
        )
    else:
        body = await run_in_threadpool(_rdf, request, iri, form, headers)
    return respond(body, form, headers)


def _found(request: Request, iri: str) -> tuple[list[Stated], Succession | None]:
    """What is stated of the IRI, and where it leads on if it is deprecated.

    The index holds every thing and every claim; a piece of evidence or a span of a text is looked up in the store.
    """
    index = index_of(request)
    try:
        own = statements_of(index, iri) or stated_of(description(store_of(request), iri))
    except ValueError:  # what no IRI may hold
        own = []
    return own, succession(index, iri)


def moved_on(base: str, iri: str, found: Succession, to_document: bool, wish: str) -> Response:
    """The way on from a deprecated IRI. Raises HttpProblem 410 where there is not one."""
    if len(found.successors) != 1:
        detail = told("%(iri)s is no longer used and no one thing took its place", iri=iri)
        if found.successors:
            parts = told("it was divided into %(successors)s", successors=", ".join(found.successors))
            detail = joined("; ", (detail, parts))
        raise problem(problem_types.GONE, detail, successors=list(found.successors))
    (successor,) = found.successors
    there = address_of(base, successor)
    if not to_document and successor.startswith(BASE):
        there = base + ascii_only(successor.removeprefix(BASE))
    headers = {"location": there + wish, "link": f'<{there}>; rel="successor-version"'}
    return Response(status_code=308, headers=headers)


def _json(
    request: Request,
    iri: str,
    own: list[Stated],
    address: str,
    chain: tuple[str, ...],
    headers: dict[str, str],
    explain: bool,
) -> bytes:
    index, quotes = index_of(request), quotes_of(request)
    record = thing_record(index, quotes, iri, own, chain)
    collection = COLLECTIONS[iri.removeprefix(BASE).partition("/")[0]]
    if collection in LOOKUPS:
        record |= entity_record(index, iri, collection, chain, quotes, explain=explain)
    record["url"] = address
    record["formats"] = {form.name: f"{address}?format={form.name}" for form in DATA_FORMS}
    record["generation"] = generation_of(request).id
    headers["content-language"] = record["lang"] or "und"
    return orjson.dumps(record)


def _rdf(request: Request, iri: str, form: Form, headers: dict[str, str]) -> bytes:
    found: Document = document(store_of(request), iri)
    if found.claims_left_out:
        whole = f"{public_base(request)}export?entity={quote(iri, safe='')}&format={form.name}"
        headers["link"] += f', <{whole}>; rel="item"; title="with {found.claims_left_out} more claims"'
    # What was asked for stands first.
    node = NamedNode(iri)
    return rdf_body(request, form, sorted(found.triples, key=lambda triple: triple.subject != node))
