"""Tells two data sets apart: lines that came or went, and from them the claims and things that did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal as OneOf

from pyoxigraph import Quad

from graph.build.identifiers import Span, parse_span
from graph.changes.dump import Dump, in_default_graph
from graph.index.answers import value
from graph.namespaces import BASE, EDG, OA, RDF

_TYPE = RDF + "type"
_CLAIMS, _EVIDENCE, _SPAN = BASE + "claim/", BASE + "evidence/", "#char="
_CARRIES, _MODALITY, _SKIPPED = EDG + "evidence", EDG + "modality", EDG + "skipped"
_STATED = (RDF + "subject", RDF + "predicate", RDF + "object")

Sign = OneOf["A", "D"]
"""A line that was added, or deleted."""
Source = tuple[str, int, int] | tuple[str, None, None]
"""A span of an article: its IRI, start, end; or a reference source as a whole."""
Value = tuple[str, str]
"""A value and its form: ``iri``, a language tag with @, or a datatype IRI."""


@dataclass(frozen=True)
class Claim:
    """What one side says of a claim."""

    iri: str
    subject: str
    predicate: str
    object: Value
    modality: str
    sources: tuple[Source, ...]
    """What carries it."""
    qualifiers: tuple[tuple[str, Value], ...]

    @property
    def statement(self) -> tuple[str, str, Value]:
        """What is stated, whoever says it and however."""
        return self.subject, self.predicate, self.object


@dataclass
class Thing:
    """A thing, or a term of the ontology, and what is stated of it without a claim that came or went."""

    iri: str
    added: list[tuple[str, Value]] = field(default_factory=list)
    removed: list[tuple[str, Value]] = field(default_factory=list)


@dataclass
class Difference:
    """All that differs, each list in the order of its IRIs."""

    quads: dict[str, int]
    claims_added: list[Claim]
    claims_withdrawn: list[Claim]
    claims_changed: list[tuple[Claim, Claim]]
    """Before and after: the same statement, otherwise evidenced, qualified or put."""
    things_added: list[Thing]
    things_removed: list[Thing]
    things_changed: list[Thing]


def signed_lines(old: Dump, new: Dump) -> Iterator[tuple[Sign, bytes]]:
    """The lines that only one side has, in one walk over both; ``D`` stands in the old one, ``A`` in the new one."""
    ours, theirs = iter(old), iter(new)
    left, right = next(ours, None), next(theirs, None)
    while left is not None or right is not None:
        if left == right:
            left, right = next(ours, None), next(theirs, None)
        elif right is None or (left is not None and left < right):
            yield "D", left or b""
            left = next(ours, None)
        else:
            yield "A", right
            right = next(theirs, None)


def difference(old: Dump, new: Dump) -> Difference:
    """What differs between two dumps."""
    lines: dict[Sign, list[bytes]] = {"A": [], "D": []}
    for sign, line in signed_lines(old, new):
        lines[sign].append(line)
    added, removed = _by_subject(lines["A"]), _by_subject(lines["D"])
    claims = sorted(iri for iri in added.keys() | removed.keys() if iri.startswith(_CLAIMS))
    before = [claim for iri in claims if (claim := claim_of(old, iri))]
    after = [claim for iri in claims if (claim := claim_of(new, iri))]
    withdrawn, come, changed = _paired(before, after)
    told = {claim.statement for claim in chain(before, after)}
    things = _things(added, removed, told, (old, new))
    there = [{iri for iri in things if _is_described(dump, iri)} for dump in (old, new)]
    return Difference(
        quads={"added": len(lines["A"]), "removed": len(lines["D"])},
        claims_added=come,
        claims_withdrawn=withdrawn,
        claims_changed=changed,
        things_added=[things[iri] for iri in sorted(there[1] - there[0])],
        things_removed=[things[iri] for iri in sorted(there[0] - there[1])],
        things_changed=[things[iri] for iri in sorted(things.keys() - (there[0] ^ there[1]))],
    )


def claim_of(dump: Dump, iri: str) -> Claim | None:
    """What a dump says of a claim; None where it has no such claim, or not the whole of it."""
    said = [(quad.predicate.value, quad.object) for quad in dump.about(iri)]
    stated = dict(said)
    if any(name not in stated for name in _STATED):
        return None
    subject, predicate, stated_value = (value(stated[name]) for name in _STATED)
    known = {_TYPE, _CARRIES, _MODALITY, *_STATED}
    return Claim(
        iri,
        subject[0],
        predicate[0],
        stated_value,
        value(stated[_MODALITY])[0] if _MODALITY in stated else "",
        tuple(sorted(span for name, node in said if name == _CARRIES for span in _spans(dump, value(node)[0]))),
        tuple(sorted((name, value(term)) for name, term in said if name not in known)),
    )


def _paired(before: list[Claim], after: list[Claim]) -> tuple[list[Claim], list[Claim], list[tuple[Claim, Claim]]]:
    """Claims withdrawn, claims added, and pairs that state the same, by the same claim if there is one."""
    waiting: defaultdict[tuple[str, str, Value], list[Claim]] = defaultdict(list)
    for claim in before:
        waiting[claim.statement].append(claim)
    come, changed = [], []
    for claim in sorted(after, key=lambda one: all(one.iri != other.iri for other in waiting[one.statement])):
        rivals = waiting[claim.statement]
        partner = next((one for one in rivals if one.iri == claim.iri), None) or _by_source(rivals, claim)
        if partner is None:
            come.append(claim)
        else:
            rivals.remove(partner)
            changed.append((partner, claim))
    gone = [claim for rivals in waiting.values() for claim in rivals]
    changed = [(one, other) for one, other in changed if one != other]
    return sorted(gone, key=_place), sorted(come, key=_place), sorted(changed, key=lambda pair: _place(pair[1]))


def _by_source(rivals: list[Claim], claim: Claim) -> Claim | None:
    """A claim that states the same in the same article: it was put or qualified otherwise."""
    sources = {source for source, _, _ in claim.sources}
    return next((one for one in rivals if sources & {source for source, _, _ in one.sources}), None)


def _place(claim: Claim) -> tuple[str, int, str]:
    """Claims stand in the order of the articles and of their texts."""
    source, start, _ = claim.sources[0] if claim.sources else ("", 0, 0)
    return source, start or 0, claim.iri


def _spans(dump: Dump, evidence: str) -> Iterator[Source]:
    said = {quad.predicate.value: value(quad.object)[0] for quad in dump.about(evidence)}
    span = parse_span(said.get(OA + "hasSelector", ""))
    if span is not None:
        yield span.source, span.start, span.end
    elif OA + "hasSource" in said:
        yield said[OA + "hasSource"], None, None


def _things(
    added: dict[str, list[Quad]],
    removed: dict[str, list[Quad]],
    told: set[tuple[str, str, Value]],
    dumps: tuple[Dump, Dump],
) -> dict[str, Thing]:
    """What is stated of things by itself; what a claim states is told with the claim."""
    things: dict[str, Thing] = {}
    for quads, gone, dump in ((removed, True, dumps[0]), (added, False, dumps[1])):
        for subject, prop, stated in _plain(quads, dump):
            if (subject, prop, stated) not in told:
                thing = things.setdefault(subject, Thing(subject))
                (thing.removed if gone else thing.added).append((prop, stated))
    return things


def _plain(quads: dict[str, list[Quad]], dump: Dump) -> Iterator[tuple[str, str, Value]]:
    """Statements that are no part of a claim; a sentence is told with its article, by where it stands."""
    for subject, stated in quads.items():
        if subject.startswith(_CLAIMS) or _SPAN in subject:
            continue
        for quad in stated:
            told = value(quad.object)
            if subject.startswith(_EVIDENCE):
                if quad.predicate.value == _SKIPPED:
                    yield next((source for source, _, _ in _spans(dump, subject)), subject), _SKIPPED, told
            elif told[0].startswith(_EVIDENCE):
                spans = (Span(*span).iri for span in _spans(dump, told[0]) if span[1] is not None)
                yield subject, quad.predicate.value, (next(spans, told[0]), "iri")
            else:
                yield subject, quad.predicate.value, told


def _by_subject(lines: list[bytes]) -> dict[str, list[Quad]]:
    found: defaultdict[str, list[Quad]] = defaultdict(list)
    for quad in in_default_graph(lines):
        found[value(quad.subject)[0]].append(quad)
    return found


def _is_described(dump: Dump, iri: str) -> bool:
    return any(quad.predicate.value == _TYPE for quad in dump.about(iri))
