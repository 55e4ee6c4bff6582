"""Parses one Turtle file with pyoxigraph and keeps the line on which each statement ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from graph.errors import SourceSyntaxError

_REIFIES = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies")

Subject = NamedNode | BlankNode | Triple
Term = NamedNode | BlankNode | Literal | Triple


class Statement(NamedTuple):
    """One triple of a source file and the 1-based line on which the parser finished it."""

    subject: Subject
    predicate: NamedNode
    object: Term
    line: int


class _LineFeeder:
    """Hands the parser one line a read, so that what it yields next ends on the line handed last.

    The parser is written in Rust and reports no positions of its own but for errors.
    """

    def __init__(self, data: bytes) -> None:
        self._lines = iter(data.splitlines(keepends=True))
        self.line = 0

    def read(self, _size: int = -1) -> bytes:
        self.line += 1
        return next(self._lines, b"")


def read_turtle(path: Path, shown_as: str, errors: list[SourceSyntaxError]) -> Iterator[Statement]:
    """Yield the statements of a file in order; add each syntax error, with file, line and column, to ``errors``.

    The parser goes on behind the statement that it could not read, so that one run shows every error.
    """
    try:
        data = path.read_bytes()
        _require_utf8(data, shown_as)
    except OSError as error:
        errors.append(SourceSyntaxError(f"cannot be read: {error.strerror}", file=shown_as))
        return
    except SourceSyntaxError as error:
        errors.append(error)
        return
    feeder = _LineFeeder(data)
    quads = parse(feeder, format=RdfFormat.TURTLE)  # type: ignore[arg-type]  # any object with read() serves
    while True:
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
                yield Statement(quad.subject, quad.predicate, quad.object, feeder.line)


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
