"""Makes a synthetic data set of this project's shape: the same number of articles and seed give the same bytes.

The ontology, the countries and the topics are the project's own; organisations, persons, places, programmes,
documents, events and articles are made up. ``python -m benchmarks.generator --help`` says how it is run.
"""

from __future__ import annotations

import argparse
import hashlib
import heapq
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from importlib.metadata import version
from importlib.resources import files
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, Literal, Quad, QuerySolutions, RdfFormat, Store, parse, serialize

from benchmarks.article import articles
from benchmarks.world import World
from graph.build.claims import expand
from graph.build.dataset import VERSION_INFO, Dataset
from graph.errors import EdugraphError, SourceSyntaxError
from graph.index.projection import FORMAT, write_index
from graph.namespaces import DATASET, PREFIXES, REGISTRY_GRAPH
from graph.publish.generation import CURRENT, Generation, current
from graph.publish.quality import write_quality
from graph.publish.shapes import checks_json, shapes_ntriples
from graph.read.sources import SourceFile, source_files
from graph.read.turtle import Statement
from graph.settings import Settings

SEED = 1
BATCH = 1000
"""Articles that are held in memory at a time; the rest of the work is sorted in files."""
_TAKEN = ("ontology/", "data/registry/countries.ttl", "data/registry/dataset.ttl", "data/registry/topics.ttl")
_MAKERS = ("article", "generator", "naming", "world")
"""The modules that decide what the data are."""
_COUNTED = {
    "triples": "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }",
    "classes": "SELECT (COUNT(DISTINCT ?class) AS ?n) WHERE { ?s a ?class }",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) WHERE { ?s ?p ?o }",
}


def batches(world: World, home: Path) -> Iterator[list[Quad]]:
    """The quads of the named graphs: first what all articles share, then BATCH articles at a time."""
    shared: list[Quad] = []
    for source in source_files(home):
        if source.shown_as.startswith(_TAKEN):
            shared += expand(_statements(source), source.graph).quads
    shared += expand(world.registry(), REGISTRY_GRAPH).quads
    shared.append(Quad(DATASET, VERSION_INFO, Literal(version("edugraph")), REGISTRY_GRAPH))
    yield shared
    made = articles(world)
    while some := list(islice(made, BATCH)):
        yield [quad for graph, statements in some for quad in expand(statements, graph).quads]


def lines(quads: Iterable[list[Quad]], scratch: Path) -> Iterator[bytes]:
    """The canonical N-Quads lines of all batches, sorted and each once; memory holds one batch at a time.

    Every batch is sorted into a file of its own in ``scratch``, and the files are merged.
    """
    with ExitStack() as opened:
        runs = []
        for number, batch in enumerate(quads):
            run = opened.enter_context((scratch / f"run-{number}").open("w+b"))
            run.writelines(Dataset(quads=batch).nquads())
            run.seek(0)
            runs.append(run)
        yield from map(itemgetter(0), groupby(heapq.merge(*runs)))


def write_nquads(world: World, home: Path, path: Path) -> str:
    """Write the whole data set; the SHA-256 of what was written."""
    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory(prefix=".sort-", dir=path.parent) as scratch, path.open("wb") as out:
        for line in lines(batches(world, home), Path(scratch)):
            digest.update(line)
            out.write(line)
    return digest.hexdigest()


def publish(world: World, home: Path, folder: Path, *, anew: bool = True) -> Generation:
    """Publish the data set as the current generation of ``folder``, without checking it; one made before is kept.

    Unless ``anew`` the one that is published there is taken as it is, though code or lists have changed since.
    """
    if not anew and (folder / CURRENT).is_symlink():
        return current(folder)
    name = _identifier(world, home)
    done = Generation(name, folder / name)
    if not (done.path / "manifest.json").is_file():
        folder.mkdir(parents=True, exist_ok=True)
        new = Generation(name, Path(tempfile.mkdtemp(prefix=".new-", dir=folder)))
        new.path.chmod(0o755)
        _fill(new, world, home)
        new.path.rename(done.path)
    link = folder / f".new-{CURRENT}"
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    link.replace(folder / CURRENT)
    return done


def _identifier(world: World, home: Path) -> str:
    """Another one whenever something changes that the generation is made from."""
    made_from = [source.path for source in source_files(home) if source.shown_as.startswith(_TAKEN)]
    made_from += [Path(__file__).with_name(f"{module}.py") for module in _MAKERS]
    digest = hashlib.sha256(f"{world.articles} {world.seed} {version('edugraph')} {FORMAT}".encode())
    for data in (*(path.read_bytes() for path in made_from), *_definitions()):
        digest.update(data)
    return digest.hexdigest()[:16]


def _definitions() -> Iterator[bytes]:
    """The queries that define what stands in the index."""
    for file in sorted(files("graph.queries").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".rq"):
            yield file.read_bytes()


def _fill(new: Generation, world: World, home: Path) -> None:
    digest = write_nquads(world, home, new.nquads)
    store = Store(str(new.store))
    store.bulk_load(path=str(new.nquads), format=RdfFormat.N_QUADS)
    store.optimize()
    store.flush()
    default = (quad.triple for quad in parse(path=str(new.nquads), format=RdfFormat.N_QUADS) if _in_default(quad))
    serialize(default, str(new.turtle), format=RdfFormat.TURTLE, prefixes=PREFIXES)
    write_index(store, new.index)
    new.shapes.write_bytes(shapes_ntriples(home / "shapes"))
    new.checks.write_bytes(checks_json(home / "shapes" / "checks"))
    write_quality(store, new, None, ())
    manifest = _manifest(world, store, digest)
    (new.path / "manifest.json").write_text(json.dumps({"id": new.id, **manifest}, indent=2) + "\n", "utf-8")


def _manifest(world: World, store: Store, digest: str) -> dict[str, Any]:
    return {
        "version": version("edugraph"),
        "source_commit": None,
        "synthetic": {"articles": world.articles, "seed": world.seed},
        "rdfc10_sha256": digest,
        "index_format": FORMAT,
        "counts": {
            **{name: _count(store, query) for name, query in _COUNTED.items()},
            "quads": len(store),
            "things": {"edg:Article": world.articles},
        },
        "checks": None,
    }


def _count(store: Store, query: str) -> int:
    solutions = store.query(query)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError("a SELECT has solutions")
    number = next(iter(solutions))["n"]
    return int(number.value) if isinstance(number, Literal) else 0


def _in_default(quad: Quad) -> bool:
    return isinstance(quad.graph_name, DefaultGraph)


def _statements(source: SourceFile) -> Iterator[Statement]:
    errors: list[SourceSyntaxError] = []
    yield from source.statements(errors)
    for error in errors:
        raise error


def make_world(articles: int, seed: int = SEED) -> World:
    """The world of so many articles; the same for the same seed."""
    return World(articles, seed)


def main() -> None:
    """Write N-Quads, or publish a generation that ``edugraph serve`` takes up through EDUGRAPH_BUILD_DIR."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generator", description=__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=SEED)
    target = parser.add_mutually_exclusive_group(required=True)
    target.add_argument("--nquads", type=Path, metavar="FILE", help="write the canonical N-Quads to FILE")
    target.add_argument("--publish", type=Path, metavar="FOLDER", help="publish a generation in FOLDER")
    args = parser.parse_args()
    world, home = make_world(args.articles, args.seed), Settings.from_env().home
    try:
        if args.nquads:
            print(write_nquads(world, home, args.nquads), args.nquads)
        else:
            generation = publish(world, home, args.publish)
            print(f"EDUGRAPH_BUILD_DIR={args.publish} edugraph serve  # generation {generation.id}")
    except EdugraphError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
