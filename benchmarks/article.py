"""One synthetic article: its ledger, its event, and about ten claims with evidence; 157 quads on average."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from random import Random

from pyoxigraph import Literal, NamedNode

from benchmarks.naming import LARGEST, MEETINGS, Names, names
from benchmarks.world import KIND, LABEL, TITLE, Draft, World, edg, iri
from graph.build.claims import MODALITY, TYPE
from graph.build.identifiers import Span
from graph.namespaces import DCTERMS, EDG, SCHEMA, XSD
from graph.read.turtle import Statement

SENTENCES = 5
TOPICS = (
    "access-to-education",
    "adult-education",
    "associated-schools",
    "capacity-building",
    "educational-reform",
    "education-for-sustainable-development",
    "environmental-education",
    "sustainable-development",
)
UNITS = ("SchoolPlace", "Teacher", "KindergartenPlace", "SchoolToBuild")
_DATE, _YEAR, _INTEGER = (NamedNode(XSD + name) for name in ("date", "gYear", "integer"))


def graph_of(number: int) -> NamedNode:
    """The article's IRI, which is the name of its graph."""
    return iri("article", f"synthetic-{number:06d}")


def event_of(number: int) -> NamedNode:
    """The event that the article is about."""
    return iri("event", f"synthetic-{number:06d}")


class Article:
    """The statements of article ``number`` of a world."""

    def __init__(self, world: World, number: int) -> None:
        self._world, self._number = world, number
        self._random = world.random(number)
        self._draft = Draft()
        self._article, self._event = graph_of(number), event_of(number)
        self._sentences = list(_ledger(self._article.value, self._random))
        self._told = 0
        self._asserted = self._random.random() >= 0.1

    def statements(self) -> list[Statement]:
        """All that the article's source file would say."""
        self._bibliography()
        self._describe_event()
        self._roles()
        if self._random.random() < 0.35:
            self._target()
        if self._number and self._random.random() < 0.2:
            self._fact(self._event, "preparesFor", event_of(self._random.randrange(self._number)))
        return self._draft.statements

    def _bibliography(self) -> None:
        say, article, name = self._draft.say, self._article, f"synthetic-{self._number:06d}"
        language = self._random.choice(("ru", "ru", "en", "lv"))
        say(article, TYPE, edg("Article"))
        say(article, NamedNode(DCTERMS + "identifier"), Literal(name))
        say(article, TITLE, Literal(f"{getattr(self._called, language)} ({self._number})", language=language))
        say(article, NamedNode(DCTERMS + "language"), Literal(language))
        say(article, NamedNode(SCHEMA + "sha256"), Literal(sha256(name.encode()).hexdigest()))
        say(article, edg("textLength"), Literal(str(self._sentences[-1].end), datatype=_INTEGER))
        for sentence in self._sentences:
            say(article, edg("sentence"), NamedNode(sentence.iri))
        say(NamedNode(self._sentences[0].iri), edg("skipped"), iri("skip", "PageFurniture"))

    @property
    def _kind(self) -> str:
        return list(MEETINGS)[self._number % len(MEETINGS)]

    @property
    def _called(self) -> Names:
        return names(MEETINGS[self._kind], self._number % LARGEST)

    def _describe_event(self) -> None:
        self._draft.say(self._event, TYPE, edg("Event"))
        self._draft.say(self._event, KIND, iri("kind", self._kind))
        for language in ("en", "ru"):
            # Events outnumber names: the number tells them apart.
            label = f"{getattr(self._called, language)} {self._number}"
            self._draft.say(self._event, LABEL, Literal(label, language=language))
        day = f"{2010 + self._number % 15}-{self._random.randint(1, 12):02d}-{self._random.randint(1, 28):02d}"
        status = iri("status", "Held" if self._asserted else "Announced")
        self._draft.fact(self._event, NamedNode(SCHEMA + "eventStatus"), status, self._span())
        self._fact(self._event, "startDate", Literal(day, datatype=_DATE))
        self._fact(self._event, "heldAt", self._world.places.pick(self._random))

    def _roles(self) -> None:
        world, random = self._world, self._random
        organiser, *others = world.organisations.some(random, random.randint(2, 6))
        self._fact(self._event, "organisedBy", organiser)
        for body in others[:-1]:
            country = (edg("representing"), iri("country", random.choice(("KAZ", "LVA"))))
            capacity = (edg("capacity"), Literal("experts", language="en"))
            qualifiers = [qualifier for qualifier in (country, capacity) if random.random() < 0.2]
            self._fact(self._event, "participant", body, *qualifiers)
        for body in others[-1:]:
            planned = (MODALITY, iri("modality", "Planned"))
            self._draft.fact(self._event, edg("invited"), body, self._span(), planned, asserted=False)
        for topic in dict.fromkeys(random.choices(TOPICS, weights=range(len(TOPICS), 0, -1), k=2)):
            self._fact(self._event, "topic", iri("topic", topic))
        if random.random() < 0.5:
            self._fact(self._event, "underProgramme", world.programmes.pick(random))
        if random.random() < 0.25:
            self._fact(self._event, "basedOn", world.documents.pick(random))
        self._draft.fact(self._article, edg("quotes"), world.persons.pick(random), self._span())

    def _target(self) -> None:
        random, target = self._random, iri("target", f"synthetic-{self._number:06d}")
        self._draft.say(target, TYPE, edg("Target"))
        label = f"Target {self._number}"
        self._draft.say(target, LABEL, Literal(label, language="en"))
        planned = (MODALITY, iri("modality", "Planned"))
        bound = (edg("bound"), iri("bound", "MoreThan"))
        number = Literal(str(random.randint(10, 20_000)), datatype=_INTEGER)
        deadline = Literal(str(2025 + self._number % 10), datatype=_YEAR)
        for role, value, *more in (
            ("value", number, bound),
            ("unit", iri("unit", random.choice(UNITS))),
            ("responsible", self._world.organisations.pick(random)),
            ("deadline", deadline),
        ):
            self._draft.fact(target, edg(role), value, self._span(), planned, *more, asserted=False)

    def _fact(
        self, subject: NamedNode, role: str, value: NamedNode | Literal, *more: tuple[NamedNode, NamedNode | Literal]
    ) -> None:
        """A fact that is reported, or planned where the event lies ahead."""
        if not self._asserted:
            more = ((MODALITY, iri("modality", "Planned")), *more)
        self._draft.fact(subject, NamedNode(EDG + role), value, self._span(), *more, asserted=self._asserted)

    def _span(self) -> NamedNode:
        """The evidence of the next fact: in turn each sentence but the skipped one, whole or a clause of it."""
        sentence = self._sentences[1 + self._told % (SENTENCES - 1)]
        whole = self._told < SENTENCES - 1
        self._told += 1
        if whole or self._random.random() < 0.4:
            return NamedNode(sentence.iri)
        clause = sentence.start + self._random.randint(1, 40)
        return NamedNode(Span(sentence.source, clause, sentence.end - 1).iri)


def _ledger(source: str, random: Random) -> Iterator[Span]:
    start = 0
    for _ in range(SENTENCES):
        end = start + random.randint(80, 300)
        yield Span(source, start, end)
        start = end + 1


def articles(world: World) -> Iterator[tuple[NamedNode, list[Statement]]]:
    """Each article's graph and statements, in order."""
    for number in range(world.articles):
        yield graph_of(number), Article(world, number).statements()
