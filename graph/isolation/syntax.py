"""Turns the engine's syntax error into where the query breaks and what stands there; runs in the worker."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise

from graph.isolation.codepoints import Written
from graph.isolation.scan import Token, tokens

# The engine reports how far it looked, not where it stopped; the longest keyword it looks for has 12 letters.
GAP = " " * 20
LONGEST_SHOWN = 60
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
# Of what the engine "expected", only its sentences mean something to a reader.
_SENTENCE = re.compile(r"(?:expected |expected one of |, )([A-Z][A-Za-z]+(?: (?:[A-Za-z]+|\*)){2,})")


def explain(written: Written, error: SyntaxError, parse: Callable[[str], object]) -> tuple[str, int | None, int | None]:
    """The message, line and column of a syntax error, as the query was written; ``parse`` is asked once more.

    Between tokens set wide apart the engine's look-ahead cannot leave the token at which it failed, so its place
    then names the token.
    """
    query = written.text
    found = list(tokens(query))
    spread = "".join(token.text + GAP for token in found)
    place = _error(parse, spread)
    if place is None:  # the wide form is fine: only the engine's own place is left
        return _own_place(written, _error(parse, query) or str(error))
    told = _PLACE.match(place)
    if told is None:
        return str(error), None, None
    sentence = _sentence(told.group(3)) or _sentence(str(error))
    index = _at(found, _offset(spread, int(told.group(1)), int(told.group(2))))
    start, words = _words(query, found, index, sentence)
    line, column = written.line_and_column(start)
    return f"line {line}, column {column}: {words}", line, column


def _own_place(written: Written, error: str) -> tuple[str, int | None, int | None]:
    told = _PLACE.match(error)
    if told is None:
        return error, None, None
    line, column = written.line_and_column(_offset(written.text, int(told.group(1)), int(told.group(2))))
    sentence = _sentence(told.group(3))
    why = f" ({sentence})" if sentence else ""
    return f"line {line}, column {column}: the query cannot be read{why}", line, column


def _sentence(words: str) -> str:
    found = _SENTENCE.search(words)
    return found.group(1) if found else ""


def _words(query: str, found: list[Token], index: int, sentence: str) -> tuple[int, str]:
    """Where the query breaks, and what stands there; ``index`` is that of the token at which the engine failed."""
    opened = _unclosed(found)
    if opened is not None and opened.start <= (found[index].start if index < len(found) else len(query)):
        return opened.start, f"{opened.text} begins a string that does not end"
    if index == len(found):
        as_a_whole = f"the query ends here and is wrong as a whole ({sentence})"
        return len(query), as_a_whole if sentence else "the query ends where more is expected"
    first = _broken_iri(found, index) if sentence.startswith("IRI ") else index
    end = found[index].start + len(found[index].text)
    start = found[first].start
    why = sentence if first < index else _of_prefix(found, index) or sentence
    return start, f"{_shown(query[start:end])} cannot stand here" + (f" ({why})" if why else "")


def _unclosed(found: list[Token]) -> Token | None:
    """The first quote that closes nothing and is closed by nothing: outside a string no quote can stand alone."""
    for before, token in zip([None, *found], found, strict=False):
        if token.kind == "mark" and token.text in ("'", '"'):
            if before is not None and before.text == token.text * 2 and before.start + 2 == token.start:
                return Token("mark", token.text * 3, before.start)
            return token
    return None


def _broken_iri(found: list[Token], index: int) -> int:
    """Of a > that ends what is no IRI, the index of its <; of all else the index itself."""
    if found[index].text == ">":
        return next((first for first in range(index, -1, -1) if found[first].text == "<"), index)
    return index


def _of_prefix(found: list[Token], index: int) -> str:
    """What is wrong with the prefix of a name, if something is."""
    name = found[index]
    if name.kind != "name" or name.text.startswith("_:"):
        return ""
    if index > 1 and found[index - 2].keyword == "PREFIX":
        return "an IRI stands between < and >"
    prefix = name.text.partition(":")[0] + ":"
    declared = {after.text for token, after in pairwise(found) if token.keyword == "PREFIX"}
    return "" if prefix in declared else f"Prefix not found; declare it with PREFIX {prefix} <...>"


def _shown(text: str) -> str:
    """The text as a person can see it: short, and with the numbers of characters that cannot be seen."""
    seen = "".join(one if one.isprintable() or one in "\t\r\n" else f"U+{ord(one):04X}" for one in text)
    if seen != text and len(text) == 1:
        return f"the invisible character {seen}"
    return seen if len(seen) <= LONGEST_SHOWN else seen[: LONGEST_SHOWN - 3] + "..."


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


def _at(found: list[Token], offset: int) -> int:
    """The index of the token whose wide place holds ``offset``; past the last their number."""
    begin = 0
    for index, token in enumerate(found):
        begin += len(token.text) + len(GAP)
        if offset < begin:
            return index
    return len(found)
