"""Exports as downloads: names, parts, ranges, entity tags, through real HTTP."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, Store, parse

from graph.export.formats import FORMATS
from graph.export.parts import Part
from graph.export.selection import part_triples
from graph.namespaces import BASE
from graph.publish.generation import Generation, current
from tests.service import Service

PLAIN = {"accept-encoding": "identity"}


@pytest.fixture(scope="module")
def generation(built: Path) -> Generation:
    return current(built)


@pytest.fixture(scope="module")
def client(curated_service: Service) -> Iterator[httpx.Client]:
    with curated_service.client() as client:
        yield client


def get(client: httpx.Client, query: str, **headers: str) -> httpx.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(f"/export?{query}", headers=PLAIN | named)


@pytest.mark.parametrize("name", FORMATS)
def test_the_whole_is_a_file_with_a_name_and_a_size(client: httpx.Client, generation: Generation, name: str) -> None:
    seen = get(client, f"format={name}")
    assert seen.status_code == 200
    assert seen.headers["content-type"] == FORMATS[name].media_type
    assert seen.headers["content-disposition"] == (
        f'attachment; filename="edugraph-{generation.id}.{FORMATS[name].extension}"'
    )
    assert seen.headers["content-length"] == str(len(seen.content))
    assert seen.headers["accept-ranges"] == "bytes"
    assert seen.headers["etag"].startswith('"')
    assert '<https://creativecommons.org/licenses/by/4.0/>; rel="license"' in seen.headers["link"]
    assert '/dataset>; rel="describedby"' in seen.headers["link"]
    again = get(client, f"format={name}")
    assert (again.content, again.headers["etag"]) == (seen.content, seen.headers["etag"])


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        *((form.media_type, form.name) for form in FORMATS.values()),
        ("text/turtle;VERSION=1.2", "turtle12"),
        ("text/turtle; version=1.2; q=0.9, application/trig; q=0.5", "turtle12"),
        ("text/turtle; version=1.1", "turtle"),
        ("text/turtle; charset=utf-8", "turtle"),
        ("text/csv", "csv"),
        ("text/*", "turtle"),
        ("*/*", "turtle"),
    ],
)
def test_each_media_type_asks_for_its_own_format(client: httpx.Client, accept: str, name: str) -> None:
    assert client.head("/export", headers={"accept": accept}).headers["content-type"] == FORMATS[name].media_type


def test_what_the_build_wrote_is_sent_as_it_is(client: httpx.Client, generation: Generation) -> None:
    assert get(client, "format=nquads").content == generation.nquads.read_bytes()
    assert get(client, "format=turtle").content == generation.turtle.read_bytes()


@pytest.mark.parametrize(
    ("query", "segment", "identifier"),
    [
        ("organisation=unesco", "organisation", "unesco"),
        ("organisation=%D0%AE%D0%9D%D0%95%D0%A1%D0%9A%D0%9E", "organisation", "unesco"),
        ("entity=Latvia", "country", "LVA"),
        ("programme=comfortable-school", "programme", "comfortable-school"),
        ("entity=event:2023-almaty-esd-seminar", "event", "2023-almaty-esd-seminar"),
    ],
)
def test_a_part_is_the_thing_with_all_that_explains_it(
    client: httpx.Client, generation: Generation, query: str, segment: str, identifier: str
) -> None:
    seen = get(client, f"{query}&format=ntriples")
    assert seen.headers["content-disposition"].endswith(f'-{segment}-{identifier}.nt"')
    found = {quad.triple for quad in parse(seen.content, format=RdfFormat.N_TRIPLES)}
    store = Store.read_only(str(generation.store))
    assert found == set(part_triples(store, Part(f"{BASE}{segment}/{identifier}")))


@pytest.mark.parametrize("name", ["LVA", "Latvia", "Latvija"])
def test_a_country_comes_with_all_that_lies_in_it(client: httpx.Client, generation: Generation, name: str) -> None:
    seen = get(client, f"country={name}&format=ntriples")
    assert seen.headers["content-disposition"].endswith('-country-LVA.nt"')
    found = {quad.triple for quad in parse(seen.content, format=RdfFormat.N_TRIPLES)}
    store = Store.read_only(str(generation.store))
    members = [
        item["iri"]
        for kind in ("organisations", "events", "places", "persons", "documents")
        for item in client.get(f"/{kind}?country=LVA&limit=1000").json()["items"]
    ]
    assert BASE + "event/2018-valmiera-vet-innovation-discussion" in members
    assert BASE + "place/valmiera-business-incubator" in members
    for iri in (BASE + "country/LVA", *members):
        assert set(part_triples(store, Part(iri))) <= found
    assert BASE + "document/almaty-education-roadmap-2023-2029" not in str(found)


def test_an_article_is_what_it_says(client: httpx.Client, generation: Generation) -> None:
    seen = get(client, "article=2023-almaty-esd-seminar&format=turtle")
    found = {quad.triple for quad in parse(seen.content, format=RdfFormat.TURTLE)}
    store = Store.read_only(str(generation.store))
    assert found == set(part_triples(store, Part(BASE + "article/2023-almaty-esd-seminar", said_by=True)))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("organisation=LVA", 404),
        ("country=unesco", 404),
        ("article=no-such-article", 404),
        ("entity=", 404),
        ("organisation=unesco&country=LVA", 400),
        ("article=a&entity=b", 400),
        ("format=docx", 406),
        ("entity=" + "a" * 600, 400),
        ("entity=%3Chttp://%20%3E", 404),
        ("organisation=country:LVA", 404),
        ("country=https://w3id.org/edugraph/organisation/unesco", 404),
    ],
)
def test_what_cannot_be_exported_is_said(client: httpx.Client, query: str, status: int) -> None:
    seen = get(client, query)
    assert seen.status_code == status
    assert seen.headers["content-type"] == "application/problem+json"
    assert seen.json()["detail"]


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=100-100", 100, 101),
        ("bytes=1000-", 1000, None),
        ("bytes=-50", -50, None),
        ("BYTES = 7 - 9", 7, 10),
        ("bytes=5-999999999999", 5, None),
        ("bytes=-999999999999", 0, None),
    ],
)
@pytest.mark.parametrize("query", ["format=nquads", "format=rdfxml", "organisation=unesco&format=turtle"])
def test_a_part_of_the_bytes(client: httpx.Client, query: str, asked: str, begin: int, end: int | None) -> None:
    whole = get(client, query)
    seen = client.get(f"/export?{query}", headers={"range": asked, "accept-encoding": "gzip, br, zstd"})
    expected = whole.content[begin:end]
    assert seen.status_code == 206
    assert seen.content == expected
    first = begin if begin >= 0 else len(whole.content) + begin
    assert seen.headers["content-range"] == f"bytes {first}-{first + len(expected) - 1}/{len(whole.content)}"
    assert seen.headers["etag"] == whole.headers["etag"]
    assert "content-encoding" not in seen.headers


@pytest.mark.parametrize("asked", ["bytes=9-3", "bytes=", "bytes=-", "lines=1-2", "bytes=0-1,5-6", "bytes=a-b", "x"])
def test_a_range_that_is_none_gives_the_whole(client: httpx.Client, asked: str) -> None:
    seen = get(client, "format=nquads", range=asked)
    assert seen.status_code == 200
    assert len(seen.content) == int(seen.headers["content-length"])


@pytest.mark.parametrize("asked", ["bytes=999999999999-", "bytes=-0", "bytes=999999999998-999999999999"])
def test_a_range_behind_the_end_is_refused_with_the_size(client: httpx.Client, asked: str) -> None:
    size = get(client, "format=nquads").headers["content-length"]
    seen = get(client, "format=nquads", range=asked)
    assert seen.status_code == 416
    assert seen.headers["content-range"] == f"bytes */{size}"
    assert seen.headers["content-type"] == "application/problem+json"


def test_a_broken_download_goes_on_only_in_the_same_file(client: httpx.Client) -> None:
    whole = get(client, "format=trig")
    tag = whole.headers["etag"]
    rest = get(client, "format=trig", range="bytes=1000-", if_range=tag)
    assert rest.status_code == 206
    assert hashlib.sha256(whole.content[:1000] + rest.content).digest() == hashlib.sha256(whole.content).digest()
    for other in ('"another"', f"W/{tag}", whole.headers["last-modified"], get(client, "format=csv").headers["etag"]):
        assert get(client, "format=trig", range="bytes=1000-", if_range=other).status_code == 200, other


def test_a_compressed_answer_has_a_weak_tag_that_revalidates(client: httpx.Client) -> None:
    seen = client.get("/export?format=nquads", headers={"accept-encoding": "gzip"})
    assert seen.headers["content-encoding"] == "gzip"
    assert seen.headers["etag"].startswith('W/"')
    for tag in (seen.headers["etag"], seen.headers["etag"].removeprefix("W/"), f'"x", {seen.headers["etag"]}'):
        again = get(client, "format=nquads", if_none_match=tag)
        assert (again.status_code, again.content) == (304, b"")
    # Another form of the same generation is another file.
    assert get(client, "format=trig", if_none_match=seen.headers["etag"]).status_code == 200
    assert get(client, "format=nquads", if_modified_since=seen.headers["last-modified"]).status_code == 304


def test_head_tells_the_size_and_sends_nothing(client: httpx.Client) -> None:
    get_answer = get(client, "format=csv")
    head = client.head("/export?format=csv", headers=PLAIN | {"range": "bytes=0-9"})
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-length", "content-type", "etag", "content-disposition", "last-modified"):
        assert head.headers[name] == get_answer.headers[name]


def test_many_readers_of_one_export_get_the_same_file(curated_service: Service) -> None:
    bodies: list[bytes] = []

    def read() -> None:
        bodies.append(curated_service.get("/export?country=KAZ&format=rdfxml", headers=PLAIN).content)

    threads = [threading.Thread(target=read) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(bodies) == 12
    assert len(set(bodies)) == 1
    assert len(bodies[0]) > 1000
