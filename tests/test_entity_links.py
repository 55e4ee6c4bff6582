"""/{collection}/{id}/links through HTTP: every thing, any filter, by groups and by pages, as the definition says."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import QuerySolutions, Store

from graph.namespaces import BASE, EDG
from graph.publish.generation import current
from graph.queries import query_text
from graph.query.collections import COLLECTIONS
from tests.command import edugraph
from tests.service import Service

REPORTED = BASE + "modality/Reported"
COLLECTION_OF = {collection.segment: name for name, collection in COLLECTIONS.items()}
Row = tuple[str, ...]


@pytest.fixture(scope="module")
def client(curated_service: Service) -> Iterator[httpx.Client]:
    with curated_service.client(headers={"accept-language": "en"}) as client:
        yield client


def ask(store: Store, query: str) -> list[Row]:
    solutions = store.query(query)
    assert isinstance(solutions, QuerySolutions)
    return [tuple("" if term is None else getattr(term, "value", str(term)) for term in row) for row in solutions]


class Expected:
    """The links of every thing, from the query that defines a link, and what else filters look at."""

    def __init__(self, store: Store) -> None:
        self.links: dict[str, set[Row]] = {}
        for row in ask(store, query_text("links")):
            entity, direction, role, counterpart, claim, modality, source, _, _, activity, part = row
            known = (direction, role, counterpart, claim, modality, source, activity, part)
            self.links.setdefault(entity, set()).add(known)
        prefixes = f"PREFIX edg: <{EDG}> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
        broader = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> SELECT ?r ?b { ?r rdfs:subPropertyOf* ?b }"
        self.below = set(ask(store, broader))
        self.classes = set(ask(store, "SELECT ?t ?c { ?t a ?c }"))
        self.kinds = set(ask(store, "SELECT ?t ?k { ?t <http://purl.org/dc/terms/type> ?k }"))
        dates = (
            prefixes + "SELECT ?c ?s ?v ?own { ?c a edg:Claim ; rdf:subject ?s ."
            " { ?c edg:startDate|edg:endDate ?v BIND (1 AS ?own) } UNION"
            " { ?d rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?v ."
            " FILTER (?p IN (edg:startDate, edg:endDate, edg:deadline)) BIND (0 AS ?own) } UNION"
            " { ?s a edg:Article ; <http://purl.org/dc/terms/issued> ?v BIND (0 AS ?own) } }"
        )
        self.years: dict[str, dict[str, set[str]]] = {}
        for claim, _, value, own in ask(store, dates):
            self.years.setdefault(claim, {}).setdefault(own, set()).add(value[:4])

    def dated(self, claim: str, since: str, until: str) -> bool:
        """By years alone; a date of the claim itself goes before those of its activity."""
        found = self.years.get(claim, {})
        years = found.get("1") or found.get("0") or set()
        return bool(years) and max(years) >= since and min(years) <= until


@pytest.fixture(scope="module")
def expected(built: Path) -> Expected:
    return Expected(Store.read_only(str(current(built).store)))


def path_of(entity: str) -> str:
    segment, _, identifier = entity.removeprefix(BASE).partition("/")
    return f"/{COLLECTION_OF[segment]}/{identifier}/links"


def told(record: dict[str, Any]) -> Row:
    through = record["through"] or {"activity": {"iri": ""}, "role": {"iri": ""}}
    return (
        record["direction"],
        record["role"]["iri"],
        record["counterpart"]["iri"],
        record["claim"],
        record["modality"]["iri"],
        record["article"]["iri"],
        through["activity"]["iri"],
        through["role"]["iri"],
    )


def entities(expected: Expected) -> list[str]:
    return sorted(entity for entity in expected.links if entity.removeprefix(BASE).partition("/")[0] in COLLECTION_OF)


def all_pages(client: httpx.Client, path: str, parameters: dict[str, str]) -> list[dict[str, Any]]:
    found = [client.get(path, params=parameters).json()]
    while found[-1]["next"] is not None:
        found.append(client.get(found[-1]["next"]).json())
    return found


@pytest.mark.parametrize("parameters", [{}, {"lang": "lv,ru"}, {"group": "role", "lang": "kk"}])
def test_links_are_written_as_their_records_are(
    client: httpx.Client, expected: Expected, parameters: dict[str, str]
) -> None:
    # An explained answer is made from records, and says of each date which claim gives it.
    for entity in entities(expected):
        written = client.get(path_of(entity), params=parameters)
        made = client.get(path_of(entity), params={**parameters, "explain": "1"})
        body = made.json()
        for group in body.get("groups", [body]):
            for link in group["links"]:
                for date in link["dates"]:
                    del date["because"]
        assert list(written.json()) == list(body)
        assert written.headers["content-language"] == made.headers["content-language"]
        bare = {**body, "next": None, "groups": [{**group, "next": None} for group in body.get("groups", ())]}
        told = written.json()
        shown = {**told, "next": None, "groups": [{**group, "next": None} for group in told.get("groups", ())]}
        assert json.dumps(shown) == json.dumps(bare), entity


def test_every_thing_has_the_links_of_the_definition(client: httpx.Client, expected: Expected) -> None:
    for entity in entities(expected):
        body = client.get(path_of(entity)).json()
        rows = [told(record) for record in body["links"]]
        assert set(rows) == expected.links[entity], entity
        assert len(rows) == body["total"] == len(expected.links[entity])
        assert body["planned"] == sum(1 for row in rows if row[4] != REPORTED)
        for record in body["links"]:
            assert record["planned"] == (record["modality"]["iri"] != REPORTED)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_filter_gives_what_the_definition_gives(
    client: httpx.Client, expected: Expected, data: st.DataObject
) -> None:
    entity = data.draw(st.sampled_from(entities(expected)))
    fitting = set(expected.links[entity])
    some = data.draw(st.sampled_from(sorted(fitting)))
    parameters: dict[str, str] = {}
    filters = ("direction", "role", "modality", "article", "class", "year", "planned", "counterpart", "kind")
    wanted = data.draw(st.sets(st.sampled_from(filters)))
    if "direction" in wanted:
        parameters["direction"] = some[0]
        fitting = {row for row in fitting if row[0] == some[0]}
    if "role" in wanted:
        above = sorted(b for r, b in expected.below if r == some[1] and b.startswith(EDG)) or [some[1]]
        parameters["role"] = data.draw(st.sampled_from(above))
        fitting = {
            row for row in fitting if row[1] == parameters["role"] or (row[1], parameters["role"]) in expected.below
        }
    if "modality" in wanted:
        parameters["modality"] = some[4]
        fitting = {row for row in fitting if row[4] == some[4]}
    if "article" in wanted:
        parameters["article"] = some[5]
        fitting = {row for row in fitting if row[5] == some[5]}
    if "class" in wanted:
        classes = sorted(c for t, c in expected.classes if t == some[2])
        parameters["class"] = data.draw(st.sampled_from(classes))
        fitting = {row for row in fitting if (row[2], parameters["class"]) in expected.classes}
    if "counterpart" in wanted:
        parameters["counterpart"] = some[2]
        fitting = {row for row in fitting if row[2] == some[2]}
    if "kind" in wanted and (kinds := sorted(k for t, k in expected.kinds if t == some[2])):
        parameters["kind"] = data.draw(st.sampled_from(kinds))
        fitting = {row for row in fitting if (row[2], parameters["kind"]) in expected.kinds}
    if "year" in wanted:
        since, until = sorted(data.draw(st.tuples(*[st.integers(2014, 2031)] * 2)))
        parameters |= {"from": str(since), "to": str(until)}
        fitting = {row for row in fitting if expected.dated(row[3], str(since), str(until))}
    if "planned" in wanted:
        parameters["planned"] = "false"
        fitting = {row for row in fitting if row[4] == REPORTED}
    limit = data.draw(st.integers(1, 30))
    found = all_pages(client, path_of(entity), {**parameters, "limit": str(limit)})
    rows = [told(record) for page in found for record in page["links"]]
    assert set(rows) == fitting, parameters
    assert len(rows) == len(fitting)
    assert {page["total"] for page in found} == {len(fitting)}
    assert rows == [told(record) for record in client.get(path_of(entity), params=parameters).json()["links"]]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_groups_hold_all_links_each_with_its_count(
    client: httpx.Client, expected: Expected, data: st.DataObject
) -> None:
    entity = data.draw(st.sampled_from(entities(expected)))
    limit = data.draw(st.integers(1, 5))
    body = client.get(path_of(entity), params={"group": "role", "limit": limit}).json()
    rows: list[Row] = []
    for group in body["groups"]:
        own = [told(record) for record in group["links"]]
        following = group["next"]
        while following is not None:
            [more] = client.get(following).json()["groups"]
            assert (more["direction"], more["role"]) == (group["direction"], group["role"])
            own += [told(record) for record in more["links"]]
            following = more["next"]
        assert len(own) == group["total"]
        assert {row[:2] for row in own} == {(group["direction"], group["role"]["iri"])}
        assert group["planned"] == sum(1 for row in own if row[4] != REPORTED)
        rows += own
    assert set(rows) == expected.links[entity]
    assert len(rows) == body["total"]


# Read by hand from the texts: path and filter, and the counterparts by role.
BY_HAND: dict[str, set[tuple[str, str]]] = {
    "/events/2023-almaty-esd-seminar/links?counterpart=Казахстанская национальная федерация клубов ЮНЕСКО": {
        ("edg:initiatedBy", "org:kaz-federation-of-unesco-clubs"),
        ("edg:organisedBy", "org:kaz-federation-of-unesco-clubs"),
    },
    "/organisations/kaz-federation-of-unesco-clubs/links?direction=in": {
        ("edg:initiatedBy", "event:2023-almaty-esd-seminar"),
        ("edg:organisedBy", "event:2023-almaty-esd-seminar"),
    },
    "/events/2023-almaty-esd-seminar/links?role=supportedBy": {
        ("edg:supportedBy", "org:almatygenplan"),
        ("edg:supportedBy", "org:exxonmobil-kazakhstan"),
        ("edg:supportedBy", "org:holiday-inn-express-almaty"),
    },
    "/events/2023-almaty-esd-seminar/links?role=coOrganisedBy&class=Organisation": {
        ("edg:coOrganisedBy", "org:kaz-national-commission-for-unesco-and-isesco"),
        ("edg:coOrganisedBy", "org:unesco-almaty-office-education-sector"),
    },
    "/events/2018-valmiera-vet-innovation-discussion/links?role=heldAt": {
        ("edg:heldAt", "place:valmiera"),
        ("edg:heldAt", "place:valmiera-business-incubator"),
    },
    "/events/2018-valmiera-vet-innovation-discussion/links?role=heldAt&planned=false": set(),
    "/persons/gani-beisembayev/links?role=holdsPost&article=2024-elkz-directors-forum": {
        ("edg:holdsPost", "post:kaz-minister-of-education"),
    },
    "/documents/almaty-education-roadmap-2023-2029/links?role=signedBy": {
        ("edg:signedBy", "person:gani-beisembayev"),
        ("edg:signedBy", "person:yerbolat-dossayev"),
    },
    "/places/valmiera/links?role=heldAt&modality=Planned": {
        ("edg:heldAt", "event:2018-valmiera-vet-innovation-discussion"),
    },
    "/countries/KGZ/links?role=territory&class=Organisation": {("edg:territory", "org:unesco-almaty-office")},
    "/programmes/unesco-global-network-of-learning-cities/links?role=member&class=Organisation": {
        ("edg:member", "org:valmiera-city"),
    },
    "/figures/personnel-reserve-size/links": {("edg:about", "programme:republican-personnel-reserve")},
    "/posts/un-resident-coordinator-kaz/links?role=holdsPost": {("edg:holdsPost", "person:michaela-friberg-storey")},
}  # fmt: skip


@pytest.mark.parametrize("path", list(BY_HAND))
def test_what_the_articles_say(client: httpx.Client, path: str) -> None:
    links = client.get(path).json()["links"]
    assert {(link["role"]["id"], link["counterpart"]["id"]) for link in links} == BY_HAND[path]


def test_a_link_says_its_broader_role_and_when(client: httpx.Client) -> None:
    path = "/organisations/almatygenplan/links?explain=1"
    [link] = client.get(path).json()["links"]
    assert link["role"]["broader"]["id"] == "edg:involves"
    assert link["counterpart"]["kind"]["id"] == "kind:Seminar"
    dates = {date["property"]: date for date in link["dates"]}
    assert (dates["edg:startDate"]["value"], dates["edg:endDate"]["value"]) == ("2023-04-03", "2023-04-04")
    assert dates["edg:startDate"]["precision"] == "day"
    [told] = dates["edg:startDate"]["because"]
    assert (told["start"], told["end"]) == (197, 288)


def test_whose_words_and_in_what_capacity(client: httpx.Client) -> None:
    path = "/organisations/sysert-urban-okrug/links?role=participant"
    [link] = client.get(path).json()["links"]
    said = {qualifier["property"]: qualifier for qualifier in link["qualifiers"]}
    assert said["edg:representing"]["iri"] == BASE + "country/RUS"
    assert said["edg:inferredBecause"]["lang"] == "en"


def test_labels_follow_the_chain_and_say_their_language(client: httpx.Client) -> None:
    path = "/organisations/unesco-latvian-national-commission/links"
    for link in client.get(path + "?lang=lv,ru").json()["links"]:
        assert link["role"]["lang"] == "lv"
        assert link["counterpart"]["lang"] in ("lv", "ru", "en")
    assert {link["role"]["lang"] for link in client.get(path, headers={"accept-language": "ru"}).json()["links"]} == {
        "ru"
    }


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/organisations/nobody/links", 404, "there is no organisation 'nobody'"),
        ("/persons/unesco/links", 404, "there is no person 'unesco'"),
        ("/organisations/unesco/links?limit=0", 400, "from 1 to 1000"),
        ("/organisations/unesco/links?limit=-7", 400, "from 1 to 1000"),
        ("/organisations/unesco/links?direction=up", 400, "none of in, out"),
        ("/organisations/unesco/links?role=dances", 404, "is not a role"),
        ("/organisations/unesco/links?class=Unicorn", 404, "no class of things"),
        ("/organisations/unesco/links?article=none", 404, "there is no article"),
        ("/organisations/unesco/links?modality=Dreamt", 404, "there is no modality"),
        ("/organisations/unesco/links?cursor=%00", 400, "NUL"),
        ("/organisations/unesco/links?cursor=%D1%8F", 400, "no cursor of this service"),
        ("/organisations/unesco/links?role=" + "я" * 2000, 400, "2000 characters"),
        ("/organisations/unesco/links?role=" + "я" * 5000, 414, "at most"),
        ("/organisations/unesco/links?sort=role", 400, "no such parameter"),
    ],
)
def test_abuse_gets_a_clear_problem(client: httpx.Client, path: str, status: int, said: str) -> None:
    response = client.get(path)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert said in response.json()["detail"]


def test_a_cursor_of_another_thing_does_not_fit(client: httpx.Client) -> None:
    following = client.get("/organisations/unesco/links?limit=1").json()["next"]
    answer = client.get(following.replace("/unesco/", "/unicef/"))
    assert answer.status_code == 400
    assert "other filters" in answer.json()["detail"]


def test_csv_says_what_json_says_and_its_link_leads_to_the_next_page(client: httpx.Client, expected: Expected) -> None:
    for entity in entities(expected):
        by_accept = client.get(path_of(entity), headers={"accept": "text/csv"})
        assert by_accept.headers["content-type"].startswith("text/csv"), entity
        assert "Accept" in by_accept.headers["vary"]
        rows = list(csv.DictReader(io.StringIO(by_accept.text, newline="")))
        links = client.get(path_of(entity)).json()["links"]
        assert [(row["direction"], row["role"], row["counterpart"], row["counterpart_id"]) for row in rows] == [
            (link["direction"], link["role"]["label"], link["counterpart"]["label"], link["counterpart"]["id"])
            for link in links
        ]
        spans = [[span["selector"] for span in link["evidence"] if span["selector"]] for link in links]
        assert [row["evidence"] for row in rows] == [
            " ".join(f"#{selector.partition('#')[2]}" for selector in of_link) for of_link in spans
        ]
    path, paged = "/organisations/unesco/links", []
    following: str | None = f"{path}?format=csv&limit=7"
    while following is not None:
        page = client.get(following)
        paged += list(csv.DictReader(io.StringIO(page.text, newline="")))
        following = page.links["next"]["url"] if "next" in page.links else None
    assert paged == list(csv.DictReader(io.StringIO(client.get(f"{path}?format=csv").text, newline="")))


def test_the_command_and_the_service_write_the_same_table(client: httpx.Client, built: Path) -> None:
    ended = edugraph("links", "org:unesco", "--format", "csv", build_dir=built)
    assert client.get("/organisations/unesco/links?format=csv").content == ended.stdout


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ([], {}),
        (["--direction", "in", "--role", "involves", "--no-planned", "--lang", "ru"],
         {"direction": "in", "role": "involves", "planned": "false", "lang": "ru"}),
        (["--class", "Event", "--kind", "Seminar"], {"class": "Event", "kind": "Seminar"}),
        (["--modality", "Requested", "--counterpart", "commitment:2023-cooperate-with-un-and-unesco-on-esd"],
         {"modality": "Requested", "counterpart": "commitment:2023-cooperate-with-un-and-unesco-on-esd"}),
        (["--article", "2018-unesco-lnc-vet-discussion"], {"article": "2018-unesco-lnc-vet-discussion"}),
        (["--from", "2023-04", "--until", "2023"], {"from": "2023-04", "to": "2023"}),
    ],
)  # fmt: skip
def test_the_command_and_the_service_give_the_same_links(
    client: httpx.Client, built: Path, options: list[str], asked: dict[str, str]
) -> None:
    ended = edugraph("links", "UNESCO", *options, "--format", "json", build_dir=built)
    assert ended.returncode == 0, ended.stderr.decode()
    served = client.get("/organisations/unesco/links", params=asked).json()
    assert served["links"]
    for of_the_service in ("next", "generation", "organisation"):
        del served[of_the_service]
    assert json.loads(ended.stdout) == served


def test_groups_as_csv_and_forms_that_there_are_not_are_refused(client: httpx.Client) -> None:
    path = "/organisations/unesco/links"
    assert "leave group out" in client.get(f"{path}?group=role&format=csv").json()["detail"]
    assert client.get(path, headers={"accept": "image/png"}).status_code == 406
    assert client.get(f"{path}?format=xml").status_code == 400
