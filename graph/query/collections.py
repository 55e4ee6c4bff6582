"""Collections: every organisation, event, article and so on, filtered, sorted, paged and counted from the index."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.errors import BrokenCursor
from graph.index.fold import fold
from graph.index.lookups import SORT_LANGUAGES
from graph.query.cursors import NO_CURSOR
from graph.query.index import Index
from graph.query.links import EVER, narrower

_DATED = ("from", "to")
_EVERYWHERE = ("label", "role", "modality", "article", "planned")


@dataclass(frozen=True)
class Collection:
    """One sort of things: the segment of their IRIs, and what else they can be filtered by."""

    segment: str
    own: tuple[str, ...] = ()

    @property
    def filters(self) -> tuple[str, ...]:
        """The names of all filters."""
        return (*self.own, *_EVERYWHERE)

    @property
    def facets(self) -> tuple[str, ...]:
        """The filters whose values can be counted."""
        return tuple(name for name in self.filters if name not in (*_DATED, "label", "planned"))


COLLECTIONS = {
    "organisations": Collection("organisation", ("kind", "country")),
    "persons": Collection("person", ("country",)),
    "groups": Collection("group"),
    "posts": Collection("post", ("country",)),
    "events": Collection("event", ("kind", "status", "country", "topic", *_DATED)),
    "programmes": Collection("programme", ("kind", "country", "topic", *_DATED)),
    "commitments": Collection("commitment", ("country", "topic", *_DATED)),
    "targets": Collection("target", ("unit", "country", "topic", *_DATED)),
    "figures": Collection("figure", ("unit",)),
    "documents": Collection("document", ("kind", "country", "topic", *_DATED)),
    "places": Collection("place", ("kind", "country")),
    "countries": Collection("country"),
    "topics": Collection("topic"),
    "articles": Collection("article", ("language", "country", "topic", *_DATED)),
    "sources": Collection("source"),
    "claims": Collection("claim"),
}
"""Every collection by the name of its path. Claims are rows of their own kind: graph.query.claims."""

SORTS = {
    "label": ("label_{lang}", "ASC"),
    "-label": ("label_{lang}", "DESC"),
    "id": ("thing", "ASC"),
    "date": ("oldest", "ASC"),
    "-date": ("newest", "ASC"),
    "links": ("links", "ASC"),
}
"""Column and direction of each order: oldest or newest first (what has no date last), most links first."""


@dataclass(frozen=True)
class Selection:
    """Which members are wanted, in which order."""

    segment: str
    facets: dict[str, str] = field(default_factory=dict)
    """The value wanted of each facet, an IRI or a language tag; a role takes in its narrower ones."""
    label: str | None = None
    """The beginning of any name in any language; case and diacritics do not count."""
    since: str | None = None
    until: str | None = None
    planned: bool = True
    """Whether what is not reported as so counts for the filters."""
    sort: str = "label"
    lang: str = "en"
    """One of SORT_LANGUAGES, for the order of labels on a first page; those behind it go on in its order."""

    @property
    def question(self) -> list[Any]:
        """All that the choice and the order of rows depend on, but for the language, which a key holds."""
        return [self.segment, self.facets, self.label, self.since, self.until, self.planned, self.sort]

    @property
    def whole(self) -> bool:
        """Whether every member of the collection fits."""
        return not (self.facets or self.since or self.until) and self.label is None

    @property
    def key_shape(self) -> tuple[type, ...]:
        """The types of a cursor's key."""
        if self.by_label:
            return str, str, str
        return (str,) if SORTS[self.sort][0] == "thing" else (int, str)

    @property
    def by_label(self) -> bool:
        """Whether the order is that of labels in a language; then a key begins with it."""
        return SORTS[self.sort][0].startswith("label")


def sort_language(chain: Sequence[str]) -> str:
    """The language of a chain by whose labels things are sorted."""
    return next((tag for tag in chain if tag in SORT_LANGUAGES), SORT_LANGUAGES[0])


def page(index: Index, wanted: Selection, after: list[Any] | None, limit: int) -> tuple[list[str], list[Any] | None]:
    """The IRIs of a page behind the key ``after``, and the key of its end if there are more. Raises BrokenCursor."""
    column, direction = SORTS[wanted.sort]
    lang = wanted.lang
    if after is not None and wanted.by_label:  # of a page that perhaps a reader of another language has passed on
        lang, *after = after
        if lang not in SORT_LANGUAGES:
            raise BrokenCursor(NO_CURSOR)
    column = column.format(lang=lang)
    condition, values = condition_of(index, wanted)
    columns = ["thing"] if column == "thing" else [column, "thing"]
    if after is not None:
        marks = ", ".join(f":after{place}" for place in range(len(after)))
        condition += f" AND ({', '.join(columns)}) {'>' if direction == 'ASC' else '<'} ({marks})"
        values |= {f"after{place}": part for place, part in enumerate(after)}
    order = ", ".join(f"{name} {direction}" for name in columns)
    rows = index.read(
        f"SELECT {', '.join(columns)} FROM member WHERE {condition} ORDER BY {order} LIMIT :limit",  # noqa: S608 - ours
        {**values, "limit": limit + 1},
    )
    behind = [*([lang] if wanted.by_label else []), *rows[limit - 1]] if len(rows) > limit else None
    return [str(row[-1]) for row in rows[:limit]], behind


def condition_of(index: Index, wanted: Selection) -> tuple[str, dict[str, Any]]:
    """What holds in SQL of the members that fit, and the values that it names."""
    condition = "collection = :segment"
    values: dict[str, Any] = {"segment": wanted.segment, "planned": wanted.planned}
    for facet, value in wanted.facets.items():
        means = sorted(narrower(index, value)) if facet == "role" else [value]
        condition += (
            f" AND thing IN (SELECT thing FROM facet WHERE facet = '{facet}' AND (:planned OR planned = 0)"  # noqa: S608
            f" AND value IN (SELECT value FROM json_each(:{facet})))"
        )
        values[facet] = json.dumps(means)
    if wanted.label is not None:
        condition += " AND thing IN (SELECT thing FROM name WHERE folded >= :label AND folded < :label_end)"
        values |= {"label": fold(wanted.label), "label_end": fold(wanted.label) + "\U0010ffff"}
    if wanted.since or wanted.until:
        condition += (
            " AND thing IN (SELECT thing FROM period WHERE period.planned = :planned AND last >= :since"
            " AND first <= :until)"
        )
        values |= {"since": wanted.since or EVER[0], "until": wanted.until or EVER[1]}
    return condition, values
