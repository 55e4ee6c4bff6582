"""What can be wanted of a timeline and of targets alike, and the things that this leaves."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from graph.query.filters import thing_meant
from graph.query.index import Index


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """Which things and claims count, in names, ids or IRIs; None and empty mean any."""

    classes: tuple[str, ...] = ()
    country: str | None = None
    article: str | None = None
    modality: str | None = None
    planned: bool = True
    limit: int = 500
    start: int = 0
    """How many come before the first that is told."""
    things: tuple[str, ...] | None = None
    """IRIs of the only things that count."""


class Scope:
    """Which things count, as SQL over ``node AS n``."""

    def __init__(self, index: Index, classes: tuple[str, ...], wanted: Bounds) -> None:
        """``classes`` are bare names. Raises UnknownEntity for names that nothing has."""
        self.parameters: dict[str, Any] = {"classes": json.dumps(classes)}
        self.article = thing_meant(index, wanted.article, "article") if wanted.article else None
        self.modality = thing_meant(index, wanted.modality, "modality") if wanted.modality else None
        self.conditions = ["n.class IN (SELECT value FROM json_each(:classes))"]
        if wanted.country:
            self.parameters["country"] = thing_meant(index, wanted.country, "country")
            self.conditions.append(
                "EXISTS (SELECT 1 FROM lies_in WHERE lies_in.node = n.id"
                " AND lies_in.country = (SELECT id FROM node WHERE iri = :country))"
            )
        if wanted.things is not None:
            self.only(wanted.things)

    def only(self, things: Iterable[str]) -> None:
        """Only these things."""
        self.parameters["things"] = json.dumps(sorted(set(things)))
        self.conditions.append("n.iri IN (SELECT value FROM json_each(:things))")

    def tied_to(self, name: str, iri: str, roles: Iterable[str] = ()) -> None:
        """Only things that something ties to the thing ``iri``, by one of the roles if any are given."""
        self.parameters |= {name: iri, f"{name}_roles": json.dumps(list(roles))}
        by_role = (
            f" AND t.role IN (SELECT id FROM term WHERE iri IN (SELECT value FROM json_each(:{name}_roles)))"
            if roles
            else ""
        )
        self.conditions.append(
            f"EXISTS (SELECT 1 FROM tie AS t WHERE t.node = n.id"
            f" AND t.other = (SELECT id FROM node WHERE iri = :{name}){by_role})"
        )

    @property
    def sql(self) -> str:
        """The conditions together."""
        return " AND ".join(self.conditions)
