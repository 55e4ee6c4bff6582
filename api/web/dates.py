"""Dates with their precision, numbers and languages, as a reader of a language writes them."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

from api.web.interface import LOCALES

_LOCALES = {"en": LOCALES["en"]}
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
def joined(language: str, first: str, last: str, precision: str | None) -> str | None:
    """From one day, year or moment to another of the same precision, without saying twice what both share.

    Where they share nothing, or the precision is a month, there is nothing to join: None.
    """
    if precision == "year":
        return f"{written(language, first, precision)}–{written(language, last, precision)}"
    if precision not in ("day", "moment") or first[:4] != last[:4]:
        return None
    if precision == "moment":
        until = written(language, last, precision).rpartition(", ")[2]
        return f"{written(language, first, precision)}–{until}" if first[:10] == last[:10] else None
    try:
        days = [datetime.date.fromisoformat(text[:10]) for text in (first, last)]
    except ValueError:
        return None
    return _days(_LOCALES.get(language, language), *days)


def _days(locale: str, first: datetime.date, last: datetime.date) -> str:
    """Two days of one year in the order of the language's long date: the day, or day and month, of the first before."""
    one_month = first.month == last.month

    def before(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        said = format_date(first, found[0], locale)
        return f"'{said}'{'–' if one_month else ' – '}{found[0]}"

    pattern = str(Locale.parse(locale).date_formats["long"].pattern)
    return format_date(last, re.sub(r"('[^']*')|d\.?" + ("" if one_month else " MMMM"), before, pattern), locale)


@lru_cache(maxsize=4096)
def number(language: str, value: object) -> str:
    """A number with the language's marks; anything else as it stands."""
    try:
        return format_decimal(Decimal(str(value)), locale=language)
    except ArithmeticError:
        return str(value)


def percent(language: str, part: float) -> str:
    """A share of one as per cent, never rounded up to the whole; with or without a space, as the language has it."""
    form = str(Locale.parse(language).percent_formats[None].pattern).replace("#,##0", "#,##0.#")
    return format_percent(Decimal(int(part * 1000)) / 1000, locale=language, format=form)


def share(language: str, part: float) -> str:
    """A share of one with three places, so that those of a column stand under one another."""
    return format_decimal(Decimal(str(part)), locale=language, format="0.000")


def language_name(language: str, tag: str) -> str:
    """A language by its name in another; the tag itself where it has none."""
    return str(Locale(language).languages.get(tag, tag))
