"""The page to check a file: a form that needs no script, and the report of POST /validate to read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from fastapi import APIRouter
from markupsafe import escape
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.body_type import body_type
from api.generations import generation_of
from api.parameters import LANG, read_parameters
from api.problem import PROBLEM
from api.validate import MEANT, TYPES, report_on
from api.vocabulary_docs import shapes_told
from api.web.given import with_those_of_pages
from api.web.page import Page, begin, page_of, render
from api.web.posted_form import fields, is_form
from api.web.routing import HTML, Pages
from graph.check.findings import FORMS, LANGUAGES
from graph.isolation.checking import Order

FIELDS = ("text", "file", "type", "lang")
SHOWN_AGAIN = 45_000
"""Bytes of a text, as the page writes it, that the form holds again after the check; a page must stay small."""
ROOM = 85_000
"""Bytes for that text and for the findings together."""
MOST_FINDINGS = 100
"""Findings on the page; the report as data has all."""
UNREADABLE = "syntax"
"""The check whose findings keep a file from being read at all; they stand first."""

PARAMETERS = with_those_of_pages((LANG,))
FORM_OPENAPI: dict[str, Any] = {
    "parameters": [parameter.described for parameter in PARAMETERS],
    "responses": {
        "200": {
            "description": "The form.",
            "content": {HTML: {"schema": {"type": "string"}, "example": "<!doctype html>"}},
        },
        "400": {**PROBLEM, "description": "A parameter is unknown, given twice or malformed."},
        "406": {**PROBLEM, "description": "HTML is not accepted, and the form has no other form."},
    },
}

pages = Pages()
described = APIRouter(tags=["checks"])
"""The form as the OpenAPI document tells of it, which names its address for the POST; the page stands before it."""


@dataclass(frozen=True)
class Posted:
    """A file to be checked, and in which language the reader wants to hear of it."""

    data: bytes
    media_type: str
    lang: str


@described.get(
    "/validate",
    name="validation_form",
    description="The form by which a file is checked, as a page.",
    response_class=Response,
    openapi_extra=FORM_OPENAPI,
)
@pages.page("/validate", "GET", "POST")
async def check(request: Request) -> Response:
    """The form; after a post with the report above it."""
    read_parameters(request, PARAMETERS)
    if request.method != "POST":
        asked = begin(request)
        return render(asked, "validate/validate.html", **_form(asked, None))
    asked = page_of(request)
    posted = await _posted(asked)
    values = _form(asked, posted)
    if posted.data.strip():
        order = Order(posted.media_type, FORMS["json"], posted.lang)
        values["report"] = json.loads(await report_on(request, posted.data, order))
        values |= _told(posted, values["report"]["findings"], ROOM - _weight(values["text"]))
        values["shapes"] = {one["name"] for one in await run_in_threadpool(shapes_told, generation_of(request))}
    answer = render(asked, "validate/validate.html", **values)
    answer.headers["cache-control"] = "no-store"
    return answer


async def _posted(asked: Page) -> Posted:
    """The file in the body: of the form, where the chosen file goes before the text, or the body itself."""
    request = asked.request
    if not is_form(request):
        return Posted(await request.body(), body_type(request, TYPES, MEANT), _language(asked))
    given = await fields(request, FIELDS)
    lang = given["lang"].text if "lang" in given and given["lang"].text in LANGUAGES else _language(asked)
    file = given.get("file")
    if file is not None and file.content:
        return Posted(file.content, TYPES[(file.filename or "").lower().endswith(".trig")], lang)
    text = given["text"].content if "text" in given else b""
    return Posted(text, TYPES["type" in given and given["type"].text == TYPES[1]], lang)


def _language(asked: Page) -> str:
    """The first of the reader's languages that reports are written in."""
    return next((tag for tag in asked.chain if tag in LANGUAGES), LANGUAGES[0])


def _form(asked: Page, posted: Posted | None) -> dict[str, Any]:
    settings = asked.request.app.state.settings
    text = posted.data.decode("utf-8", "replace") if posted else ""
    return {
        "report": None,
        "posted": posted is not None,
        "text": text if _weight(text) <= SHOWN_AGAIN else "",
        "media_type": posted.media_type if posted else TYPES[0],
        "types": TYPES,
        "lang": posted.lang if posted else _language(asked),
        "langs": LANGUAGES,
        "most_kib": settings.max_body // 1024,
        "seconds": settings.validate_timeout,
    }


def _weight(text: str) -> int:
    """Bytes of a text as a page writes it."""
    return len(escape(text).encode())


def _cost(finding: dict[str, Any], lang: str) -> int:
    """Bytes of a finding on the page, and of what stands about it."""
    said = (finding["message"].get(lang), finding["remedy"].get(lang))
    return 500 + sum(
        _weight(str(part or "")) for part in (*said, finding["subject"], finding["value"], finding["excerpt"])
    )


def _told(posted: Posted, findings: list[dict[str, Any]], room: int) -> dict[str, Any]:
    """The findings by what they mean, each with the line that it speaks of; as many as there is room for."""
    lines = posted.data.decode("utf-8", "replace").split("\n")
    for finding in findings:
        number = finding["line"]
        finding["excerpt"] = lines[number - 1].strip()[:200] if number and number <= len(lines) else ""
    first = sorted(findings, key=lambda one: (one["check"] != UNREADABLE, one["line"] or 0))[:MOST_FINDINGS]
    filled = accumulate(_cost(one, posted.lang) for one in first)
    shown = [one for one, sum_ in zip(first, filled, strict=True) if sum_ <= room] or first[:1]
    groups = [(unreadable, [one for one in shown if (one["check"] == UNREADABLE) is unreadable])
              for unreadable in (True, False)]  # fmt: skip
    return {"groups": [(name, found) for name, found in groups if found], "left_out": len(findings) - len(shown)}
