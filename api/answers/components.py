"""All records of the JSON answers by name, and what an operation says of an answer that is one of them."""

from __future__ import annotations

from typing import Any

from api.answers.agenda import AGENDA
from api.answers.documents import DOCUMENTS
from api.answers.facts import FACTS
from api.answers.found import FOUND
from api.answers.links import LINKS
from api.answers.network import NETWORK
from api.answers.problems import PROBLEMS
from api.answers.schema import Schema, published, ref, referred
from api.answers.state import STATE
from api.answers.things import THINGS

COMPONENTS: dict[str, Schema] = {
    **FACTS, **LINKS, **THINGS, **NETWORK, **AGENDA, **FOUND, **STATE, **DOCUMENTS, **PROBLEMS,
}  # fmt: skip


def answer(name: str) -> dict[str, Any]:
    """The content of an answer that is this record."""
    return {"schema": ref(name)}


def with_components(document: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document with the records that it refers to, and no other."""
    wanted, found = list(referred(document["paths"])), dict[str, Schema]()
    while wanted:
        name = wanted.pop()
        if name in COMPONENTS and name not in found:
            found[name] = published(COMPONENTS[name])
            wanted += referred(found[name])
    document.setdefault("components", {}).setdefault("schemas", {}).update(sorted(found.items()))
    return document
