"""The question for links as people ask it, in names, and the head of its answer; command and service share both."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graph.query.filters import period_meant, thing_meant
from graph.query.index import Index
from graph.query.links import LinkFilter, LinkGroup, role_iri
from graph.query.names import resolve
from graph.search.find import class_of


@dataclass(frozen=True)
class LinksAsked:
    """Which links are wanted, in the words of the person who asks: names, ids or IRIs in any language."""

    direction: str | None = None
    role: str | None = None
    modality: str | None = None
    article: str | None = None
    """An article, or a reference source."""
    counterpart: str | None = None
    class_name: str | None = None
    kind: str | None = None
    since: str | None = None
    until: str | None = None
    planned: bool = True

    def filter(self, index: Index) -> LinkFilter:
        """The filter that is meant. Raises UnknownEntity and InputError."""
        since, until = period_meant(self.since, self.until)
        return LinkFilter(
            self.direction,
            role_iri(index, self.role) if self.role else None,
            self.planned,
            thing_meant(index, self.modality, "modality") if self.modality else None,
            self._source(index),
            class_of(index, self.class_name) if self.class_name else None,
            since,
            until,
            resolve(index, self.counterpart) if self.counterpart else None,
            thing_meant(index, self.kind, "kind") if self.kind else None,
        )

    def _source(self, index: Index) -> str | None:
        text = self.article
        if not text:
            return None
        segment = "source" if "/source/" in text or text.startswith("source:") else "article"
        return thing_meant(index, text, segment)


def links_head(index: Index, iri: str, groups: list[LinkGroup], chain: tuple[str, ...]) -> dict[str, Any]:
    """What an answer says before the links: whose they are, how many, and how many of them are not reported as so."""
    label = index.label(iri, chain)
    return {
        "thing": {"iri": iri, "id": iri.rpartition("/")[2], "label": label.text, "lang": label.lang},
        "total": sum(group.total for group in groups),
        "planned": sum(group.planned for group in groups),
    }
