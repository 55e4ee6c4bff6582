"""/search and /suggest: things by any spelling of any of their names, in any language and script."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from api.answers.components import answer
from api.generations import generation_of, pure_in_generation
from api.indexes import index_of
from api.languages import preferred_languages
from api.lean import LeanRoute
from api.lookups import VARIES, json_answer
from api.problem import PROBLEM
from api.public_base import public_path
from api.representations import Languages, only_known_parameters
from api.wording import NOT_BLANK
from graph.errors import BrokenCursor
from graph.publish.generation import Generation
from graph.query.cursors import LONGEST as LONGEST_CURSOR
from graph.query.cursors import NO_CURSOR, cursor_for, key_of
from graph.query.index import Index, language_chain
from graph.search.find import LONGEST, as_record, class_of, search, suggest

_PURE = pure_in_generation(*VARIES)
router = APIRouter(tags=["search"], dependencies=[Depends(only_known_parameters), Depends(_PURE)])

MOST_AT_ONCE, MOST_SUGGESTED, MOSTLY_SUGGESTED = 100, 20, 10
SHORT = 40
"""Characters of a text that is answered without a thread."""

Text = Annotated[
    str,
    Query(
        min_length=1,
        max_length=LONGEST,
        pattern=NOT_BLANK,
        description="A name or a part of it: any language, script, spelling and word order; one typing error a word.",
        examples=["Beisembaev"],
    ),
]
ClassName = Annotated[
    str | None,
    Query(alias="class", min_length=1, max_length=200, description="Only things of this class.", examples=["Person"]),
]


Explained = Annotated[
    Literal["0", "1"],
    Query(description="Taken as everywhere else, and changes nothing: each result says why it was found in any case."),
]


@router.get(
    "/search",
    summary="Find things by name",
    responses={
        200: {"description": "What answers, the best first", "content": {"application/json": answer("Found")}},
        404: {**PROBLEM, "description": "No such class"},
        410: {**PROBLEM, "description": "The cursor is of a generation that is served no longer"},
    },
)
async def search_names(
    request: Request,
    q: Text,
    class_name: ClassName = None,
    lang: Languages = None,
    limit: Annotated[int, Query(ge=1, le=MOST_AT_ONCE, description="Results on one page.")] = 20,
    cursor: Annotated[
        str | None,
        Query(max_length=LONGEST_CURSOR, description="Where the page begins: from `next` of the answer before."),
    ] = None,
    explain: Explained = "0",
) -> Response:
    """All things whose names answer, ranked; each says which name matched, in which language, and why.

    ``total`` counts all of them; where ``complete`` is false there are more than were looked at. How each word of the
    text matched is one of: exact, sound (another script or romanisation), prefix, sound-prefix, inflected, initials,
    typo; "alike" says that the whole names are much alike.
    """
    chain = _chain(request, lang)
    generation = generation_of(request)
    question = ["search", q, class_name]
    start = start_of(generation, question, cursor)
    index = index_of(request)
    body = await run_in_threadpool(search_record, index, q, class_name, chain, slice(start, start + limit))
    if start + limit < body["total"]:
        place = cursor_for(generation, question, [start + limit])
        asked = {"q": q, "class": class_name, "lang": lang, "limit": limit, "cursor": place}
        kept = {name: value for name, value in asked.items() if value is not None}
        body["next"] = f"{public_path(request, '/search')}?{urlencode(kept)}"
    return _answer(body, generation.id)


@router.get(
    "/suggest",
    summary="Complete a name",
    responses={
        200: {"description": "What answers, the best first", "content": {"application/json": answer("Suggested")}},
        404: {**PROBLEM, "description": "No such class"},
    },
)
async def suggest_names(
    request: Request,
    q: Text,
    class_name: ClassName = None,
    lang: Languages = None,
    limit: Annotated[int, Query(ge=1, le=MOST_SUGGESTED, description="Suggestions.")] = MOSTLY_SUGGESTED,
    explain: Explained = "0",
) -> Response:
    """The best things for a text that is still being typed: the beginning of any word of any name."""
    chain = _chain(request, lang)
    body = await run_in_threadpool(_suggest, index_of(request), q, class_name, chain, limit)
    return _answer(body, generation_of(request).id)


def _typed(request: Request) -> Response:
    """A suggestion for a short text alone: it takes less time than to hand it to a thread."""
    chain = _chain(request, None)
    return _answer(
        _suggest(index_of(request), request.query_params["q"], None, chain, MOSTLY_SUGGESTED), generation_of(request).id
    )


def _is_short(scope: Scope) -> bool:
    given = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return len(given) == 1 and given[0][0] == "q" and bool(given[0][1].strip()) and len(given[0][1]) <= SHORT


LEAN = LeanRoute("/suggest", _typed, VARIES, _is_short)
"""The same answer, found first, for what is asked with every key that is pressed."""


def search_record(
    index: Index, text: str, class_name: str | None, chain: tuple[str, ...], page: slice
) -> dict[str, Any]:
    """The answers of one page, with how many there are. Raises UnknownEntity."""
    found = search(index, text, class_of(index, class_name) if class_name is not None else None)
    return {
        "query": text,
        "total": len(found.matches),
        "complete": found.complete,
        "results": [as_record(index, text, match, chain) for match in found.matches[page]],
        "next": None,
    }


def _suggest(index: Index, text: str, class_name: str | None, chain: tuple[str, ...], most: int) -> dict[str, Any]:
    matches = suggest(index, text, most, class_of(index, class_name) if class_name is not None else None)
    return {"query": text, "results": [as_record(index, text, match, chain) for match in matches]}


def _chain(request: Request, lang: str | None) -> tuple[str, ...]:
    return language_chain(lang.split(",")) if lang else preferred_languages(request.headers.get("accept-language"))


def _answer(body: dict[str, Any], generation: str) -> Response:
    body["generation"] = generation
    spoken = sorted({result["lang"] for result in body["results"] if result["lang"]}) or ["und"]
    return json_answer(body, spoken)


def start_of(generation: Generation, question: list[str | None], cursor: str | None) -> int:
    """The place that a cursor means, 0 without one. Raises BrokenCursor, StaleCursor."""
    if cursor is None:
        return 0
    (place,) = key_of(generation, question, cursor, (int,))
    if place < 0:
        raise BrokenCursor(NO_CURSOR)
    return int(place)
