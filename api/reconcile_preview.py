"""The preview that OpenRefine shows in a frame: names, kind, links and evidence; and the way to the whole of it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.generations import pure_in_generation
from api.indexes import index_of, quotes_of
from api.public_base import address_of, public_base
from api.reconcile import chain_of, entity_of
from api.representations import Languages
from graph.search.find import LONGEST
from graph.search.overview import overview

router = APIRouter(tags=["reconciliation"], dependencies=[Depends(pure_in_generation("Accept-Language"))])

# The one page that strangers may frame: it has no script, form or cookie, and its links open outside the frame.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *;"
    " sandbox allow-popups allow-popups-to-escape-sandbox"
)
_PAGE = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(
    """<!DOCTYPE html>
<html lang="{{ lang or 'und' }}">
<head>
<meta charset="utf-8">
<title>{{ label }}</title>
<style>
body { font: 14px/1.4 sans-serif; margin: 8px; color: #1a1a1a; background: #fff }
h1 { font-size: 16px; margin: 0 } p, ul { margin: 4px 0 } ul { padding-left: 18px }
q { color: #333 } .planned { font-style: italic } small { color: #595959 }
</style>
</head>
<body>
<h1><a href="{{ address }}" target="_blank" rel="noopener">{{ label }}</a></h1>
<p>{{ kind }} <small>{{ id }}</small></p>
<p>{% for one in names %}<span{% if one.lang %} lang="{{ one.lang }}"{% endif %}>{{ one.name }}</span>
{% if one.lang %}<small>{{ one.lang }}</small>{% endif %}{% if not loop.last %} · {% endif %}{% endfor %}</p>
<ul>
{% for link in links %}
<li>{{ "→" if link.direction == "out" else "←" }} {{ link.role }}: {{ link.counterpart }}
{% if link.planned %}<span class="planned">({{ link.planned }})</span>{% endif %}
{% if link.quote %}<q>{{ link.quote }}</q>{% endif %}
<small>{{ link.article }}{% if link.evidence %}, <a href="{{ link.evidence }}" target="_blank" rel="noopener">
{{- link.evidence.rpartition("#")[2] }}</a>{% endif %}</small></li>
{% endfor %}
</ul>
{% if total > links|length %}<p><small>{{ links|length }} of {{ total }} links</small></p>{% endif %}
</body>
</html>
"""
)

Identifier = Annotated[
    str, Query(alias="id", min_length=1, max_length=LONGEST, examples=["organisation/unesco"], description="An id.")
]


@router.get(
    "/reconcile/preview",
    summary="A page about an entity, to be framed",
    response_class=HTMLResponse,
    responses={404: {"description": "No such entity"}},
)
async def preview(request: Request, identifier: Identifier, lang: Languages = None) -> Response:
    """Names in all languages, kind, and the first links with article, place in the text and, where at hand, quote."""
    index, quotes = index_of(request), quotes_of(request)
    iri = entity_of(index, identifier)
    told = await run_in_threadpool(overview, index, quotes, iri, chain_of(request, lang))
    page = _PAGE.render(**told, address=address_of(public_base(request), iri))
    return HTMLResponse(page, headers={"content-security-policy": POLICY})


@router.get(
    "/reconcile/view",
    summary="To the document about an entity",
    status_code=303,
    response_class=RedirectResponse,
    responses={303: {"description": "Where the entity is described"}, 404: {"description": "No such entity"}},
)
async def view(request: Request, identifier: Identifier) -> Response:
    """See other: the address of the entity's own document."""
    iri = entity_of(index_of(request), identifier)
    return RedirectResponse(address_of(public_base(request), iri), 303, headers={"vary": "Host"})
