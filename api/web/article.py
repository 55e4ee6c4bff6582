"""The page of an article: what it is, its facts in the order of the text, the text with its evidence, the ledger."""

from __future__ import annotations

import re
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.indexes import index_of, quotes_of
from api.representations import store_of
from api.web.page import Page, begin, render
from api.web.routing import Pages
from graph.errors import UnknownEntity
from graph.namespaces import BASE, DCTERMS, EDG, SCHEMA
from graph.query.article_reading import Place, ReadFact, fact_record, ledger, pieces, read_facts
from graph.query.entities import entity_record
from graph.query.index import Index

_FIELDS = {DCTERMS + "identifier": "file", DCTERMS + "language": "language", SCHEMA + "sha256": "sha256",
           EDG + "textLength": "length"}  # fmt: skip

FACTS_ON_A_PAGE = 100

pages = Pages()


@pages.page("/articles/{identifier}")
async def article(request: Request) -> Response:
    """The page; ``?at=START-END`` shows which facts those words carry."""
    iri = f"{BASE}article/{request.path_params['identifier']}"
    if not index_of(request).exists(iri):
        raise UnknownEntity(f"there is no article {request.path_params['identifier'][:200]!r}; /articles lists them")
    asked = begin(request)
    return render(asked, "article/article.html", **await run_in_threadpool(_values, request, asked, iri))


def _values(request: Request, asked: Page, iri: str) -> dict[str, Any]:
    index, quotes = index_of(request), quotes_of(request)
    record = entity_record(index, iri, "articles", asked.chain, quotes)
    facts = read_facts(index, iri)
    cited = {place for fact in facts for place in fact.places}
    at, text, first = _at(asked), quotes.text(iri), _first(asked, len(facts))
    sentences = ledger(store_of(request), iri, cited)

    def in_words(chosen: list[ReadFact]) -> list[dict[str, Any]]:
        return [fact_record(index, fact, asked.chain, quotes) for fact in chosen]

    return {
        "record": record | index.named(iri, asked.chain),
        "fields": _fields(index, iri),
        "facts": in_words(facts[first : first + FACTS_ON_A_PAGE]),
        "first": first,
        "total": len(facts),
        "step": FACTS_ON_A_PAGE,
        "planned": sum(1 for fact in facts if fact.planned),
        "at": at,
        "here": in_words([fact for fact in facts if at in fact.places]),
        "pieces": pieces(text, cited) if text is not None else None,
        "ledger": [(one, index.named(one.skipped, asked.chain) if one.skipped else None) for one in sentences],
        "cited": sum(1 for one in sentences if one.facts),
        "skipped": sum(1 for one in sentences if one.skipped),
    }


def _at(asked: Page) -> Place | None:
    found = re.fullmatch(r"(\d{1,9})-(\d{1,9})", asked.given("at"))
    return (int(found[1]), int(found[2])) if found else None


def _first(asked: Page, total: int) -> int:
    """How many facts stand before the page that is asked for."""
    before = asked.given("before")
    return int(before) if before.isascii() and before.isdigit() and int(before[:9]) < total else 0


def _fields(index: Index, iri: str) -> dict[str, str]:
    rows = index.connection.execute("SELECT property, value FROM description WHERE thing = ?", (iri,)).fetchall()
    return {_FIELDS[prop]: str(value) for prop, value in rows if prop in _FIELDS}
