"""The properties of things as reconciliation knows them: names, kind, roles in both directions, identifiers.

A property's id is a role as in the ontology ("organisedBy"), with ``^`` before it for the way back ("^organisedBy"
gives what an organisation organised), a prefixed name for other vocabularies ("skos:exactMatch"), or one of ``OWN``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from graph.errors import UnknownEntity
from graph.namespaces import BASE, EDG, SKOS, compact, expand
from graph.query.index import Index
from graph.search.forms import words
from graph.search.tables import key

OWN = {"label": "name", "altLabel": "other name", "kind": "kind"}
"""The properties that are no roles, and what they are called."""
BACK = "^"
_INNER = (EDG + "sentence", SKOS + "topConceptOf")
"""What describes things to programs and is not asked for."""
REPORTED = BASE + "modality/Reported"


@dataclass(frozen=True)
class Property:
    """One property: where its values stand, and what it is called."""

    id: str
    name: str
    iri: str
    source: str
    """``own``, ``out``, ``in``, ``description``, or ``stated`` for dates, amounts and texts that claims give."""


@dataclass(frozen=True)
class Value:
    """A thing, by its IRI, or a text."""

    text: str
    iri: str | None = None


def entity_id(iri: str) -> str:
    """The id of a thing, which follows the identifier space: ``organisation/unesco``."""
    return iri.removeprefix(BASE)


def entity_iri(index: Index, name: str) -> str | None:
    """The IRI of the thing that an id, a prefixed name or an IRI means; None where there is none."""
    for iri in (BASE + name, expand(name) or ""):
        if iri and index.exists(iri):
            return iri
    return None


def type_id(class_iri: str) -> str:
    """The id of a class, which follows the schema space where the class is our own: ``Organisation``."""
    return class_iri.removeprefix(EDG) if class_iri.startswith(EDG) else compact(class_iri)


def properties_of(index: Index, class_iri: str | None, chain: tuple[str, ...]) -> list[Property]:
    """All properties that things of a class have, the most used first; of any class where none is given."""
    having = "WHERE EXISTS (SELECT 1 FROM thing WHERE thing.iri = {} AND thing.class = ?)" if class_iri else ""
    given = [class_iri] if class_iri else []
    roles = index.connection.execute(
        f"SELECT direction, role, count(*) AS used FROM link {having.format('link.entity')}"  # noqa: S608 - our own text
        " GROUP BY direction, role ORDER BY used DESC, role, direction",
        given,
    ).fetchall()
    described = index.connection.execute(
        f"SELECT property, count(*) AS used FROM description {having.format('description.thing')}"  # noqa: S608 - our own text
        " GROUP BY property ORDER BY used DESC, property",
        given,
    ).fetchall()
    stated = index.connection.execute(
        "SELECT predicate, count(*) AS used FROM claim WHERE form <> 'iri'"  # noqa: S608 - our own text
        f" {having.format('claim.subject').replace('WHERE', 'AND', 1)}"
        " GROUP BY predicate ORDER BY used DESC, predicate",
        given,
    ).fetchall()
    own = [Property(name, label, name, "own") for name, label in OWN.items()]
    linked = [_role(index, str(role), str(direction), chain) for direction, role, _ in roles]
    told = [Property(type_id(iri), index.label(iri, chain).text, iri, "stated") for iri, _ in stated]
    return [*own, *linked, *told, *(_described(index, str(iri), chain) for iri, _ in described if iri not in _INNER)]


def property_of(index: Index, identifier: str, chain: tuple[str, ...]) -> Property:
    """The property of this id. Raises UnknownEntity with the ids that there are."""
    known = _known(index, chain)
    if identifier in known:
        return known[identifier]
    raise UnknownEntity(f"{identifier!r} is no property; there are: {', '.join(sorted(known))}")


def values_of(index: Index, iri: str, wanted: Property, chain: tuple[str, ...], *, planned: bool = True) -> list[Value]:
    """The values that a thing has for a property, in one stable order."""
    if wanted.source == "description":
        rows = index.connection.execute(
            "SELECT DISTINCT value, form FROM description WHERE thing = ? AND property = ? ORDER BY value",
            (iri, wanted.iri),
        )
        return [_described_value(index, str(value), str(form), chain) for value, form in rows]
    if wanted.source == "stated":
        rows = index.connection.execute(
            "SELECT DISTINCT object FROM claim WHERE subject = ? AND predicate = ? AND form <> 'iri'"
            " AND (? OR modality = ?) ORDER BY object",
            (iri, wanted.iri, planned, REPORTED),
        )
        return [Value(str(row[0])) for row in rows]
    if wanted.id == "label":
        return [Value(index.label(iri, chain).text)]
    if wanted.id == "altLabel":
        rows = index.connection.execute("SELECT DISTINCT name FROM name WHERE thing = ? ORDER BY name", (iri,))
        return [Value(str(row[0])) for row in rows if row[0] != index.label(iri, chain).text]
    if wanted.id == "kind":
        sql = "SELECT DISTINCT kind FROM thing WHERE iri = ? AND kind IS NOT NULL ORDER BY kind"
        given: tuple[object, ...] = (iri,)
    else:
        sql = (
            "SELECT DISTINCT counterpart FROM link WHERE entity = ? AND direction = ? AND role = ?"
            " AND (? OR modality = ?) ORDER BY counterpart"
        )
        given = (iri, wanted.source, wanted.iri, planned, REPORTED)
    rows = index.connection.execute(sql, given)
    return [Value(index.label(str(row[0]), chain).text, str(row[0])) for row in rows]


def holders(index: Index, wanted: Property, iri: str) -> list[str]:
    """The things that have the thing ``iri`` as a value of a property; none for properties without things."""
    if wanted.source not in ("in", "out"):
        return []
    rows = index.connection.execute(
        "SELECT DISTINCT counterpart FROM link WHERE entity = ? AND direction = ? AND role = ? ORDER BY counterpart",
        (iri, "in" if wanted.source == "out" else "out", wanted.iri),
    )
    return [str(row[0]) for row in rows]


def agrees(index: Index, values: Sequence[Value], wanted: str, iri: str | None) -> bool:
    """Whether one of the values is the thing ``iri`` or bears the name ``wanted``, in any language and script."""
    if iri is not None:
        return any(value.iri == iri for value in values)
    sought = key(words(wanted))
    names = [value.text for value in values]
    for value in values:
        if value.iri is not None:
            rows = index.connection.execute("SELECT DISTINCT key FROM label WHERE thing = ?", (value.iri,))
            if any(row[0] == sought for row in rows):
                return True
    return any(key(words(name)) == sought or name == wanted for name in names)


@lru_cache(maxsize=16)
def _known(index: Index, chain: tuple[str, ...]) -> dict[str, Property]:
    return {one.id: one for one in properties_of(index, None, chain)}


def _role(index: Index, role: str, direction: str, chain: tuple[str, ...]) -> Property:
    name, label = type_id(role), index.label(role, chain).text
    if direction == "out":
        return Property(name, label, role, "out")
    return Property(BACK + name, f"{label} (the other way round)", role, "in")


def _described(index: Index, iri: str, chain: tuple[str, ...]) -> Property:
    return Property(type_id(iri), index.label(iri, chain).text, iri, "description")


def _described_value(index: Index, value: str, form: str, chain: tuple[str, ...]) -> Value:
    if form == "iri" and value.startswith(BASE) and index.exists(value):
        return Value(index.label(value, chain).text, value)
    return Value(value)
