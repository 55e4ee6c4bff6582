"""What a build makes: the same bytes from the same input, one merge of all graphs, and a manifest that counts right."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
    serialize,
)

from graph.namespaces import EDG, RDF
from graph.publish.build import KEPT, build
from graph.publish.generation import Generation, current
from graph.settings import Settings
from tests.command import edugraph
from tests.homes import ROOT, article, make_home
from tests.service import environment

FILES = ("edugraph.nq", "edugraph.ttl", "index.sqlite", "manifest.json")
TYPE = NamedNode(RDF + "type")


@pytest.fixture(scope="module")
def generation(built: Path) -> Generation:
    return current(built)


@pytest.fixture(scope="module")
def quads(generation: Generation) -> list[Quad]:
    return list(parse(path=str(generation.nquads), format=RdfFormat.N_QUADS))


def shuffled_copy(home: Path, into: Path, seed: int) -> Path:
    """The same sources, created in another order, so that the file system lists them in another one."""
    files = sorted(path for path in home.rglob("*") if path.is_file())
    random.Random(seed).shuffle(files)
    for path in files:
        target = into / path.relative_to(home)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    return into


def test_same_input_same_bytes(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", tuple(f"article-{i}" for i in range(6)))
    made = []
    for seed in (0, 1, 4711):
        copy = shuffled_copy(home, tmp_path / f"copy-{seed}", seed)
        ended = _build(copy, seed)
        assert ended.returncode == 0, ended.stderr
        made.append({name: (current(copy / "build").path / name).read_bytes() for name in FILES})
        made[-1]["id"] = current(copy / "build").id.encode()
    assert made[0] == made[1] == made[2]


def _build(home: Path, seed: int) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-P", "-c", "from api.cli import main; main()", "build"]
    env = environment(home=home) | {"PYTHONHASHSEED": str(seed)}
    return subprocess.run(command, env=env, capture_output=True, timeout=60, check=False)


PARTS = """
import sys
from pathlib import Path
from pyoxigraph import RdfFormat, Store
from graph.build.dataset import build_dataset
from graph.index.projection import write_index
home, out = map(Path, sys.argv[1:])
out.mkdir()
nquads = b"".join(build_dataset(home).nquads())
(out / "edugraph.nq").write_bytes(nquads)
store = Store(str(out / "store"))
store.bulk_load(nquads, format=RdfFormat.N_QUADS)
write_index(store, out / "index.sqlite")
"""


@pytest.mark.parametrize("seed", [2, 3])
def test_real_sources_in_another_order_give_the_published_bytes(
    generation: Generation, tmp_path: Path, seed: int
) -> None:
    for part in ("ontology", "data"):
        shuffled_copy(ROOT / part, tmp_path / "home" / part, seed)
    env = environment() | {"PYTHONHASHSEED": str(seed)}
    subprocess.run([sys.executable, "-c", PARTS, tmp_path / "home", tmp_path / "out"], env=env, timeout=60, check=True)
    for name in ("edugraph.nq", "index.sqlite"):
        assert (tmp_path / "out" / name).read_bytes() == (generation.path / name).read_bytes(), name


def test_default_graph_is_the_union_of_the_named_graphs(generation: Generation, quads: list[Quad]) -> None:
    lines = generation.nquads.read_bytes().splitlines()
    assert len(lines) == len(set(lines))
    merged = [quad.triple for quad in quads if quad.graph_name == DefaultGraph()]
    named = {quad.triple for quad in quads if quad.graph_name != DefaultGraph()}
    assert len(merged) == len(set(merged))
    assert set(merged) == named
    turtle = Store()
    turtle.bulk_load(path=str(generation.turtle), format=RdfFormat.TURTLE)
    assert {quad.triple for quad in turtle} == named


def test_nquads_are_the_canonical_form_that_the_manifest_hashes(generation: Generation, quads: list[Quad]) -> None:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    written = serialize(dataset, format=RdfFormat.N_QUADS)
    assert written is not None
    canonical = b"".join(sorted(written.splitlines(keepends=True)))
    assert generation.nquads.read_bytes() == canonical
    assert generation.manifest["rdfc10_sha256"] == sha256(canonical).hexdigest()


def test_built_data_has_no_blank_node_and_no_triple_term(quads: list[Quad]) -> None:
    for quad in quads:
        for term in (quad.subject, quad.object, quad.graph_name):
            assert not isinstance(term, BlankNode), quad
        assert not hasattr(quad.object, "predicate"), quad


def test_the_store_holds_what_the_nquads_hold(generation: Generation, quads: list[Quad]) -> None:
    published, fresh = Store.read_only(str(generation.store)), Store()
    fresh.bulk_load(path=str(generation.nquads), format=RdfFormat.N_QUADS)
    assert set(published) == set(fresh) == set(quads)
    for path in sorted((ROOT / "data" / "questions").glob("*.rq")) + sorted((ROOT / "graph" / "queries").glob("*.rq")):
        query = path.read_text("utf-8")
        assert sorted(_rows(published, query)) == sorted(_rows(fresh, query)), path.name


def _rows(store: Store, query: str) -> Iterator[str]:
    results = store.query(query)
    if isinstance(results, QuerySolutions):
        yield from (str([str(term) for term in row]) for row in results)
    elif isinstance(results, QueryTriples):
        yield from (str(triple) for triple in results)
    else:
        yield str(bool(results))


def test_the_manifest_counts_what_is_there(generation: Generation, quads: list[Quad]) -> None:
    merged = [quad for quad in quads if quad.graph_name == DefaultGraph()]
    things: dict[str, set[str]] = {}
    for quad in merged:
        if quad.predicate == TYPE and isinstance(quad.object, NamedNode) and quad.object.value.startswith(EDG):
            name = "edg:" + quad.object.value.removeprefix(EDG)
            things.setdefault(name, set()).add(str(quad.subject))
    del things["edg:FactProperty"]
    assert generation.manifest["counts"] == {
        "triples": len(merged),
        "quads": len(quads),
        "classes": len({quad.object for quad in merged if quad.predicate == TYPE}),
        "properties": len({quad.predicate for quad in merged}),
        "things": {name: len(found) for name, found in sorted(things.items())},
    }
    assert generation.manifest["counts"]["things"]["edg:Article"] == 5
    assert generation.manifest["checks"]["conforms"] is True
    assert generation.manifest["id"] == generation.id == generation.path.name
    assert json.loads((generation.path / "manifest.json").read_text("utf-8")) == generation.manifest


def test_another_article_changes_no_iri_of_the_first(tmp_path: Path) -> None:
    homes = [make_home(tmp_path / "one", ("first",)), make_home(tmp_path / "two", ("another", "first", "third"))]
    before, after = (Counter(_lines_of(build(Settings(home=home)), "first")) for home in homes)
    assert before
    assert any(b"/claim/" in line and b"/evidence/" in line for line in before)
    assert before == after


def _lines_of(generation: Generation, name: str) -> list[bytes]:
    graph = f" <https://w3id.org/edugraph/article/{name}> .".encode()
    return [line for line in generation.nquads.read_bytes().splitlines() if line.endswith(graph)]


def test_a_moved_span_keeps_the_claim(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", ("first",))
    before = _claims(build(Settings(home=home)))
    source = home / "data" / "articles" / "first.ttl"
    source.write_text(source.read_text("utf-8").replace("#char=61,90", "#char=62,95"), "utf-8")
    assert _claims(build(Settings(home=home))) == before


def _claims(generation: Generation) -> set[str]:
    store = Store.read_only(str(generation.store))
    return {str(quad.subject) for quad in store.quads_for_pattern(None, TYPE, NamedNode(EDG + "Claim"))}


def test_a_finding_publishes_nothing(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", ("first",))
    assert edugraph("build", home=home).returncode == 0
    before = _tree(home / "build")
    source = home / "data" / "articles" / "first.ttl"
    source.write_text(
        source.read_text("utf-8").replace("edg:evidence <#char=61,90>", 'edg:capacity "as one"@en'), "utf-8"
    )
    ended = edugraph("build", home=home)
    assert ended.returncode == 1
    said = ended.stderr.decode()
    assert "data/articles/first.ttl:" in said
    assert "claim-evidence" in said
    assert "1 finding; nothing was published" in said
    assert "Traceback" not in said
    assert _tree(home / "build") == before


def test_findings_are_told_in_the_language_asked_for(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", ("first",))
    source = home / "data" / "articles" / "first.ttl"
    source.write_text(
        source.read_text("utf-8").replace("edg:evidence <#char=61,90>", 'edg:capacity "as one"@en'), "utf-8"
    )
    assert "fakts bez pierādījuma" in edugraph("build", "--lang", "lv", home=home).stderr.decode()
    ended = edugraph("build", "--lang", "xx", home=home)
    assert ended.returncode == 2
    assert "Traceback" not in ended.stderr.decode()


def test_a_home_without_a_claim_is_built(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", ())
    (home / "data" / "expect.toml").write_text("")
    ended = edugraph("build", home=home)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.decode().endswith(" 0 claims\n")


def test_broken_turtle_is_told_by_line_and_column_and_publishes_nothing(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", ("first",))
    assert edugraph("build", home=home).returncode == 0
    before = _tree(home / "build")
    source = home / "data" / "articles" / "first.ttl"
    lines = article("first").splitlines()
    lines.insert(12, "event:first edg:organisedBy org:: ] .")
    source.write_text("\n".join(lines), "utf-8")
    ended = edugraph("build", home=home)
    assert ended.returncode == 1
    assert "data/articles/first.ttl:13:" in ended.stderr.decode()
    assert _tree(home / "build") == before


def _tree(folder: Path) -> dict[str, bytes]:
    """Every name below the folder, and what each file or link holds."""
    held = {}
    for path in sorted(folder.rglob("*")):
        content = os.readlink(path).encode() if path.is_symlink() else path.read_bytes() if path.is_file() else b""
        held[str(path.relative_to(folder))] = content
    return held


def test_only_the_newest_generations_stay(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", ("first",))
    made = []
    for number in range(KEPT + 2):
        (home / "data" / "articles" / f"extra-{number}.ttl").write_text(article(f"extra-{number}"), "utf-8")
        made.append(build(Settings(home=home)).id)
    assert len(set(made)) == KEPT + 2
    assert {path.name for path in (home / "build").iterdir()} == {".lock", "changes", "current", *made[-KEPT:]}
    assert {path.stem for path in (home / "build" / "changes").iterdir()} == set(made[-KEPT:])
    assert current(home / "build").id == made[-1]


def test_going_back_to_an_older_state_serves_that_generation_again(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", ("first",))
    first = build(Settings(home=home))
    extra = home / "data" / "articles" / "extra.ttl"
    extra.write_text(article("extra"), "utf-8")
    assert build(Settings(home=home)).id != first.id
    extra.unlink()
    assert build(Settings(home=home)).id == first.id
    assert current(home / "build").id == first.id
