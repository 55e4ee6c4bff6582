"""Builds and exports, by edugraph and by rdflib, each run as a process of its own that tells how long it took.

``python -m benchmarks.steps NAME PATH...`` writes seconds by step as JSON.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any
from unittest.mock import patch

from pyoxigraph import RdfFormat, Store, Triple, serialize

from benchmarks.article import articles
from benchmarks.world import World
from graph.read.turtle import Statement

Seconds = dict[str, float]
TAKEN = ("countries.ttl", "dataset.ttl", "topics.ttl")
"""The files of the registry that the synthetic data share with the curated ones."""
QUESTIONS = (
    *("qualifiers", "things", "names", "roles", "articles", "evidence", "claims", "linking", "descriptions"),
    *("when", "within", "whereabouts", "mentions", "topics", "kinds", "dated", "targets"),
)
"""The .rq files whose answers the index holds; links.rq is put together from these."""
RDFLIB_NAMES = {
    "turtle": "turtle",
    "ntriples": "nt",
    "nquads": "nquads",
    "trig": "trig",
    "jsonld": "json-ld",
    "rdfxml": "xml",
}
"""Our name of a format -> rdflib's; RDF 1.2 and the table of claims have no counterpart there."""


class TooLong(Exception):
    """A step was ended because it took too long."""


def run(name: str, *paths: Path | str, patience: float) -> Seconds:
    """The seconds of each step. Raises TooLong."""
    command = [sys.executable, "-m", "benchmarks.steps", name, *map(str, paths)]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=patience)
    except subprocess.TimeoutExpired as error:
        raise TooLong(f"{name} had not ended after {patience:g} s") from error
    told: Seconds = json.loads(done.stdout)
    return told


def write_home(world: World, home: Path, folder: Path) -> None:
    """The synthetic data as a home that ``edugraph build`` reads: one Turtle file for each article."""
    for part in ("ontology", "shapes"):
        copytree(home / part, folder / part)
    registry, told = folder / "data/registry", folder / "data/articles"
    registry.mkdir(parents=True)
    told.mkdir()
    for name in TAKEN:
        (registry / name).write_bytes((home / "data/registry" / name).read_bytes())
    (folder / "data/identity.csv").write_text(_head(home / "data/identity.csv"), "utf-8")
    (folder / "data/expect.toml").write_bytes((home / "data/expect.toml").read_bytes())
    _write(registry / "synthetic.ttl", world.registry())
    for graph, statements in articles(world):
        _write(told / f"{graph.value.rpartition('/')[2]}.ttl", statements)


def _write(path: Path, statements: Iterable[Statement]) -> None:
    triples = (Triple(one.subject, one.predicate, one.object) for one in statements)
    serialize(triples, str(path), format=RdfFormat.TURTLE)


def _head(path: Path) -> str:
    """The header of a table."""
    return path.read_text("utf-8").partition("\n")[0] + "\n"


def _build(home: str, folder: str, *, checked: bool = False) -> Seconds:
    """``edugraph build``, its checks left out; or with them, and published whatever they find."""
    import graph.publish.build as publishing
    from graph.build.dataset import build_dataset
    from graph.check.run import Progress, Report, check
    from graph.index.projection import write_index
    from graph.settings import Settings

    took = Seconds()

    def read(settings: Settings, progress: Progress) -> Report:
        if checked:
            return replace(check(settings, progress), findings=[])
        dataset = build_dataset(settings.home)
        return Report([], dataset, Store(), 0, 0)  # the store is for the checks

    settings = replace(Settings.from_env(), home=Path(home), build_dir=Path(folder))
    with (
        patch.object(publishing, "check", read),
        patch.object(publishing, "write_index", _timed(write_index, "index", took)),
    ):
        _timed(publishing.build, "build", took)(settings)
    return took


def _whole_build(home: str, folder: str) -> Seconds:
    return _build(home, folder, checked=True)


def _timed(step: Callable[..., Any], name: str, took: Seconds) -> Callable[..., Any]:
    def timed(*args: Any) -> Any:
        begin = time.perf_counter()
        try:
            return step(*args)
        finally:
            took[name] = time.perf_counter() - begin

    return timed


def _rdflib_dataset(nquads: str) -> Any:
    import rdflib

    dataset = rdflib.Dataset()
    dataset.parse(nquads, format="nquads")
    return dataset


def _rdflib_build(nquads: str, folder: str) -> Seconds:
    """rdflib reads the N-Quads and writes them sorted, and the default graph as Turtle."""
    begin = time.perf_counter()
    dataset = _rdflib_dataset(nquads)
    written = dataset.serialize(format="nquads", encoding="utf-8")
    Path(folder, "edugraph.nq").write_bytes(b"".join(sorted(written.splitlines(keepends=True))))
    dataset.default_graph.serialize(Path(folder, "edugraph.ttl"), format="turtle")
    return {"data": time.perf_counter() - begin}


def _rdflib_index(nquads: str, folder: str) -> Seconds:
    """The same, and rdflib answers the questions that the index holds, into tables."""
    from graph.queries import query_text

    took = _rdflib_build(nquads, folder)
    dataset = _rdflib_dataset(nquads)
    begin = time.perf_counter()
    for name in QUESTIONS:
        with Path(folder, f"{name}.csv").open("w", encoding="utf-8", newline="") as table:
            csv.writer(table).writerows(dataset.default_graph.query(query_text(name)))
    return took | {"index": time.perf_counter() - begin}


def _export(form: str, generation: str, out: str) -> Seconds:
    """``edugraph export --format``, into a file."""
    from graph.export.formats import FORMATS
    from graph.export.write import write_export
    from graph.publish.generation import Generation

    begin = time.perf_counter()
    with Path(out).open("wb") as file:
        write_export(Generation(Path(generation).name, Path(generation)), FORMATS[form], file)
    return {"export": time.perf_counter() - begin}


def _rdflib_export(form: str, nquads: str, out: str) -> Seconds:
    """rdflib reads the same N-Quads and writes the same graphs in the format."""
    begin = time.perf_counter()
    dataset = _rdflib_dataset(nquads)
    written = dataset if form in ("nquads", "trig") else dataset.default_graph
    written.serialize(out, format=RDFLIB_NAMES[form], encoding="utf-8")
    return {"export": time.perf_counter() - begin}


_STEPS: dict[str, Callable[..., Seconds]] = {
    "build": _build,
    "whole-build": _whole_build,
    "rdflib-build": _rdflib_build,
    "rdflib-index": _rdflib_index,
    "export": _export,
    "rdflib-export": _rdflib_export,
}


def main() -> None:
    """Run one step and write what it took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.steps", description=__doc__)
    parser.add_argument("name", choices=list(_STEPS))
    parser.add_argument("path", nargs="+")
    args = parser.parse_args()
    json.dump(_STEPS[args.name](*args.path), sys.stdout)


if __name__ == "__main__":
    main()
