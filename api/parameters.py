"""The query parameters of the lookups: said once, for reading them and for the OpenAPI description."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from api import problem_types
from api.problem import HttpProblem, problem
from api.wording import DAY, misformed
from graph.query.index import LANGUAGES
from graph.told import joined, message_of, told


@dataclass(frozen=True)
class Parameter:
    """One query parameter: what it means, which values it takes (JSON Schema), and an example."""

    name: str
    description: str
    schema: dict[str, Any] = field(default_factory=lambda: {"type": "string", "minLength": 1, "maxLength": 500})
    example: object = None

    @property
    def described(self) -> dict[str, Any]:
        """The parameter as OpenAPI writes it."""
        said = {"name": self.name, "in": "query", "required": False, "description": self.description}
        return said | {"schema": self.schema} | ({} if self.example is None else {"example": self.example})

    def read(self, text: str) -> object:
        """The value that the text means. Raises ValueError with what would be right."""
        kind = self.schema.get("type", "string")
        if kind == "integer":
            return self._integer(text)
        if kind == "boolean":
            if text not in ("true", "false"):
                raise ValueError(told("it must be true or false"))
            return text == "true"
        if "enum" in self.schema and text not in self.schema["enum"]:
            raise ValueError(
                told("%(text)s is none of %(there)s", text=repr(text[:50]), there=", ".join(self.schema["enum"]))
            )
        low, high = self.schema.get("minLength", 0), self.schema.get("maxLength", 500)
        if not low <= len(text) <= high:
            raise ValueError(
                told("it has %(many)s characters and may have %(low)s to %(high)s", many=len(text), low=low, high=high)
            )
        if "pattern" in self.schema and re.search(self.schema["pattern"], text) is None:
            raise ValueError(misformed(text, self.schema["pattern"]))
        return text

    def _integer(self, text: str) -> int:
        low, high = self.schema["minimum"], self.schema["maximum"]
        if re.fullmatch("-?[0-9]{1,9}", text) is None or not low <= int(text) <= high:
            raise ValueError(told("it must be a whole number from %(low)s to %(high)s", low=low, high=high))
        return int(text)


def read_parameters(request: Request, parameters: Sequence[Parameter]) -> dict[str, Any]:
    """The values of a request, defaults filled in. Raises HttpProblem 400 that names every parameter at fault."""
    values: dict[str, Any] = {known.name: known.schema.get("default") for known in parameters}
    if not request.scope["query_string"]:
        return values
    by_name = {known.name: known for known in parameters}
    faults: list[dict[str, str]] = []
    given: set[str] = set()
    # As Starlette reads it, without the objects that it keeps the pairs in.
    for name, text in parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True):
        try:
            if name not in by_name:
                raise ValueError(
                    told("there is no such parameter here; there are: %(there)s", there=", ".join(by_name))
                )
            if name in given:
                raise ValueError(told("it is given more than once"))
            values[name] = by_name[name].read(text)
        except ValueError as error:
            faults.append({"where": f"query/{name[:100]}", "message": message_of(error)})
        given.add(name)
    if faults:
        detail = joined("; ", (told("%(where)s: %(message)s", **fault) for fault in faults[:20]))
        raise invalid(detail, faults[:20])
    return values


def invalid(detail: str, faults: list[dict[str, str]] | None = None) -> HttpProblem:
    """The problem of a request whose parameters cannot be used."""
    return problem(problem_types.INVALID_REQUEST, detail, errors=faults)


LANG = Parameter(
    "lang",
    "Languages of the labels, the best first; the default is Accept-Language. Behind them come en, ru, lv, kk.",
    {"type": "string", "minLength": 1, "maxLength": 200, "pattern": LANGUAGES},
    "lv,ru",
)
AS_JSON = Parameter(
    "format",
    "json is the one form of these data; a browser that does not ask for it gets a page.",
    {"type": "string", "enum": ["json"]},
    "json",
)
PLANNED = Parameter(
    "planned",
    "Whether what is planned, expected, asked for or merely said counts too.",
    {"type": "boolean", "default": True},
    False,
)
EXPLAIN = Parameter(
    "explain",
    "1 adds to each value the claims that say so, each with its article and span.",
    {"type": "string", "enum": ["0", "1"], "default": "0"},
    "1",
)
EXPLAINED = Parameter(
    "explain",
    "Taken as everywhere else, and changes nothing: this answer has claim, article and span of each value in any case.",
    EXPLAIN.schema,
    "1",
)
CURSOR = Parameter(
    "cursor",
    "Where the page begins: taken from `next` of the answer before. Bound to the generation and to the filters.",
    {"type": "string", "minLength": 1, "maxLength": 2000},
)
SINCE = Parameter(
    "from", "Only what is dated to this day, month or year or later.", {"type": "string", "pattern": DAY}, "2022-06"
)
UNTIL = Parameter(
    "to", "Only what is dated to this day, month or year or earlier.", {"type": "string", "pattern": DAY}, "2023"
)


def limit(most: int, default: int | None, description: str) -> Parameter:
    """How many rows a page has."""
    schema: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": most}
    return Parameter("limit", description, schema | ({} if default is None else {"default": default}), 100)
