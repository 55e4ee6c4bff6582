"""Which ties count: by role, class, kind, period, modality, article and country; as SQL over the table ``tie``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import Any

from graph.errors import UnknownEntity
from graph.index.bits import from_blob
from graph.index.lookups import REPORTED
from graph.network.tables import ACTIVITIES, ACTORS, CLASSES, INVOLVES, NOT_PARTICIPATING, SHARED
from graph.query.index import Index
from graph.told import told


@dataclass(frozen=True)
class NetworkFilter:
    """Which ties are wanted; IRIs where not said otherwise. None and empty mean any."""

    role: str | None = None
    """Its narrower roles count too."""
    classes: tuple[str, ...] = ()
    """Bare names; empty for all actors and activities."""
    kinds: tuple[str, ...] = ()
    """Things of a class that has one of these kinds must be of one of them; other classes are left as they are."""
    earliest: str | None = None
    latest: str | None = None
    """Days: only ties in an activity, or of one with another, that has a date which is said and lies between them."""
    modality: str | None = None
    article: str | None = None
    country: str | None = None
    """At least one end of the tie lies in the country."""
    planned: bool = True
    """Whether ties count that no source reports as so."""
    invited: bool = False
    """Whether invited actors share an event; asked only for co-participation."""


_LASTING = (
    "EXISTS (SELECT 1 FROM lasting AS a WHERE a.planned = :dates AND a.node = {}"
    " AND a.first <= :latest AND a.last >= :earliest)"
)
"""That an activity has a date in the period."""
_OTHER_LASTING = (
    "EXISTS (SELECT 1 FROM node AS a WHERE a.id = t.other AND a.class IN (SELECT value FROM json_each(:activities)))"
    f" AND {_LASTING.format('t.other')}"
)
"""The same of the other end of a tie between two activities: either brings it into the period."""


class Conditions:
    """The SQL of a filter, over ``tie AS t`` and the node at its other end, ``node AS o``."""

    def __init__(self, index: Index, wanted: NetworkFilter) -> None:
        self.parameters: dict[str, Any] = {"reported": REPORTED, "dates": int(wanted.planned)}
        self._index = index
        ties = self._tie(wanted)
        self.tie = " AND ".join(ties) or "1"
        self.every_tie = not ties
        """Whether no tie is left out for itself, but only for what stands at its other end."""
        self.every_node = not wanted.classes and not wanted.kinds
        self._kinds(wanted)
        self.actors = self._classes("actors", wanted.classes, ACTORS)
        self.nodes = self._classes("classes", wanted.classes, (*ACTORS, *ACTIVITIES))
        self.shared = f"o.class IN ({', '.join(map(repr, SHARED))})"

    def read(self, sql: str, **more: str) -> list[Any]:
        """The rows of a question that names these conditions."""
        return self._index.connection.execute(sql, self.parameters | more).fetchall()

    def of(self, alias: str) -> str:
        """The condition on the node that goes by ``alias``."""
        return self.nodes.replace("o.", f"{alias}.")

    @cached_property
    def size(self) -> int:
        """One more than the largest number of a node."""
        (largest,) = self._index.connection.execute("SELECT max(id) FROM node").fetchone()
        return 0 if largest is None else int(largest) + 1

    def fitting(self, condition: str) -> int:
        """The nodes, as bits, that fit one of the conditions on nodes here."""
        return reduce(
            or_, (from_blob(blob) for (blob,) in self.read(f"SELECT bits FROM sort AS o WHERE {condition}")), 0
        )

    def participation(self, alias: str) -> str:
        """The condition that the tie of ``alias`` is a part taken in an event or programme."""
        return f"{alias}.role IN (SELECT value FROM json_each(:parts)) AND {self.tie.replace('t.', alias + '.')}"

    def _tie(self, wanted: NetworkFilter) -> list[str]:
        found = []
        parts = set(narrower(self._index, INVOLVES))
        parts -= set(NOT_PARTICIPATING[1 if wanted.invited else 0 :])
        if wanted.role:
            self.parameters["roles"] = self._terms(narrower(self._index, wanted.role))
            found.append("t.role IN (SELECT value FROM json_each(:roles))")
        self.parameters["parts"] = self._terms(parts)
        if not wanted.planned:
            found.append("t.modality = (SELECT id FROM term WHERE iri = :reported)")
        if wanted.modality:
            self.parameters["modality"] = wanted.modality
            found.append("t.modality = (SELECT id FROM term WHERE iri = :modality)")
        if wanted.article:
            self.parameters["article"] = wanted.article
            found.append("EXISTS (SELECT 1 FROM claim WHERE claim.number = t.claim AND claim.source = :article)")
        if wanted.country:
            self.parameters["country"] = wanted.country
            there = "country = (SELECT id FROM node WHERE iri = :country)"
            lies = [f"EXISTS (SELECT 1 FROM lies_in WHERE node = t.{end} AND {there})" for end in ("other", "node")]
            found.append(f"({' OR '.join(lies)})")
        if wanted.earliest or wanted.latest:
            self.parameters |= {"earliest": _day(wanted.earliest or "0"), "latest": _day(wanted.latest or "99999999")}
            self.parameters["activities"] = json.dumps(ACTIVITIES)
            found.append(f"({_LASTING.format('t.activity')} OR t.activity = t.node AND {_OTHER_LASTING})")
        return found

    def _kinds(self, wanted: NetworkFilter) -> None:
        self._kind = ""
        if wanted.kinds:
            self.parameters["kinds"] = json.dumps(wanted.kinds)
            self._kind = (
                " AND (o.kind IN (SELECT value FROM json_each(:kinds)) OR o.class NOT IN"
                " (SELECT class FROM sort WHERE kind IN (SELECT value FROM json_each(:kinds))))"
            )

    def _classes(self, name: str, wanted: tuple[str, ...], possible: tuple[str, ...]) -> str:
        chosen = wanted if name == "classes" and wanted else [cls for cls in possible if not wanted or cls in wanted]
        self.parameters[name] = json.dumps(chosen)
        return f"o.class IN (SELECT value FROM json_each(:{name})){self._kind}"

    def _terms(self, iris: set[str]) -> str:
        rows = self._index.connection.execute(
            "SELECT id FROM term WHERE iri IN (SELECT value FROM json_each(?))", (json.dumps(sorted(iris)),)
        )
        return json.dumps(sorted(row[0] for row in rows))


def _day(iso: str) -> int:
    """A day as the number that stands in the index."""
    return int(iso.replace("-", ""))


def narrower(index: Index, role: str) -> set[str]:
    """The role itself and everything below it."""
    rows = index.connection.execute(
        "WITH RECURSIVE below(iri) AS (SELECT ? UNION SELECT role.iri FROM role JOIN below ON role.broader = below.iri)"
        " SELECT iri FROM below",
        (role,),
    )
    return {str(row[0]) for row in rows}


def class_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """Bare names of classes, in any case. Raises UnknownEntity with the classes there are."""
    known = {name.lower(): name for name in CLASSES}
    for name in names:
        if name.lower() not in known:
            raise UnknownEntity(
                told(
                    "%(name)s is not a class of things in the network; there are: %(there)s",
                    name=repr(name),
                    there=", ".join(CLASSES),
                )
            )
    return tuple(sorted({known[name.lower()] for name in names}))
