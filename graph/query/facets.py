"""How many members of a collection fit, and how many of them have each value of a facet, without going through them."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any

from graph.index.bits import bits, from_blob
from graph.index.tallies import TALLIED
from graph.query.collections import Selection, condition_of
from graph.query.index import Index
from graph.query.links import narrower


class Fitting:
    """The members that fit one selection. What it counts is what ``graph.query.collections.page`` gives."""

    def __init__(self, index: Index, wanted: Selection) -> None:
        self._index = index
        self._wanted = wanted

    @cached_property
    def total(self) -> int:
        """How many fit."""
        if self._wanted.whole:
            counted = "SELECT count(*) FROM member WHERE collection = :segment"
            return int(self._index.read(counted, {"segment": self._wanted.segment})[0][0])
        return self._bits.bit_count()

    def values(self, facet: str, most: int) -> list[tuple[str, int]]:
        """The values of a facet among the members that fit, each with how many, the commonest first."""
        if self._wanted.whole and most <= TALLIED:
            return self._tallied(facet, most)
        if not self.is_kept(facet):
            return self._one_by_one(facet, most)
        held = "SELECT value, bits FROM facet_members WHERE collection = ? AND facet = ? AND planned = ?"
        rows = self._index.connection.execute(held, (self._wanted.segment, facet, self._wanted.planned))
        counted = ((str(value), (from_blob(blob) & self._bits).bit_count()) for value, blob in rows)
        return sorted((one for one in counted if one[1]), key=lambda one: (-one[1], one[0]))[:most]

    def is_kept(self, facet: str) -> bool:
        """Whether the members of each value of a facet are kept, for it has few values in this collection."""
        some = "SELECT 1 FROM facet_members WHERE collection = ? AND facet = ? LIMIT 1"
        return self._index.connection.execute(some, (self._wanted.segment, facet)).fetchone() is not None

    def _tallied(self, facet: str, most: int) -> list[tuple[str, int]]:
        """The same for a whole collection, as it was counted when the index was written."""
        rows = self._index.connection.execute(
            "SELECT value, total FROM tally WHERE collection = ? AND facet = ? AND planned = ? ORDER BY place LIMIT ?",
            (self._wanted.segment, facet, self._wanted.planned, most),
        )
        return [(str(value), int(n)) for value, n in rows]

    def _one_by_one(self, facet: str, most: int) -> list[tuple[str, int]]:
        """The same by way of each member that fits, for a facet of very many values."""
        condition, values = condition_of(self._index, self._wanted)
        sql = (
            "SELECT facet.value, count(*) FROM (SELECT thing FROM member WHERE"  # noqa: S608 - our own conditions
            f" {condition}) AS fitting CROSS JOIN facet ON facet.thing = fitting.thing AND facet = :counted"
            " WHERE :planned OR planned = 0 GROUP BY value ORDER BY 2 DESC, 1 LIMIT :most"
        )
        rows = self._index.read(sql, {**values, "counted": facet, "most": most})
        return [(str(value), int(n)) for value, n in rows]

    @cached_property
    def _bits(self) -> int:
        """The numbers of the members that fit: by the sets of facets that are kept, by a search for the rest."""
        kept = {facet: value for facet, value in self._wanted.facets.items() if self.is_kept(facet)}
        rest = replace(self._wanted, facets={name: v for name, v in self._wanted.facets.items() if name not in kept})
        sets = [self._having(facet, value) for facet, value in kept.items()]
        if not rest.whole or not sets:
            condition, values = condition_of(self._index, rest)
            rows = self._index.read(f"SELECT number FROM member WHERE {condition}", values)  # noqa: S608 - our own
            sets.append(bits(row[0] for row in rows))
        found = sets[0]
        for other in sets[1:]:
            found &= other
        return found

    def _having(self, facet: str, value: str) -> int:
        """The members that have a value; those of a role and of its narrower ones."""
        means = narrower(self._index, value) if facet == "role" else [value]
        found = 0
        for one in means:
            key: tuple[Any, ...] = (self._wanted.segment, facet, self._wanted.planned, one)
            row = self._index.connection.execute(
                "SELECT bits FROM facet_members WHERE collection = ? AND facet = ? AND planned = ? AND value = ?", key
            ).fetchone()
            found |= from_blob(row[0]) if row else 0
        return found
