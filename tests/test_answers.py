"""Every JSON answer holds what its description says and nothing else, for every thing, and so do all examples."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from jsonschema import Draft202012Validator

from api.app import create_app
from graph.query.collections import COLLECTIONS
from graph.settings import Settings
from tests.service import Service

BATCH = '{"q0": {"query": "ЮНЕСКО"}, "q1": {"query": "ministry", "type": "Organisation"}, "q2": {"query": ""}}'
WANTED = (
    '{"ids": ["organisation/unesco", "event/2023-almaty-esd-seminar", "target/almaty-dormitory-beds"],'
    ' "properties": [{"id": "altLabel"}, {"id": "startDate"}, {"id": "value"}, {"id": "^organisedBy"}]}'
)
ADDRESSES = (
    "/health/live",
    "/health/ready",
    "/problem",
    "/problem/stale-cursor",
    "/claims?limit=1000",
    "/claims?limit=1000&explain=1&facets=modality,article",
    "/network",
    "/network?explain=1&projection=co-participation",
    "/network?actor=unesco&depth=2&measure=betweenness",
    "/network?actor=unesco&depth=3&limit=5",
    "/paths?from=unesco&to=almaty",
    "/paths?from=pixabay&to=riga&max_length=6&explain=1",
    "/paths?from=el.kz&to=pixabay&max_length=1",
    "/centrality",
    "/centrality?measure=betweenness&explain=1",
    "/timeline",
    "/timeline?from=2023&to=2023-06&limit=2",
    "/targets",
    "/targets?due_by=2026&limit=1",
    "/search?q=Beisembaev",
    "/search?q=almaty&limit=2",
    "/search?q=qqqqqq",
    "/suggest?q=unes",
    "/quality",
    "/quality?limit=1",
    "/changes",
    "/ontology",
    "/shapes",
    "/shapes/article",
    "/registry",
    "/dataset",
    "/catalogue",
    "/.well-known/void",
    "/reconcile",
    f"/reconcile?queries={quote(BATCH)}",
    f"/reconcile?extend={quote(WANTED)}",
    "/reconcile/properties?type=Organisation",
    "/reconcile/suggest/entity?prefix=une",
    "/reconcile/suggest/type?prefix=o",
    "/reconcile/suggest/property?prefix=",
    "/reconcile/flyout/entity?id=organisation/unesco",
)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(Settings()).openapi()


def closed(schema: Any) -> Any:
    """The schema, refusing each member that it does not name."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: part if name in ("examples", "example") else closed(part) for name, part in schema.items()}
    named = schema.get("type") == "object" and isinstance(schema.get("properties"), dict)
    return {"additionalProperties": False} | found if named else found


class Described:
    """What the OpenAPI document says of the JSON answers."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._paths, self._components = document["paths"], closed(document["components"])

    def faults(self, path: str, answer: Any) -> list[str]:
        """Where an answer departs from what its path says of it."""
        schema = self._paths[path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        return list(self.faults_in(schema, answer))

    def faults_in(self, schema: dict[str, Any], answer: Any) -> Iterator[str]:
        """Where an answer departs from a schema."""
        whole = {"components": self._components, **closed(schema)}
        for error in Draft202012Validator(whole).iter_errors(answer):
            yield f"{error.json_path}: {error.message[:300]}"


@pytest.fixture(scope="module")
def described(document: dict[str, Any]) -> Described:
    return Described(document)


def path_of(document: dict[str, Any], address: str) -> str:
    """The path of the document that an address is of."""
    asked = address.partition("?")[0]
    start = asked.rpartition("/")[0] + "/{"
    return (
        asked if asked in document["paths"] else str(next(path for path in document["paths"] if path.startswith(start)))
    )


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_is_as_described(
    curated_service: Service, described: Described, document: dict[str, Any], address: str
) -> None:
    answer = curated_service.get(address, headers={"accept": "application/json"})
    assert answer.status_code == 200, answer.text
    assert described.faults(path_of(document, address), answer.json()) == []


@pytest.mark.parametrize("collection", [name for name in COLLECTIONS if name not in ("claims", "targets")])
def test_every_member_of_a_collection_is_as_described(
    curated_service: Service, described: Described, collection: str
) -> None:
    facets = ",".join(COLLECTIONS[collection].facets)
    with curated_service.client() as client:
        client.headers["accept"] = "application/json"
        found = client.get(f"/{collection}?limit=1000&facets={facets}").json()
        assert described.faults(f"/{collection}", found) == []
        explained = client.get(f"/{collection}?limit=1000&explain=1").json()
        assert described.faults(f"/{collection}", explained) == []
        for member in found["items"]:
            assert things_faults(client, described, f"/{collection}/{member['id']}") == []


def test_every_claim_and_target_is_as_described(curated_service: Service, described: Described) -> None:
    with curated_service.client() as client:
        client.headers["accept"] = "application/json"
        targets = [row["id"] for row in client.get("/targets?limit=1000").json()["targets"]]
        claims = [row["id"] for row in client.get("/claims?limit=1000").json()["items"]]
        assert len(claims) > 600
        found = [*(name.replace(":", "s/", 1) for name in targets), *(f"claims/{name}" for name in claims[::7])]
        assert [fault for path in found for fault in things_faults(client, described, f"/{path}")] == []


def test_the_report_of_a_check_is_as_described(
    curated_service: Service, document: dict[str, Any], described: Described
) -> None:
    schema = document["paths"]["/validate"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    broken = "@prefix org: <https://w3id.org/edugraph/organisation/> .\norg:unesco a <urn:x> .\norg:x <urn:y> 1 .\n"
    with curated_service.client() as client:
        client.headers["content-type"] = "text/turtle"
        for text in (broken, "org:unesco a", ""):
            report = client.post("/validate", content=text).json()
            assert report["findings"]
            assert list(described.faults_in(schema, report)) == []


def test_every_problem_is_as_described(curated_service: Service, described: Described) -> None:
    schema = {"$ref": "#/components/schemas/Problem"}
    for address in ("/search", "/organisations/xx", "/claims?limit=-1", "/sparql?query=SELECT", "/claims?cursor=x"):
        answer = curated_service.get(address)
        assert answer.headers["content-type"] == "application/problem+json"
        assert list(described.faults_in(schema, answer.json())) == []


def things_faults(client: httpx.Client, described: Described, path: str) -> list[str]:
    """Where the answers about one thing depart from what is said of them."""
    found = []
    for more in ("", "?explain=1"):
        found += described.faults("/{collection}/{identifier}", client.get(path + more).json())
    for more in ("", "?explain=1&limit=3", "?group=role&limit=2"):
        answer = client.get(f"{path}/links{more}").json()
        found += described.faults("/{collection}/{identifier}/links", answer)
    return [f"{path}: {fault}" for fault in found]


def test_every_example_is_what_its_schema_says(document: dict[str, Any]) -> None:
    described, wrong = Described(document), []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                for form, said in answer.get("content", {}).items():
                    if "example" in said and said.get("schema"):
                        faults = described.faults_in(said["schema"], said["example"])
                        wrong += [f"{method} {path} {status} {form}: {fault}" for fault in faults]
    assert wrong == []
