"""The record of a thing through HTTP: what five articles say of it, read by hand, and every thing's counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph.namespaces import BASE
from graph.query.authorities import reference
from graph.query.collections import COLLECTIONS
from tests.command import edugraph
from tests.homes import make_home, text
from tests.service import Service, serving

Lists = dict[str, set[str]]

# Read by hand from the texts: which things stand in which list of the record.
BY_HAND: dict[str, Lists] = {
    "/organisations/unesco-almaty-office": {
        "parents": {"org:unesco"},
        "children": {"org:unesco-almaty-office-education-sector"},
        "posts": {"post:unesco-almaty-education-specialist"},
        "mentions": {"article:2022-unicef-national-consultations", "article:2023-almaty-esd-seminar"},
    },
    "/organisations/unicef-kazakhstan": {"parents": {"org:unicef"}, "posts": {"post:unicef-representative-kaz"}},
    "/organisations/unicef": {
        "parents": {"org:united-nations"},
        "children": {"org:unicef-kazakhstan"},
        "posts": {"post:unicef-communication-specialist"},
    },
    "/organisations/unesco-education-sector": {
        "parents": {"org:unesco"},
        "children": {"org:unesco-division-education-2030"},
    },
    "/organisations/kaz-ministry-of-education": {
        "predecessors": {"org:kaz-ministry-of-education-and-science"},
        "posts": {"post:kaz-minister-of-education"},
    },
    "/persons/gani-beisembayev": {"posts": {"post:kaz-minister-of-education"}},
    "/posts/director-division-education-2030": {
        "organisations": {"org:unesco-division-education-2030"},
        "holders": {"person:maki-katsuno-hayashikawa"},
    },
    "/events/2023-almaty-esd-seminar": {
        "children": {"event:2023-almaty-esd-seminar-workshops", "event:2023-almaty-esd-seminar-master-classes"},
        "parents": set(),
    },
    "/events/2018-valmiera-vet-innovation-discussion": {"parents": {"event:2018-vet-innovation-cycle"}},
    "/places/valmiera": {"parents": {"country:LVA"}, "children": {"place:valmiera-business-incubator"}},
    # To be announced at the summit, as part of the debate: the text can be read of both.
    "/documents/kaz-national-statement-of-commitment": {
        "events": {"event:2022-transforming-education-summit", "event:2022-unga-high-level-debate"},
    },
    "/articles/2018-unesco-lnc-vet-discussion": {"mentions": {"article:2018-unesco-lnc-vet-discussion"}},
}
FACTS: dict[str, set[tuple[str, str, bool]]] = {
    "/figures/personnel-reserve-size": {
        ("edg:value", "208", False),
        ("edg:unit", "unit:Candidate", False),
        ("edg:about", "programme:republican-personnel-reserve", False),
    },
    "/documents/almaty-education-roadmap-2023-2029": {
        ("edg:startDate", "2023", False),
        ("edg:endDate", "2029", False),
        ("edg:signedBy", "person:gani-beisembayev", False),
        ("edg:signedBy", "person:yerbolat-dossayev", False),
    },
    "/targets/almaty-kindergarten-places": {
        ("edg:value", "35000", True),
        ("edg:unit", "unit:KindergartenPlace", True),
        ("edg:deadline", "2029", True),
        ("edg:responsible", "org:akimat-of-almaty", True),
    },
    "/organisations/unesco-almaty-office": {
        ("edg:territory", "country:KAZ", False),
        ("edg:territory", "country:KGZ", False),
        ("edg:territory", "country:TJK", False),
        ("edg:territory", "country:UZB", False),
        ("edg:seat", "place:almaty", False),
    },
}
"""Facts that the record of a thing must hold: property, object, and whether it is planned or the like."""


@pytest.fixture(scope="module")
def client(curated_service: Service) -> Iterator[httpx.Client]:
    with curated_service.client(headers={"accept": "application/json", "accept-language": "en"}) as client:
        yield client


@pytest.mark.parametrize("path", list(BY_HAND))
def test_what_belongs_together(client: httpx.Client, path: str) -> None:
    record = client.get(path).json()
    for name, things in BY_HAND[path].items():
        assert {item["id"] for item in record[name]["items"]} == things, name
        assert record[name]["total"] == len(things)


@pytest.mark.parametrize("path", list(FACTS))
def test_what_is_said_of_a_thing(client: httpx.Client, path: str) -> None:
    facts = client.get(path).json()["facts"]
    values = [value for group in facts for value in group["values"]]
    told = {(value["property"], value.get("id") or value["value"], value["planned"]) for value in values}
    assert FACTS[path] <= told


def test_a_post_comes_with_its_holder(client: httpx.Client) -> None:
    [post] = client.get("/organisations/unicef-kazakhstan").json()["posts"]["items"]
    assert [holder["label"] for holder in post["holders"]] == ["Arthur van Diesen"]


def test_names_come_in_all_languages_and_translations_say_so(client: httpx.Client) -> None:
    names = client.get("/persons/dauren-sagyngaliyev").json()["names"]
    assert {"name": "Даурен Сагынгалиев", "lang": "ru", "preferred": True} in names
    assert {"name": "Dauren Sagyngaliyev", "lang": "en", "preferred": True, "curator_translation": True} in names


def test_identifiers_stand_apart(client: httpx.Client) -> None:
    record = client.get("/organisations/altynsarin-academy").json()
    ror = "https://ror.org/034kc6w18"
    told = {"property": "skos:exactMatch", "value": ror, "authority": "ROR", "shown": "034kc6w18", "address": ror}
    assert told in record["identifiers"]


@pytest.mark.parametrize(
    ("value", "authority", "address"),
    [
        ("ISNI 000000040402478X", "ISNI", "https://isni.org/isni/000000040402478X"),
        ("Crossref Funder ID 100006641", "Crossref Funder ID", "https://doi.org/10.13039/100006641"),
        ("UN document symbol A/75/982", "UN document", "https://undocs.org/A/75/982"),
        ("ISO 3166-1 alpha-2 LV", "ISO 3166", None),
        ("ISNI and more", None, None),
        ("javascript:alert(1)", None, None),
        ("https://example.org/thing", None, "https://example.org/thing"),
    ],
)
def test_an_identifier_leads_only_where_its_authority_says(
    value: str, authority: str | None, address: str | None
) -> None:
    told = reference(value)
    assert (told["authority"], told["address"]) == (authority, address)


def test_an_article_says_how_much_it_claims(client: httpx.Client) -> None:
    record = client.get("/articles/2024-elkz-directors-forum").json()
    assert record["lang"] == "ru"
    told = client.get("/claims?article=2024-elkz-directors-forum&facets=modality").json()
    assert record["claims"]["total"] == told["total"]
    by_modality = {value["id"]: value["total"] for value in told["facets"]["modality"]}
    assert {row["id"].rpartition(":")[2]: row["total"] for row in record["claims"]["by_modality"]} == by_modality


def test_explain_gives_each_fact_its_span(client: httpx.Client) -> None:
    plain = client.get("/figures/personnel-reserve-size").json()
    record = client.get("/figures/personnel-reserve-size?explain=1").json()
    values = {value["property"]: value for group in record["facts"] for value in group["values"]}
    [told] = values["edg:value"]["because"]
    assert (told["start"], told["end"]) == (1853, 1915)
    assert told["article"] == BASE + "article/2024-elkz-directors-forum"
    assert all("because" not in value for group in plain["facts"] for value in group["values"])


def test_without_texts_nothing_is_quoted(client: httpx.Client) -> None:
    record = client.get("/figures/personnel-reserve-size?explain=1").json()
    told = [why for group in record["facts"] for value in group["values"] for why in value["because"]]
    assert {why["quote"] for why in told} == {None}


def test_with_texts_every_span_is_quoted(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    texts = tmp_path / "texts"
    texts.mkdir()
    for identifier in ("first", "second"):
        (texts / f"{identifier}.txt").write_text(text(identifier), "utf-8")
    assert edugraph("build", home=home).returncode == 0
    with serving(home=home, texts=texts) as service:
        [row] = service.get("/events?article=first&explain=1").json()["items"]
        links = service.get("/events/first/links?role=organisedBy").json()["links"]
        record = service.get("/events/first?explain=1", headers={"accept": "application/json"}).json()
    assert [why["quote"] for why in row["where"][0]["because"]] == [text("first")[150:190]]
    assert [told["quote"] for told in links[0]["evidence"]] == [text("first")[0:40], text("first")[100:140]]
    quotes = [why["quote"] for group in record["facts"] for value in group["values"] for why in value["because"]]
    assert None not in quotes
    assert text("first")[41:60] in quotes


def _items(client: httpx.Client, name: str) -> list[dict[str, Any]]:
    response = client.get(f"/{name}?limit=1000" if name != "claims" else "/claims?limit=40")
    items: list[dict[str, Any]] = response.json().get("items", [])
    return items


@pytest.mark.parametrize("name", [name for name in COLLECTIONS if name not in ("claims", "targets")])
def test_every_thing_has_a_record_whose_counts_are_its_links(client: httpx.Client, name: str) -> None:
    for item in _items(client, name):
        record = client.get(f"/{name}/{item['id']}").json()
        assert record["iri"] == item["iri"]
        assert (record["label"], record["lang"]) == (item["label"], item["lang"])
        counts = record["counts"]
        assert counts["links"] == item["links"] == client.get(f"/{name}/{item['id']}/links?limit=1").json()["total"]
        assert sum(role["total"] for role in counts["by_role"]) == counts["links"]
        assert sum(modality["total"] for modality in counts["by_modality"]) == counts["links"]


def test_a_claim_is_a_thing_too(client: httpx.Client) -> None:
    for item in _items(client, "claims"):
        record = client.get(f"/claims/{item['id']}").json()
        assert record["claim"] == item
        assert client.get(f"/claims/{item['id']}/links").json()["total"] == 0
