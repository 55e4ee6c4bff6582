"""Reads what a reconciliation client sends: batches of queries and data extension requests, by the 0.2 schemas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from starlette.datastructures import Headers
from starlette.requests import Request

from api import problem_types
from api.problem import HttpProblem, problem
from api.wording import said
from graph.query.index import LANGUAGES
from graph.search.find import LONGEST

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
BATCH = 50
"""Queries in one batch; the manifest says so, and a larger batch is refused."""
MOST_CANDIDATES, MOST_ENTITIES, MOST_PROPERTIES = 100, 500, 50
_MOST_FIELDS = 20
MOST_TOLD = 10
"""Findings that one answer tells."""

Name = Annotated[str, Field(min_length=1, max_length=LONGEST)]
Identifier = Annotated[str, Field(min_length=1, max_length=LONGEST)]


class _Strict(BaseModel):
    """Refuses what the schemas do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class EntityValue(_Strict):
    """A property value that is a thing, reconciled before."""

    id: Identifier
    name: str | None = None


PropertyValue = bool | int | float | Name | EntityValue


class ConditionModel(_Strict):
    """A property and the values of which one must be met."""

    pid: Identifier
    v: PropertyValue | Annotated[list[PropertyValue], Field(max_length=MOST_PROPERTIES)]


class QueryModel(_Strict):
    """One reconciliation query."""

    query: Name | None = None
    type: Identifier | Annotated[list[Identifier], Field(max_length=MOST_PROPERTIES)] | None = None
    limit: Annotated[int, Field(ge=1, le=MOST_CANDIDATES)] = 5
    properties: Annotated[list[ConditionModel], Field(max_length=MOST_PROPERTIES)] = []
    type_strict: Literal["any", "should", "all"] = "any"

    @model_validator(mode="after")
    def _asks(self) -> QueryModel:
        if self.query is None and not self.properties:
            raise ValueError("a query needs 'query' or 'properties'")
        return self


class SettingsModel(_Strict):
    """How the values of one property are wanted."""

    limit: Annotated[int, Field(ge=1, le=MOST_ENTITIES)] | None = None
    lang: Annotated[str, Field(max_length=200, pattern=LANGUAGES)] | None = None
    planned: bool = True

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, given: Any) -> Any:
        """A field of the settings form that was left empty is not set."""
        return {name: value for name, value in given.items() if value != ""} if isinstance(given, dict) else given


class ExtendedProperty(_Strict):
    """One property to fetch."""

    id: Identifier
    name: str | None = None
    settings: SettingsModel = SettingsModel()


class ExtendModel(_Strict):
    """One data extension query."""

    ids: Annotated[list[Identifier], Field(max_length=MOST_ENTITIES)]
    properties: Annotated[list[ExtendedProperty], Field(max_length=MOST_PROPERTIES)]


class BodyModel(_Strict):
    """A JSON body: one of the two."""

    queries: dict[str, Any] | None = None
    extend: ExtendModel | None = None


@dataclass(frozen=True)
class Refused:
    """What is wrong with one query of a batch whose other queries are answered."""

    detail: str


Batch = dict[str, QueryModel | Refused]
Asked = Batch | ExtendModel | None
_BATCH: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])
_QUERY: TypeAdapter[QueryModel] = TypeAdapter(QueryModel)


async def read(request: Request) -> Asked:
    """A batch or a data extension query; None where neither is sent. Raises HttpProblem."""
    if request.method == "GET":
        return _asked(_fields(request.scope["query_string"].decode("latin-1")))
    media_type = Headers(scope=request.scope).get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    if media_type == JSON:
        model = _validated(TypeAdapter(BodyModel), body)
        if (model.queries is None) == (model.extend is None):
            raise _bad("send either 'queries' or 'extend'")
        return model.extend if model.queries is None else _batch(model.queries)
    if media_type != FORM:
        detail = f"the body's media type is {media_type[:80] or 'none'}; send {FORM} or {JSON}"
        raise problem(problem_types.MEDIA_TYPE, detail, {"accept-post": f"{FORM}, {JSON}"})
    try:
        asked = _asked(_fields(body.decode("utf-8")))
    except UnicodeDecodeError as error:
        raise _bad(f"the body is not UTF-8 at byte {error.start + 1}") from None
    if asked is None:
        raise _bad("send 'queries' or 'extend' in the form")
    return asked


def _asked(fields: dict[str, str]) -> Asked:
    if "callback" in fields:
        raise _bad(
            "JSONP is not offered, for it runs a stranger's code; every answer may be read across origins (CORS)"
        )
    if "queries" in fields and "extend" in fields:
        raise _bad("send either 'queries' or 'extend'")
    if "queries" in fields:
        return _batch(_validated(_BATCH, fields["queries"]))
    if "extend" in fields:
        extend: ExtendModel = _validated(TypeAdapter(ExtendModel), fields["extend"])
        return extend
    return None


def _batch(given: dict[str, Any]) -> Batch:
    """The queries, each read for itself. Raises HttpProblem where there are too many, or none can be read."""
    if len(given) > BATCH:
        raise problem(problem_types.BATCH_TOO_LARGE, f"{len(given)} queries; at most {BATCH}")
    asked: Batch = {}
    findings: list[dict[str, str]] = []
    for name, query in given.items():
        try:
            asked[name] = _QUERY.validate_python(query)
        except ValidationError as error:
            of_query = _findings(error, name)
            asked[name] = Refused(_detail(of_query))
            findings += of_query
    if given and all(isinstance(query, Refused) for query in asked.values()):
        raise problem(problem_types.RECONCILIATION_REQUEST, _detail(findings[:MOST_TOLD]), errors=findings[:MOST_TOLD])
    return asked


def _fields(text: str) -> dict[str, str]:
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError as error:
        raise _bad(f"the form is not UTF-8 at byte {error.start + 1} of a value") from None
    except ValueError:
        raise _bad(f"the form has more than {_MOST_FIELDS} fields") from None
    names = [name for name, _ in pairs]
    repeated = sorted({name for name in names if names.count(name) > 1 and name in ("queries", "extend")})
    if repeated:
        raise _bad(f"{repeated[0]!r} is given more than once")
    return dict(pairs)


def _validated(adapter: TypeAdapter[Any], text: str | bytes) -> Any:
    try:
        return adapter.validate_json(text)
    except ValidationError as error:
        findings = _findings(error)
        raise problem(problem_types.RECONCILIATION_REQUEST, _detail(findings), errors=findings) from None


def _findings(error: ValidationError, *within: str) -> list[dict[str, str]]:
    """What is wrong, and where: in the whole, or within the query of this name."""
    return [
        {"where": "/".join(map(str, (*within, *finding["loc"]))), "message": said(finding)}
        for finding in error.errors(include_url=False)[:MOST_TOLD]
    ]


def _detail(findings: list[dict[str, str]]) -> str:
    return "; ".join(f"{finding['where']}: {finding['message']}".removeprefix(": ") for finding in findings)


def _bad(detail: str) -> HttpProblem:
    return problem(problem_types.RECONCILIATION_REQUEST, detail)
