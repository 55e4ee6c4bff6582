"""What the data set is: /dataset, /catalogue and /.well-known/void (VoID, DCAT 3), /registry, /context.jsonld."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.answers.components import answer
from api.generations import generation_of
from api.indexes import index_of
from api.languages import preferred_languages
from api.problem import PROBLEM
from api.public_base import public_base
from api.representations import (
    DATA_FORMS,
    JSON,
    JSONLD,
    Form,
    Languages,
    choose_form,
    context_of,
    described_forms,
    document_headers,
    format_parameter,
    only_known_parameters,
    rdf_body,
    respond,
    revalidate,
    store_of,
)
from graph.export.catalogue import CATALOGUE, catalogue_triples
from graph.export.record import catalogue_record
from graph.namespaces import BASE, DATASET
from graph.query.index import language_chain

router = APIRouter(tags=["linked data"], dependencies=[Depends(only_known_parameters)])

Format = Annotated[str | None, format_parameter(DATA_FORMS)]
ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The description",
        "content": described_forms(DATA_FORMS, "Dataset"),
    },
    304: {"description": "The client holds this generation's answer"},
    406: PROBLEM,
}


@router.get("/dataset", response_class=Response, responses=ANSWERS)
async def dataset(request: Request, format: Format = None, lang: Languages = None) -> Response:  # noqa: A002
    """The data set: title, licence, version, counts by class, endpoint, and each format to download."""
    return await _described(request, format, lang, DATASET.value)


@router.get("/catalogue", response_class=Response, responses=ANSWERS)
async def catalogue(request: Request, format: Format = None, lang: Languages = None) -> Response:  # noqa: A002
    """The same for harvesters of DCAT: the catalogue that holds the data set."""
    return await _described(request, format, lang, CATALOGUE.value)


@router.get("/.well-known/void", response_class=Response, responses=ANSWERS)
async def void(request: Request, format: Format = None, lang: Languages = None) -> Response:  # noqa: A002
    """The same where VoID's readers look for it."""
    return await _described(request, format, lang, DATASET.value)


async def _described(request: Request, format_name: str | None, lang: str | None, iri: str) -> Response:
    form = choose_form(request, format_name, DATA_FORMS)
    base = public_base(request)
    await revalidate(request)
    address = base + iri.removeprefix(BASE)
    headers = document_headers(request, iri, address, DATA_FORMS, form)
    chain = language_chain(lang.split(",")) if lang else preferred_languages(request.headers.get("accept-language"))
    body = await run_in_threadpool(_body, request, form, base, iri, chain)
    return respond(body, form, headers)


def _body(request: Request, form: Form, base: str, iri: str, chain: tuple[str, ...]) -> bytes:
    generation = generation_of(request)
    triples = catalogue_triples(generation, store_of(request), base, generation.published)
    if form.media_type != JSON:
        return rdf_body(request, form, triples)
    record = {
        **catalogue_record(index_of(request), iri, triples, chain),
        "counts": generation.manifest["counts"],
        "version": generation.manifest["version"],
        "generation": generation.id,
    }
    return json.dumps(record, ensure_ascii=False).encode()


@router.get(
    "/context.jsonld",
    response_class=Response,
    responses={
        200: {"description": "The context", "content": {JSONLD: answer("Context")}},
        304: {"description": "The client holds this generation's context"},
    },
)
async def context(request: Request) -> Response:
    """The JSON-LD context: short keys for every class and property of the ontology."""
    await revalidate(request)
    body = await run_in_threadpool(lambda: json.dumps(context_of(request).document, ensure_ascii=False).encode())
    return Response(body, media_type=JSONLD)
