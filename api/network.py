"""/network, /paths and /centrality: who is tied to whom, through what, and how closely."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import problem_types
from api.forms import described_forms, file_answer, form_of, form_parameter, json_record, reader_of
from api.lookups import begin
from api.parameters import AS_JSON, EXPLAIN, EXPLAINED, LANG, PLANNED, SINCE, UNTIL, Parameter, limit, read_parameters
from api.problem import problem
from graph.network.centrality import MEASURES
from graph.network.drawing import drawing_answer
from graph.network.exchange import gexf, graphml
from graph.network.paths import LONGEST
from graph.network.questions import (
    MEASURED,
    MOST_NODES,
    MOST_PATHS,
    RANKED,
    Asked,
    centrality_answer,
    network_answer,
    paths_answer,
)
from graph.network.records import Reader
from graph.network.selection import DEEPEST, Extent
from graph.network.tables import ACTIVITIES, ACTORS, CLASSES
from graph.network.ties import PROJECTIONS
from graph.query.filters import names_in
from graph.told import told

router = APIRouter(tags=["network"])

FORMS = {"json": "application/json", "graphml": "application/graphml+xml", "gexf": "application/gexf+xml"}
_AT_ONCE = CapacityLimiter(2)
"""Networks that are drawn at the same time; more would take the time of the lookups beside them."""

_FILTERS = (
    Parameter("role", "Only ties of this role and narrower ones.", example="involves"),
    Parameter(
        "class",
        f"Only things of these classes, with commas between: of {', '.join(CLASSES)}. Without it all actors"
        f" ({', '.join(ACTORS)}) and activities ({', '.join(ACTIVITIES)}); topics and units are never nodes.",
        example="Organisation,Event",
    ),
    Parameter(
        "kind",
        "Only things of these kinds, with commas between, among those of a class that has such kinds:"
        " Ministry leaves out other organisations and leaves events as they are.",
        example="Ministry",
    ),
    SINCE,
    UNTIL,
    Parameter("modality", "Only ties of this modality.", example="Reported"),
    Parameter("article", "Only what this article says.", example="2023-almaty-esd-seminar"),
    Parameter("country", "Only ties of which one end lies in this country, or is it.", example="KAZ"),
    PLANNED,
)
_PROJECTION = Parameter(
    "projection",
    "links: actors and activities, tied by what links them. co-participation: actors alone, tied by the events and"
    " programmes in which both took part.",
    {"type": "string", "enum": list(PROJECTIONS), "default": "links"},
    "co-participation",
)
_INVITED = Parameter(
    "invited",
    "Whether to be invited counts as taking part in a co-participation. To be invited is not to come.",
    {"type": "boolean", "default": False},
    True,
)
NETWORK = (
    Parameter(
        "actor",
        "The thing in the middle: IRI, id or any name in any language; without it the whole network.",
        example="unesco-almaty-office",
    ),
    Parameter(
        "depth",
        "Steps from the middle.",
        {"type": "integer", "minimum": 1, "maximum": DEEPEST, "default": 1},
        2,
    ),
    _PROJECTION,
    limit(1000, MOST_NODES, "Nodes in all; what had to be left out is counted."),
    Parameter(
        "fan",
        "Neighbours that are taken from one node where the depth is 2 or more: those with the strongest tie.",
        {"type": "integer", "minimum": 1, "maximum": 1000, "default": 25},
        20,
    ),
    *_FILTERS,
    _INVITED,
    Parameter(
        "measure",
        "Adds to each node how central it is in the network of the answer, as /centrality measures it.",
        {"type": "string", "enum": list(MEASURES)},
        "betweenness",
    ),
    LANG,
    form_parameter(FORMS),
)
_PATHS = (
    Parameter("from", "Where the paths begin: IRI, id or any name.", example="valmiera-city"),
    Parameter("to", "Where they end: IRI, id or any name.", example="unesco-uil"),
    Parameter(
        "max_length",
        "Steps that a path may have.",
        {"type": "integer", "minimum": 1, "maximum": LONGEST, "default": 4},
        4,
    ),
    Parameter(
        "limit",
        "Paths, of those that are shortest.",
        {"type": "integer", "minimum": 1, "maximum": 50, "default": MOST_PATHS},
        5,
    ),
    *(known for known in _FILTERS if known not in (SINCE, UNTIL)),
    Parameter("since", "Only ties in an activity dated to this day, month or year or later.", SINCE.schema, "2018"),
    Parameter("until", "Only ties in an activity dated to this day, month or year or earlier.", UNTIL.schema, "2023"),
    LANG,
    AS_JSON,
)
CENTRALITY = (
    Parameter(
        "measure",
        "degree: how many neighbours. betweenness: how many shortest paths lead through. closeness: how near to all.",
        {"type": "string", "enum": list(MEASURES), "default": "degree"},
        "betweenness",
    ),
    Parameter(
        "projection",
        _PROJECTION.description,
        {"type": "string", "enum": list(PROJECTIONS), "default": "co-participation"},
        "co-participation",
    ),
    limit(1000, MEASURED, "Nodes of the network that is measured, the best connected first."),
    Parameter(
        "top",
        "How many of the most central are told.",
        {"type": "integer", "minimum": 1, "maximum": 1000, "default": RANKED},
        10,
    ),
    *_FILTERS,
    _INVITED,
    LANG,
    AS_JSON,
)


@router.get(
    "/network",
    response_class=Response,
    summary="The network around an actor, or the whole of it",
    openapi_extra=described_forms(
        (*NETWORK, EXPLAINED),
        "Network",
        {FORMS["graphml"]: "<?xml version=…><graphml>…", FORMS["gexf"]: "<?xml version=…><gexf>…"},
    ),
)
async def network(request: Request) -> Response:
    """Nodes and edges as Cytoscape reads them (``elements``), or as GraphML or GEXF.

    Parallel facts are one edge that lists each claim with its role and evidence; an edge that nothing reports as so
    is marked ``planned``.
    """
    await begin(request)
    given = read_parameters(request, (*NETWORK, EXPLAINED))
    form = form_of(request, given["format"], FORMS)
    reader = reader_of(request, given["lang"])
    record = await network_record(reader, given)
    if form == "json":
        return json_record(request, reader, record)
    content = await to_thread.run_sync({"graphml": graphml, "gexf": gexf}[form], record, limiter=_AT_ONCE)
    return file_answer(request, content, FORMS[form], form)


@router.get(
    "/paths",
    response_class=Response,
    summary="The shortest paths between two things",
    openapi_extra=described_forms((*_PATHS, EXPLAINED), "Paths", needed=("from", "to")),
)
async def paths(request: Request) -> Response:
    """All shortest paths, each step with every fact that makes it."""
    await begin(request)
    given = request.query_params.get("lang")
    reader = reader_of(request, given)
    record = await path_answer(request, reader, (EXPLAINED,))
    return json_record(request, reader, record)


@router.get(
    "/centrality",
    response_class=Response,
    summary="The most central actors",
    openapi_extra=described_forms((*CENTRALITY, EXPLAIN), "Centrality"),
)
async def most_central(request: Request) -> Response:
    """How central each thing is in the network of the best connected, from 0 to 1; computed by networkx."""
    await begin(request)
    given = read_parameters(request, (*CENTRALITY, EXPLAIN))
    reader = reader_of(request, given["lang"])
    return json_record(request, reader, await ranking(reader, given))


async def path_answer(request: Request, reader: Reader, more: Sequence[Parameter] = ()) -> dict[str, Any]:
    """The paths that a request asks for; ``more`` are parameters of the page that shows them."""
    given = read_parameters(request, (*_PATHS, *more))
    for name in ("from", "to"):
        if given[name] is None:
            raise problem(
                problem_types.INVALID_REQUEST,
                told("%(where)s: a path needs both ends; give %(name)s=", where=f"query/{name}", name=name),
                errors=[{"where": f"query/{name}", "message": "it is missing"}],
            )
    ends = given["from"], given["to"]
    asked = _asked({**given, "from": given["since"], "to": given["until"]})
    return await _drawn(lambda: paths_answer(reader, asked, *ends, given["max_length"], given["limit"]))


async def _drawn(answer: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    return await to_thread.run_sync(answer, limiter=_AT_ONCE)


def _asked(given: dict[str, Any]) -> Asked:
    return Asked(
        role=given["role"],
        classes=names_in(given["class"]),
        kinds=names_in(given["kind"]),
        earliest=given["from"],
        latest=given["to"],
        modality=given["modality"],
        article=given["article"],
        country=given["country"],
        planned=given["planned"],
        invited=given.get("invited", False),
    )


async def network_record(reader: Reader, given: dict[str, Any]) -> dict[str, Any]:
    """The network that the values of NETWORK ask for."""
    extent = Extent(given["depth"], given["limit"], given["fan"])
    asked = _asked(given)
    how = given["projection"], extent, given["measure"]
    return await _drawn(lambda: network_answer(reader, asked, given["actor"], *how))


async def network_drawing(reader: Reader, given: dict[str, Any], rows: slice) -> dict[str, Any]:
    """The same network as a page shows it: drawn in full, and these rows of actors and of ties."""
    extent = Extent(given["depth"], given["limit"], given["fan"])
    asked, how = _asked(given), (given["projection"], extent, given["measure"])
    return await _drawn(lambda: drawing_answer(reader, asked, given["actor"], *how, rows))


async def ranking(reader: Reader, given: dict[str, Any]) -> dict[str, Any]:
    """The most central things that the values of CENTRALITY ask for."""
    asked, wanted = _asked(given), (given["projection"], given["measure"], given["limit"], given["top"])
    explain = given.get("explain") == "1"
    return await _drawn(lambda: centrality_answer(reader, asked, *wanted, explain=explain))
