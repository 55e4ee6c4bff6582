"""The page to ask in SPARQL: an editor where scripts run, a plain form where not, and the competency questions."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api.indexes import index_of
from api.web.drawing import CYTOSCAPE_STYLE, look
from api.web.page import Page, begin, page_of, render
from api.web.routing import Pages
from graph.errors import UnknownEntity
from graph.namespaces import PREFIXES, compact
from graph.query.index import FALLBACK, Index
from graph.query.questions import KINDS, Question, load_questions

FIRST = "which-events-the-ministry-organised"
"""The question that stands in the editor where none is asked for."""
RESIZER_STYLE = "'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
"""The style element that Yasgui's table writes into the page, for its columns' widths."""
PLAIN_FORMS = ("csv", "tsv", "json", "xml")

pages = Pages()


@pages.page("/query")
async def query(request: Request) -> Response:
    """The page; ``?example=NAME`` begins with a competency question, ``?query=TEXT`` with a text."""
    asked = begin(request)
    return render(
        asked,
        "query/query.html",
        styles=f"{RESIZER_STYLE} {CYTOSCAPE_STYLE}",
        **await run_in_threadpool(_values, request, asked),
    )


@pages.page("/sparql")
async def endpoint(request: Request) -> Response:
    """A person who comes to the endpoint without a query is shown where to write one."""
    return RedirectResponse(page_of(request).root + "query", status_code=303, headers={"vary": "Accept"})


def _values(request: Request, asked: Page) -> dict[str, Any]:
    index = index_of(request)
    known = questions(request.app.state.settings.home / "data" / "questions")
    return {
        "groups": [(kind, list(group)) for kind, group in groupby(known, key=lambda one: one.kind)],
        "query": _begun(asked, known),
        "prefixes": PREFIXES,
        "terms": [(name, index.named(iri, asked.chain)["label"]) for name, iri in _terms(index)],
        "look": look(asked),
        "languages": list(dict.fromkeys((*asked.chain, *FALLBACK))),
        "plain_forms": PLAIN_FORMS,
    }


def _begun(asked: Page, known: tuple[Question, ...]) -> str:
    if text := asked.given("query"):
        return text
    name = asked.given("example") or FIRST
    found = [f"# {one.named(asked.chain)['label']}\n\n{one.body}\n" for one in known if one.name == name]
    if not found:
        raise UnknownEntity(f"there is no example {name[:100]!r}; /query lists them")
    return found[0]


@lru_cache(maxsize=2)
def questions(folder: Path) -> tuple[Question, ...]:
    """The competency questions, by kind."""
    return tuple(sorted(load_questions(folder), key=lambda one: (KINDS.index(one.kind), one.text)))


@lru_cache(maxsize=2)
def _terms(index: Index) -> list[tuple[str, str]]:
    """The classes and properties that the data uses: prefixed name and IRI."""
    rows = index.read("SELECT DISTINCT class FROM thing UNION SELECT DISTINCT predicate FROM claim", {})
    return sorted((compact(str(row[0])), str(row[0])) for row in rows)
