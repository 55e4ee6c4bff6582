"""Every commitment with its number, unit, deadline and responsible body, and what the numbers come to."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson

from graph.errors import UnknownEntity
from graph.index.dates import days
from graph.index.lookups import REPORTED
from graph.namespaces import EDG, compact
from graph.network.filters import narrower
from graph.network.records import Reader
from graph.query.filters import period_meant, thing_meant
from graph.query.index import Index
from graph.query.names import resolve_first
from graph.query.scope import Bounds, Scope
from graph.query.sums import Amount, Sum, plain_number, sum_of
from graph.query.timeline import KEPT, carried, dates_record
from graph.told import told

CLASSES = ("Target", "Commitment")
VALUE, UNIT, DEADLINE, START = (EDG + name for name in ("value", "unit", "deadline", "startDate"))
BOUND, ATTRIBUTED = "edg:bound", "edg:attributedTo"
PARTIES = {
    "responsible": "responsible",
    "beneficiaries": "beneficiary",
    "supporters": "supportedBy",
    "programmes": "underProgramme",
    "documents": "basedOn",
    "territories": "territory",
    "topics": "topic",
}
"""Member of a target's record, and the role whose objects stand there."""


@dataclass(frozen=True)
class TargetsAsked(Bounds):
    """Which targets are wanted, in names, ids or IRIs; None means any."""

    responsible: str | None = None
    unit: str | None = None
    due_from: str | None = None
    due_by: str | None = None
    programme: str | None = None


@dataclass
class Stated:
    """The claims that are made of one target."""

    iri: str
    cls: str
    claims: dict[str, list[tuple[int, str, str, str]]] = field(default_factory=lambda: defaultdict(list))
    """By predicate: number, object, datatype and modality."""

    @property
    def units(self) -> list[str]:
        """Every unit that is said."""
        return sorted({value for _, value, _, _ in self.claims[UNIT]})

    def due_in(self, first: str | None, last: str | None) -> bool:
        """Whether one of its deadlines lies in the period; without a period anything does."""
        meant = [found for _, value, _, _ in self.claims[DEADLINE] if (found := days(value))]
        return not (first or last) or any(due[1] <= (last or "9") and due[0] >= (first or "") for due in meant)

    def modalities(self) -> set[str]:
        """How its number is put, or, where it has none, anything that is said of it."""
        told = self.claims[VALUE] or [claim for claims in self.claims.values() for claim in claims]
        return {modality for _, _, _, modality in told}


def targets_answer(reader: Reader, asked: TargetsAsked, *, naming: bool = True) -> dict[str, Any]:
    """The targets by deadline, and the sums of all of them by unit. Raises UnknownEntity and InputError.

    Without ``naming`` a sum does not say which targets it adds, only how many it leaves out.
    """
    index = reader.index
    first, last = period_meant(asked.due_from, asked.due_by)
    fitting, sums = _fitting(index, replace(asked, limit=0, start=0))
    shown = fitting[asked.start : asked.start + asked.limit]
    scope = _scope(index, asked)
    scope.only(shown)
    told = {target.iri: target for target in _stated(index, scope, asked.planned)}
    reader.prepare((), (claim[0] for target in told.values() for claims in target.claims.values() for claim in claims))
    return {
        "due_from": first,
        "due_by": last,
        "total": len(fitting),
        "truncated": len(fitting) > len(shown),
        "left_out": {"targets": len(fitting) - len(shown)},
        "targets": [_record(reader, told[iri]) for iri in shown],
        "sums": [_sum_record(reader, total, numbers, naming) for total, numbers in sums],
    }


@lru_cache(maxsize=KEPT)
def _fitting(index: Index, asked: TargetsAsked) -> tuple[list[str], list[tuple[Sum, dict[str, Any]]]]:
    """Every target that fits, by deadline, and the sums of all of them; never change one, for they are kept."""
    first, last = period_meant(asked.due_from, asked.due_by)
    unit = thing_meant(index, asked.unit, "unit") if asked.unit else None
    scope = _scope(index, asked)
    wanted = [
        target
        for target in _stated(index, scope, asked.planned)
        if target.due_in(first, last)
        and (unit is None or unit in target.units)
        and (scope.modality is None or scope.modality in target.modalities())
    ]
    wanted.sort(key=_by_deadline)
    return [target.iri for target in wanted], [(total, _numbers(total)) for total in _sums(index, wanted)]


def _scope(index: Index, asked: TargetsAsked) -> Scope:
    known = {name.lower(): name for name in CLASSES}
    for name in asked.classes:
        if name.lower() not in known:
            raise UnknownEntity(
                told(
                    "%(name)s is not a class of targets; there are: %(there)s",
                    name=repr(name),
                    there=", ".join(CLASSES),
                )
            )
    classes = tuple(known[name.lower()] for name in asked.classes) or CLASSES
    scope = Scope(index, classes, asked)
    if asked.responsible:
        body = resolve_first(index, asked.responsible, "Organisation")
        scope.tied_to("responsible", body, sorted(narrower(index, EDG + "responsible")))
    if asked.programme:
        programme = thing_meant(index, asked.programme, "programme")
        scope.tied_to("programme", programme, [EDG + "underProgramme"])
    return scope


def _stated(index: Index, scope: Scope, planned: bool) -> list[Stated]:
    rows = index.connection.execute(
        "SELECT n.iri, n.class, claim.predicate, claim.number, claim.object, claim.form, claim.modality FROM node AS n"
        " JOIN targeted ON targeted.thing = n.iri JOIN claim ON claim.number = targeted.claim"
        f" WHERE {scope.sql} AND (:article IS NULL OR claim.source = :article)"
        " AND (:planned OR claim.modality = :reported) ORDER BY n.iri, claim.predicate, claim.object, claim.number",
        scope.parameters | {"article": scope.article, "planned": planned, "reported": REPORTED},
    )
    found: dict[str, Stated] = {}
    for iri, cls, predicate, *claim in rows:
        found.setdefault(iri, Stated(iri, cls)).claims[predicate].append((claim[0], claim[1], claim[2], claim[3]))
    return list(found.values())


def _by_deadline(target: Stated) -> tuple[str, str]:
    """What is due first comes first; what has no deadline comes last."""
    due = [found[1] for _, value, _, _ in target.claims[DEADLINE] if (found := days(value))]
    return min(due, default="~"), target.iri


def _sums(index: Index, targets: list[Stated]) -> list[Sum]:
    numbers = json.dumps(sorted(number for target in targets for number, *_ in target.claims[VALUE]))
    sql = "SELECT number, qualifiers FROM claim WHERE number IN (SELECT value FROM json_each(?))"
    qualifiers = {number: orjson.loads(said) for number, said in index.connection.execute(sql, (numbers,))}
    by_unit: dict[str | None, list[Amount]] = defaultdict(list)
    for target in targets:
        claims = target.claims[VALUE]
        if claims:
            unit = target.units[0] if len(target.units) == 1 else None
            values = {(Decimal(value), _said(qualifiers[number], BOUND)) for number, value, _, _ in claims}
            ordered = tuple(sorted(values, key=str))
            attributed = all(_said(qualifiers[number], ATTRIBUTED) for number, *_ in claims)
            planned = all(modality != REPORTED for *_, modality in claims)
            by_unit[unit].append(Amount(target.iri, ordered, attributed, planned))
    return [sum_of(unit, by_unit[unit]) for unit in sorted(by_unit, key=lambda unit: (unit is None, unit or ""))]


def _said(qualifiers: list[list[str]], name: str) -> str | None:
    """The first value of a qualifier, as the index has it."""
    return next((value for property_, value, _ in qualifiers if compact(property_) == name), None)


def _qualifier(claim: dict[str, Any], name: str) -> str | None:
    return next((said["iri"] for said in claim["qualifiers"] if said["property"] == name), None)


def _record(reader: Reader, target: Stated) -> dict[str, Any]:
    values = [_value_record(reader, number) for number, *_ in target.claims[VALUE]]
    dates: dict[str, dict[tuple[str, str], list[int]]] = {}
    for name, predicate in (("deadlines", DEADLINE), ("start", START)):
        dates[name] = defaultdict(list)
        for number, value, form, _ in target.claims[predicate]:
            dates[name][value, form].append(number)
    return {
        **reader.named(target.iri),
        "class": target.cls,
        "values": values,
        "contradicts": len({(said["value"], said["bound"] and said["bound"]["id"]) for said in values}) > 1,
        "attributed": bool(values) and all(said["attributed_to"] for said in values),
        "planned": all(modality != REPORTED for modality in target.modalities()),
        "units": _objects(reader, target, UNIT),
        **{name: dates_record(reader, dates[name]) for name in dates},
        **{member: _objects(reader, target, EDG + role) for member, role in PARTIES.items()},
    }


def _value_record(reader: Reader, number: int) -> dict[str, Any]:
    claim = reader.claim(number)
    bound, speakers = _qualifier(claim, BOUND), [q for q in claim["qualifiers"] if q["property"] == ATTRIBUTED]
    return {
        "value": plain_number(Decimal(claim["object"]["value"])),
        "bound": reader.named(bound) if bound else None,
        "attributed_to": [{name: speaker[name] for name in ("id", "iri", "label", "lang")} for speaker in speakers],
        **carried(claim),
    }


def _objects(reader: Reader, target: Stated, predicate: str) -> list[dict[str, Any]]:
    """Each thing that stands in the role, with the claims that say so."""
    by_thing: dict[str, list[int]] = defaultdict(list)
    for number, value, _, _ in target.claims[predicate]:
        by_thing[value].append(number)
    return [
        {**reader.named(thing), "claims": [carried(reader.claim(number)) for number in numbers]}
        for thing, numbers in sorted(by_thing.items())
    ]


def _numbers(total: Sum) -> dict[str, Any]:
    """What a sum says in no language."""
    terms = {(compact(bound) if bound else "exact"): count for bound, count in total.terms.items()}
    return {
        "targets": len(total.added) + len(total.not_added),
        "stated": plain_number(total.stated),
        "bound": total.bound,
        "exact": bool(total.added) and total.bound is None,
        "at_least": plain_number(total.at_least),
        "at_most": plain_number(total.at_most),
        "terms": dict(sorted(terms.items())),
        "attributed": sum(amount.attributed for amount in total.added),
        "planned": sum(amount.planned for amount in total.added),
    }


def _sum_record(reader: Reader, total: Sum, numbers: dict[str, Any], naming: bool) -> dict[str, Any]:
    said = {
        "unit": reader.named(total.unit) if total.unit else None,
        **numbers,
        "bound": reader.named(numbers["bound"]) if numbers["bound"] else None,
    }
    if not naming:
        return {**said, "left_out": len(total.not_added)}
    return {
        **said,
        "added": [reader.named(amount.target) for amount in total.added],
        "not_added": [{**reader.named(target), "reason": reason} for target, reason in total.not_added],
    }
