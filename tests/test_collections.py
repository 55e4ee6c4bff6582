"""Collections through HTTP: what five articles hold, read by hand, and the same answer as SPARQL for any filter."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import QuerySolutions, RdfFormat, Store, parse

from api.app import create_app
from api.collections import MEMBERS
from graph.index.fold import fold
from graph.namespaces import BASE, EDG
from graph.publish.generation import current
from graph.query.collections import COLLECTIONS, SORTS
from graph.query.cursors import cursor_for
from graph.settings import Settings
from tests.service import Service

REPORTED = BASE + "modality/Reported"
PREFIXES = """PREFIX edg: <https://w3id.org/edugraph/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""

# Read by hand from the texts of the articles.
BY_HAND = {
    "/events?country=LVA&article=2018-unesco-lnc-vet-discussion": {"2018-valmiera-vet-innovation-discussion"},
    "/events?country=LVA&article=2018-unesco-lnc-vet-discussion&planned=false": set(),
    "/events?from=2023-04&to=2023-04-05&article=2023-almaty-esd-seminar": {"2023-almaty-esd-seminar"},
    "/events?from=2023-04&to=2023-04&article=2023-almaty-esd-seminar": {
        "2023-almaty-esd-seminar",
        "2023-kaz-extended-meeting",
    },
    # The inspections are dated to the year alone, so that any day of it may be theirs.
    "/events?from=2023-07-01&to=2023-07-01&article=2024-elkz-directors-forum": {"2023-kaz-education-inspections"},
    "/events?kind=Seminar&article=2023-almaty-esd-seminar": {"2023-almaty-esd-seminar"},
    "/persons?role=holdsPost&article=2022-unicef-national-consultations": {
        "arthur-van-diesen",
        "elnara-bainazarova",
        "elvira-yausheva",
        "maki-katsuno-hayashikawa",
        "michaela-friberg-storey",
        "nurbek-teleshaliyev",
    },
    "/persons?role=signedBy&article=almaty-education-roadmap": {"gani-beisembayev", "yerbolat-dossayev"},
    "/commitments?topic=inclusive-education&article=almaty-education-roadmap": {
        "almaty-correction-rooms",
        "almaty-inclusive-resource-centre",
        "almaty-psychological-medical-pedagogical-consultations",
    },
    "/documents?from=2029&to=2029&article=2023-almaty-esd-seminar": {"kaz-education-roadmap-2023-2029"},
    "/documents?from=2029&to=2029&article=2023-almaty-esd-seminar&planned=false": set(),
    # Each filter holds for itself: the Almaty office gave support in another article, and this one names it too.
    "/organisations?role=supportedBy&article=2023-almaty-esd-seminar": {
        "unesco-almaty-office",
        "almatygenplan",
        "exxonmobil-kazakhstan",
        "holiday-inn-express-almaty",
    },
    "/organisations?country=Latvija&article=2018-unesco-lnc-vet-discussion": {
        "unesco-latvian-national-commission",
        "valmiera-city",
    },
    "/places?country=LVA&article=2018-unesco-lnc-vet-discussion": {"riga", "valmiera", "valmiera-business-incubator"},
    "/figures?unit=Candidate&article=2024-elkz-directors-forum": {"personnel-reserve-size"},
    "/articles?from=2022&to=2022-06": {"2022-unicef-national-consultations"},
    "/countries?article=2018-unesco-lnc-vet-discussion": {"LVA"},
    "/persons?label=Бейсем": set(),
    "/persons?label=гани б": {"gani-beisembayev"},
    "/organisations?modality=Requested&article=2023-almaty-esd-seminar&label=united": {"united-nations"},
}


@pytest.fixture(scope="module")
def client(curated_service: Service) -> Iterator[httpx.Client]:
    with curated_service.client(headers={"accept-language": "en"}) as client:
        yield client


@pytest.fixture(scope="module")
def store(built: Path) -> Store:
    return Store.read_only(str(current(built).store))


def ask(store: Store, query: str) -> list[tuple[str, ...]]:
    solutions = store.query(PREFIXES + query)
    assert isinstance(solutions, QuerySolutions)
    return [tuple("" if term is None else term.value for term in row) for row in solutions]


def pages(client: httpx.Client, path: str) -> list[dict[str, Any]]:
    """All pages of an answer, by following ``next``."""
    found: list[dict[str, Any]] = []
    following: str | None = path
    while following is not None:
        response = client.get(following)
        assert response.status_code == 200, response.text
        found.append(response.json())
        following = found[-1]["next"]
    return found


@pytest.mark.parametrize("path", list(BY_HAND))
def test_what_the_articles_hold(client: httpx.Client, path: str) -> None:
    body = client.get(path).json()
    assert {item["id"] for item in body["items"]} == BY_HAND[path]
    assert body["total"] == len(BY_HAND[path])


def test_a_row_says_where_and_when_and_how_sure(client: httpx.Client) -> None:
    [row] = client.get("/events?country=LVA&article=2018-unesco-lnc-vet-discussion&lang=lv").json()["items"]
    assert row["lang"] == "lv"
    assert row["kind"]["id"] == "kind:Debate"
    assert ("Valmiera", "lv", True) in [(place["label"], place["lang"], place["planned"]) for place in row["where"]]
    dates = {date["property"]: (date["value"], date["precision"], date["planned"]) for date in row["dates"]}
    assert dates["edg:startDate"] == ("2018-05-15T13:00:00", "moment", True)
    assert "because" not in row["dates"][0]


def test_a_figure_says_its_numbers_with_their_hedges_and_units(client: httpx.Client) -> None:
    """The text says more than 800 in its headline and 800 at its end."""
    rows = {item["id"]: item for item in client.get("/figures?explain=1").json()["items"]}
    attendance = rows["2024-directors-forum-attendance"]
    hedged = [(one["value"], [said["label"] for said in one["qualifiers"]]) for one in attendance["values"]]
    assert hedged == [(800, ["more than"]), (800, [])]
    assert [unit["id"] for unit in attendance["units"]] == ["unit:Leader"]
    assert all(one["because"] for one in attendance["values"])
    assert "values" not in client.get("/organisations?limit=1").json()["items"][0]
    table = list(csv.DictReader(io.StringIO(client.get("/figures?format=csv").text)))
    (row,) = [one for one in table if one["id"] == "2024-directors-forum-attendance"]
    assert (row["values"], row["units"]) == ("more than 800; 800", "head of an education organisation")


def test_explain_gives_each_value_its_claim_article_and_span(client: httpx.Client) -> None:
    [row] = client.get("/events?country=LVA&article=2018-unesco-lnc-vet-discussion&explain=1").json()["items"]
    start = next(date for date in row["dates"] if date["property"] == "edg:startDate")
    assert [(told["start"], told["end"]) for told in start["because"]] == [(197, 206), (295, 313), (1030, 1088)]
    for value in (*row["dates"], *row["where"]):
        for told in value["because"]:
            claim = client.get("/claims/" + told["claim"].rpartition("/")[2], params={"format": "json"}).json()
            assert told["article"] == BASE + "article/2018-unesco-lnc-vet-discussion"
            assert claim["claim"]["subject"]["iri"] == row["iri"]


def test_facets_count_what_fits(client: httpx.Client) -> None:
    path = "/organisations?article=2023-almaty-esd-seminar&role=supportedBy&facets=role,kind"
    facets = client.get(path).json()["facets"]
    assert {(value["id"], value["total"]) for value in facets["role"]} == {
        ("supportedBy", 3),
        ("officeOf", 1),
        ("partOf", 1),
        ("postIn", 1),
        ("seat", 1),
        ("technicalSupportBy", 1),
        ("territory", 1),
    }
    assert sum(value["total"] for value in facets["kind"]) == 4
    assert {value["lang"] for value in facets["kind"]} == {"en"}


def test_csv_holds_the_rows_and_its_link_the_next_page(client: httpx.Client) -> None:
    path = "/persons?article=2022-unicef-national-consultations&role=holdsPost&sort=id&limit=2"
    by_name = client.get(path + "&format=csv")
    by_accept = client.get(path, headers={"accept": "text/csv"})
    assert by_name.text == by_accept.text
    assert by_name.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(by_name.text)))
    assert [row["label"] for row in rows] == ["Arthur van Diesen", "Elnara Bainazarova"]
    following = client.get(by_name.links["next"]["url"]).text
    assert [row["id"] for row in csv.DictReader(io.StringIO(following))] == [
        "elvira-yausheva",
        "maki-katsuno-hayashikawa",
    ]


def test_csv_marks_the_places_and_dates_of_what_is_only_planned(client: httpx.Client) -> None:
    path = "/events?format=csv&sort=id&article="
    rows = csv.DictReader(io.StringIO(client.get(path + "2018-unesco-lnc-vet-discussion").text))
    discussion = next(row for row in rows if row["id"] == "2018-valmiera-vet-innovation-discussion")
    assert discussion["where"] == "Valmiera (Planned); Valmiera Business Incubator (Planned)"
    assert "startDate 2018-05-15T13:00:00 (Planned)" in discussion["dates"]
    rows = csv.DictReader(io.StringIO(client.get(path + "2023-almaty-esd-seminar").text))
    seminar = next(row for row in rows if row["id"] == "2023-almaty-esd-seminar")
    assert (seminar["where"], "Planned" in seminar["dates"]) == ("Almaty", False)


def test_csv_tells_apart_claims_that_differ_in_what_qualifies_them(client: httpx.Client) -> None:
    asked = "subject=figure:2024-directors-forum-attendance&role=value&format=csv"
    rows = list(csv.DictReader(io.StringIO(client.get(f"/claims?{asked}").text)))
    assert {(row["object"], row["qualifiers"]) for row in rows} == {("800", "bound: more than"), ("800", "")}
    asked = "role=invited&counterpart=group:international-participants&format=csv"
    text = client.get(f"/events/2023-almaty-esd-seminar/links?{asked}").text
    said = [row["qualifiers"] for row in csv.DictReader(io.StringIO(text))]
    countries = {
        part.removeprefix("representing: ") for row in said for part in row.split("; ") if "representing" in part
    }
    assert countries == {
        "Bangladesh", "Kyrgyzstan", "Korea", "Lebanon", "Malaysia", "Nepal", "Philippines", "Russia", "Vietnam",
    }  # fmt: skip


def test_turtle_describes_the_members_of_the_filtered_list(client: httpx.Client) -> None:
    path = "/organisations?kind=Ministry&sort=id"
    members = [item["iri"] for item in client.get(path).json()["items"]]
    answer = client.get(path + "&format=turtle")
    assert answer.headers["content-type"].startswith("text/turtle")
    described = list(parse(answer.content, format=RdfFormat.TURTLE))
    assert members
    assert {triple.subject.value for triple in described} == set(members)
    assert client.get(path, headers={"accept": "text/turtle"}).content == answer.content
    first = client.get("/organisations?limit=1&format=turtle")
    assert 'rel="next"' in first.headers["link"]


def test_sorted_by_date_what_has_none_comes_last(client: httpx.Client) -> None:
    rows = [row for page in pages(client, "/events?sort=-date&limit=7") for row in page["items"]]
    years = [max((date["value"][:4] for date in row["dates"]), default="") for row in rows]
    dated = [year for year in years if year]
    assert dated == sorted(dated, reverse=True)
    assert years == dated + [""] * (len(years) - len(dated))


def test_labels_are_sorted_in_the_language_that_they_are_shown_in(client: httpx.Client) -> None:
    labels = [row["label"] for row in client.get("/countries?lang=ru").json()["items"]]
    assert labels[0] == "Бангладеш"
    assert labels == sorted(labels, key=fold)


def test_claims_come_in_the_order_of_the_text(client: httpx.Client) -> None:
    found = pages(client, "/claims?article=2024-elkz-directors-forum&limit=7")
    rows = [row for page in found for row in page["items"]]
    assert len({row["id"] for row in rows}) == len(rows) == found[0]["total"]
    firsts = [min(told["start"] for told in row["evidence"]) for row in rows]
    assert firsts == sorted(firsts)


def test_a_number_is_a_claim_with_its_bound(client: httpx.Client) -> None:
    path = "/claims?subject=figure:2024-directors-forum-attendance&role=value"
    rows = client.get(path).json()["items"]
    said = {(row["object"]["value"], tuple(q["iri"] for q in row["qualifiers"])) for row in rows}
    assert said == {("800", (BASE + "bound/MoreThan",)), ("800", ())}


def test_claims_as_csv_and_counted(client: httpx.Client) -> None:
    path = "/claims?subject=figure:personnel-reserve-size"
    rows = list(csv.DictReader(io.StringIO(client.get(path + "&format=csv").text)))
    assert {(row["predicate"], row["object"]) for row in rows} == {
        ("edg:value", "208"),
        ("edg:unit", "unit:Candidate"),
        ("edg:about", "programme:republican-personnel-reserve"),
    }
    assert client.get(path + "&facets=modality").json()["facets"]["modality"][0]["total"] == 3


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/events?limit=0", 400, "from 1 to 1000"),
        ("/events?limit=-1", 400, "from 1 to 1000"),
        ("/events?limit=1e9", 400, "from 1 to 1000"),
        ("/events?limit=99999999999999999999", 400, "from 1 to 1000"),
        ("/events?sort=size", 400, "none of label"),
        ("/events?colour=red", 400, "no such parameter"),
        ("/organisations?status=Held", 400, "no such parameter"),
        ("/events?kind=Seminar&kind=Forum", 400, "more than once"),
        ("/events?kind=Nonsense", 404, "there is no kind 'Nonsense'"),
        ("/events?country=Atlantis", 404, "there are:"),
        ("/events?role=dances", 404, "is not a role; there are:"),
        ("/events?from=2023-13", 400, "no day, month or year"),
        ("/events?from=yesterday", 400, "write 2023-04-03, 2023-04 or 2023"),
        ("/events?lang=latvian", 400, "is no list of language tags"),
        ("/events?lang=,,", 400, "is no list of language tags"),
        ("/events?from=2024&to=2023", 400, "begins with 2024 and ends with 2023"),
        ("/events?facets=kind,colour", 400, "'colour' is no facet here"),
        ("/events?label=" + "a" * 10_000, 400, "10000 characters"),
        ("/events?label=%22", 400, "no letter"),
        ("/events?cursor=abc", 400, "no cursor of this service"),
        ("/events?cursor=" + "a" * 3000, 400, "3000 characters"),
        ("/events?planned=maybe", 400, "true or false"),
        ("/events?format=xml", 400, "none of json, csv, turtle"),
        ("/articles?language=fr", 404, "there are:"),
        ("/claims?subject=nobody", 404, "write an IRI or a prefixed name"),
        ("/claims?role=dances", 404, "no property of claims"),
        ("/claims?cursor=W10", 400, "no cursor of this service"),
        ("/unicorns", 404, "nothing is served"),
    ],
)
def test_abuse_gets_a_clear_problem(client: httpx.Client, path: str, status: int, said: str) -> None:
    response = client.get(path)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert said in response.json()["detail"]


def test_a_client_that_takes_neither_form_is_told(client: httpx.Client) -> None:
    assert client.get("/events", headers={"accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("sort", ["label", "-label", "date"])
def test_a_reader_of_another_language_goes_on_in_the_order_of_the_first_page(client: httpx.Client, sort: str) -> None:
    ordered = [one["id"] for one in client.get(f"/events?sort={sort}&lang=en&limit=1000").json()["items"]]
    seen, address = [], f"/events?sort={sort}&limit=7"
    for turn in range(len(ordered)):
        page = client.get(address, headers={"accept-language": ("en", "ru", "lv")[turn % 3]}).json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        address = page["next"]
    assert turn > 2
    assert seen == ordered


def test_a_cursor_is_bound_to_its_filters_its_order_and_its_generation(client: httpx.Client, built: Path) -> None:
    cursor = httpx.URL(client.get("/events?limit=2").json()["next"]).params["cursor"]
    for other in ("/events?kind=Forum", "/events?sort=id", "/documents?limit=2"):
        answer = client.get(other, params={**httpx.URL(other).params, "cursor": cursor})
        assert answer.status_code == 400
        assert "other filters or another order" in answer.json()["detail"] or "no cursor" in answer.json()["detail"]
    assert client.get("/events", params={"limit": 5, "cursor": cursor}).status_code == 200
    made_up = cursor_for(current(built), ["topic", {}, None, None, None, True, "label"], ["xx", "a", "b"])
    assert "no cursor" in client.get("/topics", params={"cursor": made_up}).json()["detail"]

    class Older:
        id = "0123456789abcdef"

    older = cursor_for(Older(), None, ["a", "b"])  # type: ignore[arg-type]
    gone = client.get("/events", params={"cursor": older})
    assert gone.status_code == 410
    assert gone.json()["type"].endswith("/stale-cursor")
    assert current(built).id in gone.json()["detail"]


def test_what_the_client_holds_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/events?limit=2")
    again = client.get("/events?limit=2", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "Accept-Language" in first.headers["vary"]


def operations() -> list[tuple[str, str, str, Any]]:
    """Every parameter of every lookup, with the example that the description gives."""
    paths = create_app(Settings()).openapi()["paths"]
    lookups = [f"/{name}" for name in (*MEMBERS, "claims")] + ["/{collection}/{identifier}/links"]
    return [
        (path, parameter["name"], parameter["in"], parameter)
        for path in lookups
        for parameter in paths[path]["get"]["parameters"]
    ]


@pytest.mark.parametrize(("path", "name", "place", "parameter"), operations())
def test_every_parameter_is_described_and_its_example_works(
    client: httpx.Client, path: str, name: str, place: str, parameter: dict[str, Any]
) -> None:
    if place == "path":
        assert parameter["schema"].get("enum") or parameter["description"]
        return
    assert parameter["description"].endswith(".")
    there = path.format(collection="organisations", identifier="almatygenplan")
    if name == "cursor":
        more = client.get(there, params={"limit": 1}).json()["next"]
        if more is None:
            return
        example = httpx.URL(more).params["cursor"]
    else:
        example = parameter["example"]
    value = str(example).lower() if isinstance(example, bool) else example
    assert client.get(there, params={name: value}).status_code == 200, (there, name, value)


class Expected:
    """The members of each collection and what they can be filtered by, asked of the store in SPARQL of our own."""

    def __init__(self, store: Store) -> None:
        claims = "?c a edg:Claim ; edg:modality ?m . "
        placed = (
            "?c rdf:predicate ?p ; rdf:object ?at . FILTER (?p IN (edg:heldAt, edg:territory, edg:seat, edg:locatedIn))"
        )
        within = "?at edg:locatedIn* ?value . ?value a edg:Country . "
        post = (
            "?c rdf:predicate edg:postIn ; rdf:subject ?post . { ?c edg:territory ?at } UNION"
            " { ?c rdf:object ?body . ?body edg:territory|edg:seat ?at } "
        )
        told = "?c edg:evidence/oa:hasSource ?thing . ?thing a edg:Article . "
        patterns = {
            "country": [
                f"{claims} ?c rdf:subject ?thing . {placed} {within}",
                f"{claims} {told} {placed} {within}",
                f"{claims} {post} {within} BIND (?post AS ?thing)",
                f"{claims} {post} ?thing edg:holdsPost ?post . {within}",
            ],
            "topic": [
                f"{claims} ?c rdf:subject ?thing ; rdf:predicate edg:topic ; rdf:object ?value .",
                f"{claims} {told} ?c rdf:predicate edg:topic ; rdf:object ?value .",
            ],
            "article": [
                f"{claims} ?c edg:evidence/oa:hasSource ?value . ?value a edg:Article ."
                f" ?c rdf:subject|rdf:object|edg:representing|edg:attributedTo|edg:territory ?thing ."
            ],
            "status": [f"{claims} ?c rdf:subject ?thing ; rdf:predicate schema:eventStatus ; rdf:object ?value ."],
            "unit": [f"{claims} ?c rdf:subject ?thing ; rdf:predicate edg:unit ; rdf:object ?value ."],
            "kind": [f"?thing dcterms:type ?value . BIND (<{REPORTED}> AS ?m)"],
            "language": [f"?thing dcterms:language ?value ; a edg:Article . BIND (<{REPORTED}> AS ?m)"],
        }
        self.values = {
            facet: {row for pattern in found for row in ask(store, f"SELECT ?thing ?value ?m WHERE {{ {pattern} }}")}
            for facet, found in patterns.items()
        }
        self.values["modality"] = {
            (thing, modality, modality)
            for thing, modality in ask(
                store,
                f"SELECT ?thing ?m WHERE {{ {claims} ?c edg:evidence/oa:hasSource/rdf:type edg:Article ;"
                " rdf:subject|rdf:object|edg:representing|edg:attributedTo|edg:territory ?thing . }",
            )
        }
        roles = (
            "?p a <http://www.w3.org/2002/07/owl#ObjectProperty> . FILTER (?p NOT IN (edg:unit, schema:eventStatus))"
        )
        self.values["role"] = set(
            ask(
                store,
                f"SELECT ?thing ?value ?m WHERE {{ {claims} ?c rdf:predicate ?p . {roles}"
                " ?c rdf:subject|rdf:object ?thing . ?p rdfs:subPropertyOf* ?value . }",
            )
        ) | set(
            ask(
                store,
                f"SELECT ?thing ?value ?m WHERE {{ {claims} {{ ?c edg:representing ?x ; rdf:object ?thing }} UNION"
                " { ?c edg:representing ?thing } edg:representing rdfs:subPropertyOf* ?value . }",
            )
        )
        dated = (
            "SELECT ?thing ?v ?m WHERE { { ?c edg:modality ?m ; rdf:subject ?thing ; rdf:object ?v ; rdf:predicate ?p ."
            " FILTER (?p IN (edg:startDate, edg:endDate, edg:deadline)) } UNION"
            f" {{ ?thing a edg:Article ; dcterms:issued ?v BIND (<{REPORTED}> AS ?m) }} }}"
        )
        self.dates = ask(store, dated)
        self.names = ask(store, "SELECT ?thing ?n WHERE { ?thing skos:prefLabel|skos:altLabel|dcterms:title ?n }")
        things = ask(store, "SELECT DISTINCT ?thing WHERE { ?thing a ?class FILTER (?class NOT IN (edg:Claim)) }")
        self.members = {
            name: {iri for (iri,) in things if iri.startswith(f"{BASE}{collection.segment}/") and "#" not in iri}
            for name, collection in COLLECTIONS.items()
        }

    def of_facet(self, facet: str, value: str, planned: bool) -> set[str]:
        return {thing for thing, found, m in self.values[facet] if found == value and (planned or m == REPORTED)}

    def within(self, since: str, until: str, planned: bool) -> set[str]:
        """By years alone, which any precision of a date can be held against."""
        spans: dict[str, list[str]] = {}
        for thing, value, modality in self.dates:
            if planned or modality == REPORTED:
                spans.setdefault(thing, []).append(value[:4])
        return {thing for thing, years in spans.items() if max(years) >= since and min(years) <= until}

    def named(self, start: str) -> set[str]:
        return {thing for thing, name in self.names if fold(name).startswith(fold(start))}


@pytest.fixture(scope="module")
def expected(store: Store) -> Expected:
    return Expected(store)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_any_filter_gives_what_sparql_gives(client: httpx.Client, expected: Expected, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(MEMBERS)))
    collection = COLLECTIONS[name]
    members = expected.members[name]
    planned = data.draw(st.booleans())
    parameters: dict[str, str] = {"planned": str(planned).lower()}
    fitting = set(members)
    for facet in data.draw(st.lists(st.sampled_from(collection.facets), max_size=2, unique=True)):
        there = sorted({value for thing, value, _ in expected.values[facet] if thing in members})
        # Roles of other vocabularies stand above ours, and no filter takes them.
        there = [value for value in there if facet != "role" or value.startswith(EDG)]
        if there:
            parameters[facet] = data.draw(st.sampled_from(there))
            fitting &= expected.of_facet(facet, parameters[facet], planned)
    if "from" in collection.filters and data.draw(st.booleans()):
        since, until = sorted(data.draw(st.tuples(*[st.integers(2014, 2031)] * 2)))
        parameters |= {"from": str(since), "to": str(until)}
        fitting &= expected.within(str(since), str(until), planned)
    if data.draw(st.integers(0, 3)) == 0:
        own = [name for thing, name in expected.names if thing in members]
        if own:
            parameters["label"] = data.draw(st.sampled_from(own))[:4]
            fitting &= expected.named(parameters["label"])
    parameters |= {"limit": str(data.draw(st.integers(1, 60))), "sort": data.draw(st.sampled_from(list(SORTS)))}
    if "label" in parameters and not fold(parameters["label"]):
        return
    counted = data.draw(st.sampled_from([facet for facet in collection.facets if facet != "role"]))
    parameters["facets"] = counted
    path = f"/{name}?{httpx.QueryParams(parameters)}"
    found = list(itertools.islice(pages(client, path), 500))
    rows = [row["iri"] for page in found for row in page["items"]]
    assert len(rows) == len(set(rows)), path
    assert set(rows) == fitting, path
    assert {page["total"] for page in found} == {len(fitting)}
    assert all(len(page["items"]) == int(parameters["limit"]) for page in found[:-1])
    within = {
        value: len(fitting & expected.of_facet(counted, value, planned)) for _, value, _ in expected.values[counted]
    }
    told = {value.get("iri", value.get("value")): value["total"] for value in found[0]["facets"][counted]}
    assert told == {value: total for value, total in within.items() if total}, path


@pytest.mark.parametrize("planned", [True, False])
def test_facet_counts_are_those_of_sparql(client: httpx.Client, expected: Expected, planned: bool) -> None:
    for name, collection in MEMBERS.items():
        path = f"/{name}?facets={','.join(collection.facets)}&limit=1&planned={str(planned).lower()}"
        for facet, values in client.get(path).json()["facets"].items():
            told = {value.get("iri", value.get("value")): value["total"] for value in values}
            assert list(told.values()) == sorted(told.values(), reverse=True), (name, facet)
            own = {
                (thing, value)
                for thing, value, modality in expected.values[facet]
                if thing in expected.members[name] and (planned or modality == REPORTED)
            }
            counts = {value: sum(1 for _, found in own if found == value) for _, value in own}
            if facet == "role":  # counted as they are used; a filter by a role takes in its narrower ones
                counts = {value: n for value, n in counts.items() if value in told}
                assert all(told[value] <= n for value, n in counts.items())
            elif len(counts) <= 100:
                assert told == counts, (name, facet)


def test_every_claim_is_there_and_says_what_sparql_says(client: httpx.Client, store: Store) -> None:
    rows = [row for page in pages(client, "/claims?limit=1000") for row in page["items"]]
    claims = ask(
        store,
        "SELECT ?c ?s ?p ?o ?m WHERE { ?c a edg:Claim ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ;"
        " edg:modality ?m }",
    )
    told = {
        (
            row["iri"],
            row["subject"]["iri"],
            row["predicate"]["iri"],
            row["object"].get("iri", row["object"].get("value")),
            row["modality"]["iri"],
        )
        for row in rows
    }
    assert told == set(claims)
    assert len(rows) == len(claims)


def test_the_examples_of_answers_have_the_shape_of_answers(client: httpx.Client) -> None:
    paths = create_app(Settings()).openapi()["paths"]
    for name in (*MEMBERS, "claims"):
        example = paths[f"/{name}"]["get"]["responses"]["200"]["content"]["application/json"]["example"]
        real = client.get(f"/{name}?limit=1").json()
        assert set(example) == set(real)
        assert set(example["items"][0]) <= set(real["items"][0]), json.dumps(real)


def test_a_narrower_role_counts_for_its_broader_one(client: httpx.Client) -> None:
    article = "article=2022-unicef-national-consultations"
    broad = client.get(f"/organisations?role=supportedBy&{article}").json()["items"]
    narrow = client.get(f"/organisations?role=edg:technicalSupportBy&{article}").json()["items"]
    assert {row["id"] for row in narrow} == {"unicef-kazakhstan", "unesco-almaty-office"}
    assert {row["id"] for row in narrow} <= {row["id"] for row in broad}
