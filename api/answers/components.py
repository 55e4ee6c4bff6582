"""All records of the JSON answers by name, and what an operation says of an answer that is one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.answers.agenda import AGENDA
from api.answers.documents import DOCUMENTS
from api.answers.facts import FACTS
from api.answers.found import FOUND
from api.answers.links import LINKS
from api.answers.network import NETWORK
from api.answers.problems import PROBLEMS
from api.answers.schema import Schema, example_of, published, ref
from api.answers.state import STATE
from api.answers.things import THINGS

COMPONENTS: dict[str, Schema] = {
    **FACTS, **LINKS, **THINGS, **NETWORK, **AGENDA, **FOUND, **STATE, **DOCUMENTS, **PROBLEMS,
}  # fmt: skip


def answer(name: str) -> dict[str, Any]:
    """The content of an answer that is this record."""
    return {"schema": ref(name)}


def with_components(document: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document with the records that it refers to, and an example of each answer that is one."""
    wanted, found = list(_referred(document["paths"])), dict[str, Schema]()
    while wanted:
        name = wanted.pop()
        if name in COMPONENTS and name not in found:
            found[name] = published(COMPONENTS[name])
            wanted += _referred(found[name])
    components = document.setdefault("components", {}).setdefault("schemas", {})
    components.update(sorted(found.items()))
    for media_type, said in _answers(document):
        if "json" in media_type and said.get("schema") and "example" not in said:
            said["example"] = example_of(said["schema"], {**components, **COMPONENTS})
    return document


def _answers(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each answer's media types and what is said of them."""
    for operations in document["paths"].values():
        for operation in operations.values():
            for answered in operation["responses"].values():
                yield from answered.get("content", {}).items()


def _referred(part: object) -> Iterator[str]:
    """The names of the records that a part of the document refers to."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].rpartition("/")[2]
        for held in part.values():
            yield from _referred(held)
    elif isinstance(part, list):
        for held in part:
            yield from _referred(held)
