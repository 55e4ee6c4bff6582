"""What filters may be set to: the roles, kinds, modalities and units that there are, and the best known things."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from graph.namespaces import EDG, compact
from graph.query.index import Index

MOST = 40
"""Articles, countries and programmes that are offered, those with most links first; any other can be named."""
_QUESTIONS = {
    "role": "SELECT iri FROM term WHERE id IN (SELECT role FROM tie)",
    "kind": "SELECT DISTINCT kind FROM node WHERE kind IS NOT NULL",
    "modality": "SELECT DISTINCT modality FROM claim",
    "unit": f"SELECT DISTINCT object FROM claim WHERE predicate = '{EDG}unit'",
    "article": "SELECT iri FROM node WHERE class = 'Article' ORDER BY id LIMIT :most",
    "country": "SELECT iri FROM node WHERE class = 'Country' ORDER BY id LIMIT :most",
    "programme": "SELECT iri FROM node WHERE class = 'Programme' ORDER BY id LIMIT :most",
}


def choices(index: Index, chain: Sequence[str], filters: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """By filter, each value that there is, in the order of their names; a role stands with broader ones."""
    found = {}
    for name in filters:
        named = [{"id": compact(iri), **index.named(iri, tuple(chain))} for iri in _there(index)[name]]
        found[name] = sorted(named, key=lambda one: (str(one["label"]).casefold(), str(one["iri"])))
    return found


@lru_cache(maxsize=2)
def _there(index: Index) -> dict[str, tuple[str, ...]]:
    """The IRIs of a generation's values; read once, for the roles take a look at every tie."""
    read = {name: [str(row[0]) for row in index.read(sql, {"most": MOST})] for name, sql in _QUESTIONS.items()}
    roles = dict.fromkeys(read["role"])
    for role in read["role"]:
        while above := index.broader.get(role):
            roles[above] = None
            role = above
    return {**{name: tuple(iris) for name, iris in read.items()}, "role": tuple(roles)}
