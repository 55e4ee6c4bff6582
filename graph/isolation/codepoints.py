"""A query with its codepoint escapes read (SPARQL 1.1 Query, 19.2), and where each place of it was written.

The engine reads them within strings and IRIs. Everywhere else they are read here, in the worker, before anything looks
at the tokens: what is called or written by escapes is seen as what it is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

_ESCAPE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_PIECE = re.compile(
    rf"""
    \#[^\n\r]*
  | <(?:[^<>"{{}}|^`\\\x00-\x20]|{_ESCAPE})*>
  | '''(?:'{{0,2}}(?:[^'\\]|\\.))*''' | \"\"\"(?:"{{0,2}}(?:[^"\\]|\\.))*\"\"\"
  | '(?:[^'\\\n\r]|\\.)*' | "(?:[^"\\\n\r]|\\.)*"
  | \\[^uU]
  | (?P<escape>{_ESCAPE})
""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Written:
    """A query as the engine reads it, and the text that it was written as."""

    text: str
    original: str
    places: tuple[int, ...] = ()
    """Where, in ``text``, a character stands that was escaped."""
    longer: tuple[int, ...] = ()
    """By how much the original is the longer up to and with each of them."""

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Where, in the original, what stands at an offset of ``text`` was written, both counted from 1."""
        before = bisect_right(self.places, offset - 1)
        start = offset + (self.longer[before - 1] if before else 0)
        return self.original.count("\n", 0, start) + 1, start - (self.original.rfind("\n", 0, start) + 1) + 1


def unescaped(query: str) -> str:
    """The query with the escapes outside of strings, IRIs and comments replaced by what they stand for."""
    if "\\u" not in query and "\\U" not in query:  # as nearly all: nothing more is spent on them
        return query
    return read_escapes(query).text


def read_escapes(query: str) -> Written:
    """The same, with the places."""
    pieces, places, longer = [], [], []
    end = length = 0
    for found in _PIECE.finditer(query):
        escape = found["escape"]
        if escape is None or (letter := _letter(int(escape[2:], 16))) is None:
            continue
        pieces += [query[end : found.start()], letter]
        length += found.start() - end + 1
        end = found.end()
        places.append(length - 1)
        longer.append(end - length)
    return Written("".join([*pieces, query[end:]]), query, tuple(places), tuple(longer))


def _letter(number: int) -> str | None:
    """The character of a number; None where it is none, so that the escape stays and cannot be read."""
    if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF or number == 0:
        return None
    return chr(number)
