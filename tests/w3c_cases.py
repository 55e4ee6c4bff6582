"""The query evaluation cases of the W3C as the manifests list them, at the addresses where the W3C publishes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
MANIFEST = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QUERY = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
BASES = {
    "dawg-data-r2": "http://www.w3.org/2001/sw/DataAccess/tests/data-r2/",
    "sparql11": "http://www.w3.org/2009/sparql/docs/tests/data-sparql11/",
}
KINDS = {MANIFEST + "QueryEvaluationTest", MANIFEST + "CSVResultFormatTest"}
FORMATS = {".ttl": RdfFormat.TURTLE, ".rdf": RdfFormat.RDF_XML, ".nt": RdfFormat.N_TRIPLES}


@dataclass(frozen=True)
class Case:
    """One case: a query, the data to ask, and the file of the right answer; files go by their published address."""

    folder: Path  # of the suites
    name: str  # suite/group/name
    query: str
    data: tuple[str, ...]
    graphs: tuple[str, ...]
    result: str
    federated: bool  # it calls other endpoints
    endpoints: tuple[tuple[str, str], ...]  # those that answer: each with the file of its default graph
    lax: bool  # any number of equal rows from one up is right

    @property
    def text(self) -> str:
        """The query, with its address as its base."""
        return f"BASE <{self.query}>\n" + self.path(self.query).read_text("utf-8")

    @property
    def names_data(self) -> bool:
        """Whether the query itself says what it asks, with FROM."""
        return not self.data and re.search(r"\bFROM\b", self.text) is not None

    def path(self, address: str) -> Path:
        """Where the file of an address lies."""
        for suite, base in BASES.items():
            if address.startswith(base):
                return self.folder / suite / unquote(address.removeprefix(base))
        raise AssertionError(f"{self.name}: {address} is not of the suites")

    def quads(self) -> Iterator[Quad]:
        """The data of the case: the default graph, and the named graphs."""
        for address in self.data:
            yield from read(self.path(address), address, None)
        for address in self.graphs:
            yield from read(self.path(address), address, address)


def read(path: Path, base: str, graph: str | None) -> Iterator[Quad]:
    """The triples of a file in the graph of that name; no blank node is that of another file."""
    target = NamedNode(graph) if graph else DefaultGraph()
    for quad in parse(path=path, format=FORMATS[path.suffix], base_iri=base, rename_blank_nodes=True):
        yield Quad(quad.subject, quad.predicate, quad.object, target)


def cases(folder: Path) -> list[Case]:
    """All query evaluation cases that the manifests of the groups list."""
    return [case for suite in BASES for path in sorted(folder.glob(f"{suite}/*/manifest.ttl")) for case in _of(path)]


def everything(chosen: Iterable[Case]) -> Iterator[Quad]:
    """Every file of data as a named graph: of its address, or of ``apart`` where it is to be the default graph."""
    wanted = {(case.path(address), address, name) for case in chosen for address, name in _asked(case)}
    for path, address, name in sorted(wanted):
        yield from read(path, address, name)


def apart(address: str) -> str:
    """The name under which a file stands for the default graph: it shares no blank node with the named graph."""
    return address + "#default"


def _asked(case: Case) -> list[tuple[str, str]]:
    if not case.names_data:
        defaults = [*case.data, *(address for _, address in case.endpoints)]
        return [*((address, apart(address)) for address in defaults), *((address, address) for address in case.graphs)]
    named = re.findall(r"^\s*FROM\s+(?:NAMED\s+)?<([^>]+)>", case.text, re.MULTILINE)
    return [(address, address) for address in (case.query.rpartition("/")[0] + "/" + name for name in named)]


def named(folder: Path, group: str) -> set[str]:
    """The names of all cases that the manifest of a group of SPARQL 1.1 lists, of whatever kind."""
    path = folder / "sparql11" / group / "manifest.ttl"
    manifest = _Manifest(path, f"{BASES['sparql11']}{group}/manifest.ttl")
    return {entry.value.rpartition("#")[2] for entry in manifest.entries()}


def _of(path: Path) -> Iterator[Case]:
    suite, group = path.parent.parent.name, path.parent.name
    manifest = _Manifest(path, f"{BASES[suite]}{group}/manifest.ttl")
    for entry in manifest.entries():
        if manifest.one(entry, RDF + "type") not in KINDS:
            continue
        action = manifest.node(entry, MANIFEST + "action")
        label = entry.value.rpartition("#")[2]
        yield Case(
            folder=path.parent.parent.parent,
            name=f"{suite}/{group}/{label}",
            query=manifest.one(action, QUERY + "query"),
            data=manifest.all(action, QUERY + "data"),
            graphs=manifest.all(action, QUERY + "graphData"),
            result=manifest.one(entry, MANIFEST + "result"),
            federated=group == "service",
            endpoints=tuple(manifest.endpoints(action)),
            lax=bool(manifest.all(entry, MANIFEST + "resultCardinality")),
        )


class _Manifest:
    def __init__(self, path: Path, base: str) -> None:
        self.graph = Store()
        self.graph.extend(parse(path=path, format=RdfFormat.TURTLE, base_iri=base))

    def all(self, subject: NamedNode | BlankNode, predicate: str) -> tuple[str, ...]:
        found = self.graph.quads_for_pattern(subject, NamedNode(predicate), None)
        return tuple(sorted(getattr(quad.object, "value", "") for quad in found))

    def one(self, subject: NamedNode | BlankNode, predicate: str) -> str:
        return self.all(subject, predicate)[0]

    def node(self, subject: NamedNode | BlankNode, predicate: str) -> NamedNode | BlankNode:
        found = next(iter(self.graph.quads_for_pattern(subject, NamedNode(predicate), None))).object
        assert isinstance(found, NamedNode | BlankNode)
        return found

    def endpoints(self, action: NamedNode | BlankNode) -> Iterator[tuple[str, str]]:
        for quad in self.graph.quads_for_pattern(action, NamedNode(QUERY + "serviceData"), None):
            assert isinstance(quad.object, BlankNode)
            yield self.one(quad.object, QUERY + "endpoint"), self.one(quad.object, QUERY + "data")

    def entries(self) -> Iterator[NamedNode]:
        for head in self.graph.quads_for_pattern(None, NamedNode(MANIFEST + "entries"), None):
            rest = head.object
            while isinstance(rest, BlankNode):
                entry = self.node(rest, RDF + "first")
                assert isinstance(entry, NamedNode)
                yield entry
                rest = self.node(rest, RDF + "rest")
