"""Reads Accept-Language into the chain of languages in which labels are wanted."""

from __future__ import annotations

from functools import lru_cache

from graph.query.index import language_chain

LONGEST_HEADER = 1024
"""Characters of the header that are read; what follows is taken as not said."""


@lru_cache(maxsize=256)
def preferred_languages(header: str | None) -> tuple[str, ...]:
    """The client's languages, best first (RFC 9110, 12.5.4); those of quality 0 and ``*`` are left out."""
    weighted: list[tuple[float, str]] = []
    for part in (header or "")[:LONGEST_HEADER].split(","):
        tag, _, parameters = part.partition(";")
        quality = _quality(parameters)
        if tag.strip() and tag.strip() != "*" and quality > 0:
            weighted.append((quality, tag.strip()))
    # A stable sort: languages of one quality stay in the order in which the client named them.
    return language_chain([tag for _, tag in sorted(weighted, key=lambda pair: -pair[0])])


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
