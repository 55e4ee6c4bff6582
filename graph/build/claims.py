"""Expands the RDF 1.2 annotations of one source file to claims with evidence, in plain RDF 1.1."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from graph.build.identifiers import claim_iri, evidence_iri, parse_span
from graph.namespaces import BASE, EDG, OA, RDF, XSD
from graph.read.turtle import Statement

Node = NamedNode | BlankNode
Object = NamedNode | BlankNode | Literal

TYPE = NamedNode(RDF + "type")
REIFIES = NamedNode(RDF + "reifies")
CLAIM = NamedNode(EDG + "Claim")
EVIDENCE = NamedNode(EDG + "evidence")
MODALITY = NamedNode(EDG + "modality")
REPORTED = NamedNode(BASE + "modality/Reported")
SUBJECT, PREDICATE, OBJECT = (NamedNode(RDF + name) for name in ("subject", "predicate", "object"))
RESOURCE, POSITION = NamedNode(OA + "SpecificResource"), NamedNode(OA + "TextPositionSelector")
HAS_SOURCE, HAS_SELECTOR, START, END = (NamedNode(OA + name) for name in ("hasSource", "hasSelector", "start", "end"))
INTEGER = NamedNode(XSD + "integer")  # Oxigraph keeps no narrower integer type: the store would differ from the files


@dataclass
class Expansion:
    """What one source file says in RDF 1.1, and the line on which each subject first stands."""

    quads: list[Quad] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    """IRI or N-Triples form of a subject, claim or evidence, or ``statement_key`` of a statement -> 1-based line."""
    described: dict[str, int] = field(default_factory=dict)
    """IRI or N-Triples form of a thing -> the line on which the file gives it its class."""

    def add(self, quad: Quad, line: int) -> None:
        """Take a statement over as it is, with its place."""
        subject = _key(_node(quad.subject))
        self.quads.append(quad)
        self.lines.setdefault(subject, line)
        self.lines.setdefault(statement_key(subject, quad.predicate.value, _text(_object(quad.object))), line)
        if quad.predicate == TYPE:
            self.described.setdefault(subject, line)


@dataclass
class _Reifier:
    line: int
    triples: list[Triple] = field(default_factory=list)
    properties: list[tuple[NamedNode, Object]] = field(default_factory=list)


def statement_key(subject: str, predicate: str, value: str) -> str:
    """The key of one statement among the places: a space stands in no IRI, so it is never the key of a thing."""
    return f"{subject} {predicate} {value}"


def expand(statements: Iterable[Statement], graph: NamedNode) -> Expansion:
    """Expand the statements of one file into quads of ``graph``; other blank nodes stay for the checks to refuse."""
    result = Expansion()
    reifiers: dict[Node, _Reifier] = {}
    plain: list[Statement] = []
    for statement in statements:
        if statement.predicate == REIFIES and isinstance(statement.object, Triple):
            reifiers.setdefault(_node(statement.subject), _Reifier(statement.line)).triples.append(statement.object)
        else:
            plain.append(statement)
    asserted: set[tuple[Node, NamedNode, Object]] = set()
    for subject, predicate, obj, line in plain:
        node, value = _node(subject), _object(obj)
        if node in reifiers:
            reifiers[node].properties.append((predicate, value))
            continue
        asserted.add((node, predicate, value))
        result.lines.setdefault(_key(node), line)
        if predicate == TYPE:
            result.described.setdefault(_key(node), line)
        start, end = _node(_resolve(node, graph, result, line)), _resolve(value, graph, result, line)
        result.lines.setdefault(statement_key(_key(start), predicate.value, _text(end)), line)
        result.quads.append(Quad(start, predicate, end, graph))
    for reifier in reifiers.values():
        _add_claims(reifier, asserted, graph, result)
    return result


def _add_claims(
    reifier: _Reifier, asserted: set[tuple[Node, NamedNode, Object]], graph: NamedNode, result: Expansion
) -> None:
    """Add one claim for each statement that the reifier speaks of."""
    for triple in reifier.triples:
        subject, predicate, value = _node(triple.subject), triple.predicate, _object(triple.object)
        qualifiers = sorted({(p, o) for p, o in reifier.properties if p != EVIDENCE}, key=str)
        if not any(p == MODALITY for p, _ in qualifiers) and (subject, predicate, value) in asserted:
            qualifiers.append((MODALITY, REPORTED))
        said = [f"{p} {o}" for p, o in qualifiers]
        claim = claim_iri(graph.value, (str(subject), str(predicate), str(value)), said)
        result.lines.setdefault(claim.value, reifier.line)
        described: list[tuple[NamedNode, Object]] = [
            (TYPE, CLAIM),
            (SUBJECT, _resolve(subject, graph, result, reifier.line)),
            (PREDICATE, predicate),
            (OBJECT, _resolve(value, graph, result, reifier.line)),
            *((p, _resolve(o, graph, result, reifier.line)) for p, o in qualifiers),
            *((EVIDENCE, _evidence(o, graph, result, reifier.line)) for p, o in reifier.properties if p == EVIDENCE),
        ]
        result.quads.extend(Quad(claim, p, o, graph) for p, o in described)


def _resolve(term: Object, graph: NamedNode, result: Expansion, line: int) -> Object:
    """A span of the text becomes an evidence node wherever it stands; every other term stays."""
    if isinstance(term, NamedNode) and parse_span(term.value) is not None:
        return _evidence(term, graph, result, line)
    return term


def _evidence(term: Object, graph: NamedNode, result: Expansion, line: int) -> Object:
    """The evidence node of a span or a reference source, described where it is first met."""
    if not isinstance(term, NamedNode):
        return term
    node = evidence_iri(term.value)
    if node.value not in result.lines:
        result.lines[node.value] = line
        result.quads.extend(_describe_evidence(node, term, graph))
    return node


def _describe_evidence(node: NamedNode, term: NamedNode, graph: NamedNode) -> Iterator[Quad]:
    span = parse_span(term.value)
    yield Quad(node, TYPE, RESOURCE, graph)
    yield Quad(node, HAS_SOURCE, NamedNode(span.source) if span else term, graph)
    if span is None:
        return
    selector = NamedNode(span.iri)
    yield Quad(node, HAS_SELECTOR, selector, graph)
    yield Quad(selector, TYPE, POSITION, graph)
    yield Quad(selector, START, Literal(str(span.start), datatype=INTEGER), graph)
    yield Quad(selector, END, Literal(str(span.end), datatype=INTEGER), graph)


def _key(node: Node) -> str:
    return node.value if isinstance(node, NamedNode) else str(node)


def _text(term: Object) -> str:
    return str(term) if isinstance(term, BlankNode) else term.value


def _node(term: object) -> Node:
    if isinstance(term, NamedNode | BlankNode):
        return term
    raise TypeError(f"{term} cannot be the subject of a statement here")


def _object(term: object) -> Object:
    if isinstance(term, NamedNode | BlankNode | Literal):
        return term
    raise TypeError(f"{term} cannot be the object of a statement here")
