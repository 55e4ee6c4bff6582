"""Checks one file that somebody posts as if it stood in the sources, beside a published generation.

A file that describes an article is taken as its mapping, in place of the one that the generation has; any other as a
file of the registry. Only what is found in the file itself is told: the rest of the project is not the sender's.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store
from rdflib import Graph

from graph.build.claims import Expansion, expand
from graph.build.dataset import Dataset, Place
from graph.check.excerpt import excerpt
from graph.check.findings import Finding, Texts
from graph.check.queries import QueryCheck, query_check
from graph.check.run import empty_finding, read_messages, settle, syntax_finding
from graph.check.shacl import check_shapes, published_shapes
from graph.errors import SourceSyntaxError
from graph.namespaces import BASE, EDG, OA, RDF, REGISTRY_GRAPH
from graph.read.turtle import Statement, read_statements

LEFT_OUT = ("concept-unused", "source-unused", "term-unused", "thing-unused")
"""The checks of which a file by itself has no say: whether the rest of the project uses what the rest describes."""
_TEXTS = ("text-differs", "text-encoding", "text-length", "text-missing", "text-outside-ledger", "selector-cuts")
UNASKED = ("file-ignored", "identity-unknown", "total-too-large", "total-too-small", *_TEXTS)
"""The built-in checks that ask for more than RDF (folders, totals, texts); like LEFT_OUT they are left out."""
MOST_ERRORS = 100
"""Syntax errors after which a file is read no further."""
BLANK_NODE = "blank-node"
"""The shape that refuses blank nodes."""
MOST_BLANK_NODES = 100
"""Blank nodes beyond which only they are told, and no more of them: data may have none, and each is a finding."""

_TYPE, _REIFIES = NamedNode(RDF + "type"), NamedNode(RDF + "reifies")
_ARTICLE, _CLAIM = NamedNode(EDG + "Article"), NamedNode(EDG + "Claim")
_BUILT = frozenset({_CLAIM, NamedNode(OA + "SpecificResource"), NamedNode(OA + "TextPositionSelector")})


@dataclass(frozen=True)
class Rules:
    """What a file is checked by: the shapes, the queries and the words that a generation was published with."""

    shapes: Graph
    queries: tuple[QueryCheck, ...]
    messages: dict[str, Texts]

    @classmethod
    def published(cls, shapes: bytes, checks: bytes) -> Rules:
        """Read the files of a generation."""
        told = json.loads(checks)
        queries = (query_check(name, text) for name, text in told["queries"].items() if name not in LEFT_OUT)
        return cls(published_shapes(shapes), tuple(queries), read_messages(told["messages"]))


def check_posted(data: bytes, form: RdfFormat, rules: Rules, store: Store) -> list[Finding]:
    """Everything that is found in a Turtle or TriG file beside the published data."""
    shown_as = f"posted.{form.file_extension}"
    errors: list[SourceSyntaxError] = []
    by_graph: dict[NamedNode, list[Statement]] = {}
    statements = list(read_statements(data, form, shown_as, errors, MOST_ERRORS))
    if not statements and not errors:
        return [empty_finding(shown_as, rules.messages)]
    own_graph = _graph_of([statement for statement, graph in statements if not isinstance(graph, NamedNode)])
    for statement, graph in statements:
        by_graph.setdefault(graph if isinstance(graph, NamedNode) else own_graph, []).append(statement)
    dataset, too_many = _dataset(by_graph, store, shown_as)
    dataset.syntax_errors.extend(errors)
    merged = dataset.store()
    findings = [syntax_finding(error, rules.messages) for error in errors]
    if not errors:
        found = [*check_shapes(dataset, merged, rules.shapes)]
        found += [finding for query in rules.queries for finding in query.run(dataset, merged)]
        findings += [finding for finding in found if not too_many or finding.check == BLANK_NODE]
    return settle([finding for finding in findings if finding.file == shown_as], dataset)


def _graph_of(statements: list[Statement]) -> NamedNode:
    """The graph that statements without one belong to: their article's, else the registry."""
    articles = (each.subject for each in statements if each.predicate == _TYPE and each.object == _ARTICLE)
    found = next((article for article in articles if isinstance(article, NamedNode)), None)
    return REGISTRY_GRAPH if found is None else found


def _dataset(by_graph: dict[NamedNode, list[Statement]], store: Store, shown_as: str) -> tuple[Dataset, bool]:
    """The file and what bears on it; only what stands in the file has a place.

    Of a file with too many blank nodes it is what is said of the first of them; whether that is so comes with it.
    """
    dataset = Dataset()
    posted: list[Quad] = []
    for graph, statements in by_graph.items():
        expansion = _expansion(statements, graph, store)
        posted += expansion.quads
        for key, line in {**expansion.lines, **expansion.described}.items():
            dataset.places.setdefault(key, Place(shown_as, line))
    posted, too_many = _with_few_blank_nodes(posted)
    replaced = [graph for graph in by_graph if graph.value.startswith(BASE + "article/")]
    dataset.quads = [*posted, *excerpt(store, posted, replaced)]
    return dataset, too_many


def _with_few_blank_nodes(posted: list[Quad]) -> tuple[list[Quad], bool]:
    nodes = dict.fromkeys(node for quad in posted for node in quad if isinstance(node, BlankNode))
    if len(nodes) <= MOST_BLANK_NODES:
        return posted, False
    kept = set(islice(nodes, MOST_BLANK_NODES))
    return [quad for quad in posted if kept & set(quad)], True


def _expansion(statements: list[Statement], graph: NamedNode, store: Store) -> Expansion:
    """The statements in plain RDF 1.1; those of an export, which are so already, without what others say too."""
    built = any(each.predicate == _TYPE and each.object in _BUILT for each in statements)
    if not built or any(each.predicate == _REIFIES for each in statements):
        return expand(statements, graph)
    return _new(statements, graph, store)


def _new(statements: Collection[Statement], graph: NamedNode, store: Store) -> Expansion:
    """An export carries the names of all it speaks of: statements of other graphs are not the file's own."""
    result = Expansion()
    for subject, predicate, value, line in statements:
        quad = Quad(subject, predicate, value, graph)  # never a triple term: no rdf:reifies
        others = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        if any(other.graph_name not in (graph, DefaultGraph()) for other in others):
            continue
        result.add(quad, line)
    return result
