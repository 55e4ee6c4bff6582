"""How many events there are in each year, for the first page."""

from __future__ import annotations

from dataclasses import dataclass

from graph.namespaces import EDG
from graph.query.index import Index

_COUNTED = """SELECT substr(told.first, 1, 4), count(*), count(reported.first) FROM thing
JOIN period AS told ON told.thing = thing.iri AND told.planned = 1
LEFT JOIN period AS reported ON reported.thing = thing.iri AND reported.planned = 0
WHERE thing.class = :event GROUP BY 1 ORDER BY 1"""


@dataclass(frozen=True)
class Year:
    """The events that begin in a year, or in the years before the first that is counted by itself."""

    first: str
    last: str
    total: int
    reported: int
    """How many of them have a date that is reported as so."""


def events_by_year(index: Index, most: int) -> list[Year]:
    """The latest years with events, and one for all that are earlier; counted once for a generation."""
    years: list[Year] = index.remember(_counted)
    early, late = years[:-most], years[-most:]
    if not early:
        return late
    sums = (sum(year.total for year in early), sum(year.reported for year in early))
    return [Year(early[0].first, early[-1].last, *sums), *late]


def _counted(index: Index) -> list[Year]:
    rows = index.read(_COUNTED, {"event": EDG + "Event"})
    return [Year(str(year), str(year), int(total), int(told)) for year, total, told in rows]
