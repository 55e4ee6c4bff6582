"""An article as it is read: facts in the order of the text, the text cut where evidence begins and ends, the ledger."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from graph.index.lookups import REPORTED
from graph.query.claims import claim_record, claims_by
from graph.query.index import Index
from graph.query.quotes import Quotes

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

    def within(self, place: Place) -> bool:
        """Whether one of its spans lies within these words."""
        return any(place[0] <= start and end <= place[1] for start, end in self.places)


@dataclass(frozen=True)
class Sentence:
    """One line of the ledger: a sentence that facts cite, or that was skipped for a reason."""

    start: int
    end: int
    skipped: str | None
    """IRI of the reason, None where the sentence is cited or still open."""
    facts: int


def read_facts(index: Index, article: str) -> list[ReadFact]:
    """All claims of an article in the order of its text."""
    facts = []
    for row in claims_by(index, article):
        places = [(start, end) for of, start, end in json.loads(row[8]) if of == article and start is not None]
        facts.append(ReadFact(row, tuple(sorted(places))))
    return sorted(facts, key=lambda fact: (fact.places or ((1 << 40, 0),))[0])


def around(facts: list[ReadFact], wanted: str, step: int) -> int:
    """How many facts stand before the page of ``step`` facts that holds a claim; 0 if none does."""
    number = next((place for place, fact in enumerate(facts) if fact.row[1].endswith(f"/{wanted}")), 0)
    return number - number % step


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


def overlapping(facts: list[ReadFact], place: Place) -> list[tuple[Place, list[ReadFact]]]:
    """Spans that hold some of these words and others too, the shortest first, each with its facts.

    A fact that rests on these words alone as well is left out, and so is a span that has no other.
    """
    rest = [fact for fact in facts if not fact.within(place)]
    spans = {span for fact in rest for span in fact.places if span[0] < place[1] and place[0] < span[1]}
    return [
        (span, [fact for fact in rest if span in fact.places])
        for span in sorted(spans, key=lambda span: (span[1] - span[0], span))
    ]


def ledger(index: Index, article: str, cited: set[Place]) -> list[Sentence]:
    """Every sentence of an article that the ledger names, in the order of the text, with how many spans cite it."""
    rows = index.connection.execute(
        'SELECT start, "end", skipped FROM sentence WHERE article = ? ORDER BY start, "end"', (article,)
    ).fetchall()
    return [
        Sentence(start, end, skipped, sum(1 for span in cited if start <= span[0] and span[1] <= end))
        for start, end, skipped in rows
    ]
