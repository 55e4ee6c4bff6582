"""Gives a network its names: nodes, edges, facts and evidence as JSON that Cytoscape reads as it is."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from graph.build.identifiers import Span
from graph.index.dates import PRECISIONS
from graph.index.lookups import REPORTED
from graph.namespaces import BASE, EDG, compact
from graph.network.model import Edge, Fact, Network, read_ahead
from graph.query.index import Index
from graph.query.quotes import Quotes

REPRESENTING = EDG + "representing"
FEWEST_LISTED, MOST_LISTED, LISTED_IN_ALL = 1, 50, 1000
"""Claims, or shared activities, that are listed on one edge, and about how many in one answer; a weight counts all."""


class Reader:
    """Reads names, claims and evidence for one reader: in the languages wanted, with quotes where texts are given."""

    def __init__(self, index: Index, quotes: Quotes, chain: Sequence[str]) -> None:
        self.index, self.quotes, self.chain = index, quotes, tuple(chain)
        self._claims: dict[int, tuple[Any, ...]] = {}
        self._nodes: dict[int, tuple[str, str, str | None]] = {}
        self._terms: dict[int, str] = dict(index.connection.execute("SELECT id, iri FROM term"))
        self._named: dict[str, dict[str, Any]] = {}
        self._said: dict[int, dict[str, Any]] = {}
        self._shown: dict[int, dict[str, Any]] = {}
        self._facts: dict[Fact, dict[str, Any]] = {}

    def named(self, iri: str) -> dict[str, Any]:
        """A thing with its label and the language that the label is in."""
        found = self._named.get(iri)
        if found is None:
            label = self.index.label(iri, self.chain)
            found = self._named[iri] = {"id": compact(iri), "iri": iri, "label": label.text, "lang": label.lang}
        return found

    @property
    def languages(self) -> list[str]:
        """The languages that the labels read so far are in."""
        return sorted({named["lang"] for named in self._named.values() if named["lang"]})

    def prepare(self, nodes: Iterable[int], claims: Iterable[int]) -> None:
        """Read many nodes and claims at once."""
        read = self.index.connection.execute
        wanted = json.dumps(sorted(set(nodes) - self._nodes.keys()))
        sql = "SELECT id, iri, class, kind FROM node WHERE id IN (SELECT value FROM json_each(?))"
        self._nodes |= {row[0]: row[1:] for row in read(sql, (wanted,))}
        wanted = json.dumps(sorted(set(claims) - self._claims.keys()))
        sql = (
            "SELECT number, iri, subject, predicate, object, form, modality, source, evidence, qualifiers FROM claim"
            " WHERE number IN (SELECT value FROM json_each(?))"
        )
        self._claims |= {row[0]: row[1:] for row in read(sql, (wanted,))}

    def node(self, number: int) -> dict[str, Any]:
        """A node: its name, class and kind; never change one, for it may stand in many places."""
        found = self._shown.get(number)
        if found is None:
            iri, cls, kind = self._nodes[number]
            found = {**self.named(iri), "class": cls, "kind": self.named(kind) if kind else None}
            self._shown[number] = found
        return found

    def role(self, number: int) -> dict[str, Any]:
        """A role by its number."""
        return self.named(self._terms[number])

    def fact(self, fact: Fact) -> dict[str, Any]:
        """A fact between two nodes, with all that its claim says; never change one, for it may stand in many places."""
        found = self._facts.get(fact)
        if found is None:
            found = self._facts[fact] = self._told(fact)
        return found

    def _told(self, fact: Fact) -> dict[str, Any]:
        said = self.claim(fact.claim)
        role = self._terms[fact.role]
        through = None
        if role == REPRESENTING:
            through = {"activity": said["subject"], "role": said["predicate"]}
        return {
            "role": self.named(role),
            "subject": self._nodes[fact.subject][0],
            "object": self._nodes[fact.object][0],
            "through": through,
            "claim": said["claim"],
            "modality": said["modality"],
            "planned": said["planned"],
            "article": said["article"],
            "evidence": said["evidence"],
            "qualifiers": said["qualifiers"],
        }

    def claim(self, number: int) -> dict[str, Any]:
        """All that a claim says, by its number."""
        found = self._said.get(number)
        if found is None:
            found = self._said[number] = self._read(number)
        return found

    def _read(self, number: int) -> dict[str, Any]:
        if number not in self._claims:
            self.prepare((), (number,))
        iri, subject, predicate, value, form, modality, source, evidence, qualifiers = self._claims[number]
        return {
            "claim": iri,
            "subject": self.named(subject),
            "predicate": self.named(predicate),
            "object": self._value(value, form),
            "modality": self.named(modality),
            "planned": modality != REPORTED,
            "article": self.named(source),
            "evidence": [self._evidence(*span) for span in orjson.loads(evidence)],
            "qualifiers": [
                {"property": compact(name), **self._value(said, how)} for name, said, how in orjson.loads(qualifiers)
            ],
        }

    def _value(self, value: str, form: str) -> dict[str, Any]:
        if form == "iri":
            return self.named(value)
        if form.startswith("@"):
            return {"value": value, "lang": form[1:]}
        precision = {"precision": PRECISIONS[form]} if form in PRECISIONS else {}
        return {"value": value, "datatype": form, **precision}

    def _evidence(self, source: str, start: int | None, end: int | None) -> dict[str, Any]:
        """A span of an article; a reference source carries a claim as a whole."""
        if start is None or end is None:
            return {"source": source, "selector": None, "start": None, "end": None, "quote": None}
        span = Span(source, start, end)
        quote = self.quotes.of([span]).get(span) if self.quotes.any else None
        return {"source": source, "selector": span.iri, "start": start, "end": end, "quote": quote}


def network_record(reader: Reader, network: Network, central: Mapping[int, float]) -> dict[str, Any]:
    """The network as Cytoscape reads it (``elements``), with what was left out and by which rule beside it.

    ``central`` says how central each node is; empty where that was not asked.
    """
    listed = max(FEWEST_LISTED, min(MOST_LISTED, LISTED_IN_ALL // max(1, len(network.edges))))
    _prepare(reader, network, listed)
    nodes = [{"data": _node(reader, network, number, central)} for number in network.distance]
    edges = [{"data": edge_record(reader, edge, listed)} for edge in network.edges]
    left = {str(distance): count for distance, count in sorted(network.left_out.items())}
    return {
        "rule": network.rule,
        "truncated": network.truncated,
        "left_out": {"nodes": sum(network.left_out.values()), "by_distance": left},
        "nodes": len(nodes),
        "edges": len(edges),
        "listed_on_an_edge": listed,
        "directed": network.directed,
        "elements": {"nodes": nodes, "edges": edges},
    }


def _prepare(reader: Reader, network: Network, listed: int) -> None:
    """Read at once what the edges speak of; of long lists of shared activities only what is listed."""
    facts = read_ahead(network.edges, listed)
    activities = {fact.subject for fact in facts}
    facts += [fact for edge in network.edges for fact in edge.facts[:listed]]
    reader.prepare({*network.distance, *activities}, {fact.claim for fact in facts})


def _node(reader: Reader, network: Network, number: int, central: Mapping[int, float]) -> dict[str, Any]:
    record = {**reader.node(number), "distance": network.distance[number]}
    record["neighbours"] = network.neighbours.get(number)
    return record | ({"centrality": round(central[number], 6)} if central else {})


def edge_record(reader: Reader, edge: Edge, most: int) -> dict[str, Any]:
    """An edge with its roles, or shared activities, and as many claims as ``most``."""
    source, target = reader.node(edge.source)["id"], reader.node(edge.target)["id"]
    record = {
        "id": f"{source} {target}",
        "source": source,
        "target": target,
        "weight": edge.weight,
        "planned": edge.planned,
    }
    if edge.shared:
        listed = [
            {
                **reader.node(part.activity),
                "planned": part.planned,
                "facts": [reader.fact(fact) for fact in part.facts],
            }
            for part in edge.shared[:most]
        ]
        label = "; ".join(part["label"] for part in listed[:3]) + ("; …" if len(edge.shared) > 3 else "")
        return {**record, "label": label, "shared": listed, "shared_left_out": len(edge.shared) - len(listed)}
    counts = Counter(fact.role for fact in edge.facts)
    counted = [{**reader.role(role), "claims": counts[role]} for role in sorted(counts)]
    label = "; ".join(role["label"] for role in counted)
    claims = [reader.fact(fact) for fact in edge.facts[:most]]
    return {
        **record,
        "label": label,
        "roles": counted,
        "claims": claims,
        "claims_left_out": len(edge.facts) - len(claims),
    }


def node_number(index: Index, iri: str) -> int | None:
    """The number of a thing among the nodes; None where it is none."""
    row = index.connection.execute("SELECT id FROM node WHERE iri = ?", (iri,)).fetchone()
    return None if row is None else int(row[0])


def slug(iri: str) -> str:
    """The part of an IRI that names the thing, for the name of a file."""
    return iri.removeprefix(BASE).replace("/", "-")
