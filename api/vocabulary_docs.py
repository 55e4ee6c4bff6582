"""/ontology and /shapes, each shape at its IRI's path, and /registry, as data; api/web/vocabulary.py has the pages."""

from __future__ import annotations

import json
from functools import lru_cache, partial
from itertools import groupby
from typing import IO, Annotated, Any

from fastapi import APIRouter, Depends, Path
from pyoxigraph import Triple
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.generations import generation_of
from api.indexes import index_of
from api.kept_files import KeptFiles, written
from api.lookups import chain_of
from api.problem import PROBLEM
from api.public_base import address_of, public_base
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
    open_store,
    rdf_body,
    respond,
    revalidate,
    store_of,
    write_rdf,
)
from graph.errors import UnknownEntity
from graph.export.record import head_record, stated_of
from graph.export.vocabulary import all_shapes, ontology_record, shape_records, shape_triples, shapes_store
from graph.namespaces import ONTOLOGY_GRAPH, REGISTRY_GRAPH, SHAPES
from graph.publish.generation import Generation

router = APIRouter(tags=["linked data"], dependencies=[Depends(only_known_parameters)])

Format = Annotated[str | None, format_parameter(DATA_FORMS)]
Name = Annotated[str, Path(max_length=200, description="The shape's name.", examples=["event"])]


def _answers(record: str) -> dict[int | str, dict[str, Any]]:
    return {
        200: {"description": "The document", "content": described_forms(DATA_FORMS, record)},
        304: {"description": "The client holds this generation's answer"},
        406: PROBLEM,
    }


@router.get("/ontology", response_class=Response, responses=_answers("Ontology"))
async def ontology(request: Request, format: Format = None) -> Response:  # noqa: A002
    """The ontology: every class, property and controlled list, as RDF or as JSON; a browser gets a page to read."""
    form = choose_form(request, format, DATA_FORMS)
    await revalidate(request)
    return await run_in_threadpool(_ontology, request, form)


def _ontology(request: Request, form: Form) -> Response:
    generation = generation_of(request)
    headers = document_headers(request, ONTOLOGY_GRAPH.value, public_base(request) + "ontology", SHOWN_FORMS, form)
    if form.media_type == JSON:
        body = json.dumps({**ontology_terms(generation), "generation": generation.id}, ensure_ascii=False).encode()
    else:
        quads = store_of(request).quads_for_pattern(None, None, None, ONTOLOGY_GRAPH)
        body = rdf_body(request, form, sorted((quad.triple for quad in quads), key=str))
    return respond(body, form, headers)


@lru_cache(maxsize=2)
def ontology_terms(generation: Generation) -> dict[str, Any]:
    """The ontology's terms by section; read once for a generation."""
    return ontology_record(open_store(generation))


@lru_cache(maxsize=2)
def shapes_told(generation: Generation) -> list[dict[str, Any]]:
    """Every shape in words; read once for a generation."""
    return shape_records(shapes_store(generation))


@router.get("/shapes", response_class=Response, responses=_answers("Shapes"))
async def shapes(request: Request, format: Format = None) -> Response:  # noqa: A002
    """All shapes: what the data is held to, as RDF or as JSON; a browser gets a page to read."""
    form = choose_form(request, format, DATA_FORMS)
    triples = await run_in_threadpool(lambda: all_shapes(shapes_store(generation_of(request))))
    await revalidate(request)
    return await run_in_threadpool(_shapes, request, form, None, triples)


@router.get("/shapes/{name}", response_class=Response, responses={**_answers("Shape"), 404: PROBLEM})
async def shape(request: Request, name: Name, format: Format = None) -> Response:  # noqa: A002
    """One shape at its own IRI's path; being data itself, it answers there without a redirect."""
    triples = await run_in_threadpool(_shape_triples, request, name)
    form = choose_form(request, format, DATA_FORMS)
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
    records = [record for record in shapes_told(generation) if name is None or record["iri"] == iri]
    headers = document_headers(request, iri, address_of(base, iri), SHOWN_FORMS, form)
    if form.media_type == JSON:
        told = {**records[0]} if name else {"iri": iri, "shapes": records}
        body = json.dumps({**told, "generation": generation.id}, ensure_ascii=False).encode()
    else:
        body = rdf_body(request, form, triples)
    return respond(body, form, headers)


@router.get(
    "/registry",
    response_class=Response,
    responses={
        200: {
            "description": "The graph",
            "content": described_forms(DATA_FORMS, "Registry"),
        },
        304: {"description": "The client holds this generation's answer"},
        406: PROBLEM,
    },
)
async def registry(request: Request, format: Format = None, lang: Languages = None) -> Response:  # noqa: A002
    """The registry's named graph whole: every organisation, person, place and document that the articles speak of."""
    form = choose_form(request, format, DATA_FORMS)
    address = public_base(request) + "registry"
    await revalidate(request)
    headers = document_headers(request, REGISTRY_GRAPH.value, address, DATA_FORMS, form)
    chain = chain_of(request, lang)
    files: KeptFiles = request.app.state.kept_files
    key = (generation_of(request).id, address, form.name, *(chain if form.media_type == JSON else ()))
    write = partial(_write_registry, request, form, chain)
    file = await files.get(key, lambda: written(write))
    headers |= {"content-type": form.content_type, "content-length": str(file.size)}
    return StreamingResponse(file.pieces(range(file.size)), headers=headers)


def _write_registry(request: Request, form: Form, chain: tuple[str, ...], out: IO[bytes]) -> None:
    # The store gives a graph's quads subject by subject, always in the same order.
    quads = store_of(request).quads_for_pattern(None, None, None, REGISTRY_GRAPH)
    triples = (quad.triple for quad in quads)
    if form.media_type == JSON:
        index, generation = index_of(request), generation_of(request).id
        out.write(f'{{"iri": "{REGISTRY_GRAPH.value}", "generation": "{generation}", "things": ['.encode())
        for number, (thing, said) in enumerate(groupby(triples, key=lambda triple: triple.subject)):
            record = head_record(index, str(getattr(thing, "value", thing)), stated_of(said), chain)
            out.write(b", " * bool(number) + json.dumps(record, ensure_ascii=False).encode())
        out.write(b"]}")
    else:
        write_rdf(request, form, triples, out)
