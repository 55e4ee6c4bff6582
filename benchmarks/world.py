"""The synthetic registry: how many things there are for N articles, how often each is named, and what it says."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, count
from random import Random

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from benchmarks.naming import BODIES, DOCUMENT, PERSON, PLAIN, PROGRAMME, Names, languages, names
from graph.build.claims import EVIDENCE, REIFIES, TYPE, Node, Object
from graph.namespaces import BASE, DCTERMS, EDG, KINDS, SKOS
from graph.read.turtle import Statement

LABEL, OTHER_LABEL = NamedNode(SKOS + "prefLabel"), NamedNode(SKOS + "altLabel")
KIND = NamedNode(DCTERMS + "type")
TITLE = NamedNode(DCTERMS + "title")
REFERENCE_CLASS = NamedNode("http://www.w3.org/ns/dcat#Dataset")
ZIPF = 1.0
"""The exponent of popularity: the thing of rank r is named in proportion to 1 / r."""


def iri(prefix: str, name: str) -> NamedNode:
    """The IRI of a thing by the project's prefix for its sort."""
    return NamedNode(f"{BASE}{KINDS[prefix]}/{name}")


def edg(name: str) -> NamedNode:
    """A term of the project's ontology."""
    return NamedNode(EDG + name)


REFERENCE = iri("source", "synthetic")


class Draft:
    """Statements of one source file as they are collected, facts with their annotation."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self._reifiers = count(1)

    def say(self, subject: Node, predicate: NamedNode, value: Object) -> None:
        """Add a plain statement."""
        self.statements.append(Statement(subject, predicate, value, 0))

    def fact(
        self,
        subject: NamedNode,
        predicate: NamedNode,
        value: NamedNode | Literal,
        evidence: NamedNode,
        *qualifiers: tuple[NamedNode, NamedNode | Literal],
        asserted: bool = True,
    ) -> None:
        """Add an annotated statement; one that is not asserted is reified only."""
        reifier = BlankNode(f"r{next(self._reifiers)}")
        if asserted:
            self.say(subject, predicate, value)
        self.statements.append(Statement(reifier, REIFIES, Triple(subject, predicate, value), 0))
        self.say(reifier, EVIDENCE, evidence)
        for name, said in qualifiers:
            self.say(reifier, name, said)

    def name(self, thing: NamedNode, called: Names, random: Random) -> None:
        """Give a thing its preferred names."""
        for language in languages(random):
            self.say(thing, LABEL, Literal(getattr(called, language), language=language))


@dataclass(frozen=True)
class Crowd:
    """The things of one sort, ranked from the most to the least often named."""

    prefix: str
    size: int

    def __getitem__(self, rank: int) -> NamedNode:
        """The thing of a rank, from 0."""
        return iri(self.prefix, f"s{rank:05d}")

    @cached_property
    def _weights(self) -> list[float]:
        return list(accumulate(1 / (rank + 1) ** ZIPF for rank in range(self.size)))

    def pick(self, random: Random) -> NamedNode:
        """One thing, by Zipf's law."""
        return self[bisect(self._weights, random.random() * self._weights[-1], 0, self.size - 1)]

    def some(self, random: Random, many: int) -> list[NamedNode]:
        """Up to ``many`` different things, in the order in which they were drawn."""
        return list(dict.fromkeys(self.pick(random) for _ in range(many)))


@dataclass(frozen=True)
class World:
    """The registry behind N articles; it grows as a vocabulary grows with a text, slower than N."""

    articles: int
    seed: int

    @cached_property
    def organisations(self) -> Crowd:
        """6 N^0.7: 151 for 100 articles, 14,800 for 70,000."""
        return self._crowd("org", 6, 0.7)

    @cached_property
    def persons(self) -> Crowd:
        """5 N^0.7."""
        return self._crowd("person", 5, 0.7)

    @cached_property
    def places(self) -> Crowd:
        """4 N^0.5."""
        return self._crowd("place", 4, 0.5)

    @cached_property
    def programmes(self) -> Crowd:
        """2 N^0.6."""
        return self._crowd("programme", 2, 0.6)

    @cached_property
    def documents(self) -> Crowd:
        """2 N^0.6."""
        return self._crowd("doc", 2, 0.6)

    def random(self, what: object) -> Random:
        """A source of chance of its own for one part, so that no part depends on how another was made."""
        return Random(f"{self.seed}/{what}")

    def registry(self) -> Iterator[Statement]:
        """The registry's statements; what ties its things together rests on one synthetic reference source."""
        draft = Draft()
        draft.say(REFERENCE, TYPE, REFERENCE_CLASS)
        draft.say(REFERENCE, TITLE, Literal("Synthetic reference source", language="en"))
        random = self.random("registry")
        for rank in range(self.organisations.size):
            self._organisation(draft, rank, random)
        for rank in range(self.places.size):
            place = self.places[rank]
            self._thing(draft, place, "Place", "City", names(PLAIN, rank), random)
            draft.fact(place, edg("locatedIn"), iri("country", random.choice(("KAZ", "LVA", "KGZ"))), REFERENCE)
        for sort, cls, kind, pattern in (
            (self.persons, "Person", None, PERSON),
            (self.programmes, "Programme", "Project", PROGRAMME),
            (self.documents, "Document", "Roadmap", DOCUMENT),
        ):
            for rank in range(sort.size):
                self._thing(draft, sort[rank], cls, kind, names(pattern, rank), random)
        yield from draft.statements

    def _organisation(self, draft: Draft, rank: int, random: Random) -> None:
        body = self.organisations[rank]
        kind = random.choice(list(BODIES))
        called = names(BODIES[kind], rank)
        self._thing(draft, body, "Organisation", kind, called, random)
        if random.random() < 0.4:
            short = "".join(word[0] for word in called.en.split()).upper()
            draft.say(body, OTHER_LABEL, Literal(f"{short}-{rank}", language="en"))
        if rank and random.random() < 0.3:
            draft.fact(body, edg("partOf"), self.organisations[random.randrange(rank)], REFERENCE)
        if random.random() < 0.3:
            draft.fact(body, edg("seat"), self.places.pick(random), REFERENCE)

    @staticmethod
    def _thing(draft: Draft, thing: NamedNode, cls: str, kind: str | None, called: Names, random: Random) -> None:
        draft.say(thing, TYPE, edg(cls))
        if kind is not None:
            draft.say(thing, KIND, iri("kind", kind))
        draft.name(thing, called, random)

    def _crowd(self, prefix: str, factor: float, power: float) -> Crowd:
        return Crowd(prefix, max(3, round(factor * self.articles**power)))
