"""The query evaluation cases of the W3C for SPARQL 1.0 and 1.1 through HTTP: right as far as the engine itself is."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import Store, serialize

from tests.fetch_w3c import suites
from tests.service import serving
from tests.w3c_cases import Case, apart, cases, everything
from tests.w3c_results import Answer, answered, expected, read_answer

DEPARTURES = Path(__file__).parent / "fixtures" / "w3c" / "departures.csv"
CONFORMANCE = Path(__file__).parent.parent / "docs" / "conformance.md"
NO_DATA = "urn:no-data"  # no graph of the service is called so
ROWS = {
    ".srx": "application/sparql-results+xml",
    ".srj": "application/sparql-results+json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}
ENDINGS = {media: ending for ending, media in ROWS.items()} | {"text/turtle": ".ttl"}
CASES = cases(suites()) if suites().is_dir() else []
LOCAL = [case for case in CASES if not case.federated]  # the others: see test_w3c_service.py
# Numbers beside strings, whose order SPARQL leaves open.
OPEN_ORDER = {"sparql11/functions/plus-1", "sparql11/functions/plus-2"}
ABSENT = "the W3C suites are not there: python -m tests.fetch_w3c"


def departures() -> dict[str, str]:
    """The cases that the engine answers otherwise, each with its reason."""
    with DEPARTURES.open(encoding="utf-8", newline="") as file:
        return {row["case"]: row["reason"] for row in csv.DictReader(file)}


@functools.cache
def all_data() -> Store:
    """Every file of data as a named graph, for the queries that choose with FROM."""
    store = Store()
    store.extend(everything(LOCAL))
    return store


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    if not CASES:
        pytest.skip(ABSENT)
    path = tmp_path_factory.mktemp("w3c") / "data.nq"
    serialize(iter(all_data()), path)
    with serving(str(path)) as service, service.client() as client:
        yield client


def ask(endpoint: httpx.Client, case: Case) -> Answer | None:
    """What the service answers; None where it refuses."""
    chosen: dict[str, str | list[str]] = {}
    if not case.names_data:
        default = [apart(address) for address in case.data] or [NO_DATA]
        chosen = {"default-graph-uri": default, "named-graph-uri": list(case.graphs)}
    wanted = ROWS.get(Path(case.result).suffix, ROWS[".srj"])
    accept = f"{wanted}, text/turtle;q=0.5"
    answer = endpoint.post("/sparql", data={"query": case.text, **chosen}, headers={"accept": accept})
    if answer.status_code == 400:
        return None
    assert answer.status_code == 200, answer.text
    ending = ENDINGS[answer.headers["content-type"].partition(";")[0]]
    return read_answer(answer.content, ending, case.query)


def ask_engine(case: Case) -> Answer | None:
    """What the engine answers in this process, asked in the plainest way."""
    store = all_data()
    if not case.names_data:
        store = Store()
        store.extend(case.quads())
    try:
        return answered(store.query(case.text))
    except SyntaxError:
        return None


@pytest.mark.skipif(not CASES, reason=ABSENT)
@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in LOCAL])
def test_a_case_is_right_as_far_as_the_engine_is(endpoint: httpx.Client, case: Case) -> None:
    right, indexed = expected(case.path(case.result), case.result)
    sorts = re.search(r"\bORDER\s+BY\b", case.text.rpartition("}")[2], re.IGNORECASE) is not None
    ordered = indexed or (sorts and case.name not in OPEN_ORDER)
    got = ask(endpoint, case)
    agrees = got is not None and got.same(right, ordered=ordered, lax=case.lax)
    reason = departures().get(case.name)
    if reason is None:
        assert agrees, f"got {got}, right is {right}"
        return
    assert not agrees, f"it is right now: take it off {DEPARTURES.name}"
    engine = ask_engine(case)
    assert engine is None or not engine.same(right, ordered=ordered, lax=case.lax), "the engine alone gets it right"
    assert (got is None) == (engine is None)


@pytest.mark.skipif(not CASES, reason=ABSENT)
def test_every_departure_is_a_case() -> None:
    assert departures().keys() <= {case.name for case in LOCAL}
    assert len(CASES) > 500


@pytest.mark.skipif(not CASES, reason=ABSENT)
def test_the_figures_of_the_documentation() -> None:
    told = f"{len(LOCAL) - len(departures())} of {len(LOCAL)}"
    assert told in CONFORMANCE.read_text("utf-8")
