"""/ontology and /shapes, each shape at its IRI's path, and /registry: as data, and as pages to read."""

from __future__ import annotations

import json
from functools import lru_cache, partial
from typing import IO, Annotated, Any

from fastapi import APIRouter, Depends, Path
from pyoxigraph import Triple
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.generations import generation_of
from api.kept_files import KeptFiles, written
from api.pages import page, page_policy
from api.problem import PROBLEM
from api.public_base import address_of, public_base
from api.representations import (
    HTML,
    JSON,
    NO_NUL,
    PAGE_FORMS,
    RDF_FORMS,
    Form,
    choose_form,
    described_forms,
    document_headers,
    format_parameter,
    only_known_parameters,
    open_store,
    rdf_body,
    respond,
    revalidate,
    store_of,
    write_rdf,
)
from graph.errors import UnknownEntity
from graph.export.vocabulary import all_shapes, ontology_record, shape_records, shape_triples, shapes_store
from graph.namespaces import BASE, EDG, ONTOLOGY_GRAPH, REGISTRY_GRAPH, SHAPES
from graph.publish.generation import Generation

SECTIONS = (
    ("Classes", "classes"),
    ("Properties between things", "object_properties"),
    ("Properties with values", "datatype_properties"),
    ("Annotation properties", "annotation_properties"),
    ("Controlled lists", "controlled_lists"),
)

router = APIRouter(tags=["linked data"], dependencies=[Depends(only_known_parameters)])

Format = Annotated[str | None, format_parameter(PAGE_FORMS)]
GraphFormat = Annotated[str | None, format_parameter(RDF_FORMS)]
Name = Annotated[str, Path(max_length=200, pattern=NO_NUL, description="The shape's name.", examples=["event"])]
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The document",
        "content": described_forms(PAGE_FORMS, iri=ONTOLOGY_GRAPH.value),
    },
    304: {"description": "The client holds this generation's answer"},
}


@router.get("/ontology", response_class=Response, responses=ANSWERS)
async def ontology(request: Request, format: Format = None) -> Response:  # noqa: A002
    """The ontology: every class, property and controlled list, as RDF, as JSON, or as a page to read."""
    form = choose_form(request, format, PAGE_FORMS)
    await revalidate(request)
    return await run_in_threadpool(_ontology, request, form)


def _ontology(request: Request, form: Form) -> Response:
    base, generation = public_base(request), generation_of(request)
    headers = document_headers(request, ONTOLOGY_GRAPH.value, base + "ontology", PAGE_FORMS, form)
    if form.media_type == JSON:
        body = json.dumps({**_ontology_record(generation), "generation": generation.id}, ensure_ascii=False).encode()
    elif form.media_type == HTML:
        headers["content-security-policy"] = page_policy()
        body = _ontology_page(generation, base)
    else:
        quads = store_of(request).quads_for_pattern(None, None, None, ONTOLOGY_GRAPH)
        body = rdf_body(request, form, sorted((quad.triple for quad in quads), key=str))
    return respond(body, form, headers)


@lru_cache(maxsize=4)
def _ontology_page(generation: Generation, base: str) -> bytes:
    """The page is made once for a generation and a public address."""
    values = {"record": _ontology_record(generation), "version": generation.manifest["version"], "sections": SECTIONS}
    return _page(generation, base, "ontology.html", **values)


@lru_cache(maxsize=2)
def _ontology_record(generation: Generation) -> dict[str, Any]:
    return ontology_record(open_store(generation))


@lru_cache(maxsize=2)
def _records(generation: Generation) -> list[dict[str, Any]]:
    return shape_records(shapes_store(generation))


@router.get("/shapes", response_class=Response, responses=ANSWERS)
async def shapes(request: Request, format: Format = None) -> Response:  # noqa: A002
    """All shapes: what the data is held to, as RDF, as JSON, or as a page to read."""
    form = choose_form(request, format, PAGE_FORMS)
    triples = await run_in_threadpool(lambda: all_shapes(shapes_store(generation_of(request))))
    await revalidate(request)
    return await run_in_threadpool(_shapes, request, form, None, triples)


@router.get("/shapes/{name}", response_class=Response, responses={**ANSWERS, 404: PROBLEM})
async def shape(request: Request, name: Name, format: Format = None) -> Response:  # noqa: A002
    """One shape at its own IRI's path; being data itself, it answers there without a redirect."""
    triples = await run_in_threadpool(_shape_triples, request, name)
    form = choose_form(request, format, PAGE_FORMS)
    await revalidate(request)
    return await run_in_threadpool(_shapes, request, form, name, triples)


def _shape_triples(request: Request, name: str) -> list[Triple]:
    try:
        return shape_triples(shapes_store(generation_of(request)), SHAPES + name)
    except ValueError:  # what no IRI may hold
        raise UnknownEntity(f"there is no shape {name!r}; /shapes lists them") from None


def _shapes(request: Request, form: Form, name: str | None, triples: list[Triple]) -> Response:
    base, generation = public_base(request), generation_of(request)
    iri = SHAPES + name if name else SHAPES.rstrip("/")
    records = [record for record in _records(generation) if name is None or record["iri"] == iri]
    headers = document_headers(request, iri, address_of(base, iri), PAGE_FORMS, form)
    if form.media_type == JSON:
        told = {**records[0]} if name else {"iri": iri, "shapes": records}
        body = json.dumps({**told, "generation": generation.id}, ensure_ascii=False).encode()
    elif form.media_type == HTML:
        headers["content-security-policy"] = page_policy()
        body = _page(generation, base, "shapes.html", one=name, shapes=records, all_shapes=base + "shapes")
    else:
        body = rdf_body(request, form, triples)
    return respond(body, form, headers)


@router.get(
    "/registry",
    response_class=Response,
    responses={
        200: {
            "description": "The graph",
            "content": described_forms(RDF_FORMS),
        },
        304: {"description": "The client holds this generation's answer"},
        406: PROBLEM,
    },
)
async def registry(request: Request, format: GraphFormat = None) -> Response:  # noqa: A002
    """The registry's named graph whole: every organisation, person, place and document that the articles speak of."""
    form = choose_form(request, format, RDF_FORMS)
    address = public_base(request) + "registry"
    await revalidate(request)
    headers = document_headers(request, REGISTRY_GRAPH.value, address, RDF_FORMS, form)
    files: KeptFiles = request.app.state.kept_files
    key = (generation_of(request).id, address, form.name)
    file = await files.get(key, lambda: written(lambda out: _write_registry(request, form, out)))
    headers |= {"content-type": form.content_type, "content-length": str(file.size)}
    return StreamingResponse(file.pieces(range(file.size)), headers=headers)


def _write_registry(request: Request, form: Form, out: IO[bytes]) -> None:
    # The store gives a graph's quads subject by subject, always in the same order.
    quads = store_of(request).quads_for_pattern(None, None, None, REGISTRY_GRAPH)
    write_rdf(request, form, (quad.triple for quad in quads), out)


def _page(generation: Generation, base: str, template: str, **values: Any) -> bytes:
    names = [form.name for form in PAGE_FORMS if form.media_type != HTML]
    return page(template, place=partial(_place, base), generation=generation.id, forms=names, **values)


def _place(base: str, iri: str) -> str:
    """Where an IRI is shown: a term of the ontology on its page, a thing in its document, others where they live."""
    if iri.startswith(EDG):
        return f"{base}ontology#{iri.removeprefix(EDG)}"
    return address_of(base, iri) if iri.startswith(BASE) else iri
