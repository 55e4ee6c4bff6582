"""Finds the things and days that a filter's value means."""

from __future__ import annotations

from graph.errors import InputError, UnknownEntity
from graph.index.dates import days
from graph.index.fold import fold
from graph.namespaces import BASE, EDG, compact, expand
from graph.query.index import Index

MOST_NAMED = 40
"""How many of the values that there are an error names."""


def thing_meant(index: Index, text: str, segment: str) -> str:
    """The IRI of the thing of one sort that an IRI, prefixed name, id or name means. Raises UnknownEntity."""
    start = f"{BASE}{segment}/"
    iri = expand(text) or start + text
    if iri.startswith(start) and index.exists(iri):
        return iri
    rows = index.connection.execute("SELECT DISTINCT thing FROM name WHERE folded = ? ORDER BY thing", (fold(text),))
    found = [str(row[0]) for row in rows if str(row[0]).startswith(start)]
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(compact(iri) for iri in found)
        raise UnknownEntity(f"{text[:100]!r} is the name of several: {choices}; use one of these")
    raise UnknownEntity(f"there is no {segment} {text[:100]!r}{_there_are(index, segment)}")


def class_meant(index: Index, text: str) -> str:
    """The IRI of a class that things have, from its bare, prefixed or full name. Raises UnknownEntity."""
    iri = expand(text) or EDG + text
    there = [str(row[0]) for row in index.connection.execute("SELECT DISTINCT class FROM thing ORDER BY class")]
    if iri in there:
        return iri
    names = ", ".join(compact(name).removeprefix("edg:") for name in there)
    raise UnknownEntity(f"{text[:100]!r} is no class of things; there are: {names}")


def names_in(text: str | None) -> tuple[str, ...]:
    """The names in a text that holds several, with commas between."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def period_meant(since: str | None, until: str | None) -> tuple[str | None, str | None]:
    """The first and the last day of a filter, from years, months or days. Raises InputError."""
    first, last = (_days(text)[end] if text else None for text, end in ((since, 0), (until, 1)))
    if first and last and first > last:
        raise InputError(f"the period begins with {since} and ends with {until}, which is earlier")
    return first, last


def _days(text: str) -> tuple[str, str]:
    found = days(text)
    if found is None:
        raise InputError(f"{text!r} is no day, month or year of the calendar; write 2023, 2023-04 or 2023-04-03")
    return found


def _there_are(index: Index, segment: str) -> str:
    rows = index.connection.execute(
        "SELECT thing FROM member WHERE collection = ? ORDER BY thing LIMIT ?", (segment, MOST_NAMED + 1)
    ).fetchall()
    if not rows or len(rows) > MOST_NAMED:
        return ""
    return "; there are: " + ", ".join(str(row[0]).rpartition("/")[2] for row in rows)
