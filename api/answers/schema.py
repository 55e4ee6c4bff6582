"""The words in which records are written as JSON Schema, each member with an example; examples of answers follow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Schema = dict[str, Any]
Components = Mapping[str, Schema]


def text(meaning: str, example: str, *, among: Iterable[str] = ()) -> Schema:
    """A string; ``among`` are all that there are."""
    chosen = {"enum": list(among)} if among else {}
    return {"type": "string", **chosen, "description": meaning, "examples": [example]}


def count(meaning: str, example: int = 1) -> Schema:
    """A whole number that is not negative."""
    return {"type": "integer", "minimum": 0, "description": meaning, "examples": [example]}


def number(meaning: str, example: float) -> Schema:
    """Any number."""
    return {"type": "number", "description": meaning, "examples": [example]}


def truth(meaning: str, example: bool = False) -> Schema:
    """True or false."""
    return {"type": "boolean", "description": meaning, "examples": [example]}


def ref(name: str, meaning: str | None = None, example: Schema | None = None) -> Schema:
    """A record by name; ``example`` where the record's own would not fit."""
    said = {"$ref": f"#/components/schemas/{name}"} | ({"description": meaning} if meaning else {})
    return said | ({"examples": [example]} if example else {})


def rows(of: Schema, meaning: str) -> Schema:
    """An array."""
    return {"type": "array", "items": of, "description": meaning}


def mapping(to: Schema, meaning: str, example: str) -> Schema:
    """An object with keys that are not known beforehand, such as ``example``."""
    named = {"type": "string", "examples": [example]}
    return {"type": "object", "propertyNames": named, "additionalProperties": to, "description": meaning}


def maybe(schema: Schema, *, shown: bool = True) -> Schema:
    """The same, or null; examples show null unless it is ``shown``."""
    if "$ref" in schema:
        said = {name: value for name, value in schema.items() if name != "$ref"}
        said["anyOf"] = [{"$ref": schema["$ref"]}, {"type": "null"}]
    else:
        said = {**schema, "type": [schema["type"], "null"]}
        if "enum" in said:
            said["enum"] = [*said["enum"], None]
    return said if shown else {**said, "examples": [None]}


def record(
    meaning: str, members: Mapping[str, Schema], may_lack: Iterable[str] = (), shown: Iterable[str] = ()
) -> Schema:
    """An object with these members; those that it ``may_lack`` are left out where there is nothing to say.

    Examples have of these the ones that are ``shown``.
    """
    lacking = set(may_lack)
    return {
        "type": "object",
        "description": meaning,
        "required": [name for name in members if name not in lacking],
        "properties": dict(members),
    } | ({_SHOWN: sorted(shown, key=list(members).index)} if shown else {})


_SHOWN = "x-shown"


def published(schema: Schema) -> Schema:
    """A schema without what only its examples need."""
    return {name: part for name, part in schema.items() if name != _SHOWN}


def example_of(schema: Schema, components: Components) -> Any:
    """What fits a schema, put together from the examples of its members."""
    if "examples" in schema or "example" in schema:
        return schema["examples"][0] if "examples" in schema else schema["example"]
    if "$ref" in schema:
        return example_of(components[schema["$ref"].rpartition("/")[2]], components)
    if "additionalProperties" in schema:
        (key,) = schema["propertyNames"]["examples"]
        return {key: example_of(schema["additionalProperties"], components)}
    if "properties" in schema:
        members = schema["properties"]
        held = {*schema["required"], *schema.get(_SHOWN, ())}
        return {name: example_of(member, components) for name, member in members.items() if name in held}
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], components)
    return [example_of(schema["items"], components)]


def referred(part: object) -> Iterator[str]:
    """The names of the records that a schema, or any part of a document, refers to."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].rpartition("/")[2]
        for name, held in part.items():
            if name not in ("examples", "example"):
                yield from referred(held)
    elif isinstance(part, list):
        for held in part:
            yield from referred(held)
