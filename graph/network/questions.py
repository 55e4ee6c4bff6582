"""The questions about actors as people ask them, in names; the command line and the service call these."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graph.errors import InputError, UnknownEntity
from graph.network.centrality import centrality, centrality_record
from graph.network.filters import NetworkFilter, class_names
from graph.network.model import Network
from graph.network.paths import paths_record, shortest
from graph.network.records import Reader, network_record, node_number
from graph.network.selection import Extent, around, whole
from graph.network.tables import ACTIVITIES, ACTORS
from graph.network.ties import PROJECTIONS, Links
from graph.query.filters import period_meant, thing_meant
from graph.query.index import Index
from graph.query.links import role_iri
from graph.query.names import resolve_first
from graph.told import told

KEPT = 12
"""Networks that are kept: a generation never changes, and to choose the best connected of all takes long."""

MOST_NODES, MOST_PATHS, MEASURED, RANKED = 100, 10, 300, 50
"""Where nothing else is asked for: nodes of a network, paths, nodes that are measured, and those that are told."""


@dataclass(frozen=True)
class Asked:
    """Which ties are wanted, in the words of the person who asks: names, ids or IRIs in any language."""

    role: str | None = None
    classes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    earliest: str | None = None
    latest: str | None = None
    modality: str | None = None
    article: str | None = None
    country: str | None = None
    planned: bool = True
    invited: bool = False

    def filter(self, index: Index) -> NetworkFilter:
        """The filter that is meant. Raises UnknownEntity and InputError."""
        first, last = period_meant(self.earliest, self.latest)
        return NetworkFilter(
            role=role_iri(index, self.role) if self.role else None,
            classes=class_names(self.classes),
            kinds=tuple(sorted({thing_meant(index, name, "kind") for name in self.kinds})),
            earliest=first,
            latest=last,
            modality=thing_meant(index, self.modality, "modality") if self.modality else None,
            article=thing_meant(index, self.article, "article") if self.article else None,
            country=thing_meant(index, self.country, "country") if self.country else None,
            planned=self.planned,
            invited=self.invited,
        )


def network_answer(
    reader: Reader, asked: Asked, actor: str | None, projection: str, extent: Extent, measure: str | None = None
) -> dict[str, Any]:
    """The network around an actor, or the whole of it; a measure is told of each node of what is drawn.

    Raises UnknownEntity and InputError.
    """
    iri = resolve_first(reader.index, actor, "Organisation") if actor else None
    network = network_of(reader.index, asked, iri, projection, extent)
    central = central_of(reader.index, asked, iri, projection, extent, measure) if measure else {}
    return {
        "actor": reader.named(iri) if iri else None,
        "projection": projection,
        "depth": extent.depth if iri else None,
        "limit": extent.limit,
        "measure": measure,
        **network_record(reader, network, central),
    }


def centrality_answer(
    reader: Reader, asked: Asked, projection: str, measure: str, limit: int, top: int, *, explain: bool = False
) -> dict[str, Any]:
    """The most central things of the network of the best connected. Raises UnknownEntity and InputError."""
    chosen = (reader.index, asked, None, projection, Extent(limit=limit))
    network, found = network_of(*chosen), central_of(*chosen, measure)
    return {
        "projection": projection,
        "limit": limit,
        **centrality_record(reader, network, (measure, found), top, explain=explain),
    }


def paths_answer(reader: Reader, asked: Asked, start: str, goal: str, longest: int, limit: int) -> dict[str, Any]:
    """The shortest paths from one thing to another. Raises UnknownEntity and InputError."""
    index = reader.index
    ends = [resolve_first(index, name, "Organisation") for name in (start, goal)]
    numbers = [node_number(index, iri) for iri in ends]
    wanted = asked.filter(index)
    # The two ends may be of any class; what stands between them may not.
    own = {cls for cls in map(str, (index.classes(iri)[0] for iri in ends)) if cls not in (*ACTORS, *ACTIVITIES)}
    if own:
        classes = wanted.classes or (*ACTORS, *ACTIVITIES)
        wanted = NetworkFilter(**{**vars(wanted), "classes": tuple(sorted({*classes, *own}))})
    ties = Links(index, wanted)
    named = {"from": reader.named(ends[0]), "to": reader.named(ends[1]), "max_length": longest}
    one, other = numbers
    if one is None or other is None:
        untied = ends[0] if one is None else ends[1]
        raise UnknownEntity(
            told("%(name)s is no part of the network, so no path leads there", name=repr(reader.named(untied)["label"]))
        )
    return {**named, **paths_record(reader, ties, shortest(ties, one, other, longest, limit))}


@lru_cache(maxsize=KEPT)
def network_of(index: Index, asked: Asked, iri: str | None, projection: str, extent: Extent) -> Network:
    """The nodes and edges that are asked for; never change one, for it is kept. Raises UnknownEntity and InputError."""
    ties = PROJECTIONS[projection](index, asked.filter(index))
    if iri is None:
        return whole(ties, extent.limit)
    if projection == "co-participation" and not set(index.classes(iri)) & set(ACTORS):
        raise InputError(told("%(name)s is no actor, so it takes part in nothing; ask for projection=links", name=iri))
    number = node_number(index, iri)
    if number is None:
        raise UnknownEntity(
            told(
                "nothing is tied to %(name)s: it is no actor, activity, document, article or place with links", name=iri
            )
        )
    return around(ties, number, extent)


@lru_cache(maxsize=KEPT)
def central_of(
    index: Index, asked: Asked, iri: str | None, projection: str, extent: Extent, measure: str
) -> dict[int, float]:
    """How central each node of that network is; never change one, for it is kept."""
    return centrality(network_of(index, asked, iri, projection, extent), measure)
