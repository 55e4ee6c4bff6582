"""/network, /paths, /centrality and ``edugraph network``: answers read by hand from the articles."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx
import pytest

from api.app import create_app
from graph.settings import Settings
from tests.command import edugraph, told
from tests.service import Service

# The articles, by hand: the office gave technical support to the national consultations of 14 June 2022 and has no part
# in any other event or programme of its own; these are all who organised, supported or took part there.
WITH_THE_ALMATY_OFFICE = {
    "org:kaz-ministry-of-education",
    "org:un-resident-coordinator-office-kaz",
    "org:unicef-kazakhstan",
    "org:unicef",
    "org:unesco",
    "org:altynsarin-academy",
    "org:orleu",
    "org:financial-center",
    "group:parliamentarians",
    "group:civil-society-representatives",
    "group:academic-community-representatives",
    "group:teachers",
    "group:youth",
}
# What the text ties to the office itself: its event, what it is the office of, what it covers, who holds a post in it,
# and its own education sector. Its seat is a place, and places are no actors.
TIED_TO_THE_ALMATY_OFFICE = {
    "event:2022-kaz-national-consultations",
    "org:unesco",
    "org:unesco-almaty-office-education-sector",
    "post:unesco-almaty-education-specialist",
    "country:KAZ",
    "country:KGZ",
    "country:TJK",
    "country:UZB",
}


def answer(service: Service, path: str, **asked: Any) -> dict[str, Any]:
    """The JSON of a question that must be answered."""
    got = service.get(path, params=asked)
    assert got.status_code == 200, got.text
    return dict(got.json())


def ids(record: dict[str, Any], **with_: object) -> set[str]:
    """The ids of the nodes with these members."""
    nodes = [node["data"] for node in record["elements"]["nodes"]]
    return {node["id"] for node in nodes if all(node[name] == value for name, value in with_.items())}


def edges(record: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """The edges by their two ends."""
    return {(edge["data"]["source"], edge["data"]["target"]): edge["data"] for edge in record["elements"]["edges"]}


def test_who_shares_events_with_the_almaty_office(curated_service: Service) -> None:
    got = answer(curated_service, "/network", actor="unesco-almaty-office", projection="co-participation")
    assert ids(got, distance=1) == WITH_THE_ALMATY_OFFICE
    assert not got["truncated"]
    assert got["left_out"]["nodes"] == 0
    ties = [edge for ends, edge in edges(got).items() if "org:unesco-almaty-office" in ends]
    assert {edge["weight"] for edge in ties} == {1}
    assert {shared["id"] for edge in ties for shared in edge["shared"]} == {"event:2022-kaz-national-consultations"}
    facts = [fact for edge in ties for shared in edge["shared"] for fact in shared["facts"]]
    own = {fact["role"]["id"] for fact in facts if fact["object"].endswith("/unesco-almaty-office")}
    assert own == {"edg:technicalSupportBy"}
    assert all(fact["evidence"][0]["selector"] and fact["claim"] for fact in facts)


def test_the_invited_share_an_event_only_if_asked_for(curated_service: Service) -> None:
    question = {"actor": "kaz-federation-of-unesco-clubs", "projection": "co-participation"}
    came, invited = (answer(curated_service, "/network", **question, invited=flag) for flag in ("false", "true"))
    # The federation initiated and organised the seminar in Almaty, to which UNESCO was invited; nobody says it came.
    assert "org:unesco" not in ids(came)
    assert "org:unesco" in ids(invited)
    assert "org:exxonmobil-kazakhstan" in ids(came) & ids(invited)


def test_the_ego_network_of_the_almaty_office(curated_service: Service) -> None:
    got = answer(curated_service, "/network", actor="unesco-almaty-office")
    assert ids(got, distance=1) == TIED_TO_THE_ALMATY_OFFICE
    edge = edges(got)["event:2022-kaz-national-consultations", "org:unesco-almaty-office"]
    assert [role["id"] for role in edge["roles"]] == ["edg:technicalSupportBy"]
    assert not edge["planned"]
    assert edge["claims"][0]["evidence"][0]["selector"].endswith("2022-unicef-national-consultations#char=515,893")
    # Topics and units are no actors at any depth.
    deeper = answer(curated_service, "/network", actor="unesco-almaty-office", depth=3)
    # The one place is Korea: the text invites it as an actor and does not say which of the two states it is.
    kinds = {"org", "person", "group", "post", "country", "event", "programme", "commitment", "target"}
    assert {node for node in ids(deeper) if node.partition(":")[0] not in kinds} <= {"place:korea"}
    assert ids(got) < ids(deeper)


def test_parallel_facts_are_one_edge_that_lists_each(curated_service: Service) -> None:
    got = answer(curated_service, "/network", actor="event:2023-almaty-esd-seminar", **{"class": "Organisation"})
    edge = edges(got)["event:2023-almaty-esd-seminar", "org:kaz-federation-of-unesco-clubs"]
    assert edge["weight"] == len(edge["claims"]) == 2
    assert {role["id"]: role["claims"] for role in edge["roles"]} == {"edg:initiatedBy": 1, "edg:organisedBy": 1}


def test_planned_ties_are_marked_and_can_be_left_out(curated_service: Service) -> None:
    with_plans = answer(curated_service, "/network", actor="2022-transforming-education-summit")
    edge = edges(with_plans)["event:2022-transforming-education-summit", "org:united-nations"]
    assert edge["planned"]
    assert edge["claims"][0]["modality"]["id"] == "modality:Planned"
    without = answer(curated_service, "/network", actor="2022-transforming-education-summit", planned="false")
    # What is reported of the summit is only which consultations prepare for it.
    assert ids(without, distance=1) == {
        "event:2022-kaz-national-consultations",
        "event:2022-national-consultations-worldwide",
    }
    assert not any(edge["planned"] for edge in edges(without).values())


def test_filters_narrow_the_network(curated_service: Service) -> None:
    def around(**asked: str) -> set[str]:
        return ids(answer(curated_service, "/network", actor="2022-kaz-national-consultations", **asked), distance=1)

    assert around(role="organisedBy") == {"org:kaz-ministry-of-education"}
    assert around(role="supportedBy") == {"org:unicef-kazakhstan", "org:unesco-almaty-office"}
    assert around(**{"class": "Organisation"}, kind="Ministry") == {"org:kaz-ministry-of-education"}
    assert around(article="2023-almaty-esd-seminar") == set()
    assert "org:orleu" in around(**{"from": "2022-06", "to": "2022-06"})
    assert around(**{"from": "2023"}) == set()
    assert around(country="LVA") == set()
    assert "org:orleu" in around(country="KAZ")
    assert around(modality="Planned") == {"commitment:2022-kaz-common-vision-of-education"}


def test_a_programme_without_dates_is_in_a_period_through_its_events(curated_service: Service) -> None:
    def around(depth: int, year: str) -> set[str]:
        asked = {"actor": "programme:unesco-participation-programme", "from": year, "to": year}
        return ids(answer(curated_service, "/network", depth=depth, **asked), distance=depth)

    # The seminar of 3 and 4 April 2023 stood under the programme; who has a part in the programme itself is not dated.
    assert around(1, "2023") == {"event:2023-almaty-esd-seminar"}
    assert "org:kaz-federation-of-unesco-clubs" in around(2, "2023")  # who initiated and organised it
    assert around(1, "2021") == set()


def test_labels_come_in_the_readers_language(curated_service: Service) -> None:
    got = answer(curated_service, "/network", actor="kaz-ministry-of-education", lang="ru")
    node = next(node["data"] for node in got["elements"]["nodes"] if node["data"]["distance"] == 0)
    assert (node["label"], node["lang"]) == ("Министерство просвещения Республики Казахстан", "ru")
    roles = [role for edge in edges(got).values() for role in edge["roles"] if role["id"] == "edg:organisedBy"]
    assert {(role["label"], role["lang"]) for role in roles} == {("организатор", "ru")}


def test_what_does_not_fit_is_counted_and_chosen_by_the_rule(curated_service: Service) -> None:
    every = answer(curated_service, "/network", actor="event:2023-almaty-esd-seminar")
    few = answer(curated_service, "/network", actor="event:2023-almaty-esd-seminar", limit=6)
    assert few["truncated"]
    assert len(ids(few)) == 6
    assert few["left_out"] == {"nodes": len(ids(every)) - 6, "by_distance": {"1": len(ids(every)) - 6}}
    # The strongest tie of the seminar is with its invited international participants, from nine countries.
    assert "group:international-participants" in ids(few)
    assert "at most 6 nodes" in few["rule"]
    whole = answer(curated_service, "/network", limit=10)
    assert whole["actor"] is None
    assert whole["nodes"] == 10
    assert whole["left_out"]["nodes"] == answer(curated_service, "/network", limit=1000)["nodes"] - 10


def test_the_same_question_has_the_same_bytes(curated_service: Service) -> None:
    for form in ("json", "graphml", "gexf"):
        asked = {"actor": "unesco", "depth": 2, "format": form}
        one, other = (curated_service.get("/network", params=asked) for _ in range(2))
        assert one.content == other.content


@pytest.mark.parametrize("projection", ["links", "co-participation"])
def test_graphml_and_gexf_open_in_networkx(curated_service: Service, projection: str) -> None:
    asked = {"actor": "unesco", "depth": 2, "projection": projection}
    record = answer(curated_service, "/network", **asked)
    expected = {frozenset(ends) for ends in edges(record)}
    for form, media_type in (("graphml", "application/graphml+xml"), ("gexf", "application/gexf+xml")):
        got = curated_service.get("/network", params=asked, headers={"Accept": media_type})
        assert got.headers["content-type"] == media_type
        assert f".{form}" in got.headers["content-disposition"]
        drawn = (networkx.read_graphml if form == "graphml" else networkx.read_gexf)(BytesIO(got.content))
        assert set(drawn.nodes) == ids(record)
        assert drawn.is_directed() == (projection == "links")
        assert {frozenset(ends[:2]) for ends in drawn.edges} == expected
        assert drawn.nodes["org:unesco"]["class"] == "Organisation"
        for source, target, said in drawn.edges(data=True):
            edge = edges(record).get((source, target)) or edges(record)[target, source]
            assert said["weight"] == edge["weight"]
            assert said["planned"] == edge["planned"]
            assert said["claims"].startswith("https://w3id.org/edugraph/claim/")
        assert ElementTree.fromstring(got.content) is not None
        assert record["rule"].encode() in got.content


def test_the_path_from_valmiera_to_the_institute_for_lifelong_learning(curated_service: Service) -> None:
    got = answer(curated_service, "/paths", **{"from": "Valmieras pilsēta", "to": "unesco-uil"})
    assert got["length"] == 2
    assert got["complete"]
    assert not got["truncated"]
    (path,) = got["paths"]
    network = "programme:unesco-global-network-of-learning-cities"
    assert [node["id"] for node in path["nodes"]] == ["org:valmiera-city", network, "org:unesco-uil"]
    first, second = path["steps"]
    # The text says it twice: the town represents Latvia in the network, and bears its title.
    assert [fact["role"]["id"] for fact in first["facts"]] == ["edg:member", "edg:member"]
    assert [fact["role"]["id"] for fact in second["facts"]] == ["edg:coordinatedBy"]
    spans = {span["selector"].partition("#")[2] for fact in first["facts"] for span in fact["evidence"]}
    assert spans == {"char=2012,2075", "char=315,349"}
    assert not path["planned"]


def test_paths_that_are_not_there(curated_service: Service) -> None:
    asked = {"from": "valmiera-city", "to": "unesco-uil"}
    assert answer(curated_service, "/paths", **asked, max_length=1)["paths"] == []
    assert answer(curated_service, "/paths", **asked, max_length=1)["length"] is None
    assert answer(curated_service, "/paths", **asked, article="2023-almaty-esd-seminar")["paths"] == []
    same = answer(curated_service, "/paths", **{"from": "unesco", "to": "unesco"})
    assert (same["length"], [node["id"] for node in same["paths"][0]["nodes"]]) == (0, ["org:unesco"])


def test_all_shortest_paths_are_those_of_networkx(curated_service: Service) -> None:
    drawn = networkx.read_graphml(
        BytesIO(curated_service.get("/network", params={"limit": 1000, "format": "graphml"}).content)
    ).to_undirected()
    for start, goal in (("org:orleu", "org:valmiera-city"), ("country:KAZ", "org:unesco-iite")):
        got = answer(curated_service, "/paths", **{"from": start, "to": goal, "limit": 50, "max_length": 6})
        paths = {tuple(node["id"] for node in path["nodes"]) for path in got["paths"]}
        assert paths == set(map(tuple, networkx.all_shortest_paths(drawn, start, goal)))


@pytest.mark.parametrize("measure", ["degree", "betweenness", "closeness"])
def test_centrality_is_that_of_networkx(curated_service: Service, measure: str) -> None:
    asked = {"projection": "co-participation", "limit": 300}
    graphml = curated_service.get("/network", params={**asked, "format": "graphml"}).content
    drawn = networkx.read_graphml(BytesIO(graphml))
    expected = getattr(networkx, f"{measure}_centrality")(drawn)
    got = answer(curated_service, "/centrality", **asked, measure=measure, top=1000)
    assert not got["approximate"]
    assert {row["id"]: row["value"] for row in got["ranking"]} == pytest.approx(expected, abs=1e-6)
    # UNESCO took part in events and programmes of three articles, more than anybody else.
    assert got["ranking"][0]["id"] == "org:unesco"
    assert [row["rank"] for row in got["ranking"]] == list(range(1, len(expected) + 1))


def test_every_tie_is_a_link_of_the_graph(built: Path, curated_service: Service) -> None:
    del built
    got = answer(curated_service, "/network", actor="unesco-latvian-national-commission")
    query = """PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        PREFIX edg: <https://w3id.org/edugraph/ontology#>
        SELECT ?claim WHERE { ?claim a edg:Claim ; rdf:subject ?one ; rdf:predicate ?role ; rdf:object ?other .
          { BIND (<https://w3id.org/edugraph/organisation/unesco-latvian-national-commission> AS ?one) }
          UNION { BIND (<https://w3id.org/edugraph/organisation/unesco-latvian-national-commission> AS ?other) } }"""
    rows = curated_service.get(
        "/sparql", params={"query": query}, headers={"Accept": "application/sparql-results+json"}
    ).json()["results"]["bindings"]
    claimed = {row["claim"]["value"] for row in rows}
    drawn = {
        fact["claim"]
        for ends, edge in edges(got).items()
        if "org:unesco-latvian-national-commission" in ends
        for fact in edge["claims"]
        if fact["role"]["id"] != "edg:representing"
    }
    assert drawn
    assert drawn <= claimed


ABUSES = [
    ("/network", {"depth": "0"}, 400, "depth"),
    ("/network", {"depth": "4"}, 400, "depth"),
    ("/network", {"limit": "-1"}, 400, "limit"),
    ("/network", {"limit": "99999999999"}, 400, "limit"),
    ("/network", {"actor": "x" * 10_000}, 400, "actor"),
    ("/network", {"actor": "no such actor"}, 404, "no such actor"),
    ("/network", {"role": "organizedBy"}, 404, "organizedBy"),
    ("/network", {"class": "Organization"}, 404, "Organisation"),
    ("/network", {"kind": "Minstry"}, 404, "Minstry"),
    ("/network", {"country": "Atlantis"}, 404, "Atlantis"),
    ("/network", {"article": "1999-none"}, 404, "1999-none"),
    ("/network", {"modality": "Maybe"}, 404, "Maybe"),
    ("/network", {"from": "2023-02-30"}, 400, "2023-02-30"),
    ("/network", {"from": "2024", "to": "2023"}, 400, "2024"),
    ("/network", {"planned": "perhaps"}, 400, "planned"),
    ("/network", {"dept": "2"}, 400, "dept"),
    ("/network", {"format": "dot"}, 400, "format"),
    ("/network", {"actor": "event:2023-almaty-esd-seminar", "projection": "co-participation"}, 400, "projection=links"),
    ("/network", {"actor": "topic:learning-cities"}, 404, "topic"),
    ("/paths", {"from": "unesco"}, 400, "to"),
    ("/paths", {"from": "unesco", "to": "unicef", "max_length": "100"}, 400, "max_length"),
    ("/centrality", {"measure": "fame"}, 400, "measure"),
    ("/centrality", {"top": "0"}, 400, "top"),
]


@pytest.mark.parametrize(("path", "asked", "status", "word"), ABUSES)
def test_abuse_is_told_what_is_wrong(
    curated_service: Service, path: str, asked: dict[str, str], status: int, word: str
) -> None:
    got = curated_service.get(path, params=asked)
    assert got.status_code == status, got.text
    assert got.headers["content-type"] == "application/problem+json"
    assert word in got.json()["detail"]


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("path", ["/network", "/paths", "/centrality", "/timeline", "/targets"])
def test_the_examples_of_openapi_are_answered(curated_service: Service, path: str) -> None:
    said = create_app(Settings()).openapi()["paths"][path]["get"]
    examples = {known["name"]: known.get("example") for known in said["parameters"]}
    assert None not in examples.values()
    needed = {known["name"]: examples[known["name"]] for known in said["parameters"] if known["required"]}
    for name, example in examples.items():
        got = curated_service.get(path, params={**needed, name: _text(example)})
        assert got.status_code == 200, (name, got.text)


def test_a_form_that_is_not_there_is_not_acceptable(curated_service: Service) -> None:
    assert curated_service.get("/network", headers={"Accept": "image/png"}).status_code == 406
    assert curated_service.get("/network", headers={"Accept": "*/*"}).headers["content-type"] == "application/json"


def test_a_held_answer_is_not_sent_again(curated_service: Service) -> None:
    got = curated_service.get("/network", params={"actor": "unesco"})
    again = curated_service.get("/network", params={"actor": "unesco"}, headers={"If-None-Match": got.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_command_and_service_give_the_same(built: Path, curated_service: Service) -> None:
    for arguments, path, asked in (
        (["unesco", "--depth", "2", "--lang", "ru"], "/network", {"actor": "unesco", "depth": "2", "lang": "ru"}),
        (["valmiera-city", "--to", "unesco-uil"], "/paths", {"from": "valmiera-city", "to": "unesco-uil"}),
        (["--central", "closeness"], "/centrality", {"measure": "closeness"}),
        (
            ["--central", "degree", "--projection", "links", "--top", "3"],
            "/centrality",
            {"projection": "links", "top": "3"},
        ),
    ):
        ended = edugraph("network", *arguments, "--format", "json", build_dir=built)
        assert ended.returncode == 0, ended.stderr.decode()
        served = answer(curated_service, path, **{"lang": "en", **asked})
        del served["generation"]
        assert json.loads(ended.stdout) == served
    drawn = edugraph("network", "unesco", "--format", "gexf", build_dir=built).stdout
    assert drawn == curated_service.get("/network", params={"actor": "unesco", "format": "gexf", "lang": "en"}).content


def test_the_command_shows_a_table_and_says_what_is_wrong(built: Path) -> None:
    shown = edugraph("network", "unesco-almaty-office", build_dir=built).stdout.decode()
    assert "technical support by" in shown
    assert "9 nodes" in shown
    path = edugraph("network", "valmiera-city", "--to", "unesco-uil", build_dir=built).stdout.decode()
    assert (
        "City of Valmiera - UNESCO Global Network of Learning Cities - UNESCO Institute for Lifelong Learning" in path
    )
    assert "nobody" in told(edugraph("network", "nobody", build_dir=built))
    assert "both ends" in told(edugraph("network", "--to", "unesco", build_dir=built))


@pytest.mark.parametrize(
    "question",
    [
        "/network?actor=unesco",
        "/paths?from=unesco&to=unicef",
        "/centrality?top=3",
        "/timeline?actor=unesco",
        "/targets?limit=1",
        "/organisations?country=KAZ&limit=1",
        "/organisations/unesco",
        "/organisations/unesco/links",
        "/claims?limit=1",
        "/quality",
    ],
)
def test_any_answer_can_be_asked_to_name_claim_article_and_span(curated_service: Service, question: str) -> None:
    record = curated_service.get(f"{question}{'&' if '?' in question else '?'}explain=1").json()
    said = list(_with(record, "selector"))
    assert said
    assert all(span["selector"].startswith("https://w3id.org/edugraph/article/") for span in said if span["selector"])
    assert "https://w3id.org/edugraph/claim/" in str(record)


def _with(part: object, name: str) -> Iterator[dict[str, Any]]:
    """Every object within that has a member of this name."""
    if isinstance(part, dict):
        if name in part:
            yield part
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from _with(inner, name)


def test_a_search_takes_explain_and_says_why(curated_service: Service) -> None:
    (best,) = curated_service.get("/search?q=almatygenplan&explain=1").json()["results"]
    assert best["why"]


def test_the_most_central_are_explained_by_the_claims_that_tie_them(curated_service: Service) -> None:
    asked = {"top": 3, "projection": "links"}
    plain = answer(curated_service, "/centrality", **asked)["ranking"]
    for row in answer(curated_service, "/centrality", **asked, explain=1)["ranking"]:
        assert {name: row[name] for name in plain[0]} in plain
        iri = row["iri"]
        assert all(iri in (fact["subject"], fact["object"]) for fact in row["because"])
        assert len(row["because"]) + row["because_left_out"] >= row["edges"]
