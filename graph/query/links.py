"""The links of one thing, read from the index, each with its role, modality, article, evidence and qualifiers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from graph.build.identifiers import Span
from graph.errors import UnknownEntity
from graph.namespaces import BASE, EDG, compact, expand
from graph.query.index import Index

DIRECTIONS = ("in", "out")
REPORTED = BASE + "modality/Reported"
_SELECT = """SELECT direction, role, counterpart, claim, modality, source, activity, part, first, last FROM link
WHERE entity = :entity AND (:direction IS NULL OR direction = :direction)
ORDER BY direction, role, counterpart, claim, source, first, last"""


@dataclass(frozen=True)
class LinkFilter:
    """Which links are wanted; None means any."""

    direction: str | None = None
    role: str | None = None
    """IRI of a role; its narrower roles count too."""
    planned: bool = True
    """Whether links that are not reported as so are wanted too."""


@dataclass(frozen=True)
class Link:
    """One claim that ties a thing to its counterpart."""

    direction: str
    role: str
    counterpart: str
    claim: str
    modality: str
    source: str
    """The article, or the reference source of the registry, that makes the claim."""
    evidence: tuple[Span, ...]
    qualifiers: tuple[tuple[str, str, str], ...]
    """Property, value and form (``iri``, ``@lang`` or a datatype)."""
    through: tuple[str, str] | None = None
    """For who represents whom: the activity in which, and the role there."""


def links_of(index: Index, entity: str, wanted: LinkFilter) -> list[Link]:
    """All links of a thing in one stable order: direction, role, counterpart, claim."""
    roles = _narrower(index, wanted.role) if wanted.role else None
    rows = index.connection.execute(_SELECT, {"entity": entity, "direction": wanted.direction})
    found = []
    for key, group in groupby(rows, key=lambda row: row[:8]):
        direction, role, counterpart, claim, modality, source, activity, part = key
        if (roles is not None and role not in roles) or not (wanted.planned or modality == REPORTED):
            continue
        spans = tuple(Span(source, row[8], row[9]) for row in group if row[8] is not None)
        through = (activity, part) if activity else None
        said = _qualifiers(index, claim)
        found.append(Link(direction, role, counterpart, claim, modality, source, spans, said, through))
    return found


def role_iri(index: Index, name: str) -> str:
    """The role that a bare, prefixed or full name or a label means. Raises UnknownEntity with the roles there are."""
    iri = expand(name) or EDG + name
    roles = {str(row[0]) for row in index.connection.execute("SELECT DISTINCT role FROM link")}
    known = roles | {str(row[0]) for row in index.connection.execute("SELECT broader FROM role")}
    if iri in known:
        return iri
    labelled = index.connection.execute("SELECT DISTINCT thing FROM name WHERE name = ?", (name,)).fetchall()
    if len(labelled) == 1 and labelled[0][0] in known:
        return str(labelled[0][0])
    there = ", ".join(sorted(compact(role).removeprefix("edg:") for role in roles))
    raise UnknownEntity(f"{name!r} is not a role; there are: {there}")


def _narrower(index: Index, role: str) -> set[str]:
    """The role itself and everything below it."""
    rows = index.connection.execute(
        "WITH RECURSIVE below(iri) AS (SELECT ? UNION SELECT role.iri FROM role JOIN below ON role.broader = below.iri)"
        " SELECT iri FROM below",
        (role,),
    )
    return {str(row[0]) for row in rows}


def _qualifiers(index: Index, claim: str) -> tuple[tuple[str, str, str], ...]:
    rows = index.connection.execute(
        "SELECT property, value, form FROM qualifier WHERE claim = ? ORDER BY property, value, form", (claim,)
    )
    return tuple((str(prop), str(value), str(form)) for prop, value, form in rows)


def as_record(index: Index, link: Link, chain: tuple[str, ...], quotes: dict[Span, str]) -> dict[str, Any]:
    """A link as the JSON object that the command and the service give; every label names its language."""
    return {
        "direction": link.direction,
        "role": {"id": compact(link.role), **_named(index, link.role, chain)},
        "counterpart": {
            "id": compact(link.counterpart),
            **_named(index, link.counterpart, chain),
            "classes": index.classes(link.counterpart),
        },
        "modality": {"id": compact(link.modality), **_named(index, link.modality, chain)},
        "planned": link.modality != REPORTED,
        "through": _through_record(index, link, chain),
        "article": _named(index, link.source, chain),
        "evidence": [_evidence_record(span, quotes) for span in link.evidence] or [_evidence_record(None, quotes)],
        "qualifiers": list(_qualifier_records(index, link, chain)),
        "claim": link.claim,
    }


def _evidence_record(span: Span | None, quotes: dict[Span, str]) -> dict[str, Any]:
    """A span of the article; without one the reference source, which stands as ``article``, carries the claim."""
    if span is None:
        return {"selector": None, "start": None, "end": None, "quote": None}
    return {"selector": span.iri, "start": span.start, "end": span.end, "quote": quotes.get(span)}


def _through_record(index: Index, link: Link, chain: tuple[str, ...]) -> dict[str, Any] | None:
    if link.through is None:
        return None
    activity, part = link.through
    return {"activity": _named(index, activity, chain), "role": _named(index, part, chain)}


def _qualifier_records(index: Index, link: Link, chain: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    for prop, value, form in link.qualifiers:
        named = _named(index, value, chain) if form == "iri" else {"value": value, "lang": form[1:] or None}
        if form != "iri" and not form.startswith("@"):
            named = {"value": value, "datatype": form}
        yield {"property": compact(prop), **named}


def _named(index: Index, iri: str, chain: tuple[str, ...]) -> dict[str, Any]:
    label = index.label(iri, chain)
    return {"iri": iri, "label": label.text, "lang": label.lang}
