"""Finds the things and days that a filter's value means."""

from __future__ import annotations

from graph.errors import InputError, UnknownEntity
from graph.index.dates import days
from graph.index.fold import fold
from graph.namespaces import BASE, compact, expand
from graph.query.index import Index
from graph.told import told

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
        raise UnknownEntity(
            told(
                "%(name)s is the name of several: %(choices)s; use one of these", name=repr(text[:100]), choices=choices
            )
        )
    raise UnknownEntity(_no(index, segment, text[:100]))


def names_in(text: str | None) -> tuple[str, ...]:
    """The names in a text that holds several, with commas between."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def period_meant(since: str | None, until: str | None) -> tuple[str | None, str | None]:
    """The first and the last day of a filter, from years, months or days. Raises InputError."""
    first, last = (_days(text)[end] if text else None for text, end in ((since, 0), (until, 1)))
    if first and last and first > last:
        raise InputError(
            told("the period begins with %(since)s and ends with %(until)s, which is earlier", since=since, until=until)
        )
    return first, last


def _days(text: str) -> tuple[str, str]:
    found = days(text)
    if found is None:
        raise InputError(
            told(
                "%(text)s is no day, month or year of the calendar; write 2023, 2023-04 or 2023-04-03", text=repr(text)
            )
        )
    return found


def _no(index: Index, segment: str, name: str) -> str:
    """That a sort of things has none of a name, with those that it has where they are few."""
    rows = index.connection.execute(
        "SELECT thing FROM member WHERE collection = ? ORDER BY thing LIMIT ?", (segment, MOST_NAMED + 1)
    ).fetchall()
    if not rows or len(rows) > MOST_NAMED:
        return told("there is no %(sort)s %(name)s", sort=segment, name=repr(name))
    there = ", ".join(str(row[0]).rpartition("/")[2] for row in rows)
    return told("there is no %(sort)s %(name)s; there are: %(there)s", sort=segment, name=repr(name), there=there)
