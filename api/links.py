"""/organisations/{id}/links: what ties an organisation to all others, each link with its evidence."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api.generations import generation_of, pure_in_generation
from api.indexes import index_of, quotes_of
from api.languages import preferred_languages
from graph.errors import UnknownEntity
from graph.namespaces import BASE
from graph.query.index import Index, language_chain
from graph.query.links import LinkFilter, as_record, links_of, role_iri
from graph.query.quotes import Quotes

router = APIRouter(tags=["lookups"], dependencies=[Depends(pure_in_generation)])

Direction = Annotated[
    Literal["in", "out"] | None, Query(description="Whether the organisation is the object (in) or the subject (out).")
]
Role = Annotated[
    str | None,
    Query(max_length=200, description="Only this role and narrower ones.", examples=["organisedBy"]),
]
Planned = Annotated[bool, Query(description="Whether what is planned, asked for or merely said is included.")]
Languages = Annotated[
    str | None,
    Query(max_length=200, description="Languages of the labels, best first; default from Accept-Language."),
]


@router.get("/organisations/{organisation}/links", responses={404: {"description": "No such organisation"}})
async def organisation_links(
    request: Request,
    organisation: str,
    direction: Direction = None,
    role: Role = None,
    planned: Planned = True,
    lang: Languages = None,
) -> Response:
    """All links of an organisation in one stable order; every label names the language that it is in."""
    chain = language_chain(lang.split(",")) if lang else preferred_languages(request.headers.get("accept-language"))
    index, quotes = index_of(request), quotes_of(request)
    body = await run_in_threadpool(_links, index, quotes, organisation, (direction, role, planned), chain)
    body["generation"] = generation_of(request).id
    return JSONResponse(body, headers={"vary": "Accept-Language", "content-language": ", ".join(_spoken(body))})


def _links(
    index: Index,
    quotes: Quotes,
    organisation: str,
    wanted: tuple[str | None, str | None, bool],
    chain: tuple[str, ...],
) -> dict[str, Any]:
    iri = f"{BASE}organisation/{organisation}"
    if "Organisation" not in index.classes(iri):
        raise UnknownEntity(f"there is no organisation {organisation!r}; 'edugraph links NAME' finds one by its name")
    direction, role, planned = wanted
    chosen = LinkFilter(direction, role_iri(index, role) if role else None, planned)
    label = index.label(iri, chain)
    records = [as_record(index, link, chain, quotes.of(link.evidence)) for link in links_of(index, iri, chosen)]
    return {
        "organisation": {"iri": iri, "id": organisation, "label": label.text, "lang": label.lang},
        "total": len(records),
        "links": records,
    }


def _spoken(body: dict[str, Any]) -> list[str]:
    """The languages that the labels of the answer are in."""
    labelled = [body["organisation"], *(link[part] for link in body["links"] for part in ("role", "counterpart"))]
    return sorted({thing["lang"] for thing in labelled if thing["lang"]}) or ["und"]
