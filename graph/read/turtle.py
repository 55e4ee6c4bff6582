"""Parses Turtle and TriG with pyoxigraph and keeps the line on which each statement ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, Triple, parse

from graph.errors import SourceSyntaxError

_REIFIES = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies")

Subject = NamedNode | BlankNode | Triple
Term = NamedNode | BlankNode | Literal | Triple
Graph = NamedNode | BlankNode | DefaultGraph


class Statement(NamedTuple):
    """One triple of a source file and the 1-based line on which the parser finished it."""

    subject: Subject
    predicate: NamedNode
    object: Term
    line: int


class _LineFeeder:
    """Hands the parser one line a read, so that what it yields next ends on the line handed last.

    A line longer than the parser asks for comes in pieces: more than it asked for would end the process.
    The parser is written in Rust and reports no positions of its own but for errors.
    """

    def __init__(self, data: bytes) -> None:
        self._lines = iter(data.splitlines(keepends=True))
        self.line = 0
        self._rest = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        if not self._rest and (following := next(self._lines, None)) is not None:
            # At the end of the file there is no further line to count.
            self.line += 1
            self._rest = memoryview(following)
        end = len(self._rest) if size < 0 else size
        piece, self._rest = self._rest[:end], self._rest[end:]
        return bytes(piece)


def read_turtle(path: Path, shown_as: str, errors: list[SourceSyntaxError]) -> Iterator[Statement]:
    """Yield the statements of a file in order; add each syntax error, with file, line and column, to ``errors``.

    The parser goes on behind the statement that it could not read, so that one run shows every error.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        errors.append(SourceSyntaxError(f"cannot be read: {error.strerror}", file=shown_as))
        return
    for statement, _ in read_statements(data, RdfFormat.TURTLE, shown_as, errors):
        yield statement


def read_statements(
    data: bytes, form: RdfFormat, shown_as: str, errors: list[SourceSyntaxError], most_errors: int | None = None
) -> Iterator[tuple[Statement, Graph]]:
    """Yield the statements of Turtle or TriG, each with its graph; no further than ``most_errors`` syntax errors."""
    try:
        _require_utf8(data, shown_as)
    except SourceSyntaxError as error:
        errors.append(error)
        return
    feeder = _LineFeeder(data)
    quads = parse(feeder, format=form)  # type: ignore[arg-type]  # any object with read() serves
    while most_errors is None or len(errors) < most_errors:
        try:
            quad = next(quads)
        except StopIteration:
            return
        except SyntaxError as error:
            reason = error.msg.partition(": ")[2] or error.msg
            errors.append(SourceSyntaxError(reason, file=shown_as, line=error.lineno, column=error.offset))
        else:
            if isinstance(quad.object, Triple) and (quad.predicate != _REIFIES or _nested(quad.object)):
                reason = "a statement may stand only in << >> or before {| |}, one level deep"
                errors.append(SourceSyntaxError(reason, file=shown_as, line=feeder.line))
            else:
                yield Statement(quad.subject, quad.predicate, quad.object, feeder.line), quad.graph_name


def _nested(triple: Triple) -> bool:
    return isinstance(triple.object, Triple)


def _require_utf8(data: bytes, shown_as: str) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise SourceSyntaxError(message, file=shown_as, line=line, column=column) from error
