"""A data set as sorted N-Quads lines that can be walked in order and asked for one subject."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse, serialize

from graph.errors import InputError, SourceSyntaxError
from graph.private_folder import private_folder

FORMATS = {
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".trig": RdfFormat.TRIG,
    ".ttl": RdfFormat.TURTLE,
    ".rdf": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}
"""The endings of files that can be compared."""


@dataclass(frozen=True)
class Dump:
    """Lines of canonical N-Quads in the order of their bytes, each once; the default graph holds every triple."""

    data: mmap.mmap | bytes

    def __iter__(self) -> Iterator[bytes]:
        start = 0
        while start < len(self.data):
            end = self.data.find(b"\n", start) + 1 or len(self.data)
            yield self.data[start:end]
            start = end

    def about(self, iri: str) -> list[Quad]:
        """What the default graph says of one subject."""
        key = f"<{iri}> ".encode()
        found, start = [], self._first(key)
        while self.data[start : start + len(key)] == key:
            end = self.data.find(b"\n", start) + 1 or len(self.data)
            found.append(self.data[start:end])
            start = end
        return in_default_graph(found)

    def _first(self, key: bytes) -> int:
        """Where the first line stands that is not before ``key``."""
        low, high = 0, len(self.data)
        while low < high:
            middle = (low + high) // 2
            line = self.data.rfind(b"\n", low, middle) + 1 or low
            end = self.data.find(b"\n", line) + 1 or len(self.data)
            if self.data[line : line + len(key)] < key:
                low = end
            else:
                high = line
        return low


def in_default_graph(lines: list[bytes]) -> list[Quad]:
    """The quads of N-Quads lines that stand in the default graph."""
    quads = parse(b"".join(lines), format=RdfFormat.N_QUADS)
    return [quad for quad in quads if not isinstance(quad.graph_name, NamedNode)]


@contextmanager
def opened(path: Path) -> Iterator[Dump]:
    """The sorted N-Quads file of a generation, as it lies on the disk."""
    if path.stat().st_size == 0:
        yield Dump(b"")
        return
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield Dump(data)


@contextmanager
def sorted_dump(path: Path) -> Iterator[Dump]:
    """Any RDF file, sorted; a file that keeps nothing in the default graph gets the merge of its graphs there.

    Raises InputError where the ending says no format or a subject has no name, SourceSyntaxError with line and column.
    """
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise InputError(f"{path}: the ending says no format; known are {', '.join(FORMATS)}")
    if not path.is_file():
        raise InputError(f"{path}: there is no such file")
    with private_folder() as folder:
        target = folder / "sorted.nq"
        target.write_bytes(b"".join(_lines(path, form)))
        with opened(target) as dump:
            yield dump


def _lines(path: Path, form: RdfFormat) -> list[bytes]:
    try:
        quads = list(parse(path=str(path), format=form))
    except SyntaxError as error:
        reason = error.msg.partition(": ")[2] or error.msg
        raise SourceSyntaxError(reason, file=str(path), line=error.lineno, column=error.offset) from error
    for quad in quads:
        if any(isinstance(term, BlankNode) for term in (quad.subject, quad.object)):
            raise InputError(
                f"{path}: {quad} has a blank node; only things with an IRI can be followed from old to new"
            )
    if all(isinstance(quad.graph_name, NamedNode) for quad in quads):
        quads += [Quad(quad.subject, quad.predicate, quad.object) for quad in quads]
    written = serialize(quads, format=RdfFormat.N_QUADS) or b""
    return sorted(set(written.splitlines(keepends=True)))
