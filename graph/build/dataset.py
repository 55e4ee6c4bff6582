"""Builds the whole data set: every source expanded into its named graph, and the default graph as their merge."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from graph.build.claims import expand
from graph.errors import SourceSyntaxError
from graph.namespaces import DATASET, OWL, RDFS, REGISTRY_GRAPH
from graph.read.identity import IdentityDecision, read_identity
from graph.read.sources import SourceFile, source_files

IDENTITY = "data/identity.csv"
DIFFERENT = NamedNode(OWL + "differentFrom")
SEE_ALSO = NamedNode(RDFS + "seeAlso")
VERSION_INFO = NamedNode(OWL + "versionInfo")


@dataclass(frozen=True)
class Place:
    """Where in the sources something stands."""

    file: str
    line: int


@dataclass
class Dataset:
    """The built data set in memory: RDF 1.1 quads of the named graphs, and where each subject came from."""

    quads: list[Quad] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    """IRI (or ``_:label``) of a thing -> where it is given its class, else where it first is a subject.

    Also of claims and of evidence, and the key of a statement -> where it first stands.
    """
    syntax_errors: list[SourceSyntaxError] = field(default_factory=list)
    files: list[SourceFile] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    """The files that can be read and hold no statement."""
    identity: list[IdentityDecision] = field(default_factory=list)
    _merge: tuple[int, list[bytes]] = field(default_factory=lambda: (0, []), init=False, repr=False, compare=False)

    def nquads(self) -> list[bytes]:
        """The canonical N-Quads of the data set, sorted by code point: the merge (default graph), then every graph.

        No blank node is left in data that passes the checks, so this equals the RDFC-1.0 canonical form.
        """
        return sorted({*self.triples(), *_lines(self.quads, RdfFormat.N_QUADS)})

    def triples(self) -> list[bytes]:
        """The default graph as sorted N-Triples lines, each triple once. Shared: never change it.

        The build asks for them several times, so the lines are kept while no quad is added.
        """
        number, lines = self._merge
        if number != len(self.quads):
            lines = sorted(set(_lines([quad.triple for quad in self.quads], RdfFormat.N_TRIPLES)))
            self._merge = len(self.quads), lines
        return lines

    def store(self) -> Store:
        """The data set loaded into a store in memory, for the checks; blank nodes keep the labels that they have here."""
        store = Store()
        store.bulk_extend(self.quads)
        store.bulk_extend(Quad(*quad.triple) for quad in self.quads)
        return store


def build_dataset(home: Path) -> Dataset:
    """Read and expand every source under ``home``; files that cannot be parsed are collected in ``syntax_errors``."""
    dataset = Dataset(files=source_files(home))
    described: dict[str, Place] = {}
    for source in dataset.files:
        expansion = expand(source.statements(dataset.syntax_errors), source.graph)
        dataset.quads.extend(expansion.quads)
        if not expansion.quads and all(error.file != source.shown_as for error in dataset.syntax_errors):
            dataset.empty.append(source.shown_as)
        for key, line in expansion.lines.items():
            dataset.places.setdefault(key, Place(source.shown_as, line))
        for key, line in expansion.described.items():
            described.setdefault(key, Place(source.shown_as, line))
    dataset.places.update(described)
    try:
        dataset.identity = list(read_identity(home / IDENTITY, IDENTITY))
    except SourceSyntaxError as error:
        dataset.syntax_errors.append(error)
    dataset.quads.extend(_identity_quads(dataset.identity, described))
    dataset.quads.append(Quad(DATASET, VERSION_INFO, Literal(version("edugraph")), REGISTRY_GRAPH))
    return dataset


def _identity_quads(decisions: list[IdentityDecision], described: Container[str]) -> Iterator[Quad]:
    """A decision between two things of the data is data: told apart for good, or left to be looked into.

    A row that names what is described nowhere is the checks' matter.
    """
    for decision in decisions:
        if len(decision.iris()) == 2 and decision.judgement != "same":
            predicate = DIFFERENT if decision.judgement == "different" else SEE_ALSO
            if decision.left in described and decision.right in described:
                yield Quad(NamedNode(decision.left), predicate, NamedNode(decision.right), REGISTRY_GRAPH)


def _lines(statements: Iterable[Triple] | Iterable[Quad], form: RdfFormat) -> list[bytes]:
    data = serialize(statements, format=form) or b""
    return [line for line in data.splitlines(keepends=True) if line.strip()]
