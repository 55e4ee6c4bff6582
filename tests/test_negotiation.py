"""The choice among forms by Accept: quality, then how exactly an offer was named, then the offers' own order."""

from __future__ import annotations

import pytest

from api.negotiation import negotiate

JSON, XML, CSV = "application/sparql-results+json", "application/sparql-results+xml", "text/csv"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("*", JSON),
        ("text/csv", CSV),
        ("TEXT/CSV", CSV),
        ("text/*", CSV),
        ("text/csv;q=0, */*", JSON),
        ("*/*;q=0.1, text/csv;q=0", JSON),
        ("text/*;q=0", None),
        ("application/*;q=0.5, text/csv;q=0.4", JSON),
        ("application/*;q=0.4, text/csv;q=0.5", CSV),
        ("application/sparql-results+xml, */*;q=0.1", XML),
        ("*/*, text/csv", CSV),
        ("application/sparql-results+json;q=0.5, text/csv;q=0.50", JSON),
        ("application/*, application/sparql-results+json;q=0.2", XML),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON),
        ('text/csv;header="present,x"', CSV),
        ("image/png", None),
        ("nonsense", None),
        ("nonsense, text/csv", CSV),
        ("text/csv;q=0", None),
        (", ,", None),
    ],
)
def test_chooses(accept: str | None, chosen: str | None) -> None:
    assert negotiate(accept, [JSON, XML, CSV]) == chosen


def test_nothing_is_chosen_from_nothing() -> None:
    assert negotiate("*/*", []) is None


def test_a_long_header_is_not_read_to_its_end() -> None:
    assert negotiate("image/png," * 100_000 + "text/csv", [CSV]) is None
