"""The pages of what is dated: the timeline of events and deadlines, and the table of targets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import targets, timeline
from api.indexes import index_of
from api.web.explorer import class_names
from api.web.given import read_in_parts, without_empty
from api.web.page import Page, begin, render
from api.web.routing import Pages
from graph.network.choices import choices
from graph.network.tables import ACTIVITIES
from graph.query.targets import CLASSES, PARTIES, targets_answer
from graph.query.timeline import timeline_answer

ROWS = 25
"""Entries or targets on a page where the address does not say how many."""
MOST_ROWS = 40
"""Rows on a page, also where the address asks for more: with their evidence, more would weigh too much."""
SEVERAL = ("class",)
SHOWN = ("units", "deadlines", "responsible")
"""Of a target's record, what stands in its row beside the number; the claims of these are the evidence of the row."""
OTHERS = ("start", *(name for name in PARTIES if name not in SHOWN))
"""What else carries a target of which none of these is said."""

pages = Pages()


@pages.page("/timeline")
async def dated(request: Request) -> Response:
    """Events, programmes and deadlines by year, each with what carries it."""
    if tidied := without_empty(request, SEVERAL):
        return tidied
    asked = begin(request)
    given = read_in_parts(request, timeline.PARAMETERS, ROWS, MOST_ROWS)
    return render(asked, "time/timeline.html", given=given, **await run_in_threadpool(_timeline, asked, given))


def _timeline(asked: Page, given: dict[str, Any]) -> dict[str, Any]:
    record = timeline_answer(asked.reader(), replace(timeline.asked_of(given), start=_before(given)))
    for entry in record["entries"]:
        entry["proof"] = _proof(claim for date in (*entry["start"], *entry["end"]) for claim in date["claims"])
    years = [(year, list(group)) for year, group in groupby(record["entries"], key=lambda one: one["earliest"][:4])]
    return {**_offered(asked, given, record, ("modality", "article", "country"), ACTIVITIES), "years": years}


@pages.page("/targets")
async def promised(request: Request) -> Response:
    """Every commitment with its numbers and what carries them, and sums by unit."""
    if tidied := without_empty(request, SEVERAL):
        return tidied
    asked = begin(request)
    given = read_in_parts(request, targets.PARAMETERS, ROWS, MOST_ROWS)
    return render(asked, "time/targets.html", given=given, **await run_in_threadpool(_targets, asked, given))


def _targets(asked: Page, given: dict[str, Any]) -> dict[str, Any]:
    wanted = replace(targets.asked_of(given), start=_before(given))
    record = targets_answer(asked.reader(), wanted, naming=False)
    for target in record["targets"]:
        shown, others = (_claims(target, members) for members in (SHOWN, OTHERS))
        target["proof"] = _proof((*target["values"], *shown)) or _proof(others)
    return _offered(asked, given, record, ("modality", "article", "country", "unit", "programme"), CLASSES)


def _claims(target: dict[str, Any], members: Iterable[str]) -> list[dict[str, Any]]:
    return [claim for member in members for one in target[member] for claim in one["claims"]]


def _proof(claims: Iterable[dict[str, Any]]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Every span that carries one of the claims, once, with the first claim that it carries."""
    found: dict[tuple[Any, ...], tuple[dict[str, Any], dict[str, Any]]] = {}
    for claim in claims:
        for span in claim["evidence"]:
            found.setdefault((span["source"], span["start"], span["end"]), (claim, span))
    return list(found.values())


def _before(given: dict[str, Any]) -> int:
    """How many rows come before the page that is asked for."""
    return int(given["limit"] * (given["part"] - 1))


def _offered(
    asked: Page, given: dict[str, Any], record: dict[str, Any], filters: tuple[str, ...], classes: Iterable[str]
) -> dict[str, Any]:
    """The record with how many pages it has, and what the form offers: values of filters, and classes by name."""
    index = index_of(asked.request)
    return {
        "record": record,
        "parts": -(-record["total"] // given["limit"]),
        "choices": choices(index, asked.chain, filters),
        "classes": class_names(index, asked.chain, classes),
    }
