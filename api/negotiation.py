"""Chooses the form of an answer: by ``?format=``, else by Accept with its quality values and specificity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import mimeparse  # type: ignore[import-untyped]

from graph.told import Told, told

LONGEST_ACCEPT = 8192
"""Characters of an Accept header that are read; what follows is taken as not said."""


def negotiate(accept: str | None, offers: Sequence[str]) -> str | None:
    """The offer that fits an Accept header best, or None if the client takes none of them.

    The client's quality decides, then how exactly it named the offer, then the order of the offers, best first. No
    header, or an empty one, takes anything; a part of the header that is no media range is passed over.
    """
    if accept is None or not accept.strip():
        return offers[0] if offers else None
    ranges = _ranges(accept[:LONGEST_ACCEPT])
    best: tuple[float, float] = (0.0, -1.0)
    chosen: str | None = None
    for offer in offers:
        quality, fitness = mimeparse.quality_and_fitness_parsed(offer, ranges)
        if quality > 0 and (quality, fitness) > best:
            best, chosen = (quality, fitness), offer
    return chosen


def comes_as(types: Iterable[str]) -> Told:
    """What a 406 says to whom takes none of the media types that there are."""
    return told("this comes as %(types)s; ?format= chooses one", types=", ".join(types))


def no_such_format(name: str, names: Iterable[str]) -> Told:
    """What a 406 says of a name of a form that is none of those that there are."""
    message = told("%(text)s is none of %(there)s", text=repr(name[:50]), there=", ".join(names))
    return told("%(where)s: %(message)s", where="format", message=message)


def _ranges(accept: str) -> list[tuple[str, str, dict[str, str]]]:
    ranges = []
    for part in accept.lower().split(","):
        if part.strip():
            try:
                ranges.append(mimeparse.parse_media_range(part.strip()))
            except mimeparse.MimeTypeParseException:
                continue
    return ranges
