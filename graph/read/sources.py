"""Finds the source files of a home folder and says which named graph each one fills."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from graph.errors import SourceSyntaxError
from graph.namespaces import BASE, ONTOLOGY_GRAPH, REGISTRY_GRAPH
from graph.read.turtle import Statement, read_turtle


@dataclass(frozen=True)
class SourceFile:
    """One Turtle file, the graph it fills and its path as shown to people (relative to home)."""

    path: Path
    shown_as: str
    graph: NamedNode

    def statements(self, errors: list[SourceSyntaxError]) -> Iterator[Statement]:
        """Parse the file; what cannot be read is added to ``errors``."""
        return read_turtle(self.path, self.shown_as, errors)


def source_files(home: Path) -> list[SourceFile]:
    """Every Turtle source of ``home``, in the order of their paths whatever the file system says."""
    found = [
        SourceFile(path, path.relative_to(home).as_posix(), graph)
        for folder, graph in (("ontology", ONTOLOGY_GRAPH), ("data/registry", REGISTRY_GRAPH))
        for path in (home / folder).glob("*.ttl")
    ]
    found += [
        SourceFile(path, path.relative_to(home).as_posix(), NamedNode(f"{BASE}article/{path.stem}"))
        for path in (home / "data/articles").glob("*.ttl")
    ]
    return sorted(found, key=lambda source: source.shown_as)
