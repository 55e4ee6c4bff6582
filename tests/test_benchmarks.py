"""The benchmarks run, and their synthetic data are what they say: the same for the same seed, and of our shape.

Nothing here asserts a time.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from api.web.pages import PAGES
from benchmarks import asking, generator
from benchmarks.article import graph_of
from benchmarks.drawing import CLOCK, FRAMES, made, measured
from benchmarks.figures import Figures
from benchmarks.generator import batches, make_world, publish, write_nquads
from benchmarks.load import Plan, run
from benchmarks.pages import measure, table
from benchmarks.questions import questions
from benchmarks.site import REDIRECTS
from benchmarks.steps import RDFLIB_NAMES, write_home
from graph.build.dataset import Dataset, build_dataset
from graph.check.queries import load_checks
from graph.check.shacl import check_shapes, load_shapes
from graph.export.formats import FORMATS
from tests.service import ROOT, Service, serving

FEW = 20
FOR_EDITORS = frozenset({"thing-unused", "concept-unused", "term-unused"})
"""Checks that do not apply: they keep lists short by hand, and a Zipf tail is never all drawn. Beside them, the totals
of data/expect.toml count the curated articles, and there is no text to hold a synthetic one against."""


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The data of a few synthetic articles."""
    return Dataset(quads=[quad for batch in batches(make_world(FEW), ROOT) for quad in batch])


def test_same_seed_gives_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, again, other = (tmp_path / name for name in ("first.nq", "again.nq", "other.nq"))
    hashed = write_nquads(make_world(FEW, seed=5), ROOT, first)
    # How many articles are sorted at a time is no part of the result.
    monkeypatch.setattr(generator, "BATCH", 3)
    assert write_nquads(make_world(FEW, seed=5), ROOT, again) == hashed
    assert first.read_bytes() == again.read_bytes()
    assert write_nquads(make_world(FEW, seed=6), ROOT, other) != hashed


def test_nquads_are_what_the_build_would_write(tmp_path: Path, dataset: Dataset) -> None:
    write_nquads(make_world(FEW), ROOT, tmp_path / "data.nq")
    assert (tmp_path / "data.nq").read_bytes() == b"".join(dataset.nquads())


def test_data_pass_every_check_that_applies(dataset: Dataset) -> None:
    store = dataset.store()
    found = list(check_shapes(dataset, store, load_shapes(ROOT / "shapes")))
    for check in load_checks(ROOT / "shapes" / "checks"):
        found += check.run(dataset, store)
    assert [finding for finding in found if finding.check not in FOR_EDITORS] == []


def test_articles_have_the_size_that_the_design_measured() -> None:
    _, *made = batches(make_world(300), ROOT)
    quads = sum(len(batch) for batch in made) / 300
    assert 140 < quads < 175


def test_registry_grows_slower_than_the_articles_and_few_bodies_are_in_most() -> None:
    small, large = make_world(100).organisations.size, make_world(10_000).organisations.size
    assert small < large < 100 * small
    _, *made = batches(make_world(300), ROOT)
    popular = make_world(300).organisations[0]
    named = {quad.graph_name for batch in made for quad in batch if quad.object == popular}
    assert len(named) > 60


def test_published_generation_is_served_and_loaded(tmp_path: Path) -> None:
    world = make_world(FEW)
    generation = publish(world, ROOT, tmp_path)
    assert publish(world, ROOT, tmp_path) == generation
    body = world.organisations[0].value.rpartition("/")[2]
    count = "PREFIX edg: <https://w3id.org/edugraph/ontology#> SELECT (COUNT(*) AS ?n) { ?a a edg:Article }"
    with serving(build_dir=tmp_path) as service:
        assert service.get("/sparql", params={"query": count, "format": "csv"}).text.split() == ["n", str(FEW)]
        assert service.get(f"/organisations/{body}/links").status_code == 200
        assert service.get("/dataset", params={"format": "turtle"}).status_code == 200
        for title, query in questions(world).items():
            answer = service.get("/sparql", params={"query": query, "format": "json"}).json()
            assert answer.get("boolean", answer.get("results", {}).get("bindings")), title
        asked = list(questions(world).values())[:4]
        result = run(Plan(f"{service.url}/sparql", asked, connections=2, seconds=0.2))
    assert result.latencies
    assert result.failures == 0


def test_every_page_is_measured(tmp_path: Path) -> None:
    found = asyncio.run(measure(publish(make_world(FEW), ROOT, tmp_path), requests=2))
    assert {one.address.path: one.first.status for one in found if one.first.status != 200} == {}
    assert {len(one.times) for one in found} == {2}
    routes = {route.path for route in PAGES.routes} - REDIRECTS
    # The synthetic data have no members of these.
    empty = {f"/{name}/{{identifier}}" for name in ("commitments", "figures", "groups", "posts")}
    assert routes - {one.address.route for one in found} <= empty
    drawing = next(one for one in found if one.address.path == "/network")
    assert f"| `/network` | {len(drawing.first.body) / 1000:.1f} |" in "\n".join(table(found))


def test_lookups_are_measured_where_both_give_the_same_rows(tmp_path: Path) -> None:
    small = ["--articles", str(FEW), "--seconds", "0.1", "--rounds", "1", "--bodies", "5", "--engine", "edugraph"]
    kept = ["--data", str(tmp_path), "--figures", str(tmp_path / "figures.json"), "--without-rdflib"]
    told = _run("lookups", *small, *kept)
    assert told.returncode == 0, told.stderr
    figures = Figures(tmp_path / "figures.json").read()
    for name in ("links, all alike", "links as defined", "304", "suggest", "search with a typing error", "network"):
        measured = figures[f"{name}, requests a second"][str(FEW)]
        assert float(measured["value"]) > 0, name
    rows = [[cell.strip() for cell in line.split("|")] for line in told.stdout.splitlines()]
    assert {row[-2] for row in rows if len(row) == 9 and row[-2].isdigit()} == {"0"}, "failures"


def test_rows_of_both_forms_of_the_question_are_those_of_the_lookup(tmp_path: Path) -> None:
    world = make_world(FEW)
    generation = publish(world, ROOT, tmp_path)
    store = Store.read_only(str(generation.store))
    with serving(build_dir=tmp_path) as service:
        for body in asking.spread(world, 6):
            mine = asking.rows_of_lookup(service.get(asking.links_path(body)).json())
            for query in (asking.as_defined(body), asking.as_kindest(body)):
                solutions = store.query(query)
                assert isinstance(solutions, QuerySolutions)
                answer = json.loads(solutions.serialize(format=QueryResultsFormat.JSON) or b"")
                assert asking.rows_of_sparql(answer) == mine, body


def test_build_exports_start_and_memory_are_measured(tmp_path: Path) -> None:
    kept = ["--data", str(tmp_path), "--figures", str(tmp_path / "figures.json")]
    told = _run("building", "--articles", str(FEW), "--rounds", "1", *kept)
    assert told.returncode == 0, told.stderr
    figures = Figures(tmp_path / "figures.json").read()
    names = {"build without checks, seconds", "build, rdflib / edugraph", "start to ready, seconds"}
    names |= {f"export {form}, seconds" for form in FORMATS} | {
        f"export {form}, rdflib / edugraph" for form in RDFLIB_NAMES
    }
    assert names <= set(figures)
    assert 0 < figures["index, share of the build without checks"][str(FEW)]["value"] < 1  # type: ignore[operator]
    assert "| rdflib-index |" in told.stdout


def test_synthetic_sources_build_to_the_synthetic_data(tmp_path: Path, dataset: Dataset) -> None:
    write_home(make_world(FEW), ROOT, tmp_path / "home")
    built = build_dataset(tmp_path / "home")
    assert built.syntax_errors == []
    assert set(built.nquads()) ^ set(dataset.nquads()) == set()


def test_growth_is_a_table_and_a_plot_that_come_out_the_same_again(tmp_path: Path) -> None:
    figures, page = Figures(tmp_path / "figures.json"), tmp_path / "page.md"
    for size, value in ((100, 2.0), (10_000, 20.0)):
        figures.note("suggest, p99 ms", size, value)
        figures.note("304, requests a second", size, 5000)
    page.write_text("Before\n<!-- GROWTH -->\nold\n<!-- END GROWTH -->\nbehind\n", "utf-8")
    told = _run("growth", "--figures", str(figures.path), "--page", str(page))
    assert told.returncode == 0, told.stderr
    written = page.read_text("utf-8")
    assert "| suggest, p99 ms | 2 | 20 | 0.50 |" in written
    assert "| 304 of links, requests/s | 5,000 | 5,000 | 0.00 |" in written
    assert "old" not in written
    assert written.startswith("Before\n")
    assert written.endswith("\nbehind\n")
    if find_spec("matplotlib") is None:
        assert "the plot was left out" in told.stdout
        return
    drawn = (tmp_path / "growth.svg").read_bytes()
    _run("growth", "--figures", str(figures.path), "--page", str(page))
    assert (tmp_path / "growth.svg").read_bytes() == drawn
    assert page.read_text("utf-8") == written


def test_articles_are_told_apart_by_their_graph(dataset: Dataset) -> None:
    graphs = {quad.graph_name for quad in dataset.quads}
    assert {graph_of(number) for number in range(FEW)} < graphs


SCRIPTS = ["building", "drawing", "generator", "growth", "load", "lookups", "pages", "sparql", "steps"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_script_prints_its_help(script: str) -> None:
    told = _run(script, "--help")
    assert told.returncode == 0, told.stderr
    assert f"python -m benchmarks.{script}" in told.stdout


def _run(script: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", f"benchmarks.{script}", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_the_made_up_network_is_the_same_each_time() -> None:
    network = made(50, {"shapes": {}})
    assert network == made(50, {"shapes": {}})
    assert len(network["nodes"]) == 50
    ties = [(node, max(told, -1 - told)) for node, others in enumerate(network["edges"]) for told in others]
    assert {end for tie in ties for end in tie} == set(range(50))
    assert any(told < 0 for others in network["edges"] for told in others)  # not reported
    assert network["shapes"] == {}


def test_a_drawing_is_measured(browser: Browser, curated_service: Service) -> None:
    page = browser.new_page()
    page.add_init_script(CLOCK)
    drawn, frames = measured(page, curated_service.url, 12)
    assert drawn > 0
    assert len(frames) == FRAMES
    assert page.locator("#drawing").get_attribute("data-nodes") == "12"
