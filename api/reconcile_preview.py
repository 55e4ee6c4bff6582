"""The preview that OpenRefine shows in a frame: names, kind, links and evidence; and the way to the whole of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.generations import pure_in_generation
from api.indexes import index_of, quotes_of
from api.problem import PROBLEM
from api.public_base import address_of, public_base
from api.reconcile import chain_of, entity_of
from api.representations import Languages
from api.web.interface import LANGUAGES, SOURCE, Choice
from api.web.page import Page, written
from graph.search.find import LONGEST
from graph.search.overview import overview

router = APIRouter(tags=["reconciliation"], dependencies=[Depends(pure_in_generation("Accept-Language"))])

# The one page that strangers may frame: it has no script, form or cookie, and its links open outside the frame.
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *;"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)

Identifier = Annotated[
    str, Query(alias="id", min_length=1, max_length=LONGEST, examples=["organisation/unesco"], description="An id.")
]


@router.get(
    "/reconcile/preview",
    summary="A page about an entity, to be framed",
    response_class=HTMLResponse,
    responses={404: {**PROBLEM, "description": "No such entity"}},
)
async def preview(request: Request, identifier: Identifier, lang: Languages = None) -> Response:
    """Names in all languages, kind, and the first links with article, place in the text and, where at hand, quote."""
    index, quotes = index_of(request), quotes_of(request)
    iri = entity_of(index, identifier)
    chain = chain_of(request, lang)
    told = await run_in_threadpool(overview, index, quotes, iri, chain)
    language = next((tag for tag in chain if tag in LANGUAGES), SOURCE)
    # Within a stranger's frame no cookie comes along; neither language nor theme may follow from one.
    page = Page(request, Choice(language, "auto", chain))
    body = written(language, "reconcile/preview.html", page=page, **told, address=address_of(public_base(request), iri))
    return HTMLResponse(body, headers={"content-security-policy": POLICY, "content-language": language})


@router.get(
    "/reconcile/view",
    summary="To the document about an entity",
    status_code=303,
    response_class=RedirectResponse,
    responses={
        303: {"description": "Where the entity is described"},
        404: {**PROBLEM, "description": "No such entity"},
    },
)
async def view(request: Request, identifier: Identifier) -> Response:
    """See other: the address of the entity's own document."""
    iri = entity_of(index_of(request), identifier)
    return RedirectResponse(address_of(public_base(request), iri), 303, headers={"vary": "Host"})
