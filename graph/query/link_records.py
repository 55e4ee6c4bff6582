"""Writes links, dates and evidence as the JSON objects that the command line and the service give."""

from __future__ import annotations

import json
from typing import Any

from graph.build.identifiers import Span
from graph.index.dates import PRECISIONS
from graph.index.lookups import REPORTED
from graph.namespaces import compact
from graph.query.index import Index
from graph.query.links import Link, LinkGroup
from graph.query.quotes import Quotes

short = compact
"""The prefixed name of an IRI."""


def as_record(
    index: Index, link: Link, chain: tuple[str, ...], quotes: dict[Span, str], why: Quotes | None = None
) -> dict[str, Any]:
    """A link as a JSON object; every label names its language. With ``why``, dates say which claim gives them."""
    return {
        "direction": link.direction,
        "role": index.remember(role_record, link.role, chain),
        "counterpart": index.remember(counterpart_record, link.counterpart, chain),
        "modality": index.remember(identified, link.modality, chain),
        "planned": link.modality != REPORTED,
        "through": through_record(index, *link.through, chain) if link.through else None,
        "article": index.named(link.source, chain),
        "evidence": evidence_records(link.evidence, quotes),
        "qualifiers": qualifier_records(index, link.qualifiers, chain) if link.qualifiers else [],
        "dates": _dates_of_link(index, link, chain, why),
        "claim": link.claim,
    }


def group_record(index: Index, group: LinkGroup, chain: tuple[str, ...]) -> dict[str, Any]:
    """The head of a group of links: direction, role and how many."""
    return {
        "direction": group.direction,
        "role": role_record(index, group.role, chain),
        "total": group.total,
        "planned": group.planned,
    }


def role_record(index: Index, role: str, chain: tuple[str, ...]) -> dict[str, Any]:
    """A role with the next broader one."""
    above = index.broader.get(role)
    broader = identified(index, above, chain) if above else None
    return {**identified(index, role, chain), "broader": broader}


def counterpart_record(index: Index, iri: str, chain: tuple[str, ...]) -> dict[str, Any]:
    """The thing at the other end, with its classes and its kind."""
    classes, kind = index.classes(iri), kind_record(index, iri, chain)
    return {**identified(index, iri, chain), "classes": classes, "kind": kind}


def identified(index: Index, iri: str, chain: tuple[str, ...]) -> dict[str, Any]:
    """The prefixed name, IRI and label of a thing."""
    return {"id": short(iri), **index.named(iri, chain)}


def kind_record(index: Index, iri: str, chain: tuple[str, ...]) -> dict[str, Any] | None:
    """The kind of a thing, if it has one."""
    kind = index.kind(iri)
    return identified(index, kind, chain) if kind else None


def evidence_records(spans: tuple[Span, ...], quotes: dict[Span, str]) -> list[dict[str, Any]]:
    """The spans of an article; without one the reference source, which stands as ``article``, carries the claim."""
    if not spans:
        return [{"selector": None, "start": None, "end": None, "quote": None}]
    return [
        {"selector": span.iri, "start": span.start, "end": span.end, "quote": quotes.get(span) if quotes else None}
        for span in spans
    ]


def qualifier_records(
    index: Index, qualifiers: tuple[tuple[str, str, str], ...], chain: tuple[str, ...]
) -> list[dict[str, Any]]:
    """In what capacity, on whose behalf, from when, according to whom."""
    return [{"property": short(prop), **value_record(index, value, form, chain)} for prop, value, form in qualifiers]


def value_record(index: Index, value: str, form: str, chain: tuple[str, ...]) -> dict[str, Any]:
    """A thing with its label, a text with its language, or a value with its datatype and a date's precision."""
    if form == "iri":
        return {**index.named(value, chain)}
    if form.startswith("@"):
        return {"value": value, "lang": form[1:]}
    record = {"value": value, "datatype": form}
    return record | {"precision": PRECISIONS[form]} if form in PRECISIONS else record


def date_records(index: Index, thing: str, chain: tuple[str, ...], why: Quotes | None = None) -> list[dict[str, Any]]:
    """The dates of a thing, each with its precision and modality; with ``why``, which claim gives it."""
    return [
        {
            "property": short(prop),
            **value_record(index, value, form, chain),
            "modality": short(modality),
            "planned": modality != REPORTED,
            **({"because": because(index, [claim] if claim else [], why)} if why is not None else {}),
        }
        for prop, value, form, modality, claim in index.moments(thing)
    ]


def because(index: Index, claims: list[str], quotes: Quotes) -> list[dict[str, Any]]:
    """The claims that say so, each with its articles and spans; none for what the registry itself describes."""
    found = []
    for claim in claims:
        row = index.connection.execute("SELECT evidence FROM claim WHERE iri = ?", (claim,)).fetchone()
        for source, start, end in json.loads(row[0]) if row else ():
            span = None if start is None else Span(source, start, end)
            [told] = evidence_records((span,) if span else (), quotes.of([span]) if span else {})
            found.append({"claim": claim, "article": source, **told})
    return found


def through_record(index: Index, activity: str, part: str, chain: tuple[str, ...]) -> dict[str, Any]:
    """For who represents whom: the activity in which, and the role there."""
    return {"activity": index.named(activity, chain), "role": index.named(part, chain)}


def _dates_of_link(index: Index, link: Link, chain: tuple[str, ...], why: Quotes | None) -> list[dict[str, Any]]:
    """Its own dates, which are qualifiers, else those of its activity."""
    thing = link.claim if link.qualifiers and index.moments(link.claim) else link.activity
    if why is None:
        dates: list[dict[str, Any]] = index.remember(dates_of, thing, chain)
        return dates
    return dates_of(index, thing, chain, why)


def dates_of(index: Index, thing: str, chain: tuple[str, ...], why: Quotes | None = None) -> list[dict[str, Any]]:
    """The dates of a thing, each saying whose it is."""
    return [{"of": thing, **record} for record in date_records(index, thing, chain, why)]
