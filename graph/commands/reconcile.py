"""``edugraph reconcile``: a column of names in a CSV file, matched against the graph."""

from __future__ import annotations

import csv
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Annotated, TextIO

import typer

from graph.commands.output import standard_output
from graph.errors import InputError
from graph.publish.generation import current
from graph.query.index import Index, languages_meant
from graph.search.find import LONGEST, class_of
from graph.search.reconcile import Candidate, Query
from graph.search.reconcile import reconcile as candidates
from graph.settings import Settings

ADDED = ("iri", "score", "match", "label")
"""The columns that are added, each with the prefix ``edugraph_``."""
PREFIX = "edugraph_"
LONGEST_CELL = 1024**2


def reconcile(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="A CSV file in UTF-8 with a header.")],
    column: Annotated[str, typer.Option(help="The column with the names.")],
    type_name: Annotated[str | None, typer.Option("--type", help="Only things of this class.")] = None,
    lang: Annotated[str, typer.Option(help="Languages of the labels, the best first, such as lv,ru.")] = "en",
    least: Annotated[float, typer.Option(min=0, max=100, help="Leave the columns empty below this score.")] = 60.0,
    out: Annotated[Path | None, typer.Option(help="Write here; by default to standard output.")] = None,
) -> None:
    """Add to each row the best thing for its name: IRI, score, whether it is certain, and label."""
    if out is not None and out.exists() and file.exists() and out.samefile(file):
        raise InputError(f"{out} is the input; write to another file")
    settings = Settings.from_env()
    chain = languages_meant(lang)
    with closing(Index(current(settings.generations))) as index:
        types = (class_of(index, type_name),) if type_name is not None else ()

        @lru_cache(maxsize=16384)
        def best(name: str) -> tuple[str, str, str, str]:
            found = candidates(index, Query(name, types, limit=1), chain) if name else []
            return _cells(index, found[0], chain) if found and found[0].score >= least else ("", "", "", "")

        rows = _rows(file, column)
        header, place = next(rows)  # the header comes with the place of the column, each row with its line
        with _output(out) as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow([*header, *(PREFIX + name for name in ADDED)])
            for row, line in rows:
                name = row[place].strip()
                if len(name) > LONGEST:
                    raise InputError(f"{file}:{line}: the name has {len(name)} characters; at most {LONGEST}")
                writer.writerow([*row, *best(name)])


def _cells(index: Index, one: Candidate, chain: tuple[str, ...]) -> tuple[str, str, str, str]:
    return one.iri, f"{one.score:.1f}", "true" if one.match else "false", index.label(one.iri, chain).text


def _rows(file: Path, column: str) -> Iterator[tuple[list[str], int]]:
    """The header with the place of the column, then each row with its line. Raises InputError with what is wrong."""
    csv.field_size_limit(LONGEST_CELL)
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            header = next(reader, None)
            if header is None:
                raise InputError(f"{file} is empty; it needs a header and rows")
            place = _place(file, header, column)
            yield header, place
            for row in reader:
                if not row and len(header) == 1:
                    row = [""]  # how an empty cell is written where there is one column; the rows stay in step
                if not row:
                    continue
                if len(row) != len(header):
                    where = f"{file}:{reader.line_num}"
                    raise InputError(f"{where}: the row has {len(row)} cells where the header has {len(header)}")
                yield row, reader.line_num
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8: {error.reason} at byte {error.start}; save it as UTF-8") from error
    except csv.Error as error:
        raise InputError(f"{file}:{reader.line_num}: this is not CSV: {error}") from error


def _place(file: Path, header: list[str], column: str) -> int:
    taken = [PREFIX + name for name in ADDED if PREFIX + name in header]
    if taken:
        raise InputError(f"{file} has a column {taken[0]!r} already; rename it")
    for mark, marks in ((";", "semicolons"), ("\t", "tabs")):  # as spreadsheets save where the comma is decimal
        if len(header) == 1 and mark in header[0] and column in header[0].split(mark):
            raise InputError(f"{file} has {marks} between its cells; save it with commas")
    if header.count(column) != 1:
        said = "several columns" if column in header else "no column"
        raise InputError(f"{file} has {said} {column!r}; there are: {', '.join(header)}")
    return header.index(column)


@contextmanager
def _output(out: Path | None) -> Iterator[TextIO]:
    """Standard output, or a file that stands there only once it is whole."""
    if out is None:
        with standard_output():
            yield sys.stdout
        return
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{out.name}-", dir=out.parent)
    except OSError as error:
        raise InputError(f"{out} cannot be written: {error.strerror or error}") from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as stream:
            yield stream
        Path(name).chmod(0o644)
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
