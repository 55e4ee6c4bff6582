"""How documents are negotiated, redirected, revalidated and refused, through real HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from graph.namespaces import BASE
from graph.publish.generation import current
from tests.linked_data import MEDIA_TYPES, made_up
from tests.service import Service, read_all, serving

UNESCO = "/organisations/unesco"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.fixture(scope="module")
def client(curated_service: Service) -> Iterator[httpx.Client]:
    with curated_service.client() as client:
        yield client


@pytest.fixture(scope="module")
def old_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service on things that are deprecated, at a public address of its own."""
    folder = tmp_path_factory.mktemp("deprecated")
    made_up(folder)
    with serving(build_dir=folder, public_base="https://example.org/kg") as service:
        yield service


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        (BROWSER, "text/html; charset=utf-8"),
        ("text/html", "text/html; charset=utf-8"),
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml, text/turtle;q=0.5", "application/rdf+xml"),
        ("application/n-triples;q=0.2, text/turtle;q=0.1, image/png", "application/n-triples"),
        ("text/*", "text/turtle; charset=utf-8"),
        ("application/json;q=0, */*;q=0.1", "application/ld+json"),
    ],
)
def test_the_form_follows_accept(client: httpx.Client, accept: str | None, media_type: str) -> None:
    client.headers.pop("accept", None)
    seen = client.get(UNESCO, headers={"accept": accept} if accept else None)
    assert seen.status_code == 200
    assert seen.headers["content-type"] == media_type
    assert {"Accept", "Accept-Language"} <= {name.strip() for name in seen.headers["vary"].split(",")}


@pytest.mark.parametrize(
    "path", [UNESCO, "/ontology", "/shapes", "/shapes/event", "/dataset", "/registry", "/catalogue"]
)
def test_what_nothing_fits_is_refused(client: httpx.Client, path: str) -> None:
    for asked in (
        client.get(path, headers={"accept": "image/png"}),
        client.get(path, params={"format": "docx"}),
        client.get(path, params={"format": ""}),
    ):
        assert asked.status_code == 406
        assert asked.headers["content-type"] == "application/problem+json"


def test_format_wins_over_accept(client: httpx.Client) -> None:
    for name, media_type in MEDIA_TYPES.items():
        seen = client.get(UNESCO, params={"format": name}, headers={"accept": "image/png"})
        assert seen.headers["content-type"].partition(";")[0] == media_type


def test_the_links_lead_to_every_form_and_to_the_licence(client: httpx.Client) -> None:
    seen = client.get(UNESCO)
    links = {
        (part.partition("rel=")[2].partition(";")[0].strip('" '), part.partition("<")[2].partition(">")[0])
        for part in seen.headers["link"].split(", ")
    }
    by_rel: dict[str, set[str]] = {}
    for rel, address in links:
        by_rel.setdefault(rel, set()).add(address)
    here = str(client.base_url).rstrip("/") + UNESCO
    assert by_rel["canonical"] == {here}
    assert by_rel["describes"] == {BASE + "organisation/unesco"}
    assert by_rel["license"] == {"https://creativecommons.org/licenses/by/4.0/"}
    assert by_rel["alternate"] == {f"{here}?format={name}" for name in (*MEDIA_TYPES, "html") if name != "json"}
    for address in by_rel["alternate"]:
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "path", [UNESCO, "/articles/2023-almaty-esd-seminar", "/claims/{claim}", "/ontology", "/shapes", "/shapes/event"]
)
def test_a_page_links_to_the_same_forms_and_to_the_licence(client: httpx.Client, path: str) -> None:
    claim = client.get("/claims?limit=1").json()["items"][0]["id"]
    seen = client.get(path.format(claim=claim), headers={"accept": "text/html"})
    assert seen.headers["content-type"].startswith("text/html")
    for name, media_type in MEDIA_TYPES.items():
        assert f'?format={name}>; rel="alternate"; type="{media_type}"' in seen.headers["link"]
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in seen.headers["link"]
    assert "format=html" not in seen.headers["link"]
    data = client.get(path.format(claim=claim), headers={"accept": "text/turtle"})
    assert '?format=html>; rel="alternate"; type="text/html"' in data.headers["link"]


def test_the_registry_comes_as_plain_json_too(client: httpx.Client) -> None:
    answer = client.get("/registry", params={"format": "json", "lang": "lv"})
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert body["iri"] == BASE + "registry"
    things = {one["iri"]: one for one in body["things"]}
    assert len(things) == len(body["things"])
    valmiera = things[BASE + "place/valmiera"]
    assert (valmiera["label"], valmiera["lang"], valmiera["classes"]) == ("Valmiera", "lv", ["Place"])
    graph = client.get("/registry", params={"format": "ntriples"}).text.splitlines()
    assert set(things) == {line.partition(">")[0][1:] for line in graph}


def test_what_has_no_page_links_to_none(client: httpx.Client) -> None:
    claim = client.get("/claims?limit=1").json()["items"][0]["id"]
    evidence = client.get(f"/claims/{claim}").json()["evidence"][0]["iri"].replace(BASE + "evidence/", "/evidences/")
    for path in (evidence, "/dataset", "/registry"):
        assert "format=html" not in client.get(path).headers["link"]


@pytest.mark.parametrize("path", ["/organisations/UNESKO", "/organisations/UNESKO/links", "/organisation/UNESKO"])
def test_an_unknown_id_is_told_with_the_ids_that_are_near(client: httpx.Client, path: str) -> None:
    seen = client.get(path)
    assert seen.status_code == 404
    assert "there is no organisation 'UNESKO'; did you mean 'unesco'" in seen.json()["detail"]
    assert "/search?q= finds one" in client.get("/organisations/qqqqqqqq").json()["detail"]


def test_the_thing_keeps_the_wish_on_its_way_to_the_document(client: httpx.Client) -> None:
    seen = client.get("/organisation/unesco?format=turtle&lang=ru")
    assert seen.status_code == 303
    assert seen.headers["location"].endswith("/organisations/unesco?format=turtle&lang=ru")
    assert 'rel="describedby"' in seen.headers["link"]


def test_an_answer_is_not_sent_twice(client: httpx.Client, built: Path) -> None:
    generation = current(built)
    for path in (UNESCO, "/ontology", "/shapes", "/shapes/event", "/dataset", "/registry", "/context.jsonld"):
        seen = client.get(path)
        assert seen.headers["etag"] == f'W/"{generation.id}"'
        again = client.get(path, headers={"if-none-match": seen.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == seen.headers["etag"]
        assert client.get(path, headers={"if-none-match": '"another"'}).status_code == 200


def test_the_date_is_that_of_the_publication(client: httpx.Client, built: Path) -> None:
    seen = client.get(UNESCO)
    moment = parsedate_to_datetime(seen.headers["last-modified"])
    assert int(moment.timestamp()) == int(current(built).path.stat().st_mtime)

    def status(**headers: str) -> int:
        return client.get(
            UNESCO, headers={name.replace("_", "-"): value for name, value in headers.items()}
        ).status_code

    assert status(if_modified_since=seen.headers["last-modified"]) == 304
    assert status(if_modified_since="Mon, 01 Jan 2001 00:00:00 GMT") == 200
    assert status(if_modified_since="Mon Jan  1 00:00:00 2001") == 200
    assert status(if_modified_since="Fri Jan  1 00:00:00 2100") == 304  # asctime's form, which RFC 9110 lets stand
    assert status(if_modified_since="yesterday") == 200
    # The tag is the better witness of the two.
    assert status(if_modified_since=seen.headers["last-modified"], if_none_match='"another"') == 200


def test_what_is_not_there_is_404_whatever_the_client_holds(client: httpx.Client) -> None:
    held = {"if-none-match": client.get(UNESCO).headers["etag"]}
    for path in ("/organisations/nobody", "/organisation/nobody", "/shapes/none", "/claims/0", "/persons/%3Cx%3E"):
        seen = client.get(path, headers=held)
        assert seen.status_code == 404, path
        assert seen.json()["type"].endswith("/unknown-entity")
    assert client.get("/organisationz/unesco").status_code == 404


def test_head_is_get_without_the_body(client: httpx.Client) -> None:
    for path in (UNESCO, "/organisation/unesco", "/ontology?format=html", "/dataset", "/registry"):
        head, get = client.head(path), client.get(path)
        assert (head.status_code, head.content) == (get.status_code, b"")
        for name in ("content-type", "etag", "link", "location", "vary"):
            assert head.headers.get(name) == get.headers.get(name), (path, name)


def test_other_methods_are_told_what_there_is(client: httpx.Client) -> None:
    seen = client.request("DELETE", UNESCO)
    assert seen.status_code == 405
    assert "GET" in seen.headers["allow"]


@pytest.mark.parametrize(
    "path",
    [
        "/organisations/" + "a" * 600,
        "/organisations/%D0%AE%D0%9D%D0%95%D0%A1%D0%9A%D0%9E",
        "/organisations/unesco%00",
        "/organisations/a%20b",
        "/organisations/..%2F..%2Fetc",
        "/organisations/unesco?lang=" + "x," * 300,
        "/organisations/unesco?format=" + "x" * 9000,
        "/shapes/%22%3E",
        "/organisations/unesco?fromat=turtle",
        "/organisations/unesco?lang=ru&lang=en",
        "/organisation/unesco?x=1",
        "/ontology?lang=ru",
        "/dataset?limit=-1",
        "/context.jsonld?format=turtle",
        "/export?organization=unesco",
        "/export?format=turtle&format=csv",
    ],
)
def test_abuse_gets_a_clear_problem(client: httpx.Client, path: str) -> None:
    seen = client.get(path)
    assert 400 <= seen.status_code < 500
    assert seen.headers["content-type"] == "application/problem+json"
    assert seen.json()["detail"]


def test_languages_that_are_none_fall_back(client: httpx.Client) -> None:
    assert client.get(UNESCO, params={"lang": "xx, de-AT"}).json()["lang"] == "en"
    for none in ("xx,,\u202e", "latvian", ",", "lv;q=1"):
        refused = client.get(UNESCO, params={"lang": none})
        assert refused.status_code == 400, none
        assert "no list of language tags" in refused.json()["detail"]


@pytest.mark.parametrize("host", ['a>b"c', "a>, <b", "[::1", "a:b:c", "a/b?c", "пример"])
def test_a_host_that_is_none_comes_back_in_no_link(curated_service: Service, host: str) -> None:
    with curated_service.connect() as connection:
        connection.sendall(f"HEAD {UNESCO} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = read_all(connection)
    assert answer.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 200 "))
    assert host.encode() not in answer


def test_a_deprecated_iri_leads_to_what_took_its_place(old_service: Service) -> None:
    base = "https://example.org/kg"
    for path, there in (
        ("/organisation/old", f"{base}/organisation/new"),
        ("/organisation/older", f"{base}/organisation/new"),
        ("/organisations/older", f"{base}/organisations/new"),
        ("/organisations/old?format=turtle", f"{base}/organisations/new?format=turtle"),
        ("/organisation/away", "https://example.org/elsewhere"),
    ):
        seen = old_service.get(path)
        assert (seen.status_code, seen.headers["location"]) == (308, there), path
        assert 'rel="successor-version"' in seen.headers["link"]
    assert old_service.get("/organisations/not-false").status_code == 200


def test_a_deprecated_iri_without_one_successor_is_gone(old_service: Service) -> None:
    for name in ("gone", "split", "ring-a", "ring-b"):
        for path in (f"/organisation/{name}", f"/organisations/{name}"):
            seen = old_service.get(path)
            assert seen.status_code == 410, path
            assert seen.json()["type"].endswith("/gone")
    assert old_service.get("/organisation/split").json()["successors"] == [
        BASE + "organisation/left",
        BASE + "organisation/right",
    ]


def test_links_follow_the_public_base(old_service: Service) -> None:
    seen = old_service.get("/organisation/new")
    assert seen.headers["location"] == "https://example.org/kg/organisations/new"
    document = old_service.get("/organisations/new?format=jsonld")
    assert '<https://example.org/kg/organisations/new>; rel="canonical"' in document.headers["link"]
    assert json.loads(document.content)["@context"] == "https://example.org/kg/context.jsonld"
    assert "https://example.org/kg/sparql" in old_service.get("/.well-known/void?format=turtle").text


def test_the_next_page_lies_below_the_public_base_too(built: Path) -> None:
    with serving(build_dir=built, public_base="https://example.org/kg") as service:
        for path in (
            "/organisations?limit=1",
            "/claims?limit=1",
            "/organisations/unesco/links?limit=1",
            "/search?q=une&limit=1",
        ):
            following = service.get(path).json()["next"]
            assert following.startswith("/kg" + path.partition("?")[0] + "?"), path
            # What stands before the service takes its own path away.
            assert service.get(following.removeprefix("/kg")).status_code == 200
        table = service.get("/organisations?limit=1&format=csv")
        assert table.headers["link"].startswith("</kg/organisations?")
        page = service.get("/organisations/unesco/links?limit=1", headers={"accept": "text/html"}).text
    assert '<a rel="next" href="/kg/organisations/unesco/links?' in page


def test_a_generation_without_shapes_says_so(old_service: Service) -> None:
    seen = old_service.get("/shapes")
    assert seen.status_code == 503
    assert seen.json()["type"].endswith("/nothing-built")


def test_a_data_set_of_files_has_none_of_this(dataset_service: Service) -> None:
    for path in (
        "/organisation/unesco",
        "/organisations/unesco",
        "/ontology",
        "/dataset",
        "/export",
        "/context.jsonld",
    ):
        assert dataset_service.get(path).status_code == 404
