"""/timeline: what happened when, and what is due; as JSON or as a calendar."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.forms import bounds_in, described_forms, file_answer, form_of, form_parameter, json_record, reader_of
from api.generations import generation_of
from api.lookups import begin
from api.parameters import EXPLAINED, LANG, PLANNED, SINCE, UNTIL, Parameter, limit, read_parameters
from graph.query.icalendar_file import icalendar_file
from graph.query.timeline import TimelineAsked, timeline_answer

router = APIRouter(tags=["network"])

FORMS = {"json": "application/json", "icalendar": "text/calendar"}
PARAMETERS = (
    Parameter("actor", "Only what something ties to this thing: IRI, id or any name.", example="unesco"),
    SINCE,
    UNTIL,
    Parameter(
        "class",
        "Only things of these classes, with commas between; without it events, programmes, commitments and targets.",
        example="Event,Document",
    ),
    Parameter("country", "Only what takes place in, or applies to, this country.", example="KAZ"),
    Parameter("article", "Only dates that this article gives.", example="2023-almaty-esd-seminar"),
    Parameter("modality", "Only dates of this modality.", example="Reported"),
    PLANNED,
    limit(5000, 500, "Entries; how many are left out is counted."),
    LANG,
    form_parameter(FORMS),
)


@router.get(
    "/timeline",
    response_class=Response,
    summary="Events and deadlines in order of time",
    openapi_extra=described_forms((*PARAMETERS, EXPLAINED), "Timeline", {FORMS["icalendar"]: "BEGIN:VCALENDAR\r\n…"}),
)
async def timeline(request: Request) -> Response:
    """Every dated thing with the precision of its source: a month stays a month, and contradicting dates stay both.

    In a calendar stands what is dated to the day or the moment; its description counts what is not.
    """
    await begin(request)
    given = read_parameters(request, (*PARAMETERS, EXPLAINED))
    form = form_of(request, given["format"], FORMS)
    asked = asked_of(given)
    reader = reader_of(request, given["lang"])
    record = await run_in_threadpool(timeline_answer, reader, asked)
    if form == "json":
        return json_record(request, reader, record)
    generation = generation_of(request)
    content = await run_in_threadpool(icalendar_file, record, generation)
    return file_answer(request, content, "text/calendar; charset=utf-8", "ics")


def asked_of(given: dict[str, Any]) -> TimelineAsked:
    """What the values of PARAMETERS ask for."""
    return TimelineAsked(
        **bounds_in(given),
        actor=given["actor"],
        earliest=given["from"],
        latest=given["to"],
    )
