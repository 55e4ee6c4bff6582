"""Dates with their precision and numbers, as a reader of a language writes them."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from graph.namespaces import XSD

_DAY, _MONTH, _YEAR = XSD + "date", XSD + "gYearMonth", XSD + "gYear"


def written(language: str, value: str, datatype: str | None) -> str:
    """A day, month or year in words, no more precise than it is known; any other value as it stands."""
    found = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", value)
    if found is None or datatype not in (_DAY, _MONTH, _YEAR, XSD + "dateTime"):
        return value
    year, month, day = (int(part) if part else 1 for part in found.groups())
    try:
        moment = datetime.date(year, month, day)
    except ValueError:
        return value
    if datatype == _YEAR:
        return str(year)
    if datatype == _MONTH:
        return format_skeleton("yMMMM", moment, locale=language)
    return format_date(moment, "long", locale=language)


def number(language: str, value: object) -> str:
    """A number with the language's marks; anything else as it stands."""
    try:
        return format_decimal(Decimal(str(value)), locale=language)
    except ArithmeticError:
        return str(value)
