"""An article as it is read: facts in the order of the text, the text cut where evidence begins and ends, the ledger."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pyoxigraph import NamedNode, Store

from graph.index.lookups import REPORTED
from graph.namespaces import EDG, OA
from graph.query.claims import ClaimSelection, claim_page, claim_record
from graph.query.index import Index
from graph.query.quotes import Quotes

MOST_FACTS = 500
"""Facts of one article that are read at once."""
_SENTENCE, _SKIPPED, _SELECTOR = NamedNode(EDG + "sentence"), NamedNode(EDG + "skipped"), NamedNode(OA + "hasSelector")

Place = tuple[int, int]
"""Where words stand in the text: the first character and the one behind the last."""


@dataclass(frozen=True)
class Piece:
    """Words that the same spans cover; together the pieces are the whole text."""

    start: int
    end: int
    text: str
    spans: tuple[Place, ...]
    """The spans of evidence that cover the words, the shortest first."""


@dataclass(frozen=True)
class ReadFact:
    """A claim of an article, not yet put in words."""

    row: Any
    places: tuple[Place, ...]
    """Its spans within the article."""

    @property
    def planned(self) -> bool:
        """Whether the article puts it otherwise than as so."""
        return bool(self.row[6] != REPORTED)


@dataclass(frozen=True)
class Sentence:
    """One line of the ledger: a sentence that facts cite, or that was skipped for a reason."""

    start: int
    end: int
    skipped: str | None
    """IRI of the reason, None where the sentence is cited or still open."""
    facts: int


def read_facts(index: Index, article: str) -> list[ReadFact]:
    """The claims of an article in the order of its text, at most MOST_FACTS."""
    rows, _ = claim_page(index, ClaimSelection(article=article), 0, MOST_FACTS)
    facts = []
    for row in rows:
        places = [(start, end) for of, start, end in json.loads(row[8]) if of == article and start is not None]
        facts.append(ReadFact(row, tuple(sorted(places))))
    return sorted(facts, key=lambda fact: (fact.places or ((1 << 40, 0),))[0])


def fact_record(index: Index, fact: ReadFact, chain: tuple[str, ...], quotes: Quotes) -> dict[str, Any]:
    """The claim as a JSON object; ``places`` are its spans within the article."""
    return claim_record(index, fact.row, chain, quotes) | {"places": list(fact.places)}


def pieces(text: str, spans: set[Place]) -> list[Piece]:
    """The text cut wherever a span begins or ends; spans may overlap."""
    inside = {(max(0, start), min(end, len(text))) for start, end in spans if start < len(text)}
    cuts = sorted({0, len(text), *(place for span in inside for place in span)})
    covering = sorted(inside, key=lambda span: (span[1] - span[0], span))
    return [
        Piece(start, end, text[start:end], tuple(span for span in covering if span[0] <= start and end <= span[1]))
        for start, end in pairwise(cuts)
    ]


def ledger(store: Store, article: str, cited: set[Place]) -> list[Sentence]:
    """Every sentence of an article that the ledger names, in the order of the text, with how many spans cite it."""
    found = []
    for quad in store.quads_for_pattern(NamedNode(article), _SENTENCE, None, NamedNode(article)):
        sentence = quad.object
        assert isinstance(sentence, NamedNode)  # noqa: S101 - the shapes hold every sentence to an IRI
        selectors = store.quads_for_pattern(sentence, _SELECTOR, None, NamedNode(article))
        reasons = [told.object for told in store.quads_for_pattern(sentence, _SKIPPED, None, NamedNode(article))]
        for selector in selectors:
            start, _, end = str(getattr(selector.object, "value", "")).rpartition("=")[2].partition(",")
            place = (int(start), int(end))
            reason = str(getattr(reasons[0], "value", "")) if reasons else None
            within = sum(1 for span in cited if place[0] <= span[0] and span[1] <= place[1])
            found.append(Sentence(*place, reason, within))
    return sorted(found, key=lambda one: (one.start, one.end))
