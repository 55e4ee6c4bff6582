"""/claims: every statement of every article, in the order in which the articles tell them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.answers.components import answer
from api.collections import MOST_VALUES, PAGE, counted_facets
from api.generations import generation_of
from api.indexes import index_of, quotes_of
from api.lookups import begin, chain_of, described, json_answer, next_page
from api.parameters import CURSOR, EXPLAIN, LANG, PLANNED, Parameter, read_parameters
from api.tables import FORMAT, table, wants_csv
from graph.errors import UnknownEntity
from graph.namespaces import BASE, compact, expand
from graph.query.claims import (
    FACETS,
    ClaimSelection,
    claim_facet,
    claim_page,
    claim_record,
    count_claims,
    property_meant,
)
from graph.query.cursors import cursor_for, key_of
from graph.query.filters import thing_meant
from graph.query.index import Index
from graph.query.link_table import qualifiers_cell
from graph.told import told

router = APIRouter(tags=["lookups"])

COLUMNS = (
    "id", "subject", "subject_label", "predicate", "object", "object_label", "modality", "article", "evidence",
    "qualifiers",
)  # fmt: skip
PARAMETERS = (
    Parameter("subject", "Only claims about this thing: an IRI or prefixed name.", example="org:unesco"),
    Parameter("role", "Only this property and narrower ones.", example="startDate"),
    Parameter("object", "Only claims whose object is this thing: an IRI or prefixed name.", example="country:KAZ"),
    Parameter("modality", "Only claims of this modality.", example="Requested"),
    Parameter(
        "article",
        "Only what this article says, or a reference source: source:geonames.",
        example="2024-elkz-directors-forum",
    ),
    PLANNED,
    Parameter(
        "facets",
        f"Facets whose values are counted among all that fits, parted by commas: {', '.join(FACETS)}."
        f" At most {MOST_VALUES} values of each, the commonest first.",
        example="modality",
    ),
    PAGE,
    CURSOR,
    LANG,
    EXPLAIN,
    FORMAT,
)
_SOURCE = BASE + "source/"


@router.get(
    "/claims",
    response_class=Response,
    operation_id="claims",
    summary="All claims, filtered and paged",
    openapi_extra=described(PARAMETERS, answer("Claims"), ",".join(COLUMNS)),
)
async def claims(request: Request) -> Response:
    """One page of the claims that fit, in the order of the articles and of the places in them, with their evidence."""
    await begin(request)
    given = read_parameters(request, PARAMETERS)
    as_csv = wants_csv(request, given["format"])
    return await run_in_threadpool(_answer, request, given, chain_of(request, given["lang"]), as_csv=as_csv)


def _answer(request: Request, given: dict[str, Any], chain: tuple[str, ...], *, as_csv: bool) -> Response:
    index, quotes = index_of(request), quotes_of(request)
    wanted = selection_of(index, given)
    counted = counted_facets(given["facets"], tuple(FACETS))
    after = key_of(index.generation, wanted, given["cursor"], (int,))[0] if given["cursor"] else 0
    rows, behind = claim_page(index, wanted, after, given["limit"])
    following = next_page(request, cursor_for(index.generation, wanted, behind) if behind else None)
    items = [claim_record(index, row, chain, quotes) for row in rows]
    if as_csv:
        return table(COLUMNS, map(_row, items), following)
    body = {
        "total": count_claims(index, wanted),
        "items": items,
        "facets": {name: counted_values(index, wanted, name, chain) for name in counted},
        "next": following,
        "generation": generation_of(request).id,
    }
    return json_answer(body, sorted({item["predicate"]["lang"] for item in items if item["predicate"]["lang"]}))


def selection_of(index: Index, given: dict[str, Any]) -> ClaimSelection:
    """The claims that the parameters mean. Raises UnknownEntity."""
    return ClaimSelection(
        _thing(index, given["subject"]),
        property_meant(index, given["role"]) if given["role"] else None,
        _thing(index, given["object"]),
        thing_meant(index, given["modality"], "modality") if given["modality"] else None,
        _teller(index, given["article"]) if given["article"] else None,
        given["planned"],
    )


def counted_values(
    index: Index, wanted: ClaimSelection, facet: str, chain: tuple[str, ...], most: int = MOST_VALUES
) -> list[dict[str, Any]]:
    """The values of a facet among the claims that fit, each with name and count; its id is the filter's value."""
    return [
        {"id": _filter_value(facet, value), **index.named(value, chain), "total": total}
        for value, total in claim_facet(index, wanted, facet, most)
    ]


def _filter_value(facet: str, iri: str) -> str:
    """What the filter of a facet takes for an IRI; a property or source that needs its prefix keeps it."""
    if facet == "role" or iri.startswith(_SOURCE):
        return compact(iri).removeprefix("edg:")
    return iri.rpartition("/")[2]


def _teller(index: Index, text: str) -> str:
    """The article that is meant, or the reference source behind a claim of the registry. Raises UnknownEntity."""
    iri = expand(text)
    return iri if iri and iri.startswith(_SOURCE) and index.exists(iri) else thing_meant(index, text, "article")


def _thing(index: Index, text: str | None) -> str | None:
    """The IRI that a full or prefixed name means. Raises UnknownEntity."""
    if text is None:
        return None
    iri = expand(text)
    if iri is None or not index.exists(iri):
        raise UnknownEntity(
            told(
                "%(text)s is nothing that there is; write an IRI or a prefixed name: org:unesco", text=repr(text[:100])
            )
        )
    return iri


def _row(item: dict[str, Any]) -> list[object]:
    stated = item["object"]
    return [
        item["id"],
        item["subject"]["id"],
        item["subject"]["label"],
        item["predicate"]["id"],
        stated.get("id", stated.get("value")),
        stated.get("label", ""),
        item["modality"]["id"],
        item["article"]["iri"],
        "; ".join(told["selector"] or told["article"] for told in item["evidence"]),
        qualifiers_cell(item["qualifiers"]),
    ]
