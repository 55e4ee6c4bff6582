"""/targets: what was undertaken, by whom, how much of what, by when; and what the numbers come to."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.forms import bounds_in, described_forms, json_record, reader_of
from api.lookups import begin
from api.parameters import AS_JSON, EXPLAINED, LANG, PLANNED, SINCE, UNTIL, Parameter, limit, read_parameters
from graph.query.targets import CLASSES, TargetsAsked, targets_answer

router = APIRouter(tags=["network"])

PARAMETERS = (
    Parameter(
        "responsible", "Only what this body is responsible for: IRI, id or any name.", example="akimat-of-almaty"
    ),
    Parameter("unit", "Only numbers of this unit.", example="Teacher"),
    Parameter("due_from", "Only what is due on this day, month or year or later.", SINCE.schema, "2024"),
    Parameter("due_by", "Only what is due by this day, month or year.", UNTIL.schema, "2025"),
    Parameter(
        "class",
        f"Only things of these classes, with commas between: {', '.join(CLASSES)}. A Commitment has no number.",
        example="Target",
    ),
    Parameter("programme", "Only what is done under this programme.", example="comfortable-school"),
    Parameter("country", "Only what applies to this country.", example="KAZ"),
    Parameter("article", "Only what this article says.", example="almaty-education-roadmap"),
    Parameter("modality", "Only what is put so.", example="Planned"),
    PLANNED,
    limit(5000, 500, "Targets that are listed; the sums are over all that fit."),
    LANG,
    AS_JSON,
)


@router.get(
    "/targets",
    response_class=Response,
    summary="Commitments with their numbers, and sums by unit",
    openapi_extra=described_forms((*PARAMETERS, EXPLAINED), "Targets"),
)
async def targets(request: Request) -> Response:
    """Every commitment with number, unit, bound, deadline, responsible body, modality and evidence.

    Numbers that contradict each other stand side by side and are not added; neither are shares. A sum of hedged
    numbers is hedged, and says what it cannot be below and above.
    """
    await begin(request)
    given = read_parameters(request, (*PARAMETERS, EXPLAINED))
    asked = asked_of(given)
    reader = reader_of(request, given["lang"])
    return json_record(request, reader, await run_in_threadpool(targets_answer, reader, asked))


def asked_of(given: dict[str, Any]) -> TargetsAsked:
    """What the values of PARAMETERS ask for."""
    return TargetsAsked(
        **bounds_in(given),
        responsible=given["responsible"],
        unit=given["unit"],
        due_from=given["due_from"],
        due_by=given["due_by"],
        programme=given["programme"],
    )
