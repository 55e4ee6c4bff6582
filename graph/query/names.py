"""Finds the one thing that a person means: by IRI, by prefixed name or id, or by any name in any language."""

from __future__ import annotations

from collections.abc import Iterable

from graph.errors import UnknownEntity
from graph.index.fold import fold
from graph.namespaces import BASE, EDG, KINDS, compact, expand
from graph.query.index import Index
from graph.search.find import LONGEST, suggest
from graph.told import joined, told


def resolve(index: Index, name: str, class_name: str | None = None) -> str:
    """The IRI that ``name`` means, among things of ``class_name`` if given. Raises UnknownEntity with what is near."""
    there = [iri for iri in _as_iri(name, class_name) if index.exists(iri)]
    found = [iri for iri in there if class_name in (None, *index.classes(iri))] or _by_name(index, name, class_name)
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(compact(iri) for iri in found)
        raise UnknownEntity(
            told(
                "%(name)s is the name of several things: %(choices)s; use one of these",
                name=repr(name),
                choices=choices,
            )
        )
    if there:
        raise UnknownEntity(
            told(
                "%(name)s is %(classes)s, not %(wanted)s",
                name=repr(name),
                classes=joined(", ", index.classes(there[0])),
                wanted=class_name,
            )
        )
    others = _of_other_classes(index, name) if class_name is not None else ""
    raise UnknownEntity(joined("", (_nothing(name, class_name), others, _near(index, name, class_name))))


def resolve_first(index: Index, name: str, class_name: str) -> str:
    """The thing of ``class_name`` that ``name`` means, else the thing of any class. Raises UnknownEntity."""
    try:
        return resolve(index, name, class_name)
    except UnknownEntity:
        return resolve(index, name)


def _as_iri(name: str, class_name: str | None) -> list[str]:
    """IRIs that the text may be: written out, prefixed, or the last part of one of the class or of any class."""
    iri = expand(name)
    if iri is not None:
        return [iri]
    segments = [class_name.lower()] if class_name is not None else sorted(KINDS.values())
    return [f"{BASE}{segment}/{name}" for segment in segments if "/" not in name]


def _by_name(index: Index, name: str, class_name: str | None) -> list[str]:
    rows = index.connection.execute(
        "SELECT DISTINCT name.thing FROM name JOIN thing ON thing.iri = name.thing"
        " WHERE name.folded = ? AND (? IS NULL OR thing.class = ?) ORDER BY name.thing",
        (fold(name), class_name, EDG + (class_name or "")),
    )
    return [str(row[0]) for row in rows]


def _nothing(name: str, class_name: str | None) -> str:
    if class_name is None:
        return told("nothing is called %(name)s in any language", name=repr(name))
    return told("no %(sort)s is called %(name)s in any language", sort=class_name.lower(), name=repr(name))


def _of_other_classes(index: Index, name: str) -> str:
    """What else has the name, where a thing of one class was sought."""
    others = [iri for iri in _as_iri(name, None) if index.exists(iri)] or _by_name(index, name, None)
    return told(", but there is %(others)s", others=", ".join(compact(iri) for iri in others[:3])) if others else ""


def _near(index: Index, name: str, class_name: str | None) -> str:
    """A hint with up to three names that are spelt nearly so."""
    near = suggest(index, name[:LONGEST], 3, EDG + class_name if class_name is not None else None)
    names = dict.fromkeys(match.label.name for match in near)
    return did_you_mean(names) if names else ""


def did_you_mean(names: Iterable[str]) -> str:
    """The end of a sentence that says what is not there: what may have been meant."""
    return told("; did you mean %(names)s?", names=", ".join(map(repr, names)))
