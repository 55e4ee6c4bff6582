"""/quality: how far the articles are covered, what was checked, what was decided, and what is unsure."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.forms import described_forms, json_record, reader_of
from api.generations import generation_of
from api.lookups import begin
from api.parameters import AS_JSON, EXPLAINED, LANG, limit, read_parameters
from graph.network.records import Reader
from graph.query.quality import MOST_LISTED, quality_record

router = APIRouter(tags=["lookups"])

PARAMETERS = (limit(MOST_LISTED, 100, "Rows of each list; how many are left out is counted."), LANG, AS_JSON)


@router.get(
    "/quality",
    response_class=Response,
    operation_id="quality",
    summary="Coverage, checks, totals, identity decisions and doubts",
    openapi_extra=described_forms((*PARAMETERS, EXPLAINED), "Quality"),
)
async def quality(request: Request) -> Response:
    """What the data says of itself: nothing here is counted at request time, it was written with the generation."""
    await begin(request)
    given = read_parameters(request, (*PARAMETERS, EXPLAINED))
    reader = reader_of(request, given["lang"])
    return json_record(request, reader, await record_of(request, reader, given["limit"]))


async def record_of(request: Request, reader: Reader, most: int, skip: int = 0) -> dict[str, Any]:
    """What the request's generation knows of its quality, and when it was checked and published."""
    generation = generation_of(request)
    moment = generation.published
    record = await run_in_threadpool(quality_record, reader, generation, most, skip)
    return record | {"published": moment.isoformat() if moment else None}
