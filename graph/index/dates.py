"""The days that a date covers, with the precision in which it is written."""

from __future__ import annotations

import calendar
import datetime
import re
from functools import lru_cache

from graph.namespaces import XSD

PRECISIONS = {XSD + "gYear": "year", XSD + "gYearMonth": "month", XSD + "date": "day", XSD + "dateTime": "moment"}
"""The precision of each datatype of dates."""

_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d{2})(?:-(?P<day>\d{2})(?:T\S+)?)?)?(?:Z|[+-]\d{2}:\d{2})?", re.ASCII
)


@lru_cache(maxsize=16384)
def days(text: str) -> tuple[str, str] | None:
    """The first and the last day of a year, month, day or moment, as ISO dates; None for what is no date.

    A moment is on its own day where it was written: its time zone is not shifted away.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(match[part]) if match[part] else None for part in ("year", "month", "day"))
    try:
        first = datetime.date(year or 0, month or 1, day or 1)
        last_month = month or 12
        last = datetime.date(first.year, last_month, day or calendar.monthrange(first.year, last_month)[1])
    except ValueError:
        return None
    return first.isoformat(), last.isoformat()
