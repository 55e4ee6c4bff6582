"""Answers one query in the worker: looks, selects, runs, and lets the engine write the bytes as they come."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, cast

import pyoxigraph
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, Store

from graph.isolation import frames
from graph.isolation.codepoints import read_escapes, unescaped
from graph.isolation.rows import RowCounter
from graph.isolation.scan import UPDATES, Survey, is_plain, redirect, survey, tokens
from graph.isolation.selection import UnusableGraphName, select, usable_base
from graph.isolation.syntax import explain
from graph.isolation.xml import OTHER_FORMS, NoXml, XmlText

DEEPEST = 400
"""Levels of brackets; beyond it a query is refused before the engine's parser recurses into it."""

PIECE = 256 * 1024
"""Bytes of an answer that go to the parent at a time; an answer below that goes whole, in one frame."""

_FAULTS_OF_FORMS = {
    "JSON-LD ": "JSON-LD cannot hold triple terms; ask for Turtle, N-Triples or RDF/XML",
    "RDF/XML ": "a property or class is a word of RDF/XML's own syntax; ask for Turtle, N-Triples or JSON-LD",
}
"""How the engine begins to tell of a graph that a form cannot hold -> what the client is told."""

_FAULTS_OF_FILES = ("Corruption: ", "IO error: ")  # as the engine's store begins to tell of them

_UNKNOWN_FUNCTION = re.compile(r"The custom function (<[^>]*>) is not supported")
_MISCALLED = re.compile(
    r"The custom function (<[^>]*>) requires between (\d+) and (\d+) arguments, but (\d+) were given"
)

_KINDS = {QuerySolutions: "solutions", QueryBoolean: "boolean", QueryTriples: "graph"}

_solutions_format = lru_cache(maxsize=16)(QueryResultsFormat.from_media_type)

_WITH_PREFIXES = frozenset({RdfFormat.TURTLE, RdfFormat.RDF_XML})


class Refusal(Exception):
    """The query is not answered, or not to its end; ``kind`` is what the parent makes its error from."""

    def __init__(self, kind: str, message: str, line: int | None = None, column: int | None = None) -> None:
        self.kind, self.line, self.column = kind, line, column
        super().__init__(message)


def answer(store: Store, job: dict[str, Any], out: int) -> Output:
    """Write the answer; its ``end`` is left to send. Raises Refusal, MemoryError."""
    original: str = job["query"]
    query = job["query"] = unescaped(original)
    seen = Survey() if is_plain(query, DEEPEST) else survey(query)
    endpoints: list[str] = job["endpoints"]
    _refuse(seen, endpoints)
    aimed = redirect(query, lambda endpoint: f"{job['relay']}{endpoints.index(endpoint)}") if seen.services else query
    base = usable_base(job["base"])
    try:
        chosen, dataset = select(store, seen, base, job["default_graphs"], job["named_graphs"])
        results = chosen.query(aimed, base_iri=base, **dataset)
    except UnusableGraphName as error:
        raise Refusal("syntax", str(error)) from error
    except SyntaxError as error:
        if (read := survey(query)).form in UPDATES:
            raise _update(original, read) from error
        told = explain(read_escapes(original), error, lambda text: store.query(_harmless(text), base_iri=base))
        raise Refusal("syntax", *told) from error
    except (RuntimeError, ValueError, OSError) as error:
        raise _stopped(error, seen, job) from error
    return _write(results, job, seen, out)


def _update(original: str, read: Survey) -> Refusal:
    line, column = read_escapes(original).line_and_column(len(read.prologue))
    told = f"line {line}, column {column}: {read.form} is an update; this endpoint answers queries only"
    return Refusal("update", told, line, column)


def _harmless(query: str) -> str:
    """A query of the same length whose calls go nowhere, should it turn out that it can be read and is run."""
    return redirect(query, lambda endpoint: f"x{endpoint[1:]}")


def _stopped(error: Exception, seen: Survey, job: dict[str, Any]) -> Refusal:
    """What an error of the engine means, once the query has been read."""
    words = str(error)
    if (told := _FAULTS_OF_FORMS.get(words[:8])) is not None:
        return Refusal("not_acceptable", told)
    if job["relay"] in words:  # the relay refused, and its words are the payload that the engine tells
        refused = words.partition("with payload:")[2].strip()
        return Refusal("call", refused or _named_outside(words, job))
    if seen.services and "function" not in words:  # all else that a query may do wrong is seen before it runs
        called = " or ".join(sorted({f"<{call.endpoint}>" for call in seen.services if not call.inner}))
        return Refusal("call", f"what SERVICE {called} answered cannot be read: {words}")
    if isinstance(error, OSError) or words.startswith(_FAULTS_OF_FILES):
        return Refusal("failed", words)
    return Refusal("evaluation", _of_function(words))


def _of_function(words: str) -> str:
    """The engine's words for a function that it does not know, or not so called."""
    if (unknown := _UNKNOWN_FUNCTION.fullmatch(words)) is not None:
        return f"the function {unknown[1]} is not known here; SPARQL 1.1's own functions are, and its casts"
    if (miscalled := _MISCALLED.fullmatch(words)) is not None:
        name, least, most, given = miscalled.groups()
        takes = least if least == most else f"{least} to {most}"
        return f"the function {name} is given {given} arguments and takes {takes}"
    return words


def _named_outside(words: str, job: dict[str, Any]) -> str:
    """The engine's words with the endpoints in the place of the relay's addresses for them."""
    for index, endpoint in reversed(list(enumerate(job["endpoints"]))):
        words = words.replace(f"{job['relay']}{index}", f"<{endpoint}>")
    return f"what an endpoint answered cannot be read: {words}"


def _refuse(seen: Survey, endpoints: Sequence[str]) -> None:
    if seen.depth > DEEPEST:
        raise Refusal("deep", f"the query nests brackets {seen.depth} deep; at most {DEEPEST} levels are read")
    for service in (call.endpoint for call in seen.services):
        if service not in endpoints:
            what = f"SERVICE <{service}>" if service is not None else "SERVICE with anything but a full IRI"
            raise Refusal("service", f"{what} is closed here")


def _write(
    results: QuerySolutions | QueryBoolean | QueryTriples, job: dict[str, Any], seen: Survey, out: int
) -> Output:
    kind = _KINDS[type(results)]
    media_type = job["graphs" if kind == "graph" else "solutions"]
    if media_type is None:
        takes = "a graph: Turtle, N-Triples, RDF/XML, JSON-LD, N-Quads or TriG"
        if kind != "graph":
            takes = f"{kind}: SPARQL JSON, XML, CSV or TSV"
        raise Refusal("not_acceptable", f"the answer is {takes}; the request accepts none of these")
    output = Output(out, kind, media_type, job["rows"], job["size"])
    try:
        _serialize(results, media_type, output, job)
    except (RuntimeError, ValueError, OSError) as error:
        raise output.refusal or _stopped(error, seen, job) from error
    return output


def _serialize(
    results: QuerySolutions | QueryBoolean | QueryTriples,
    media_type: str,
    output: Output,
    job: dict[str, Any],
) -> None:
    if not isinstance(results, QueryTriples):
        results.serialize(output=cast(Any, output), format=_solutions_format(media_type))
        return
    form = RdfFormat.from_media_type(media_type)
    if form in _WITH_PREFIXES and (prefixes := _prefixes(job["query"], job["prefixes"])):
        pyoxigraph.serialize(results, cast(Any, output), form, prefixes=prefixes)
    else:
        results.serialize(output=cast(Any, output), format=form)


def _prefixes(query: str, given: dict[str, str]) -> dict[str, str]:
    """The prefixes to write a graph with: those given, and over them the query's own."""
    prefixes, found = dict(given), list(tokens(query))
    for keyword, name, iri in zip(found, found[1:], found[2:], strict=False):
        if keyword.keyword == "PREFIX" and name.text.endswith(":") and iri.kind == "iri" and ":" in iri.text:
            prefixes[name.text[:-1]] = iri.text[1:-1]
    return prefixes


class Output:
    """The file that the engine writes to: cuts the bytes into frames and holds the row and byte limits."""

    def __init__(self, out: int, kind: str, media_type: str, most_rows: int | None, most_bytes: int | None) -> None:
        self._out, self._begun = out, False
        self._kind = kind[0].encode("ascii")
        self._most_rows, self._most_bytes = most_rows, most_bytes
        self._counter = RowCounter(media_type if kind == "solutions" else "")
        self._size, self._pending = 0, bytearray()
        self._xml = XmlText(media_type) if media_type in OTHER_FORMS else None
        self.refusal: Refusal | None = None

    def write(self, piece: bytes) -> int:
        """Take bytes from the engine. Raises Refusal, which the engine may tell as another error."""
        self._size += len(piece)
        if self._most_bytes is not None and self._size > self._most_bytes:
            self.refusal = Refusal(
                "size", f"the answer has more than {self._most_bytes} bytes; ask for less, or add a LIMIT"
            )
            raise self.refusal
        self._pending += piece
        if len(self._pending) >= PIECE:
            self._count()
            self._send()
        return len(piece)

    def flush(self) -> None:
        """The engine flushes at its end; what is pending waits for ``end``."""

    def end(self, reusable: Callable[[], bool]) -> None:
        """Send what is left and say that the answer is whole, and whether this worker may be used again.

        Raises Refusal.
        """
        self._count()
        state = frames.STATE.pack(self._kind, reusable(), self._counter.rows)
        if self._begun:
            data = [(frames.DATA, self._pending)] if self._pending else []
            frames.send_together(self._out, *data, (frames.END, state))
        else:
            self._pending[:0] = state
            frames.send(self._out, frames.WHOLE, self._pending)

    def _count(self) -> None:
        if self._xml is not None:
            try:
                self._pending = self._xml.fit(self._pending)
            except NoXml as error:
                self.refusal = Refusal("not_acceptable", str(error))
                raise self.refusal from error
        self._counter.feed(self._pending)
        if self._most_rows is not None and self._counter.rows > self._most_rows:
            self.refusal = Refusal("size", f"the answer has more than {self._most_rows} rows; add a LIMIT")
            raise self.refusal

    def _send(self) -> None:
        data = (frames.DATA, self._pending)
        head = (frames.HEAD, frames.STATE.pack(self._kind, False, 0))
        frames.send_together(self._out, *([data] if self._begun else [head, data]))
        self._begun = True
        self._pending = bytearray()
