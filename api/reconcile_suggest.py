"""The suggest services of reconciliation: entities, types and properties for a prefix, and a flyout for each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query
from markupsafe import escape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.answers.components import answer
from api.generations import pure_in_generation
from api.indexes import index_of
from api.problem import PROBLEM
from api.reconcile import chain_of, entity_of, type_record
from api.reconcile_request import MOST_PROPERTIES
from api.representations import Languages
from graph.index.fold import fold
from graph.query.index import Index
from graph.search.find import LONGEST, class_of, classes_of_things, suggest
from graph.search.overview import kind_of
from graph.search.properties import entity_id, entity_iri, properties_of, property_of

router = APIRouter(tags=["reconciliation"], dependencies=[Depends(pure_in_generation("Accept-Language"))])

PAGE, FURTHEST = 10, 1000

What = Annotated[Literal["entity", "type", "property"], Path(description="What the id or text is of.")]
Prefix = Annotated[
    str, Query(max_length=LONGEST, description="What has been typed, or an id; empty for all.", examples=["minis"])
]
Skipped = Annotated[int, Query(ge=0, le=FURTHEST, description="Suggestions to skip.")]


def _described(record: str) -> dict[int | str, dict[str, Any]]:
    content = {"application/json": answer(record)}
    return {200: {"description": "As the Reconciliation Service API 0.2 says", "content": content}}


@router.get(
    "/reconcile/suggest/{what}",
    summary="Suggest entities, types or properties",
    responses=_described("Suggestions"),
)
async def suggest_for_reconciliation(
    request: Request, what: What, prefix: Prefix, cursor: Skipped = 0, lang: Languages = None
) -> Response:
    """What the text begins, at most ten at once; ``cursor`` says how many to skip."""
    index, chain = index_of(request), chain_of(request, lang)
    find = {"entity": _entities, "type": _types, "property": _properties}[what]
    found = await run_in_threadpool(find, index, prefix, cursor + PAGE, chain)
    return JSONResponse({"result": found[cursor : cursor + PAGE]})


@router.get(
    "/reconcile/flyout/{what}",
    summary="A few words of HTML about an entity, type or property",
    responses={
        **_described("Flyout"),
        404: {**PROBLEM, "description": "No such id"},
    },
)
async def flyout(
    request: Request,
    what: What,
    identifier: Annotated[
        str, Query(alias="id", min_length=1, max_length=LONGEST, description="An id.", examples=["organisation/unesco"])
    ],
    lang: Languages = None,
) -> Response:
    """The id and a piece of HTML in which every name is escaped."""
    name, said = await run_in_threadpool(_about, index_of(request), what, identifier, chain_of(request, lang))
    html = f"<p><strong>{escape(name)}</strong><br>{escape(said)}</p>"
    return JSONResponse({"id": identifier, "html": html})


@router.get(
    "/reconcile/properties",
    summary="Propose properties to fetch for a type",
    responses={
        **_described("Properties"),
        404: {**PROBLEM, "description": "No such type"},
    },
)
async def propose_properties(
    request: Request,
    type_name: Annotated[
        str | None,
        Query(alias="type", min_length=1, max_length=LONGEST, description="A type.", examples=["Organisation"]),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=1000, description="Properties.")] = MOST_PROPERTIES,
    lang: Languages = None,
) -> Response:
    """The properties that things of the type have, the most used first; of any type where none is given."""
    index, chain = index_of(request), chain_of(request, lang)
    found = await run_in_threadpool(_proposed, index, type_name, chain)
    body: dict[str, Any] = {"properties": found[:limit], "limit": limit}
    if type_name is not None:
        body["type"] = type_name
    return JSONResponse(body)


def _entities(index: Index, prefix: str, most: int, chain: tuple[str, ...]) -> list[dict[str, Any]]:
    identified = entity_iri(index, prefix) if prefix else None
    found = [identified] if identified is not None else [one.label.thing for one in suggest(index, prefix, most)]
    return [
        {
            "id": entity_id(iri),
            "name": index.label(iri, chain).text,
            "description": kind_of(index, iri, chain),
            "notable": [type_record(index, class_of(index, name), chain) for name in index.classes(iri)],
        }
        for iri in found
    ]


def _types(index: Index, prefix: str, most: int, chain: tuple[str, ...]) -> list[dict[str, Any]]:
    records = [(type_record(index, found, chain), found) for found in classes_of_things(index)]
    return _begun(index, records, prefix)[:most]


def _properties(index: Index, prefix: str, most: int, chain: tuple[str, ...]) -> list[dict[str, Any]]:
    records = [({"id": one.id, "name": one.name}, one.iri) for one in properties_of(index, None, chain)]
    return _begun(index, records, prefix)[:most]


def _proposed(index: Index, type_name: str | None, chain: tuple[str, ...]) -> list[dict[str, str]]:
    class_iri = class_of(index, type_name) if type_name is not None else None
    return [{"id": one.id, "name": one.name} for one in properties_of(index, class_iri, chain)]


def _begun(index: Index, records: list[tuple[dict[str, str], str]], prefix: str) -> list[dict[str, str]]:
    """Those whose id or a word of a name of which, in any language, the prefix begins; a few dozen in all."""
    sought = fold(prefix)
    return [
        one
        for one, iri in records
        if fold(one["id"]).startswith(sought)
        or any(words.startswith(sought) for words in _beginnings(fold(one["name"]), *_names(index, iri)))
    ]


def _names(index: Index, iri: str) -> list[str]:
    return [str(row[0]) for row in index.connection.execute("SELECT folded FROM name WHERE thing = ?", (iri,))]


def _beginnings(*names: str) -> Iterator[str]:
    """Each name from each of its words on."""
    for name in names:
        words = name.split(" ")
        yield from (" ".join(words[place:]) for place in range(len(words)))


def _about(index: Index, what: What, identifier: str, chain: tuple[str, ...]) -> tuple[str, str]:
    if what == "entity":
        iri = entity_of(index, identifier)
        return index.label(iri, chain).text, kind_of(index, iri, chain)
    if what == "type":
        iri = class_of(index, identifier)
        return index.label(iri, chain).text, iri
    found = property_of(index, identifier, chain)
    return found.name, found.iri
