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
from api.problem_types import TYPES
from api.web.drawing import CYTOSCAPE_STYLE, look
from api.web.page import Page, begin, page_of, render
from api.web.routing import Pages
from graph.errors import UnknownEntity
from graph.namespaces import EDG, PREFIXES, compact, expand
from graph.query.index import FALLBACK, Index
from graph.query.questions import KINDS, Question, load_questions
from graph.told import told

FIRST = "which-events-the-ministry-organised"
"""The question that stands in the editor where none is asked for."""
RESIZER_STYLE = "'sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk='"
"""The style element that Yasgui's table writes into the page, for its columns' widths."""
PLAIN_FORMS = ("csv", "tsv", "json", "xml")
PROBLEMS = (
    *("sparql-request", "query-syntax", "query-unanswerable", "query-too-long", "query-refused", "query-timeout"),
    *("query-too-large", "query-cancelled", "query", "service-failed", "busy", "worker-lost", "body-too-large"),
    *("body-timeout", "internal", "not-ready", "nothing-built", "disk-full", "too-many-files", "generation-gone"),
    "stopping",
)
"""The problems that a query may meet, which the page tells in the reader's language."""
DESCRIBING = ("rdf:type", "rdf:subject", "rdf:predicate", "rdf:object", "skos:prefLabel", "skos:altLabel", "rdfs:label")
"""Properties that queries need and that the index does not keep as such."""

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
        "problems": [TYPES[name] for name in PROBLEMS],
    }


def _begun(asked: Page, known: tuple[Question, ...]) -> str:
    if text := asked.given("query"):
        return text
    name = asked.given("example") or FIRST
    found = [f"# {one.named(asked.chain)['label']}\n\n{one.body}\n" for one in known if one.name == name]
    if not found:
        raise UnknownEntity(told("there is no example %(name)s; /query lists them", name=repr(name[:100])))
    return found[0]


@lru_cache(maxsize=2)
def questions(folder: Path) -> tuple[Question, ...]:
    """The competency questions, by kind."""
    return tuple(sorted(load_questions(folder), key=lambda one: (KINDS.index(one.kind), one.text)))


@lru_cache(maxsize=2)
def _terms(index: Index) -> list[tuple[str, str]]:
    """The classes and properties that the data uses, and all of the ontology: prefixed name and IRI."""
    rows = index.read(
        "SELECT class FROM thing UNION SELECT predicate FROM claim UNION SELECT property FROM description"
        " UNION SELECT iri FROM thing WHERE iri LIKE :ontology",
        {"ontology": f"{EDG}%"},
    )
    names = {compact(str(row[0])): str(row[0]) for row in rows}
    return sorted({**names, **{name: expand(name) or name for name in DESCRIBING}}.items())
