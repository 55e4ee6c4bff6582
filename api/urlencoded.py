"""Reads names and values as HTML forms and URLs write them."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl

import orjson

_BEYOND_ASCII = re.compile("%[89A-Fa-f]")


def pairs(text: str, most: int) -> list[tuple[str, str]]:
    """The names and values in order, as ``urllib.parse`` reads them.

    Raises UnicodeDecodeError where a value is not UTF-8, and ValueError beyond so many.
    """
    # One parameter is what most requests have; the reader of the library takes as long for it as a lookup does.
    name, equals, value = text.partition("=")
    if equals and name.isalpha() and "&" not in value and (plain := _decoded(value)) is not None:
        return [(name, plain)]
    return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=most)


def _decoded(value: str) -> str | None:
    """The value, or None if it takes more care: %41 is read as JSON's \\u0041, by a parser that is made for speed."""
    if not value.isascii() or not value.isprintable() or '"' in value or "\\" in value or _BEYOND_ASCII.search(value):
        return None
    try:
        escaped = value.replace("+", " ").replace("%", "\\u00")
        decoded: str = orjson.loads(f'"{escaped}"')
    except ValueError:  # a % that begins no escape
        return None
    return decoded
