"""The cases of the W3C for SERVICE, through HTTP, with services of this machine in the place of the endpoints.

Two services stand for all endpoints: an endpoint is told apart by the ``default-graph-uri`` in its address, and the
IRIs of the cases' endpoints are rewritten in the query to these addresses. The one that a case calls may itself call
the other, for a SERVICE within a SERVICE. What is to be unreachable is a port on which nobody listens.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from pyoxigraph import Store, serialize

from tests.fetch_w3c import suites
from tests.service import Service, serving
from tests.w3c_cases import Case, apart, cases, everything
from tests.w3c_results import expected, read_answer

ABSENT = "the W3C suites are not there: python -m tests.fetch_w3c"
NOBODY = "http://127.0.0.1:1/sparql"
DEAD = "http://invalid.endpoint.org/sparql"
INNER = "http://example2.org/sparql"
NO_DATA = "urn:no-data"  # no graph of the services is called so
CASES = [case for case in cases(suites()) if case.federated] if suites().is_dir() else []
REFUSED = "sparql11/service/service5"
"""Its SERVICE stands before a variable, which is closed here; the engine alone fails it too: it is not bound there."""


@dataclass
class World:
    """The service that is asked, and where the endpoints of the cases are on this machine."""

    asked: httpx.Client
    places: dict[tuple[str, str], str]

    def query(self, case: Case) -> str:
        """The query with the endpoints' IRIs rewritten to those of this machine."""
        text = case.text.replace(f"<{DEAD}>", f"<{NOBODY}>")
        for name, data in case.endpoints:
            text = text.replace(f"<{name}>", f"<{self.places[name, data]}>")
        return text


def place(service: Service, data: str) -> str:
    """The address of an endpoint whose default graph is this file."""
    return f"{service.url}/sparql?{urlencode({'default-graph-uri': apart(data)})}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    if not CASES:
        pytest.skip(ABSENT)
    path = str(tmp_path_factory.mktemp("w3c") / "data.nq")
    store = Store()
    store.extend(everything(CASES))
    serialize(iter(store), path)
    pairs = sorted({pair for case in CASES for pair in case.endpoints})
    with ExitStack() as held:
        inner = held.enter_context(serving(path))
        places = {pair: place(inner, pair[1]) for pair in pairs if pair[0] == INNER}
        outer = held.enter_context(serving(path, service_endpoints=" ".join([*places.values(), NOBODY])))
        places |= {pair: place(outer, pair[1]) for pair in pairs if pair[0] != INNER}
        listed = " ".join([*places.values(), NOBODY])
        asked = held.enter_context(serving(path, service_endpoints=listed))
        yield World(held.enter_context(asked.client()), places)


@pytest.mark.skipif(not CASES, reason=ABSENT)
@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_a_case_is_right(world: World, case: Case) -> None:
    default = [apart(address) for address in case.data] or [NO_DATA]
    answer = world.asked.post("/sparql", data={"query": world.query(case), "default-graph-uri": default})
    if case.name == REFUSED:
        assert answer.status_code == 403
        assert answer.json()["detail"] == "SERVICE with anything but a full IRI is closed here"
        return
    assert answer.status_code == 200, answer.text
    right, _ = expected(case.path(case.result), case.result)
    got = read_answer(answer.content, ".srj", case.query)
    assert got.same(right, ordered=False, lax=case.lax), f"got {got}, right is {right}"
    assert got.rows


@pytest.mark.skipif(not CASES, reason=ABSENT)
def test_every_case_of_the_manifest_is_asked() -> None:
    assert [case.name.rpartition("/")[2] for case in CASES] == [
        *("service1", "service2", "service3", "service4a", "service5", "service6", "service7")
    ]
    assert Path(CASES[0].path(CASES[0].query)).name == "service01.rq"
