"""/changes: what the published generation changed, by claims and things."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.forms import described_forms
from api.generations import generation_of, pure_in_generation
from api.lookups import chain_of, json_answer
from api.parameters import AS_JSON, EXPLAINED, LANG, limit, read_parameters
from graph.changes.record import MOST_KEPT
from graph.publish.generation import Generation
from graph.query.changes import changes_record, former

router = APIRouter(tags=["lookups"])

PARAMETERS = (limit(MOST_KEPT, 100, "Entries of each list; how many are left out is counted."), LANG, AS_JSON)


def _tag(generation: Generation) -> str:
    return f'W/"{generation.id}-{former(generation)}"'


_begin = pure_in_generation("Accept", "Accept-Language", tag_of=_tag)


@router.get(
    "/changes",
    response_class=Response,
    operation_id="changes",
    summary="What changed since the generation before",
    openapi_extra=described_forms((*PARAMETERS, EXPLAINED), "Changes"),
)
async def changes(request: Request) -> Response:
    """Compared once, when the generation was published; ``edugraph diff`` compares any two, and writes RDF Patch."""
    await _begin(request)
    given = read_parameters(request, (*PARAMETERS, EXPLAINED))
    chain = chain_of(request, given["lang"])
    record = await run_in_threadpool(changes_record, generation_of(request), chain, given["limit"])
    body: dict[str, Any] = record | {"generation": generation_of(request).id}
    return json_answer(body, sorted({lang for lang in _languages(record) if lang}))


def _languages(part: object) -> set[str | None]:
    """The languages of the labels within."""
    if isinstance(part, dict):
        own = {part["lang"]} if "label" in part else set()
        return own.union(*(_languages(value) for value in part.values()))
    if isinstance(part, list):
        return set().union(*(_languages(value) for value in part))
    return set()
