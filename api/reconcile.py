"""/reconcile: the Reconciliation Service API 0.2, as OpenRefine speaks it: manifest, batches and data extension."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.answers.schema import ref
from api.generations import pure_in_generation
from api.indexes import index_of
from api.languages import preferred_languages
from api.problem import PROBLEM
from api.public_base import public_base
from api.reconcile_request import (
    BATCH,
    FORM,
    JSON,
    MOST_TOLD,
    Batch,
    ExtendModel,
    QueryModel,
    Refused,
    SettingsModel,
    read,
)
from api.representations import Languages
from graph.errors import UnknownEntity
from graph.namespaces import BASE, EDG
from graph.query.index import Index, language_chain
from graph.search import reconcile as core
from graph.search.find import class_of
from graph.search.overview import kind_of
from graph.search.properties import Property, entity_id, entity_iri, property_of, type_id, values_of

router = APIRouter(tags=["reconciliation"])

DEFAULT_TYPES = ("Organisation", "Person", "Event", "Programme", "Document", "Place", "Country")
"""The classes that a table's column is mostly about."""
PREVIEW_WIDTH, PREVIEW_HEIGHT = 480, 320

_BATCH_EXAMPLE = '{"q0": {"query": "Министерство просвещения РК", "type": "Organisation", "limit": 3}}'
_EXTEND_EXAMPLE = '{"ids": ["organisation/unesco"], "properties": [{"id": "altLabel"}]}'
_ANSWERS = [ref(record) for record in ("ReconciliationManifest", "ReconciliationResults", "Extension")]
_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The manifest, a result for each query of a batch, or the values asked for",
        "content": {JSON: {"schema": {"anyOf": _ANSWERS}}},
    },
    413: {**PROBLEM, "description": f"A batch of more than {BATCH} queries"},
}
_FORM_BODY: dict[str, Any] = {
    "type": "object",
    "properties": {"queries": {"type": "string"}, "extend": {"type": "string"}},
    "example": {"queries": _BATCH_EXAMPLE},
}


def chain_of(request: Request, lang: str | None) -> tuple[str, ...]:
    """The languages in which labels are wanted."""
    return language_chain(lang.split(",")) if lang else preferred_languages(request.headers.get("accept-language"))


@router.get(
    "/reconcile",
    summary="The reconciliation service's manifest; with 'queries' or 'extend' the answer to them",
    responses=_ANSWER,
    dependencies=[Depends(pure_in_generation("Accept-Language"))],
)
async def reconcile_by_get(
    request: Request,
    queries: Annotated[str | None, Query(description="A batch as JSON.", examples=[_BATCH_EXAMPLE])] = None,
    extend: Annotated[str | None, Query(description="A data extension as JSON.", examples=[_EXTEND_EXAMPLE])] = None,
    lang: Languages = None,
) -> Response:
    """What a reconciliation client asks first. A batch is an object of queries by id."""
    del queries, extend  # read with their repetitions from the URL
    return await _answer(request, chain_of(request, lang))


@router.post(
    "/reconcile",
    summary="Match a batch of names, or fetch values of things",
    responses={**_ANSWER, 415: {**PROBLEM, "description": "A body that is neither a form nor JSON"}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                FORM: {"schema": _FORM_BODY},
                JSON: {"schema": {"type": "object"}, "example": {"queries": {"q0": {"query": "ЮНЕСКО"}}}},
            },
        }
    },
)
async def reconcile_by_post(request: Request, lang: Languages = None) -> Response:
    """A batch in the form field ``queries`` or a data extension in ``extend``; or a JSON object with one of the two.

    Scores go from 0 to 100 and are explained by their features. ``match`` is true only for a candidate whose name is
    the same, in any script, spelling and word order, that fits type and conditions, and that has no rival.
    """
    return await _answer(request, chain_of(request, lang))


async def _answer(request: Request, chain: tuple[str, ...]) -> Response:
    asked = await read(request)
    index = index_of(request)
    if asked is None:
        body = await run_in_threadpool(_manifest, index, public_base(request).rstrip("/"), chain)
    elif isinstance(asked, ExtendModel):
        body = await run_in_threadpool(_extend, index, asked, chain)
    else:
        body = await run_in_threadpool(_batch, index, asked, chain)
    return JSONResponse(body)


def _manifest(index: Index, base: str, chain: tuple[str, ...]) -> dict[str, Any]:
    def suggested(what: str) -> dict[str, str]:
        return {
            "service_url": base,
            "service_path": f"/reconcile/suggest/{what}",
            "flyout_service_path": f"/reconcile/flyout/{what}?id=${{id}}",
        }

    return {
        "versions": ["0.2"],
        "name": "edugraph: education policy in the news",
        "identifierSpace": BASE,
        "schemaSpace": EDG,
        "documentation": f"{base}/docs",
        "serviceVersion": version("edugraph"),
        "defaultTypes": [type_record(index, EDG + name, chain) for name in DEFAULT_TYPES],
        "view": {"url": f"{base}/reconcile/view?id={{{{id}}}}"},
        "preview": {
            "url": f"{base}/reconcile/preview?id={{{{id}}}}",
            "width": PREVIEW_WIDTH,
            "height": PREVIEW_HEIGHT,
        },
        "suggest": {what: suggested(what) for what in ("entity", "type", "property")},
        "extend": {
            "propose_properties": {"service_url": base, "service_path": "/reconcile/properties"},
            "property_settings": _SETTINGS,
        },
        "batchSize": BATCH,
    }


_SETTINGS = [
    {"name": "limit", "label": "Values", "type": "number", "help_text": "At most so many values; none for all."},
    {"name": "lang", "label": "Languages", "type": "text", "default": "", "help_text": "Best first, such as lv,ru."},
    {
        "name": "planned",
        "label": "With what is planned",
        "type": "checkbox",
        "default": True,
        "help_text": "Also what is announced, asked for or merely said.",
    },
]


def type_record(index: Index, class_iri: str, chain: tuple[str, ...]) -> dict[str, str]:
    """A type as the API gives it."""
    return {"id": type_id(class_iri), "name": index.label(class_iri, chain).text}


def entity_of(index: Index, identifier: str) -> str:
    """The IRI of an entity's id. Raises UnknownEntity."""
    iri = entity_iri(index, identifier)
    if iri is None:
        raise UnknownEntity(f"there is no entity {identifier!r}; an id is such as 'organisation/unesco'")
    return iri


def _batch(index: Index, queries: Batch, chain: tuple[str, ...]) -> dict[str, Any]:
    """The result of each query. One that cannot be answered has none, and says why; unless none can be answered."""
    found: dict[str, Any] = {}
    refused: dict[str, str] = {}
    for name, query in queries.items():
        if isinstance(query, Refused):
            refused[name] = query.detail
        else:
            try:
                found[name] = {"result": _result(index, query, chain)}
            except UnknownEntity as error:
                refused[name] = f"{name[:100]}: {error}"
    if refused and not found:
        raise UnknownEntity("; ".join(list(refused.values())[:MOST_TOLD]))
    return {name: found.get(name) or {"result": [], "error": refused[name]} for name in queries}


def _result(index: Index, asked: QueryModel, chain: tuple[str, ...]) -> list[dict[str, Any]]:
    types = [asked.type] if isinstance(asked.type, str) else asked.type or []
    conditions = []
    for condition in asked.properties:
        values = condition.v if isinstance(condition.v, list) else [condition.v]
        wanted = [
            (str(value), None) if isinstance(value, bool | int | float | str) else (value.name or "", BASE + value.id)
            for value in values
        ]
        conditions.append(core.Condition(property_of(index, condition.pid, chain), tuple(wanted)))
    query = core.Query(
        name=asked.query or "",
        types=tuple(class_of(index, one) for one in types),
        strict=asked.type_strict,
        limit=asked.limit,
        conditions=tuple(conditions),
    )
    return [_candidate(index, one, chain) for one in core.reconcile(index, query, chain)]


def _candidate(index: Index, one: core.Candidate, chain: tuple[str, ...]) -> dict[str, Any]:
    label = index.label(one.iri, chain).text
    by = f"; found by “{one.name}” ({one.lang or 'und'})" if one.name != label else ""
    classes = index.connection.execute("SELECT DISTINCT class FROM thing WHERE iri = ? ORDER BY class", (one.iri,))
    return {
        "id": entity_id(one.iri),
        "name": label,
        "description": kind_of(index, one.iri, chain) + by,
        "score": one.score,
        "match": one.match,
        "type": [type_record(index, str(row[0]), chain) for row in classes],
        "features": [{"id": name, "value": value} for name, value in one.features.items()],
    }


def _extend(index: Index, asked: ExtendModel, chain: tuple[str, ...]) -> dict[str, Any]:
    """The values of each row. An id that nothing has gets none, unless nothing has any of the ids."""
    wanted = [(property_of(index, one.id, chain), one.settings) for one in asked.properties]
    known = {identifier: entity_iri(index, identifier) for identifier in asked.ids}
    if known and not any(known.values()):
        entity_of(index, asked.ids[0])  # says what is wrong
    return {
        "meta": [{"id": one.id, "name": one.name} for one, _ in wanted],
        "rows": {
            identifier: {one.id: _values(index, iri, one, settings, chain) if iri else [] for one, settings in wanted}
            for identifier, iri in known.items()
        },
    }


def _values(
    index: Index, iri: str, wanted: Property, settings: SettingsModel, chain: tuple[str, ...]
) -> list[dict[str, str]]:
    chain = language_chain(settings.lang.split(",")) if settings.lang else chain
    values = values_of(index, iri, wanted, chain, planned=settings.planned)[: settings.limit]
    return [
        {"str": value.text} if value.iri is None else {"id": entity_id(value.iri), "name": value.text}
        for value in values
    ]
