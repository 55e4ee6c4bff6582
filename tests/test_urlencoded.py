"""A query string is read as the standard library reads it, by whichever of the two ways."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest

from api.urlencoded import pairs


@pytest.mark.parametrize(
    "text",
    [
        "query=a%20b+c",
        "query=%41%zz",
        "query=%",
        "query=%2",
        "query=%+1",
        "query=%u0041",
        "query=%C3%A9",
        'query="x"',
        "query=a\\u0041",
        "query=%22%5C%0A%00%1f%7F",
        "query=a\nb",
        "query=\u00e9",
        "query=",
        "query=x=y",
        "query=a;b",
        "a=1&b=2",
        "=x",
        "query",
        "",
    ],
)
def test_both_ways_read_alike(text: str) -> None:
    assert pairs(text, 9) == parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=9)


def test_what_is_not_utf_8_is_told() -> None:
    with pytest.raises(UnicodeDecodeError):
        pairs("query=%FF", 9)


def test_too_many_are_refused() -> None:
    with pytest.raises(ValueError, match="fields"):
        pairs("a=1&b=2&c=3", 2)
