"""Dates with their precision, numbers and languages, as a reader of a language writes them."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

_LOCALES = {"en": "en_GB"}
"""Of a language that is written in several ways, the one that no reader misunderstands: the day before the month."""


@lru_cache(maxsize=4096)
def written(language: str, value: str, precision: str | None) -> str:
    """A moment, day, month or year in words, no more precise than it is known; any other value as it stands."""
    found = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T(\d\d:\d\d))?", value)
    if found is None or precision is None:
        return value
    year, month, day = (int(part) if part else 1 for part in found.groups()[:3])
    try:
        moment = datetime.date(year, month, day)
    except ValueError:
        return value
    if precision == "year":
        return str(year)
    if precision == "month":
        return format_skeleton("yMMMM", moment, locale=_LOCALES.get(language, language))
    words = format_date(moment, "long", locale=_LOCALES.get(language, language))
    return f"{words}, {found[4]}" if precision == "moment" and found[4] else words


@lru_cache(maxsize=4096)
def number(language: str, value: object) -> str:
    """A number with the language's marks; anything else as it stands."""
    try:
        return format_decimal(Decimal(str(value)), locale=language)
    except ArithmeticError:
        return str(value)


def percent(language: str, share: float) -> str:
    """A share of one as per cent, never rounded up to the whole."""
    return format_percent(Decimal(int(share * 1000)) / 1000, locale=language, format="#,##0.#\u00a0%")


def language_name(language: str, tag: str) -> str:
    """A language by its name in another; the tag itself where it has none."""
    return str(Locale(language).languages.get(tag, tag))
