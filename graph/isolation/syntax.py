"""Turns the engine's syntax error into where the query breaks and what stands there; runs in the worker."""

from __future__ import annotations

import re
from collections.abc import Callable

from graph.isolation.scan import Token, tokens

# The engine reports how far it looked, not where it stopped; the longest keyword it looks for has 12 letters.
GAP = " " * 20
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
# Of what the engine "expected", only its sentences mean something to a reader.
_SENTENCE = re.compile(r"(?:expected |expected one of |, )([A-Z][A-Za-z]+(?: [A-Za-z]+){2,})")


def explain(query: str, error: SyntaxError, parse: Callable[[str], object]) -> tuple[str, int | None, int | None]:
    """The message, line and column of a syntax error; ``parse`` is asked once more.

    Between tokens set wide apart the engine's look-ahead cannot leave the token at which it failed, so its place
    then names the token.
    """
    found = list(tokens(query))
    spread = "".join(token.text + GAP for token in found)
    place = _error(parse, spread)
    if place is None:  # the wide form is fine: only the engine's own place is left
        found, place = [], _error(parse, query) or str(error)
    told = _PLACE.match(place)
    if told is None:
        return str(error), None, None
    sentence = _SENTENCE.search(told.group(3))
    why = f" ({sentence.group(1)})" if sentence else ""
    if not found:
        line, column = int(told.group(1)), int(told.group(2))
        return f"line {line}, column {column}: the query cannot be read{why}", line, column
    token = _at(found, _offset(spread, int(told.group(1)), int(told.group(2))))
    if token is None:
        line, column = _line_and_column(query, len(query))
        return f"line {line}, column {column}: the query ends where more is expected{why}", line, column
    line, column = _line_and_column(query, token.start)
    shown = token.text if len(token.text) <= 60 else token.text[:57] + "..."
    return f"line {line}, column {column}: {shown} cannot stand here{why}", line, column


def _error(parse: Callable[[str], object], text: str) -> str | None:
    try:
        parse(text)
    except SyntaxError as error:
        return str(error)
    return None


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return start + column - 1


def _at(found: list[Token], offset: int) -> Token | None:
    """The token whose wide place holds ``offset``; None past the last."""
    begin = 0
    for token in found:
        begin_next = begin + len(token.text) + len(GAP)
        if offset < begin_next:
            return token
        begin = begin_next
    return None


def _line_and_column(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1
