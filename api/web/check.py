"""The page to check a file: a form that needs no script, and the report of POST /validate to read."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.body_type import body_type
from api.generations import generation_of
from api.parameters import LANG, read_parameters
from api.validate import MEANT, TYPES, report_on
from api.vocabulary_docs import shapes_told
from api.web.given import with_those_of_pages
from api.web.page import Page, begin, page_of, render
from api.web.posted_form import fields, is_form
from api.web.routing import Pages
from graph.check.findings import FORMS, LANGUAGES
from graph.isolation.checking import Order

FIELDS = ("text", "file", "type", "lang")
SHOWN_AGAIN = 30_000
"""Characters of a text that the form holds again after the check; a page must stay small."""
MOST_FINDINGS = 100
"""Findings on the page; the report as data has all."""
UNREADABLE = "syntax"
"""The check whose findings keep a file from being read at all; they stand first."""

pages = Pages()


@dataclass(frozen=True)
class Posted:
    """A file to be checked, and in which language the reader wants to hear of it."""

    data: bytes
    media_type: str
    lang: str


@pages.page("/validate", "GET", "POST")
async def check(request: Request) -> Response:
    """The form; after a post with the report above it."""
    read_parameters(request, with_those_of_pages((LANG,)))
    if request.method != "POST":
        asked = begin(request)
        return render(asked, "validate/validate.html", **_form(asked, None))
    asked = page_of(request)
    posted = await _posted(asked)
    values = _form(asked, posted)
    if posted.data.strip():
        order = Order(posted.media_type, FORMS["json"], posted.lang)
        values["report"] = json.loads(await report_on(request, posted.data, order))
        values |= _told(posted, values["report"]["findings"])
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
        "text": text if len(text) <= SHOWN_AGAIN else "",
        "media_type": posted.media_type if posted else TYPES[0],
        "types": TYPES,
        "lang": posted.lang if posted else _language(asked),
        "langs": LANGUAGES,
        "most_kib": settings.max_body // 1024,
        "seconds": settings.validate_timeout,
    }


def _told(posted: Posted, findings: list[dict[str, Any]]) -> dict[str, Any]:
    """The findings by what they mean, each with the line that it speaks of."""
    lines = posted.data.decode("utf-8", "replace").split("\n")
    for finding in findings:
        number = finding["line"]
        finding["excerpt"] = lines[number - 1].strip()[:200] if number and number <= len(lines) else ""
    shown = sorted(findings, key=lambda one: (one["check"] != UNREADABLE, one["line"] or 0))[:MOST_FINDINGS]
    groups = [(unreadable, [one for one in shown if (one["check"] == UNREADABLE) is unreadable])
              for unreadable in (True, False)]  # fmt: skip
    return {"groups": [(name, found) for name, found in groups if found], "left_out": len(findings) - len(shown)}
