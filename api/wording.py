"""What is wrong with a value, in the words of the service, whichever library has found it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph.query.index import LANGUAGES, NO_LANGUAGES
from graph.told import told, unfilled

DAY = "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
NOT_BLANK = r"\S"
_FORMS = {
    DAY: unfilled("%(text)s is no day, month or year; write 2023-04-03, 2023-04 or 2023"),
    LANGUAGES: NO_LANGUAGES,
    NOT_BLANK: unfilled("%(text)s holds no letter"),
}
"""What a text is not that does not match a pattern, for people who do not read patterns."""
_SAID = {
    "missing": "it is missing",
    "int_parsing": "it must be a whole number",
    "int_type": "it must be a whole number",
    "int_from_float": "it must be a whole number",
    "bool_parsing": "it must be true or false",
    "greater_than_equal": "it must be at least {ge}",
    "less_than_equal": "it must be at most {le}",
    "string_too_short": "it must have at least {min_length} characters",
    "string_too_long": "it must have at most {max_length} characters",
    "too_long": "it must have at most {max_length} members",
    "literal_error": "it must be {expected}",
    "enum": "it must be {expected}",
    "extra_forbidden": "there is no such member here",
}
"""By pydantic's name of the fault."""


def misformed(text: str, pattern: str) -> str:
    """That a text does not match a pattern."""
    if pattern in _FORMS:
        return told(_FORMS[pattern], text=repr(text[:50]))
    return told("%(text)s has not the form %(pattern)s", text=repr(text[:50]), pattern=pattern)


def said(fault: Mapping[str, Any]) -> str:
    """What is wrong by one of pydantic's findings."""
    context = fault.get("ctx", {})
    if fault["type"] == "string_too_short" and context["min_length"] == 1:
        return "it is empty"
    if fault["type"] == "string_pattern_mismatch":
        return misformed(str(fault.get("input", "")), context["pattern"])
    if fault["type"] in _SAID:
        return _SAID[fault["type"]].format(**context)
    return str(fault["msg"]).removeprefix("Value error, ")
