"""/organisations, /events, /articles, /claims and all other collections: filtered, sorted, paged, counted, as CSV."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api.answers.components import answer
from api.generations import generation_of
from api.indexes import index_of, quotes_of
from api.lookups import begin, chain_of, described, json_answer, next_page
from api.negotiation import negotiate
from api.parameters import CURSOR, EXPLAIN, LANG, PLANNED, SINCE, UNTIL, Parameter, invalid, limit, read_parameters
from api.representations import RDF_FORMS, rdf_body, respond, store_of
from api.tables import CSV, JSON, next_field, table, wants_csv
from graph.errors import UnknownEntity
from graph.export.selection import description
from graph.index.fold import fold
from graph.query.collections import (
    COLLECTIONS,
    SORTS,
    Collection,
    Selection,
    page,
    sort_language,
)
from graph.query.cursors import cursor_for, key_of
from graph.query.entities import summary
from graph.query.facets import Fitting
from graph.query.filters import period_meant, thing_meant
from graph.query.index import Index
from graph.query.links import role_iri
from graph.told import told

router = APIRouter(tags=["lookups"])

TURTLE = "text/turtle"
MOST_VALUES = 100
"""Values of a facet that are counted, the commonest first."""
COLUMNS = ("id", "iri", "label", "lang", "kind", "where", "dates", "links")
"""Of the CSV; several values of a cell are parted by ``; ``, what is not reported as so is marked."""

COLUMNS_OF_FIGURES = (*COLUMNS, "values", "units")
"""The hedge of a number stands before it: ``more than 800``."""

MEMBER_FORMAT = Parameter(
    "format",
    "The form of the answer; overrides Accept. turtle has the description of each member of the page.",
    {"type": "string", "enum": ["json", "csv", "turtle"]},
    "csv",
)
_TURTLE_FORM = next(form for form in RDF_FORMS if form.media_type == TURTLE)
PAGE = limit(1000, 50, "Rows on a page.")
_FILTERS = {
    "kind": Parameter("kind", "Only things of this kind: an id, IRI or name.", example="Ministry"),
    "status": Parameter("status", "Only events of this status: held, announced, ...", example="Held"),
    "unit": Parameter("unit", "Only numbers of this unit.", example="School"),
    "language": Parameter("language", "Only articles written in this language.", example="ru"),
    "country": Parameter(
        "country",
        "Only things of this country: held, seated or lying there, or with it as their territory; a post has its"
        " organisation's, a person that of the posts held, an article those of all that it reports on.",
        example="LVA",
    ),
    "topic": Parameter(
        "topic", "Only what is about this topic; an article has the topics of all that it reports on.",
        example="inclusive-education",
    ),
    "label": Parameter(
        "label", "Only things of which a name, in any language, begins so; case and diacritics do not count.",
        example="unesco",
    ),
    "role": Parameter("role", "Only things with a link of this role, or a narrower one.", example="organisedBy"),
    "modality": Parameter("modality", "Only things of which something is said in this way.", example="Planned"),
    "article": Parameter("article", "Only things of which this article speaks.", example="2024-elkz-directors-forum"),
    "planned": PLANNED,
    "from": SINCE,
    "to": UNTIL,
}  # fmt: skip
_EXAMPLES: dict[str, dict[str, str]] = {
    "organisations": {"kind": "LocalGovernment"},
    "persons": {"role": "holdsPost", "article": "2022-unicef-national-consultations"},
    "events": {"kind": "Seminar"},
    "programmes": {"kind": "Programme", "topic": "learning-cities"},
    "documents": {"kind": "Roadmap"},
    "places": {"kind": "City", "country": "KAZ"},
    "figures": {"unit": "Candidate"},
}
"""Values that fit the collection where the general ones would not."""


def parameters_of(name: str, collection: Collection) -> tuple[Parameter, ...]:
    """The query parameters of one collection."""
    wanted = [_FILTERS[filter_name] for filter_name in collection.filters]
    counted = Parameter(
        "facets",
        f"Facets whose values are counted among all that fits, parted by commas: {', '.join(collection.facets)}."
        f" At most {MOST_VALUES} values of each, the commonest first.",
        example=collection.facets[0],
    )
    order = Parameter(
        "sort",
        "By label in the first of your languages, by id, by date (oldest first; - newest first), or most links first."
        " What has no date comes last. Ties are broken by the IRI.",
        {"type": "string", "enum": list(SORTS), "default": "label"},
        "id",
    )
    fitting = _EXAMPLES.get(name, {})
    found = [*wanted, counted, order, PAGE, CURSOR, LANG, EXPLAIN, MEMBER_FORMAT]
    return tuple(
        Parameter(known.name, known.description, known.schema, fitting.get(known.name, known.example))
        for known in found
    )


def _form(request: Request, name: str | None) -> str:
    """``json``, ``csv`` or ``turtle``, by ``format`` or else by Accept. Raises HttpProblem 406."""
    if name is not None:
        return name
    if negotiate(request.headers.get("accept"), (JSON, CSV, TURTLE)) == TURTLE:
        return "turtle"
    return "csv" if wants_csv(request, None, TURTLE) else "json"


def _turtle(request: Request, things: list[str], following: str | None) -> Response:
    """What is stated of each member, without its links; the next page is in the Link field."""
    store = store_of(request)
    triples = [triple for thing in things for triple in description(store, thing)]
    return respond(rdf_body(request, _TURTLE_FORM, triples), _TURTLE_FORM, next_field(following))


def counted_facets(text: str | None, known: tuple[str, ...]) -> list[str]:
    """The facets that are asked for. Raises HttpProblem 400."""
    names = list(dict.fromkeys(text.split(","))) if text else []
    if unknown := [name for name in names if name not in known]:
        raise invalid(f"query/facets: {unknown[0][:50]!r} is no facet here; there are: {', '.join(known)}")
    return names


def selection_of(index: Index, collection: Collection, given: dict[str, Any], chain: tuple[str, ...]) -> Selection:
    """The members that the parameters of a collection mean. Raises HttpProblem 400, UnknownEntity and InputError."""
    facets = {name: _meant(index, name, given[name]) for name in collection.facets if given[name] is not None}
    since, until = period_meant(given.get("from"), given.get("to"))
    label = given["label"]
    if label is not None and not fold(label):
        raise invalid(told("%(where)s: it holds no letter and no digit", where="query/label"))
    return Selection(
        collection.segment, facets, label, since, until, given["planned"], given["sort"], sort_language(chain)
    )


def _meant(index: Index, facet: str, text: str) -> str:
    if facet == "role":
        return role_iri(index, text)
    if facet == "language":
        there = index.connection.execute("SELECT DISTINCT value FROM facet WHERE facet = 'language'").fetchall()
        if (text,) not in there:
            known = ", ".join(sorted(str(row[0]) for row in there))
            raise UnknownEntity(
                told("no article is written in %(name)s; there are: %(there)s", name=repr(text[:50]), there=known)
            )
        return text
    return thing_meant(index, text, facet)


def _answer(
    request: Request, collection: Collection, given: dict[str, Any], chain: tuple[str, ...], form: str
) -> Response:
    index, quotes = index_of(request), quotes_of(request)
    wanted = selection_of(index, collection, given, chain)
    counted = counted_facets(given["facets"], collection.facets)
    after = None
    if given["cursor"]:
        after = key_of(index.generation, wanted.question, given["cursor"], wanted.key_shape)
    things, behind = page(index, wanted, after, given["limit"])
    following = next_page(request, cursor_for(index.generation, wanted.question, behind) if behind else None)
    if form == "turtle":
        return _turtle(request, things, following)
    why = quotes if given["explain"] == "1" else None
    items = [summary(index, thing, chain, why, planned=wanted.planned) for thing in things]
    if form == "csv":
        return table(_columns(collection), map(_row, items), following)
    fitting = Fitting(index, wanted)
    body = {
        "total": fitting.total,
        "items": items,
        "facets": {name: counted_values(index, fitting, name, chain) for name in counted},
        "next": following,
        "generation": generation_of(request).id,
    }
    return json_answer(body, sorted({item["lang"] for item in items if item["lang"]}))


def counted_values(
    index: Index, fitting: Fitting, facet: str, chain: tuple[str, ...], most: int = MOST_VALUES
) -> list[dict[str, Any]]:
    """The values of a facet among the members that fit, each with its name and how many, the commonest first."""
    return [
        {"id": value.rpartition("/")[2].rpartition("#")[2], **_value(index, facet, value, chain), "total": total}
        for value, total in fitting.values(facet, most)
    ]


def _value(index: Index, facet: str, value: str, chain: tuple[str, ...]) -> dict[str, Any]:
    return {"value": value} if facet == "language" else {**index.named(value, chain)}


def _columns(collection: Collection) -> tuple[str, ...]:
    return COLUMNS_OF_FIGURES if collection.segment == "figure" else COLUMNS


def _row(item: dict[str, Any]) -> list[object]:
    quantity = [_cell((_number(said), said) for said in item["values"])] if "values" in item else []
    quantity += [_cell((str(said["label"]), said) for said in item["units"])] if "units" in item else []
    return [
        item["id"],
        item["iri"],
        item["label"],
        item["lang"],
        item["kind"]["label"] if item["kind"] else "",
        _cell((str(place["label"]), place) for place in item["where"]),
        _cell((f"{date['property'].rpartition(':')[2]} {date['value']}", date) for date in item["dates"]),
        item["links"],
        *quantity,
    ]


def _number(said: dict[str, Any]) -> str:
    """A number with its hedge before it."""
    hedges = [one["label"] for one in said["qualifiers"] if one["property"] == "edg:bound"]
    return " ".join([*hedges, str(said["value"])])


def _cell(values: Iterable[tuple[str, dict[str, Any]]]) -> str:
    """The values of a cell, each once; what nothing reports as so has its modality behind it: ``2025 (Planned)``."""
    marks: dict[str, str] = {}
    for text, fact in values:
        mark = f" ({fact['modality'].rpartition(':')[2]})" if fact["planned"] else ""
        marks[text] = min(marks.get(text, mark), mark, key=len)
    return "; ".join(text + mark for text, mark in marks.items())


def _mount(name: str, collection: Collection) -> None:
    parameters = parameters_of(name, collection)

    async def members(request: Request) -> Response:
        await begin(request)
        given = read_parameters(request, parameters)
        form = _form(request, given["format"])
        chain = chain_of(request, given["lang"])
        return await run_in_threadpool(_answer, request, collection, given, chain, form)

    said = described(parameters, answer("Members"), ",".join(_columns(collection)))
    said["responses"]["200"]["content"][TURTLE] = {"schema": {"type": "string"}}
    router.add_api_route(
        f"/{name}",
        members,
        operation_id=name,
        response_class=Response,
        summary=f"All {name}, filtered, sorted and paged",
        description="One page of the members that fit, each with its label and the language that it is in.",
        openapi_extra=said,
    )


# Claims and targets are rows of other kinds, with paths of their own: api.claims, api.targets.
MEMBERS = {name: collection for name, collection in COLLECTIONS.items() if name not in ("claims", "targets")}
"""The collections that are answered here."""

for _name, _collection in MEMBERS.items():
    _mount(_name, _collection)
