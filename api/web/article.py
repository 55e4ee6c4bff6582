"""The page of an article: what it is, its facts in the order of the text, the text with its evidence, the ledger."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.indexes import index_of, quotes_of
from api.parameters import LANG, Parameter, read_parameters
from api.web.given import OF_PAGES
from api.web.page import Page, begin, linked, render
from api.web.routing import Pages
from api.web.schema_org import schema_article
from graph.errors import UnknownEntity
from graph.namespaces import BASE, DCTERMS, EDG, SCHEMA
from graph.query.article_reading import Place, ReadFact, around, fact_record, ledger, overlapping, pieces, read_facts
from graph.query.claims import claims_about
from graph.query.index import Index
from graph.query.link_records import date_records, value_record
from graph.told import told

_FIELDS = {DCTERMS + "identifier": "file", DCTERMS + "language": "language", SCHEMA + "sha256": "sha256",
           EDG + "textLength": "length"}  # fmt: skip
PUBLISHER = DCTERMS + "publisher"
FACTS_ON_A_PAGE = 100
"""Where the service has no text; the longer a text, the fewer facts stand beside it."""
FEWEST_FACTS = 20
BYTES_FOR_A_FACT = 400
PARAMETERS = (
    Parameter("at", "Which facts rest on these characters.", {"type": "string", "pattern": r"^\d{1,9}-\d{1,9}$"}),
    Parameter(
        "before", "How many facts stand before the page.", {"type": "integer", "minimum": 0, "maximum": 1_000_000}
    ),
    Parameter("fact", "The page of facts that holds this claim.", {"type": "string", "minLength": 1, "maxLength": 100}),
    LANG,
    *OF_PAGES,
)

pages = Pages()


@pages.page("/articles/{identifier}")
async def article(request: Request) -> Response:
    """The page; ``?at=START-END`` shows which facts those words carry, ``?fact=ID`` the page of facts with a claim."""
    iri = f"{BASE}article/{request.path_params['identifier']}"
    if not index_of(request).exists(iri):
        raise UnknownEntity(
            told(
                "there is no article %(name)s; /articles lists them", name=repr(request.path_params["identifier"][:200])
            )
        )
    asked = begin(request)
    given = read_parameters(request, PARAMETERS)
    values = await run_in_threadpool(_values, request, asked, iri, given)
    return linked(render(asked, "article/article.html", **values), request, iri)


def _values(request: Request, asked: Page, iri: str, given: dict[str, Any]) -> dict[str, Any]:
    index, quotes = index_of(request), quotes_of(request)
    facts = read_facts(index, iri)
    cited = {place for fact in facts for place in fact.places}
    at, text = _place(given["at"]), quotes.text(iri)
    step = max(FEWEST_FACTS, FACTS_ON_A_PAGE - len((text or "").encode()) // BYTES_FOR_A_FACT)
    listed = [fact for fact in facts if at is None or fact.within(at)]
    first = given["before"] or (around(listed, given["fact"], step) if given["fact"] else 0)
    here = listed[first : first + step]
    passages = overlapping(facts, at) if at and first + step >= len(listed) else []
    shown = _as_many(passages, step - len(here))
    sentences = ledger(index, iri, cited)

    def in_words(chosen: list[ReadFact]) -> list[dict[str, Any]]:
        return [fact_record(index, fact, asked.chain, quotes) for fact in chosen]

    record = index.named(iri, asked.chain) | {"dates": date_records(index, iri, asked.chain)}
    fields, publishers = _fields(index, iri), _publishers(index, iri, asked.chain)
    return {
        "record": record,
        "fields": fields,
        "publishers": publishers,
        "schema": schema_article(record, fields["language"], publishers, asked.canonical),
        "facts": in_words(here),
        "listed": len(listed),
        "first": first,
        "total": len(facts),
        "step": step,
        "planned": sum(1 for fact in facts if fact.planned),
        "at": at,
        "overlapping": [(span, in_words(found)) for span, found in shown],
        "left_out": len(passages) - len(shown),
        "pieces": pieces(text, cited) if text is not None else None,
        "ledger": [(one, index.named(one.skipped, asked.chain) if one.skipped else None) for one in sentences],
        "cited": sum(1 for one in sentences if one.facts),
        "skipped": sum(1 for one in sentences if one.skipped),
    }


def _as_many(passages: list[tuple[Place, list[ReadFact]]], room: int) -> list[tuple[Place, list[ReadFact]]]:
    """The first passages, until their facts fill the room."""
    sums = accumulate(len(found) for _, found in passages)
    return [passage for passage, filled in zip(passages, sums, strict=True) if filled <= room]


def _place(text: str | None) -> Place | None:
    found = re.fullmatch(r"(\d+)-(\d+)", text or "")
    return (int(found[1]), int(found[2])) if found else None


def _publishers(index: Index, iri: str, chain: tuple[str, ...]) -> list[dict[str, Any]]:
    rows = (row for row in claims_about(index, iri) if row[3] == PUBLISHER)
    return [value_record(index, row[4], row[5], chain) for row in rows]


def _fields(index: Index, iri: str) -> dict[str, str]:
    """What the article says of its text. The address of an original is none of it: the ontology has no term for it."""
    rows = index.connection.execute("SELECT property, value FROM description WHERE thing = ?", (iri,)).fetchall()
    return {_FIELDS[prop]: str(value) for prop, value in rows if prop in _FIELDS}
