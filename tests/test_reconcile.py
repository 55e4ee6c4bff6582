"""The Reconciliation Service API 0.2 through real HTTP, as OpenRefine speaks it, each answer held against the schemas.

The schemas are published files that are not part of the project: they are read from the folder that
``RECONCILIATION_SCHEMAS`` names, or from ``shared/reconciliation-0.2`` beside the checkout. Where they are
not there, the answers are still held against what is written here, and the run says that the schemas were not.
"""

from __future__ import annotations

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import jsonschema
import pytest
from referencing import Registry, Resource

from tests.service import ROOT, Service

SCHEMAS = Path(os.environ.get("RECONCILIATION_SCHEMAS", ROOT.parent / "shared" / "reconciliation-0.2"))
BASE = "https://w3id.org/edugraph/"
needs_schemas = pytest.mark.skipif(
    not (SCHEMAS / "manifest.json").is_file(),
    reason=f"the published schemas are not in {SCHEMAS}; set RECONCILIATION_SCHEMAS to their folder",
)


def conforms(document: Any, schema: str) -> None:
    """Nothing where the schemas are at hand and the document conforms; without them nothing is said of it."""
    if not (SCHEMAS / "manifest.json").is_file():
        return
    content = json.loads((SCHEMAS / f"{schema}.json").read_text("utf-8"))
    kind = json.loads((SCHEMAS / "type.json").read_text("utf-8"))
    # "authentication" refers to a schema on another host, for services that ask for a login; this one does not.
    content.get("properties", {}).pop("authentication", None)
    resource = Resource.from_contents(kind | {"$schema": "https://json-schema.org/draft/2020-12/schema"})
    near = content.get("$id", "").rpartition("/")[0]
    registry = Registry().with_resources([(kind["$id"], resource), (f"{near}/type.json", resource)])
    jsonschema.Draft202012Validator(content, registry=registry).validate(document)


@needs_schemas
def test_the_schemas_are_at_hand_and_refuse_what_is_wrong() -> None:
    conforms({"q0": {"result": []}}, "reconciliation-result-batch")
    for schema, wrong in (
        ("reconciliation-result-batch", {"q0": []}),
        ("manifest", {"versions": ["0.2"]}),
        ("suggest-types-response", {"result": [{"name": "no id"}]}),
        ("data-extension-response", {"rows": {}}),
    ):
        with pytest.raises(jsonschema.ValidationError):
            conforms(wrong, schema)


def ask(service: Service, queries: dict[str, Any]) -> dict[str, Any]:
    """A batch as OpenRefine sends it: a form with one field."""
    conforms(queries, "reconciliation-query-batch")
    with service.client() as client:
        answer = client.post("/reconcile", data={"queries": json.dumps(queries)})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    conforms(body, "reconciliation-result-batch")
    assert list(body) == list(queries)
    return body


def best(service: Service, name: str, **more: Any) -> dict[str, Any]:
    """The first candidate for one name."""
    result = ask(service, {"q0": {"query": name, **more}})["q0"]["result"]
    assert result, name
    first: dict[str, Any] = result[0]
    return first


class Text(HTMLParser):
    """The text and the tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.tags = "", [""]
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)


def test_a_conversation_as_openrefine_has_it(curated_service: Service) -> None:
    """Adding the service, matching a column, looking at candidates, searching by hand, adding columns."""
    origin = {"Origin": "http://127.0.0.1:3333"}
    with curated_service.client(headers=origin) as client:
        manifest = _manifest(client)
        columns = _match_a_column(client)
        _look_at_a_candidate(client, manifest, columns["q1"]["result"][0]["id"])
        _search_by_hand(client, manifest)
        _add_columns(client, manifest, columns["q1"]["result"][0]["id"])


def _manifest(client: httpx.Client) -> dict[str, Any]:
    answer = client.get("/reconcile")
    assert answer.headers["access-control-allow-origin"] == "*"
    manifest: dict[str, Any] = answer.json()
    conforms(manifest, "manifest")
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == BASE
    assert {"id": "Organisation", "name": "organisation"}.items() <= manifest["defaultTypes"][0].items()
    return manifest


def _match_a_column(client: httpx.Client) -> dict[str, Any]:
    names = ["ЮНЕСКО", "Министерство просвещения РК", "Izglītības un zinātnes ministrija", "Nobody at all"]
    plain = {f"q{n}": {"query": name, "limit": 3} for n, name in enumerate(names[:2])}
    guess = client.post("/reconcile", data={"queries": json.dumps(plain)}).json()
    assert {one["id"] for one in guess["q0"]["result"][0]["type"]} == {"Organisation"}
    typed = {
        f"q{n}": {"query": name, "type": "Organisation", "type_strict": "should", "limit": 5}
        for n, name in enumerate(names)
    }
    columns: dict[str, Any] = client.post("/reconcile", data={"queries": json.dumps(typed)}).json()
    conforms(columns, "reconciliation-result-batch")
    told = [[(one["id"], one["match"]) for one in columns[query]["result"]][:1] for query in typed]
    assert told[:3] == [
        [("organisation/unesco", True)],
        [("organisation/kaz-ministry-of-education", True)],
        [("organisation/lva-ministry-of-education-and-science", True)],
    ]
    assert not any(one["match"] for one in columns["q3"]["result"])
    return columns


def _look_at_a_candidate(client: httpx.Client, manifest: dict[str, Any], identifier: str) -> None:
    page = client.get(manifest["preview"]["url"].replace("{{id}}", quote(identifier, safe="")))
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    seen = Text(page.text)
    for shown in ("Ministry of Education of the Republic of Kazakhstan", "МП РК", "ministry", "char="):
        assert shown in seen.text, shown
    view = client.get(manifest["view"]["url"].replace("{{id}}", quote(identifier, safe="")))
    assert view.status_code == 303
    assert view.headers["location"].endswith("/kaz-ministry-of-education")


def _search_by_hand(client: httpx.Client, manifest: dict[str, Any]) -> None:
    for what, prefix, expected in (
        ("entity", "valmier", "place/valmiera"),
        ("entity", "organisation/unesco", "organisation/unesco"),
        ("type", "org", "Organisation"),
        ("property", "organised", "organisedBy"),
    ):
        service = manifest["suggest"][what]
        found = client.get(service["service_url"] + service["service_path"], params={"prefix": prefix}).json()
        plural = {"entity": "entities", "type": "types", "property": "properties"}[what]
        conforms(found, f"suggest-{plural}-response")
        assert expected in [one["id"] for one in found["result"]], (what, found)
        path = service["flyout_service_path"].replace("${id}", quote(expected, safe=""))
        flyout = client.get(service["service_url"] + path).json()
        assert flyout["id"] == expected
        assert "<strong>" in flyout["html"]


def _add_columns(client: httpx.Client, manifest: dict[str, Any], identifier: str) -> None:
    proposal = manifest["extend"]["propose_properties"]
    proposed = client.get(
        proposal["service_url"] + proposal["service_path"], params={"type": "Organisation", "limit": 40}
    ).json()
    conforms(proposed, "data-extension-property-proposal")
    assert proposed["type"] == "Organisation"
    ids = [one["id"] for one in proposed["properties"]]
    assert {"label", "altLabel", "kind", "^organisedBy"} <= set(ids)
    query = {
        "ids": [identifier],
        "properties": [{"id": "altLabel"}, {"id": "kind"}, {"id": "label", "settings": {"lang": "ru"}}],
    }
    conforms(query, "data-extension-query")
    extended = client.post("/reconcile", data={"extend": json.dumps(query)}).json()
    conforms(extended, "data-extension-response")
    assert [one["id"] for one in extended["meta"]] == ["altLabel", "kind", "label"]
    row = extended["rows"][identifier]
    assert {"str": "МП РК"} in row["altLabel"]
    assert row["kind"] == [{"id": "kind/Ministry", "name": "ministry"}]
    assert row["label"] == [{"str": "Министерство просвещения Республики Казахстан"}]


def test_dates_can_be_added_as_columns_and_what_is_planned_can_be_left_out(curated_service: Service) -> None:
    """The consultations were held on 14 June 2022; the summit of September 2022 was still to come."""
    held, planned = "event/2022-kaz-national-consultations", "event/2022-transforming-education-summit"
    for settings, of_the_summit in (({}, [{"str": "2022-09"}]), ({"planned": "false"}, [])):
        query = {"ids": [held, planned], "properties": [{"id": "startDate", "settings": settings}]}
        answer = curated_service.get("/reconcile", params={"extend": json.dumps(query)}).json()
        conforms(answer, "data-extension-response")
        assert answer["rows"][held]["startDate"] == [{"str": "2022-06-14"}]
        assert answer["rows"][planned]["startDate"] == of_the_summit
    proposed = curated_service.get("/reconcile/properties", params={"type": "Event", "limit": 40}).json()
    assert "startDate" in [one["id"] for one in proposed["properties"]]


def test_the_settings_of_a_column_are_kept_to(curated_service: Service) -> None:
    """As OpenRefine's form sends them: numbers as text, and fields that were left empty."""

    def values(**given: object) -> list[dict[str, str]]:
        query = {"ids": ["country/KAZ"], "properties": [{"id": "^territory", "settings": given}]}
        answer = curated_service.get("/reconcile", params={"extend": json.dumps(query)})
        assert answer.status_code == 200, answer.text
        conforms(answer.json(), "data-extension-response")
        found: list[dict[str, str]] = answer.json()["rows"]["country/KAZ"]["^territory"]
        return found

    whole = values()
    assert len(whole) > 1
    assert values(limit="1", lang="") == whole[:1]
    assert values(limit="", planned=True) == whole
    assert [one["id"] for one in values(lang="ru")] == [one["id"] for one in whole]


def test_a_match_is_given_for_the_same_name_alone(curated_service: Service) -> None:
    for name, thing in (
        ("UNESCO", "organisation/unesco"),
        ("unesko", "organisation/unesco"),
        ("Beisembaev Gani", "person/gani-beisembayev"),
        ("Досаев Ерболат", "person/yerbolat-dossayev"),
        ("Valmieras valsts gimnazija", "organisation/valmiera-state-gymnasium"),
    ):
        first = best(curated_service, name)
        assert (first["id"], first["match"]) == (thing, True), name
        assert first["score"] >= 98
    for name in ("Beisembayev", "Ministry of Eduction of Kazakhstan", "Ministry", "UNESCO Office", "министерство"):
        result = ask(curated_service, {"q0": {"query": name, "type": "Organisation"}})["q0"]["result"]
        assert not any(one["match"] for one in result), name


def test_a_name_without_a_type_means_a_thing_and_no_term_of_the_vocabulary(curated_service: Service) -> None:
    """A column of events or bodies that holds the plain word: the kind of that name is not what the row means."""
    for name, kind in (("seminar", "kind/Seminar"), ("Семинар", "kind/Seminar"), ("ongoing", "status/Ongoing")):
        result = ask(curated_service, {"q0": {"query": name, "limit": 20}})["q0"]["result"]
        assert not any(one["match"] for one in result), name
        (term,) = [one for one in result if one["id"] == kind]
        assert term["score"] == 80
        assert {"id": "thing", "value": False} in term["features"]
        asked_for = best(curated_service, name, type="http://www.w3.org/2004/02/skos/core#Concept")
        assert (asked_for["id"], asked_for["score"], asked_for["match"]) == (kind, 100, True)
    assert best(curated_service, "kind/Seminar")["match"]
    assert best(curated_service, "Technical and vocational education")["match"], "a topic is what is told of"


def test_names_that_two_things_share_match_neither(curated_service: Service) -> None:
    """Valmiera is a city with a council and a place: without a type nothing says which; with it the one is certain."""
    result = ask(curated_service, {"q0": {"query": "Pixabay", "type": "Place"}})["q0"]["result"]
    assert not any(one["match"] for one in result)
    first = best(curated_service, "Valmiera", type="Place")
    assert (first["id"], first["match"]) == ("place/valmiera", True)


def test_a_score_is_explained_by_its_features(curated_service: Service) -> None:
    first = best(curated_service, "Ministry of Eduction of Kazakhstan", type="Organisation")
    features = {one["id"]: one["value"] for one in first["features"]}
    assert features["name_same"] is False
    assert features["type"] is True
    assert 80 < features["name_similarity"] < 100
    assert first["score"] == pytest.approx((features["name_words"] + features["name_similarity"]) / 2, abs=0.1)
    exact = {one["id"]: one["value"] for one in best(curated_service, "UNESCO")["features"]}
    assert exact["name_same"] is True
    assert exact["name_spelt_same"] is True


def test_types_are_kept_to_as_strictly_as_asked(curated_service: Service) -> None:
    def classes(**more: Any) -> list[set[str]]:
        result = ask(curated_service, {"q0": {"query": "Valmiera", "limit": 20, **more}})["q0"]["result"]
        return [{one["id"] for one in candidate["type"]} for candidate in result]

    assert all("Place" in one for one in classes(type="Place"))
    assert all("Place" in one for one in classes(type=["Place"], type_strict="all"))
    assert all({"Place", "Organisation"} & one for one in classes(type=["Place", "Organisation"], type_strict="any"))
    should = classes(type="Place", type_strict="should")
    assert "Place" in should[0]
    assert not all("Place" in one for one in should)


def test_conditions_decide_between_names_alike(curated_service: Service) -> None:
    """Two ministries are of education and science: what they did and what came after them says which is meant."""
    for property_id, value, thing in (
        ("^coOrganisedBy", {"id": "event/2018-vet-innovation-cycle"}, "lva-ministry-of-education-and-science"),
        ("^successorOf", "Министерство просвещения РК", "kaz-ministry-of-education-and-science"),
    ):
        condition = [{"pid": property_id, "v": [value, "nobody"]}]
        first = best(curated_service, "Ministry of Education and Science", type="Organisation", properties=condition)
        assert first["id"] == "organisation/" + thing
        assert {"id": f"property_{property_id}", "value": True} in first["features"]


def test_conditions_alone_find_what_meets_them(curated_service: Service) -> None:
    for property_id, value, thing in (
        ("successorOf", "Ministry of Education and Science of Kazakhstan", "organisation/kaz-ministry-of-education"),
        ("holdsPost", {"id": "post/akim-of-almaty"}, "person/yerbolat-dossayev"),
    ):
        queries = {"q0": {"properties": [{"pid": property_id, "v": value}], "limit": 50}}
        assert thing in [one["id"] for one in ask(curated_service, queries)["q0"]["result"]], property_id


def test_an_identifier_is_its_own_name(curated_service: Service) -> None:
    for identifier in ("organisation/unesco", "org:unesco", BASE + "organisation/unesco"):
        first = best(curated_service, identifier)
        assert (first["id"], first["match"]) == ("organisation/unesco", True)


def test_batches_come_in_any_of_the_ways(curated_service: Service) -> None:
    queries = {"one": {"query": "UNESCO"}, "2": {"query": "ЮНЕСКО", "limit": 1}}
    by_form = ask(curated_service, queries)
    with curated_service.client() as client:
        assert client.get("/reconcile", params={"queries": json.dumps(queries)}).json() == by_form
        assert client.post("/reconcile", json={"queries": queries}).json() == by_form
    assert len(by_form["2"]["result"]) == 1
    assert ask(curated_service, {}) == {}


def test_the_preview_may_be_framed_and_nothing_else(curated_service: Service) -> None:
    page = curated_service.get("/reconcile/preview", params={"id": "organisation/unesco"})
    policy = page.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "script" not in Text(page.text).tags
    for path in ("/reconcile", "/search?q=unesco", "/reconcile/suggest/entity?prefix=a"):
        assert "frame-ancestors 'none'" in curated_service.get(path).headers["content-security-policy"]


def test_names_are_escaped_in_html(curated_service: Service) -> None:
    for identifier in ("organisation/unicef", "organisation/financial-center"):
        page = curated_service.get("/reconcile/preview", params={"id": identifier, "lang": "en"}).text
        assert "United Nations Children&#39;s Fund" in page or "Financial Center" in page
    hostile = curated_service.get("/reconcile/preview", params={"id": "<script>alert(1)</script>"})
    assert hostile.status_code == 404
    assert hostile.headers["content-type"] == "application/problem+json"


def test_types_and_properties_are_suggested_by_their_names_in_any_language(curated_service: Service) -> None:
    for what, prefix, wanted in (("type", "организ", "Organisation"), ("property", "organizat", "organisedBy")):
        found = curated_service.get(f"/reconcile/suggest/{what}", params={"prefix": prefix, "lang": "en"}).json()[
            "result"
        ]
        assert wanted in {one["id"] for one in found}


def test_an_id_that_is_gone_leaves_the_other_rows_their_values(curated_service: Service) -> None:
    asked = {"ids": ["organisation/unesco", "organisation/gone"], "properties": [{"id": "label"}]}
    answer = curated_service.get("/reconcile", params={"extend": json.dumps(asked), "lang": "en"})
    assert answer.status_code == 200
    assert answer.json()["rows"] == {
        "organisation/unesco": {"label": [{"str": "UNESCO"}]},
        "organisation/gone": {"label": []},
    }


def test_only_types_that_people_look_for_are_suggested(curated_service: Service) -> None:
    offered = [one["id"] for start in (0, 10) for one in _types_from(curated_service, start)]
    assert {"Organisation", "Person", "Event", "skos:Concept"} <= set(offered)
    assert [name for name in offered if ":" in name] == ["skos:Concept"]
    refused = curated_service.get("/search", params={"q": "unesco", "class": "Ministri"}).json()["detail"]
    assert "Organisation" in refused
    assert "owl:" not in refused


def _types_from(service: Service, start: int) -> list[dict[str, str]]:
    answer = service.get("/reconcile/suggest/type", params={"prefix": "", "cursor": start})
    found: list[dict[str, str]] = answer.json()["result"]
    return found


def test_suggestions_can_be_leafed_through(curated_service: Service) -> None:
    first = curated_service.get("/reconcile/suggest/entity", params={"prefix": "e"}).json()["result"]
    second = curated_service.get("/reconcile/suggest/entity", params={"prefix": "e", "cursor": 10}).json()["result"]
    assert len(first) == 10
    assert not {one["id"] for one in first} & {one["id"] for one in second}
    assert second


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"queries": "not json"}, 400, "JSON"),
        ({"queries": "[]"}, 400, "object"),
        ({"queries": '[{"query": "a"}]'}, 400, "object"),
        ({"queries": '{"q0": {}}'}, 400, "query"),
        ({"queries": '{"q0": {"query": ""}}'}, 400, "q0/query"),
        ({"queries": '{"q0": {"query": "a", "limit": -1}}'}, 400, "q0/limit"),
        ({"queries": '{"q0": {"query": "a", "limit": 1e12}}'}, 400, "q0/limit"),
        ({"queries": '{"q0": {"query": "a", "wizard": 1}}'}, 400, "wizard"),
        ({"queries": '{"q0": {"query": "a", "type": "Wizard"}}'}, 404, "Wizard"),
        ({"queries": '{"q0": {"query": "a", "properties": [{"pid": "x", "v": "y"}]}}'}, 404, "x"),
        ({"queries": json.dumps({"q0": {"query": "я" * 10_000}})}, 400, "q0/query"),
        ({"queries": json.dumps({f"q{n}": {"query": "a"} for n in range(51)})}, 413, "50"),
        ({"extend": '{"ids": ["organisation/nobody"], "properties": [{"id": "label"}]}'}, 404, "nobody"),
        ({"extend": '{"ids": ["organisation/unesco"], "properties": [{"id": "wizard"}]}'}, 404, "wizard"),
        ({"extend": "{}"}, 400, "ids"),
        ({"queries": "{}", "extend": "{}"}, 400, "either"),
        ({"wrong": "{}"}, 400, "queries"),
        ({}, 400, "queries"),
    ],
)
def test_what_is_no_request_is_told(curated_service: Service, form: dict[str, str], status: int, said: str) -> None:
    with curated_service.client(headers={"Content-Type": "application/x-www-form-urlencoded"}) as client:
        answer = client.post("/reconcile", data=form)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


@pytest.mark.parametrize("as_json", [False, True])
def test_a_bad_query_leaves_the_others_of_its_batch_their_answers(curated_service: Service, *, as_json: bool) -> None:
    asked = {
        "malformed": {"query": "a", "limit": -1},
        "good": {"query": "UNESCO", "type": "Organisation"},
        "no such type": {"query": "a", "type": "Wizard"},
        "no such property": {"query": "a", "properties": [{"pid": "x", "v": "y"}]},
        "no object": "UNESCO",
    }
    with curated_service.client() as client:
        form = {"queries": json.dumps(asked)}
        answer = client.post("/reconcile", json={"queries": asked}) if as_json else client.post("/reconcile", data=form)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    conforms(told, "reconciliation-result-batch")
    assert list(told) == list(asked)
    assert told["good"]["result"][0]["id"] == "organisation/unesco"
    assert "error" not in told["good"]
    for name, said in (
        ("malformed", "malformed/limit"),
        ("no such type", "Wizard"),
        ("no such property", "there are"),
        ("no object", "no object"),
    ):
        assert told[name]["result"] == []
        assert told[name]["error"].startswith(name)
        assert said in told[name]["error"]


def test_a_batch_without_a_good_query_is_refused_and_names_each(curated_service: Service) -> None:
    asked = {name: {"query": "a", "type": "Wizard"} for name in ("q0", "q1")} | {"q2": {"query": ""}}
    with curated_service.client() as client:
        answer = client.post("/reconcile", data={"queries": json.dumps(asked)})
    assert answer.status_code == 404
    for name in asked:
        assert name in answer.json()["detail"]


def test_other_bodies_and_jsonp_are_refused(curated_service: Service) -> None:
    with curated_service.client() as client:
        assert client.post("/reconcile", content=b"x", headers={"Content-Type": "text/csv"}).status_code == 415
        assert client.post("/reconcile", json={"q0": {"query": "a"}}).status_code == 400
        answer = client.get("/reconcile", params={"callback": "alert"})
    assert answer.status_code == 400
    assert "CORS" in answer.json()["detail"]


def test_deep_json_does_no_harm(curated_service: Service) -> None:
    with curated_service.client() as client:
        answer = client.post("/reconcile", data={"queries": "[" * 100_000})
        assert answer.status_code == 400
        assert client.get("/reconcile").status_code == 200


def test_the_addresses_of_the_manifest_are_the_services_own(curated_service: Service) -> None:
    told = json.dumps(curated_service.get("/reconcile").json())
    hosts = set(re.findall(r"http://[^/\"]+", told))
    assert hosts == {curated_service.url}
