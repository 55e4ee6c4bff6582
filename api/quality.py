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
_LIST = {"type": "array", "items": {"type": "object"}}
_ANSWER = {
    "published": {"type": ["string", "null"], "description": "When the generation was checked and published."},
    "manifest": {"type": "object", "description": "Version, source commit, hashes, counts and checks."},
    "coverage": {
        "type": "object",
        "description": "Sentences: cited by a fact, passed over for a reason, open; `share` is 1 if none is open.",
    },
    "articles": {**_LIST, "description": "The same for each article, the least covered first."},
    "claims": {"type": "object", "description": "All claims, by modality; how many are inferred, how many hedged."},
    "totals": {**_LIST, "description": "Expected totals: counted, and between which bounds that must lie."},
    "inferred": {**_LIST, "description": "Claims that the evidence does not say in so many words, with the reason."},
    "contradictions": {**_LIST, "description": "Values that differ where there can be but one, each with its claims."},
    "unsure": {**_LIST, "description": "Pairs of which it is not known whether they are the same."},
    "identity": {"type": "object", "description": "Which pairs were held to be the same or different, and why."},
    "left_out": {"type": "object", "additionalProperties": {"type": "integer"}},
    "truncated": {"type": "boolean"},
    "generation": {"type": "string"},
}
_EXAMPLE = {
    "published": "2026-11-25T09:50:27+00:00",
    "manifest": {"id": "0123456789abcdef", "checks": {"conforms": True, "findings": 0, "shapes": 117, "queries": 31}},
    "coverage": {"articles": 5, "sentences": 148, "cited": 109, "skipped": [], "open": 0, "share": 1.0},
    "articles": [{"id": "article:2023-almaty-esd-seminar", "sentences": 12, "cited": 11, "open": 0}],
    "claims": {"total": 680, "inferred": 46, "hedged": 12},
    "totals": [{"name": "articles", "counted": 5, "least": 5, "most": 7}],
    "identity": {"judgements": {"same": 22, "different": 45, "unsure": 5}},
    "truncated": False,
}


@router.get(
    "/quality",
    response_class=Response,
    operation_id="quality",
    summary="Coverage, checks, totals, identity decisions and doubts",
    openapi_extra=described_forms((*PARAMETERS, EXPLAINED), _ANSWER, _EXAMPLE),
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
