"""The records that an answer is made of, as the reference shows them: each member with its type and meaning."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from api.answers.schema import Schema, referred

_JSON = "application/json"


def shown_answer(said: Schema, components: dict[str, Schema]) -> dict[str, Any] | None:
    """The JSON of an operation's good answer: an example, and its records from the whole to the parts; None if none."""
    content = said["responses"].get("200", {}).get("content", {}).get(_JSON, {})
    schema = content.get("schema")
    if not schema:
        return None
    example = json.dumps(content["example"], ensure_ascii=False, indent=2)
    return {"example": example, "records": list(_records(schema, components))}


def _records(schema: Schema, components: dict[str, Schema]) -> Iterator[dict[str, Any]]:
    """Every record that a schema leads to, each once, those that lie nearest first."""
    seen = list(dict.fromkeys(referred(schema)))
    for name in seen:  # grows on the way
        record = components[name]
        seen += [other for other in dict.fromkeys(referred(record)) if other not in seen]
        needed = record.get("required", ())
        yield {
            "name": name,
            "description": record.get("description", ""),
            "members": [
                {
                    "name": member,
                    "type": _type(part),
                    "record": next(referred(part), None),
                    "description": part.get("description", ""),
                    "always": member in needed,
                }
                for member, part in _members(record)
            ],
        }


def _members(schema: Schema, before: str = "") -> Iterator[tuple[str, Schema]]:
    """The members of a record; those of an object within it are named by the way to them."""
    for name, part in schema.get("properties", {}).items():
        yield before + name, part
        yield from _members(part, f"{before}{name}.")


def _type(schema: Schema) -> str:
    """The type of a member in as few words as may be."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(map(_type, schema["anyOf"]))
    if "enum" in schema:
        return " | ".join("null" if value is None else str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"{{…: {_type(schema['additionalProperties'])}}}"
    told = schema.get("type", "…")
    return " | ".join(told) if isinstance(told, list) else str(told)
