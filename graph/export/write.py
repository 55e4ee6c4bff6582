"""Streams an export to a binary file: from the generation's own files where it is whole, from its store where not."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import IO

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, Triple, parse, serialize

from graph.errors import NothingBuilt
from graph.export.formats import ExportFormat
from graph.export.parts import Part
from graph.export.rdf12 import as_reifiers
from graph.export.selection import part_triples
from graph.export.table import csv_lines
from graph.namespaces import PREFIXES
from graph.publish.generation import Generation
from graph.query.index import Index


def write_export(generation: Generation, form: ExportFormat, out: IO[bytes], part: Part | None = None) -> None:
    """Write everything, or one part. Raises UnknownEntity before the first byte."""
    if part is None:
        _write_whole(generation, form, out)
    else:
        _write_triples(generation, form, part_triples(_open(generation), part), out)


def _write_whole(generation: Generation, form: ExportFormat, out: IO[bytes]) -> None:
    ready = {"turtle": generation.turtle, "nquads": generation.nquads}.get(form.name)
    if ready is not None:
        with ready.open("rb") as source:
            shutil.copyfileobj(source, out)
    elif form.quads and form.rdf is not None:
        serialize(_by_graph(generation), out, format=form.rdf, prefixes=PREFIXES)
    else:
        _write_triples(generation, form, _default_graph(generation), out)


def _write_triples(generation: Generation, form: ExportFormat, triples: Iterable[Triple], out: IO[bytes]) -> None:
    if form.rdf is None:
        with closing(Index(generation)) as index:
            out.writelines(csv_lines(index, _open(generation), triples))
        return
    written = as_reifiers(triples) if form.rdf12 else triples
    serialize(written, out, format=form.rdf, prefixes=None if form.rdf == RdfFormat.N_TRIPLES else PREFIXES)


def _default_graph(generation: Generation) -> Iterator[Triple]:
    """The default graph in canonical order."""
    return (quad.triple for quad in _quads(generation) if isinstance(quad.graph_name, DefaultGraph))


def _by_graph(generation: Generation) -> Iterator[Quad]:
    """All quads, one graph after the other, each in canonical order; no more than one named graph is held at once."""
    yield from (quad for quad in _quads(generation) if isinstance(quad.graph_name, DefaultGraph))
    store = _open(generation)
    for name in sorted(store.named_graphs(), key=str):
        yield from sorted(store.quads_for_pattern(None, None, None, name), key=str)


def _quads(generation: Generation) -> Iterator[Quad]:
    return iter(parse(path=str(generation.nquads), format=RdfFormat.N_QUADS))


def _open(generation: Generation) -> Store:
    try:
        return Store.read_only(str(generation.store))
    except OSError as error:
        raise NothingBuilt(f"{generation.store} cannot be opened: {error}; run 'edugraph build'") from error
