"""One thing as plain JSON: names, classes, kind, what is stated of it, and its links, everything with a label."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pyoxigraph import NamedNode, Triple

from graph.build.identifiers import Span, evidence_iri
from graph.index.answers import value
from graph.namespaces import DATASET, DCTERMS, PREFIXES, RDFS, SKOS, compact
from graph.query.claims import claim_row
from graph.query.entities import names_of
from graph.query.index import Index
from graph.query.link_records import as_record, kind_record, short
from graph.query.links import LinkFilter, groups_of, link_page
from graph.query.quotes import Quotes
from graph.query.statements import CLAIM, TYPE, Stated, in_order

MOST_LINKS = 100
"""Links that a record holds; ``total`` says how many there are."""
_NAMES = (RDFS + "label", SKOS + "prefLabel", DCTERMS + "title", SKOS + "altLabel")
_DISTRIBUTION = NamedNode(PREFIXES["dcat"] + "Distribution")


def thing_record(index: Index, quotes: Quotes, iri: str, own: list[Stated], chain: tuple[str, ...]) -> dict[str, Any]:
    """The record of a thing of which ``own`` is stated; labels in the first language of ``chain`` that there is."""
    record = head_record(index, iri, own, chain)
    if (TYPE, CLAIM, "iri") in own:
        record["evidence"] = _evidence(index, quotes, iri)
    groups = groups_of(index, iri, LinkFilter())
    shown = link_page(index, LinkFilter(), groups, 0, MOST_LINKS)
    record["links"] = {
        "total": sum(group.total for group in groups),
        "shown": len(shown),
        "items": [as_record(index, link, chain, quotes.of(link.evidence)) for link in shown],
    }
    return record


def head_record(index: Index, iri: str, own: list[Stated], chain: tuple[str, ...]) -> dict[str, Any]:
    """What a thing is, without what ties it to others: its names, classes, kind and description."""
    return {
        **_named(index, iri, chain),
        "classes": [_class_name(stated) for prop, stated, _ in own if prop == TYPE],
        "kind": kind_record(index, iri, chain),
        "names": names_of(index, iri),
        "description": described(index, own, chain),
    }


def stated_of(triples: Iterable[Triple]) -> list[Stated]:
    """The triples of one subject as statements."""
    return in_order([(triple.predicate.value, *value(triple.object)) for triple in triples])


def described(index: Index, own: Iterable[Stated], chain: tuple[str, ...]) -> list[dict[str, Any]]:
    """What is stated of a thing but its classes and names: property and value, each with its label."""
    return [
        {"property": _named(index, prop, chain), "value": _value(index, stated, form, chain)}
        for prop, stated, form in own
        if prop != TYPE and prop not in _NAMES
    ]


def catalogue_record(index: Index, iri: str, triples: Iterable[Triple], chain: tuple[str, ...]) -> dict[str, Any]:
    """The record of the data set or its catalogue from its VoID and DCAT triples, with the distributions beside."""
    about: dict[str, list[Triple]] = {}
    for triple in triples:
        if isinstance(triple.subject, NamedNode):
            about.setdefault(triple.subject.value, []).append(triple)
    return {
        "iri": iri,
        **label_record(index, DATASET.value, chain),
        "description": described(index, stated_of(about[iri]), chain),
        "distributions": [
            {"iri": subject, "description": described(index, stated_of(said), chain)}
            for subject, said in about.items()
            if any(triple.object == _DISTRIBUTION for triple in said)
        ],
    }


def _class_name(iri: str) -> str:
    return compact(iri).removeprefix("edg:")


def _named(index: Index, iri: str, chain: tuple[str, ...]) -> dict[str, Any]:
    return {"iri": iri, "id": short(iri), **label_record(index, iri, chain)}


def label_record(index: Index, iri: str, chain: tuple[str, ...]) -> dict[str, Any]:
    """The name of a thing and the language that it is in."""
    label = index.label(iri, chain)
    return {"label": label.text, "lang": label.lang}


def _value(index: Index, stated: str, form: str, chain: tuple[str, ...]) -> dict[str, Any]:
    if form == "iri":
        return _named(index, stated, chain)
    if form.startswith("@"):
        return {"value": stated, "lang": form[1:]}
    return {"value": stated, "datatype": short(form)}


def _evidence(index: Index, quotes: Quotes, claim: str) -> list[dict[str, Any]]:
    """The evidence of a claim: the source, the span in it, and its words where the texts are at hand."""
    told = [_evidence_record(quotes, *piece) for piece in json.loads(claim_row(index, claim)[8])]
    return sorted(told, key=lambda record: str(record["iri"]))


def _evidence_record(quotes: Quotes, source: str, start: int | None, end: int | None) -> dict[str, Any]:
    span = None if start is None or end is None else Span(source, start, end)
    return {
        "iri": evidence_iri(span.iri if span else source).value,
        "source": source,
        "selector": span.iri if span else None,
        "start": start,
        "end": end,
        "quote": quotes.of([span]).get(span) if span else None,
    }
