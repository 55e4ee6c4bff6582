"""The links of one thing, read from the index, each with its role, modality, article, evidence and qualifiers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from graph.build.identifiers import Span
from graph.errors import UnknownEntity
from graph.index.lookups import REPORTED as REPORTED
from graph.namespaces import EDG, compact, expand
from graph.query.index import Index
from graph.told import told

DIRECTIONS = ("in", "out")
_PAGE = """SELECT linked.number, direction, role, counterpart, iri, modality, linked.source, activity, part, subject,
    evidence, qualifiers
FROM linked JOIN claim ON claim.number = linked.claim WHERE linked.number BETWEEN :low AND :high"""
_COUNT = """SELECT count(*) FROM linked JOIN claim ON claim.number = linked.claim
WHERE linked.number BETWEEN :low AND :high"""
_WITHIN = """ AND EXISTS (SELECT 1 FROM period WHERE planned = 1 AND last >= :since AND first <= :until AND thing =
    CASE WHEN EXISTS (SELECT 1 FROM period WHERE planned = 1 AND thing = claim.iri) THEN claim.iri
    ELSE claim.subject END)"""
EVER = ("0000", "9999~")
"""Two texts that every day lies between."""


@dataclass(frozen=True)
class LinkFilter:
    """Which links are wanted; None means any."""

    direction: str | None = None
    role: str | None = None
    """IRI of a role; its narrower roles count too."""
    planned: bool = True
    """Whether links that are not reported as so are wanted too."""
    modality: str | None = None
    """IRI of a modality."""
    article: str | None = None
    """IRI of the article or reference source that makes the claim."""
    counterpart_class: str | None = None
    """IRI of a class of the counterpart."""
    since: str | None = None
    until: str | None = None
    """First and last day, as ISO dates: the link's own dates, else those of its activity, must touch them."""
    counterpart: str | None = None
    """IRI of the thing at the other end."""
    counterpart_kind: str | None = None
    """IRI of the counterpart's kind."""

    @property
    def by_group(self) -> bool:
        """Whether the counts of groups alone say how many links fit."""
        others = (self.article, self.counterpart_class, self.since, self.until, self.counterpart, self.counterpart_kind)
        return not any(others)


@dataclass(frozen=True, slots=True)
class Link:
    """One claim that ties a thing to its counterpart."""

    number: int
    """Where the link stands in the one order of all links."""
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
    activity: str
    """The subject of the claim, whose dates are the link's where it has none of its own."""
    through: tuple[str, str] | None = None
    """For who represents whom: the activity in which, and the role there."""


class LinkGroup(NamedTuple):
    """The links of a thing in one direction and one role: a stretch of the order of all links."""

    direction: str
    role: str
    low: int
    high: int
    total: int
    """How many of them fit the filter."""
    planned: int
    """How many of these are not reported as so."""


def links_of(index: Index, entity: str, wanted: LinkFilter) -> list[Link]:
    """All links of a thing in one stable order: direction, role, counterpart, claim."""
    return link_page(index, wanted, groups_of(index, entity, wanted), 0, -1)


def link_page(index: Index, wanted: LinkFilter, groups: list[LinkGroup], after: int, limit: int) -> list[Link]:
    """The first ``limit`` fitting links of the groups behind the number ``after``."""
    return [as_link(row) for row in link_rows(index, wanted, groups, after, limit)]


def link_rows(
    index: Index, wanted: LinkFilter, groups: list[LinkGroup], after: int, limit: int
) -> list[tuple[Any, ...]]:
    """The same as bare rows; the first column is the number of the link."""
    condition, values = _conditions(wanted)
    sql = f"{_PAGE}{condition} ORDER BY linked.number LIMIT :limit"
    found: list[tuple[Any, ...]] = []
    for low, high in _stretches(groups, after):
        left = limit - len(found) if limit >= 0 else -1
        if left == 0:
            break
        found += index.connection.execute(sql, {**values, "low": low, "high": high, "limit": left}).fetchall()
    return found


def groups_of(index: Index, entity: str, wanted: LinkFilter) -> list[LinkGroup]:
    """The groups that hold fitting links, with how many, in the order of the links."""
    roles = narrower(index, wanted.role) if wanted.role else None
    rows = index.connection.execute(
        "SELECT direction, role, low, high, modalities FROM linked_group WHERE entity = ?", (entity,)
    )
    every = wanted.planned and wanted.modality is None
    found = []
    for direction, role, low, high, modalities in rows.fetchall():
        if wanted.direction not in (None, direction) or (roles is not None and role not in roles):
            continue
        counts = orjson.loads(modalities) if wanted.by_group else _counts(index, wanted, low, high)
        fitting = counts if every else {name: n for name, n in counts.items() if _fits(wanted, name)}
        if total := sum(fitting.values()):
            found.append(LinkGroup(direction, role, low, high, total, total - fitting.get(REPORTED, 0)))
    return found


def _fits(wanted: LinkFilter, modality: str) -> bool:
    return (wanted.planned or modality == REPORTED) and wanted.modality in (None, modality)


def _counts(index: Index, wanted: LinkFilter, low: int, high: int) -> dict[str, int]:
    condition, values = _conditions(wanted)
    sql = _COUNT.replace("count(*)", "modality, count(*)") + condition + " GROUP BY modality"
    return dict(index.connection.execute(sql, {**values, "low": low, "high": high}).fetchall())


def _conditions(wanted: LinkFilter) -> tuple[str, dict[str, Any]]:
    """What the groups do not say of the filter, as SQL and its values."""
    condition = ""
    if not wanted.planned:
        condition += " AND modality = :reported"
    if wanted.modality:
        condition += " AND modality = :modality"
    if wanted.article:
        condition += " AND linked.source = :article"
    if wanted.counterpart_class:
        condition += " AND EXISTS (SELECT 1 FROM thing WHERE thing.iri = counterpart AND class = :class)"
    if wanted.counterpart:
        condition += " AND counterpart = :counterpart"
    if wanted.counterpart_kind:
        condition += " AND EXISTS (SELECT 1 FROM thing WHERE thing.iri = counterpart AND kind = :kind)"
    if wanted.since or wanted.until:
        condition += _WITHIN
    values = {
        "reported": REPORTED,
        "modality": wanted.modality,
        "article": wanted.article,
        "class": wanted.counterpart_class,
        "counterpart": wanted.counterpart,
        "kind": wanted.counterpart_kind,
        "since": wanted.since or EVER[0],
        "until": wanted.until or EVER[1],
    }
    return condition, values


def _stretches(groups: list[LinkGroup], after: int) -> list[tuple[int, int]]:
    """The numbers behind ``after`` that the groups hold; groups that stand side by side are one stretch."""
    found: list[tuple[int, int]] = []
    for group in groups:
        low = max(group.low, after + 1)
        if low > group.high:
            continue
        if found and found[-1][1] + 1 == low:
            found[-1] = (found[-1][0], group.high)
        else:
            found.append((low, group.high))
    return found


def as_link(row: tuple[Any, ...]) -> Link:
    """The link that a row of ``link_rows`` holds."""
    number, direction, role, counterpart, claim, modality, source, activity, part, subject, evidence, qualifiers = row
    spans = tuple(
        Span(of, start, end) for of, start, end in orjson.loads(evidence) if of == source and start is not None
    )
    said = () if qualifiers == "[]" else tuple((prop, value, form) for prop, value, form in orjson.loads(qualifiers))
    through = (activity, part) if activity else None
    return Link(number, direction, role, counterpart, claim, modality, source, spans, said, subject, through)


def role_iri(index: Index, name: str) -> str:
    """The role that a bare, prefixed or full name or a label means. Raises UnknownEntity with the roles there are."""
    iri = expand(name) or EDG + name
    roles: set[str] = index.remember(_roles)
    known = roles | {str(row[0]) for row in index.connection.execute("SELECT broader FROM role")}
    if iri in known:
        return iri
    labelled = index.connection.execute("SELECT DISTINCT thing FROM name WHERE name = ?", (name,)).fetchall()
    if len(labelled) == 1 and labelled[0][0] in known:
        return str(labelled[0][0])
    there = ", ".join(sorted(compact(role).removeprefix("edg:") for role in roles))
    raise UnknownEntity(told("%(name)s is not a role; there are: %(there)s", name=repr(name[:100]), there=there))


def _roles(index: Index) -> set[str]:
    return {str(row[0]) for row in index.connection.execute("SELECT DISTINCT value FROM facet WHERE facet = 'role'")}


def narrower(index: Index, role: str) -> set[str]:
    """The role itself and everything below it. Shared: never change it."""
    found: set[str] = index.remember(_narrower, role)
    return found


def _narrower(index: Index, role: str) -> set[str]:
    rows = index.connection.execute(
        "WITH RECURSIVE below(iri) AS (SELECT ? UNION SELECT role.iri FROM role JOIN below ON role.broader = below.iri)"
        " SELECT iri FROM below",
        (role,),
    )
    return {str(row[0]) for row in rows}
