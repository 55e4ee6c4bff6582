"""What happened when, and what is due: every dated event and deadline, with the precision of its source."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from graph.index.dates import PRECISIONS, days
from graph.index.lookups import REPORTED
from graph.namespaces import EDG, SCHEMA
from graph.network.filters import class_names
from graph.network.records import Reader
from graph.network.tables import ACTIVITIES
from graph.query.filters import period_meant, thing_meant
from graph.query.index import Index
from graph.query.names import resolve_first
from graph.query.scope import Bounds, Scope

START, END, DEADLINE = (EDG + name for name in ("startDate", "endDate", "deadline"))
STATUS = SCHEMA + "eventStatus"
KEPT = 16
"""Orders of entries, and of targets, that are kept."""


@dataclass(frozen=True)
class TimelineAsked(Bounds):
    """Which entries are wanted, in names, ids or IRIs; None means any."""

    actor: str | None = None
    earliest: str | None = None
    latest: str | None = None


@dataclass
class Entry:
    """One thing with its dates, or with its deadlines."""

    thing: str
    what: str
    """``period`` or ``deadline``."""
    start: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    """Numbers of the claims by value and datatype; a deadline stands here too."""
    end: dict[tuple[str, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    planned: bool = True

    @property
    def claims(self) -> list[int]:
        """The numbers of all claims that say so."""
        return [number for dates in (self.start, self.end) for numbers in dates.values() for number in numbers]

    @cached_property
    def days(self) -> tuple[str, str]:
        """The first and the last day that any of its dates may mean; asked only once all are known."""
        meant = [found for value, _ in (*self.start, *self.end) if (found := days(value))]
        return (min(first for first, _ in meant), max(last for _, last in meant)) if meant else ("", "")


def timeline_answer(reader: Reader, asked: TimelineAsked) -> dict[str, Any]:
    """The entries of a period in order of time, with what was left out. Raises UnknownEntity and InputError."""
    index = reader.index
    first, last = period_meant(asked.earliest, asked.latest)
    keys, undated = _fitting(index, replace(asked, earliest=None, latest=None, limit=0, start=0))
    fitting = keys
    if first or last:
        fitting = [key for key in keys if key[0] <= (last or "9") and key[1] >= (first or "")]
    shown = fitting[asked.start : asked.start + asked.limit]
    scope, modality = _meant(index, asked)
    scope.only(thing for _, _, thing, _ in shown)
    told = {(entry.thing, entry.what): entry for entry in _entries(index, scope, modality, asked.planned)}
    entries = [told[thing, what] for _, _, thing, what in shown]
    reader.prepare((), (number for entry in entries for number in entry.claims))
    return {
        "from": first,
        "to": last,
        "total": len(fitting),
        "truncated": len(fitting) > len(shown),
        "left_out": {"entries": len(fitting) - len(shown), "undated": undated},
        "entries": [_record(reader, entry) for entry in entries],
    }


@lru_cache(maxsize=KEPT)
def _fitting(index: Index, asked: TimelineAsked) -> tuple[list[tuple[str, str, str, str]], int]:
    """First and last day, thing and sort of every entry, in order of time; and how many events have no date.

    Never change what this gives: it is kept, for a generation never changes and all of its dates take long to read.
    """
    scope, modality = _meant(index, asked)
    said, given = _said(scope, modality, asked.planned)
    rows = index.read(
        "SELECT coalesce(min(dated.first), ''), coalesce(max(dated.last), ''), n.iri,"
        " iif(dated.deadline, 'deadline', 'period') AS what FROM node AS n JOIN dated ON dated.thing = n.iri"
        f" WHERE {scope.sql}{said} GROUP BY n.iri, what ORDER BY 1, 2, 3, 4",
        scope.parameters | given,
    )
    return rows, _undated(index, scope)


def _said(scope: Scope, modality: str | None, planned: bool) -> tuple[str, dict[str, Any]]:
    """Which claims count, as SQL over ``dated`` and its parameters; nothing where all do, for they are looked up."""
    given = {"article": scope.article, "modality": modality, "reported": None if planned else REPORTED}
    columns = {"article": "source", "modality": "modality", "reported": "modality"}
    wanted = [f"claim.{columns[name]} = :{name}" for name, value in given.items() if value is not None]
    if not wanted:
        return "", {}
    claim = f"SELECT 1 FROM claim WHERE claim.number = dated.claim AND {' AND '.join(wanted)}"
    return f" AND EXISTS ({claim})", given


def _meant(index: Index, asked: TimelineAsked) -> tuple[Scope, str | None]:
    """Which things count, and the modality of their dates. Raises UnknownEntity."""
    scope = Scope(index, class_names(asked.classes) or ACTIVITIES, asked)
    if asked.actor:
        scope.tied_to("actor", resolve_first(index, asked.actor, "Organisation"))
    return scope, thing_meant(index, asked.modality, "modality") if asked.modality else None


def _entries(index: Index, scope: Scope, modality: str | None, planned: bool) -> list[Entry]:
    said, given = _said(scope, modality, planned)
    rows = index.connection.execute(
        "SELECT n.iri, claim.predicate, claim.object, claim.form, claim.number, claim.modality FROM node AS n"
        " JOIN dated ON dated.thing = n.iri JOIN claim ON claim.number = dated.claim"
        f" WHERE {scope.sql}{said} ORDER BY n.iri, claim.object, claim.number",
        scope.parameters | given,
    )
    found: dict[tuple[str, str], Entry] = {}
    for thing, predicate, value, form, claim, how in rows:
        what = "deadline" if predicate == DEADLINE else "period"
        entry = found.setdefault((thing, what), Entry(thing, what))
        (entry.end if predicate == END else entry.start)[value, form].append(claim)
        entry.planned = entry.planned and how != REPORTED
    return list(found.values())


def _undated(index: Index, scope: Scope) -> int:
    """Events of which no source says when."""
    row = index.connection.execute(
        f"SELECT count(*) FROM node AS n WHERE {scope.sql} AND n.class = 'Event'"
        " AND NOT EXISTS (SELECT 1 FROM dated WHERE dated.thing = n.iri) AND (:article IS NULL OR EXISTS"
        " (SELECT 1 FROM claim WHERE claim.subject = n.iri AND claim.source = :article))",
        scope.parameters | {"article": scope.article},
    ).fetchone()
    return int(row[0])


def _record(reader: Reader, entry: Entry) -> dict[str, Any]:
    index = reader.index
    cls, kind = index.connection.execute("SELECT class, kind FROM node WHERE iri = ?", (entry.thing,)).fetchone()
    statuses = index.connection.execute(
        "SELECT number FROM claim WHERE subject = ? AND predicate = ? ORDER BY object, number", (entry.thing, STATUS)
    )
    claims = [reader.claim(row[0]) for row in statuses]
    return {
        **reader.named(entry.thing),
        "what": entry.what,
        "class": cls,
        "kind": reader.named(kind) if kind else None,
        "earliest": entry.days[0],
        "latest": entry.days[1],
        "planned": entry.planned,
        "contradicts": len(entry.start) > 1 or len(entry.end) > 1,
        "start": dates_record(reader, entry.start),
        "end": dates_record(reader, entry.end),
        "status": [{**claim["object"], **carried(claim)} for claim in claims],
    }


def dates_record(reader: Reader, dates: dict[tuple[str, str], list[int]]) -> list[dict[str, Any]]:
    """Each value that is given, with its precision and every claim that gives it."""
    return [
        {
            "value": value,
            "precision": PRECISIONS.get(form),
            "planned": all(claim["planned"] for claim in claims),
            "claims": [carried(claim) for claim in claims],
        }
        for (value, form), numbers in sorted(dates.items())
        for claims in [[reader.claim(number) for number in numbers]]
    ]


def carried(claim: dict[str, Any]) -> dict[str, Any]:
    """What carries a statement, without the statement itself."""
    return {name: claim[name] for name in ("claim", "modality", "planned", "article", "evidence", "qualifiers")}
