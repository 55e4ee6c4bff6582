"""Folds a name to the form in which names are compared."""

from __future__ import annotations

import re
import unicodedata

_QUOTES = re.compile(r"[\"'«»“”„‘’`]")
_SPACE = re.compile(r"\s+")


def fold(name: str) -> str:
    """Case, diacritics, quotation marks and doubled spaces do not count when names are compared."""
    decomposed = unicodedata.normalize("NFKD", _QUOTES.sub("", name).casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SPACE.sub(" ", bare).strip()
