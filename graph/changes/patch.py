"""Writes what differs as an RDF Patch, which Apache Jena and others apply: one deletion or addition a line."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import NAMESPACE_URL, uuid5

from graph.changes.difference import signed_lines
from graph.changes.dump import Dump
from graph.namespaces import BASE


def rdf_patch(old: Dump, new: Dump, names: tuple[str, str]) -> Iterator[bytes]:
    """The lines of the patch from ``old`` to ``new``; ``names`` are what the two are called, and give its id.

    Quads are deleted before others are added, in one transaction. The format: https://afs.github.io/rdf-patch/
    """
    yield f"H id <urn:uuid:{uuid5(NAMESPACE_URL, f'{BASE}changes/{names[0]}/{names[1]}')}> .\n".encode()
    yield b"TX .\n"
    for wanted in ("D", "A"):
        for sign, line in signed_lines(old, new):
            if sign == wanted:
                yield sign.encode() + b" " + line
    yield b"TC .\n"
