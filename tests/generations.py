"""Small generations for the query tests, made as a build makes them: bulk load, optimise, manifest, link."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from graph.publish.generation import CURRENT, Generation


def make_generation(folder: Path, name: str, nquads: Iterable[str], *, in_memory: bool = False) -> Generation:
    """A generation in ``folder`` with these N-Quads, published as the current one, to be read from disk or memory."""
    generation = Generation(id=name, path=folder / name)
    generation.path.mkdir(parents=True)
    store = ox.Store(str(generation.store))
    store.bulk_load(input="\n".join(nquads).encode(), format=ox.RdfFormat.N_QUADS)
    store.optimize()
    store.flush()
    if in_memory:
        store.dump(str(generation.nquads), ox.RdfFormat.N_QUADS)
    (generation.path / "manifest.json").write_text(json.dumps({"id": name, "counts": {"quads": len(store)}}), "utf-8")
    link = folder / f"{CURRENT}.new"
    link.symlink_to(name)
    os.replace(link, folder / CURRENT)
    return generation


def graphs() -> list[str]:
    """Two graphs that share a triple, and a default graph with one of its own."""
    shared = "<http://e/s> <http://e/p> <http://e/shared>"
    return [
        f"{shared} <http://e/one> .",
        f"{shared} <http://e/two> .",
        "<http://e/s> <http://e/p> <http://e/a> <http://e/one> .",
        "<http://e/s> <http://e/p> <http://e/b> <http://e/two> .",
        "<http://e/d> <http://e/p> <http://e/default> .",
    ]


def chain(length: int) -> list[str]:
    """A dense graph of two links from each of ``length`` nodes, with a label each; in the default graph."""
    return [
        line
        for i in range(length)
        for line in (
            f"<http://e/n{i}> <http://e/next> <http://e/n{(i + 1) % length}> .",
            f"<http://e/n{i}> <http://e/next> <http://e/n{(i * 7 + 3) % length}> .",
            f'<http://e/n{i}> <http://e/label> "node number {i}"@en .',
        )
    ]
