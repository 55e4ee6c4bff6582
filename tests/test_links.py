"""``edugraph links``: what ties an organisation to others, as the articles say it and as its definition says."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, Store

from graph.namespaces import BASE, EDG, RDFS, SKOS, compact
from graph.publish.generation import current
from graph.queries import query_text
from graph.query.index import FALLBACK, Index, language_chain
from graph.query.link_bytes import LinkWriter
from graph.query.links import LinkFilter, groups_of, link_rows, links_of, role_iri
from tests.command import edugraph, told
from tests.homes import make_home, text

REPORTED = BASE + "modality/Reported"

# Read by hand from the five articles: direction, role, counterpart, and whether it was planned.
BY_HAND: dict[str, set[tuple[str, str, str, bool]]] = {
    "org:orleu": {("in", "edg:participant", "event:2022-kaz-national-consultations", False)},
    "org:financial-center": {
        ("in", "edg:participant", "event:2022-kaz-national-consultations", False),
        ("in", "edg:moderatedBy", "event:2022-kaz-consultations-group-financing", False),
    },
    "org:exxonmobil-kazakhstan": {("in", "edg:supportedBy", "event:2023-almaty-esd-seminar", False)},
    "org:holiday-inn-express-almaty": {("in", "edg:supportedBy", "event:2023-almaty-esd-seminar", False)},
    "org:almatygenplan": {("in", "edg:supportedBy", "event:2023-almaty-esd-seminar", False)},
    "org:unesco-almaty-office-education-sector": {
        ("in", "edg:coOrganisedBy", "event:2023-almaty-esd-seminar", False),
        ("out", "edg:partOf", "org:unesco-almaty-office", False),
    },
    "org:kaz-federation-of-unesco-clubs": {
        ("in", "edg:initiatedBy", "event:2023-almaty-esd-seminar", False),
        ("in", "edg:organisedBy", "event:2023-almaty-esd-seminar", False),
        ("out", "edg:territory", "country:KAZ", False),
    },
    "org:sysert-urban-okrug": {
        ("in", "edg:participant", "event:2023-almaty-esd-seminar", False),
        ("out", "edg:representing", "country:RUS", False),
    },
    "org:lva-ministry-of-education-and-science": {
        ("in", "edg:coOrganisedBy", "event:2018-vet-innovation-cycle", False),
        ("in", "edg:coOrganisedBy", "event:2018-valmiera-vet-innovation-discussion", True),
    },
    "org:gymnasium-140-almaty": {
        ("in", "edg:postIn", "post:deputy-director-gymnasium-140", False),
        ("out", "edg:seat", "place:almaty", False),
    },
    "org:unesco-uil": {
        ("in", "edg:coordinatedBy", "programme:unesco-global-network-of-learning-cities", False),
        ("out", "edg:partOf", "org:unesco", False),
    },
}


def ask(built: Path, *arguments: str) -> list[dict[str, Any]]:
    ended = edugraph("links", *arguments, "--format", "json", build_dir=built)
    assert ended.returncode == 0, ended.stderr
    links: list[dict[str, Any]] = json.loads(ended.stdout)["links"]
    return links


@pytest.fixture(scope="module")
def index(built: Path) -> Iterator[Index]:
    with closing(Index(current(built))) as opened:
        yield opened


@pytest.fixture(scope="module")
def store(built: Path) -> Store:
    return Store.read_only(str(current(built).store))


@pytest.mark.parametrize("organisation", BY_HAND)
def test_links_are_those_that_a_reader_finds(index: Index, organisation: str) -> None:
    iri = BASE + "organisation/" + organisation.removeprefix("org:")
    found = {
        (link.direction, compact(link.role), compact(link.counterpart), link.modality != REPORTED)
        for link in links_of(index, iri, LinkFilter())
    }
    assert found == BY_HAND[organisation]


# ---------------------------------------------------------------- the projection equals the definition

Row = tuple[str, str, str, str, str, str, frozenset[tuple[int, int]]]


@pytest.fixture(scope="module")
def defined(store: Store) -> dict[str, set[Row]]:
    """What links.rq answers, one row for each claim, by the entity."""
    spans: dict[tuple[str, ...], set[tuple[int, int]]] = {}
    solutions = store.query(query_text("links"))
    assert isinstance(solutions, QuerySolutions)
    for row in solutions:
        key = tuple(
            _value(row[name]) for name in ("entity", "direction", "role", "counterpart", "claim", "modality", "source")
        )
        held = spans.setdefault(key, set())
        if row["start"] is not None:
            held.add((int(_value(row["start"])), int(_value(row["end"]))))
    by_entity: dict[str, set[Row]] = {}
    for (entity, direction, role, counterpart, claim, modality, source), held in spans.items():
        by_entity.setdefault(entity, set()).add(
            (direction, role, counterpart, claim, modality, source, frozenset(held))
        )
    return by_entity


def _value(term: object) -> str:
    assert isinstance(term, NamedNode | Literal), term
    return term.value


def _projected(index: Index, entity: str, wanted: LinkFilter) -> list[Row]:
    return [
        (
            link.direction,
            link.role,
            link.counterpart,
            link.claim,
            link.modality,
            link.source,
            frozenset((span.start, span.end) for span in link.evidence),
        )
        for link in links_of(index, entity, wanted)
    ]


def test_the_projection_is_the_answer_of_the_definition_for_everything(
    index: Index, defined: dict[str, set[Row]]
) -> None:
    things = {row[0] for row in index.connection.execute("SELECT iri FROM thing")}
    assert len(defined) > 150
    for entity in things | set(defined):
        rows = _projected(index, entity, LinkFilter())
        assert len(rows) == len(set(rows))
        assert set(rows) == defined.get(entity, set()), entity


def _below(store: Store, role: str) -> set[str]:
    found, new = {role}, {role}
    while new:
        new = {
            quad.subject.value
            for broader in new
            for quad in store.quads_for_pattern(
                None, NamedNode(RDFS + "subPropertyOf"), NamedNode(broader), DefaultGraph()
            )
            if isinstance(quad.subject, NamedNode)
        } - found
        found |= new
    return found


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_every_filter_answers_as_the_definition_does(
    index: Index, store: Store, defined: dict[str, set[Row]], data: st.DataObject
) -> None:
    entity = data.draw(st.sampled_from(sorted(defined)))
    roles = [
        EDG + name for name in ("involves", "participant", "supportedBy", "organisedBy", "partOf", "topic", "speaker")
    ]
    wanted = LinkFilter(
        direction=data.draw(st.sampled_from([None, "in", "out"])),
        role=data.draw(st.sampled_from([None, *roles])),
        planned=data.draw(st.booleans()),
    )
    below = _below(store, wanted.role) if wanted.role else None
    expected = {
        row
        for row in defined[entity]
        if wanted.direction in (None, row[0])
        and (below is None or row[1] in below)
        and (wanted.planned or row[4] == REPORTED)
    }
    rows = _projected(index, entity, wanted)
    assert set(rows) == expected
    assert [row[:4] for row in rows] == sorted(row[:4] for row in rows)


@pytest.mark.parametrize(
    ("query", "table", "columns"),
    [
        ("things", "SELECT iri, class, kind FROM thing", ("thing", "class", "kind")),
        ("roles", "SELECT iri, broader FROM role", ("role", "broader")),
        ("articles", "SELECT iri, sha256, name FROM article", ("article", "hash", "name")),
        ("names", "SELECT thing, name, preferred FROM name", ("thing", "name", "preferred")),
        ("qualifiers", "SELECT claim, property, value FROM qualifier", ("claim", "property", "value")),
    ],
)
def test_every_table_is_the_answer_of_its_query(
    index: Index, store: Store, query: str, table: str, columns: tuple[str, ...]
) -> None:
    solutions = store.query(query_text(query))
    assert isinstance(solutions, QuerySolutions)
    answered = {tuple(None if row[name] is None else _value(row[name]) for name in columns) for row in solutions}
    projected = {tuple(None if cell is None else str(cell) for cell in row) for row in index.connection.execute(table)}
    assert projected == answered
    assert projected


# ---------------------------------------------------------------- the command's filters and formats


def test_direction_and_role_and_plans(built: Path) -> None:
    ministry = "org:kaz-ministry-of-education"
    every = ask(built, ministry)
    for direction in ("in", "out"):
        chosen = ask(built, ministry, "--direction", direction)
        assert chosen == [link for link in every if link["direction"] == direction]
        assert chosen
    reported = ask(built, ministry, "--no-planned")
    assert reported == [link for link in every if not link["planned"]]
    assert ask(built, ministry, "--planned") == every
    lva = "IZM"
    assert {link["planned"] for link in ask(built, lva)} == {True, False}
    assert {link["planned"] for link in ask(built, lva, "--no-planned")} == {False}


def test_a_role_counts_what_is_narrower(built: Path) -> None:
    broad = ask(built, "org:unicef-kazakhstan", "--role", "supportedBy")
    assert {link["role"]["id"] for link in broad} == {"edg:technicalSupportBy"}
    assert ask(built, "org:unicef-kazakhstan", "--role", "edg:technicalSupportBy") == broad
    assert ask(built, "org:unicef-kazakhstan", "--role", EDG + "involves") == broad
    assert ask(built, "org:unicef-kazakhstan", "--role", "technical support by") == broad
    assert ask(built, "org:unicef-kazakhstan", "--role", "fundedBy") == []


def test_an_unknown_role_is_told_with_those_there_are(built: Path) -> None:
    said = told(edugraph("links", "UNESCO", "--role", "organizedBy", build_dir=built))
    assert "'organizedBy' is not a role" in said
    assert "organisedBy" in said


def test_the_index_knows_roles_by_label(index: Index) -> None:
    assert role_iri(index, "организатор") == EDG + "organisedBy"
    assert role_iri(index, "organizators") == EDG + "organisedBy"


def test_csv_and_table_say_what_json_says(built: Path) -> None:
    records = ask(built, "UNESCO")
    table = edugraph("links", "UNESCO", "--format", "csv", build_dir=built).stdout.decode()
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert [(row["direction"], row["counterpart_id"], row["counterpart_lang"]) for row in rows] == [
        (link["direction"], link["counterpart"]["id"], link["counterpart"]["lang"] or "") for link in records
    ]
    for row, link in zip(rows, records, strict=True):
        assert row["role"] == link["role"]["label"]
        assert row["evidence"].count("#char=") == len(link["evidence"])
    shown = edugraph("links", "UNESCO", build_dir=built).stdout.decode()
    assert shown.rstrip().endswith(f"{len(records)} links")
    for link in records:
        assert link["counterpart"]["label"] in shown


def test_brackets_in_a_name_are_shown(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", ("first",))
    registry = home / "data" / "registry" / "organisations.ttl"
    registry.write_text(registry.read_text("utf-8").replace("Harbour School", "Harbour [bold] School :boat:"), "utf-8")
    assert edugraph("build", home=home).returncode == 0
    assert "Harbour [bold] School :boat:" in edugraph("links", "LI", home=home).stdout.decode()


# ---------------------------------------------------------------- languages


@pytest.mark.parametrize("lang", ["en", "lv,ru", "kk", "fr", "ru-KZ"])
def test_every_label_says_its_language_and_falls_back_in_one_order(built: Path, store: Store, lang: str) -> None:
    names = _preferred_names(store)
    chain = [*language_chain(lang.split(",")), *FALLBACK]
    links = ask(built, "org:unesco-latvian-national-commission", "--lang", lang)
    assert links
    for link in links:
        for part in (link["role"], link["counterpart"], link["modality"], link["article"]):
            known = names[part["iri"]]
            best = next((tag for tag in chain if tag in known), min(known))
            assert (part["lang"], part["label"]) == (best, known[best])
    assert ask(built, "org:unesco-latvian-national-commission", "--lang", lang) == links


def _preferred_names(store: Store) -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = {}
    for predicate in (SKOS + "prefLabel", RDFS + "label", "http://purl.org/dc/terms/title"):
        for quad in store.quads_for_pattern(None, NamedNode(predicate), None, DefaultGraph()):
            assert isinstance(quad.subject, NamedNode)
            assert isinstance(quad.object, Literal)
            names.setdefault(quad.subject.value, {})[quad.object.language or ""] = quad.object.value
    return names


def test_a_latvian_reader_gets_latvian_names_where_there_are_some(built: Path) -> None:
    labels = {link["counterpart"]["id"]: link["counterpart"] for link in ask(built, "LNK", "--lang", "lv")}
    assert (labels["country:LVA"]["label"], labels["country:LVA"]["lang"]) == ("Latvija", "lv")
    roles = {link["role"]["label"] for link in ask(built, "LNK", "--lang", "lv")}
    assert "organizators" in roles


# ---------------------------------------------------------------- quotes


def test_a_folder_of_texts_is_quoted(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", ("first",))
    assert edugraph("build", home=home).returncode == 0
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "named-otherwise.txt").write_text(text("first"), "utf-8")
    arguments = ("links", "Маяк", "--format", "json")
    assert "Институт" not in told(edugraph(*arguments, home=home)).partition("did you mean")[0]
    arguments = ("links", "Институт «Маяк»", "--format", "json")
    plain = json.loads(edugraph(*arguments, home=home).stdout)["links"]
    quoted = json.loads(edugraph(*arguments, "--texts", str(texts), home=home).stdout)["links"]
    assert [span["quote"] for link in plain for span in link["evidence"]] == [None] * 3
    for link in quoted:
        for span in link["evidence"]:
            assert span["quote"] == text("first")[span["start"] : span["end"]]
            span["quote"] = None
    assert quoted == plain
    shown = edugraph("links", "LI", "--texts", str(texts), home=home).stdout.decode()
    assert text("first")[61:90] in shown


def test_a_text_that_differs_is_not_quoted(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", ("first",))
    assert edugraph("build", home=home).returncode == 0
    (tmp_path / "first.txt").write_text(text("first") + ".", "utf-8")
    links = json.loads(edugraph("links", "LI", "--format", "json", texts=tmp_path, home=home).stdout)["links"]
    assert {span["quote"] for link in links for span in link["evidence"]} == {None}


def test_a_folder_of_texts_that_is_not_there_is_told(built: Path, tmp_path: Path) -> None:
    said = told(edugraph("links", "UNESCO", "--texts", str(tmp_path / "none"), build_dir=built))
    assert "is not a folder of texts" in said


def test_what_is_read_ahead_of_many_is_what_each_is_asked_for(built: Path) -> None:
    """Two indexes, for one keeps its answers: of every thing, of an IRI of nothing, in one order of languages."""
    with closing(Index(current(built))) as together, closing(Index(current(built))) as singly:
        read = singly.connection.execute
        things = {str(row[0]) for row in read("SELECT iri FROM thing UNION SELECT thing FROM moment")} | {"urn:nothing"}
        together.read_ahead(things)
        for thing in sorted(things):
            for ask in ("classes", "kind", "moments"):
                assert getattr(together, ask)(thing) == getattr(singly, ask)(thing), (ask, thing)
            for chain in (("lv", "ru"), ()):
                assert together.label(thing, chain) == singly.label(thing, chain), thing


def test_the_first_page_of_links_asks_the_index_a_few_times(built: Path) -> None:
    with closing(Index(current(built))) as index:
        (best,) = index.connection.execute("SELECT iri FROM node WHERE id = 0").fetchone()  # that with most links
        asked: list[str] = []
        writer, wanted = LinkWriter(index), LinkFilter()
        index.connection.set_trace_callback(asked.append)
        rows = link_rows(index, wanted, groups_of(index, best, wanted), 0, 100)
        writer.write(rows, ("en",), set())
    assert len({row[3] for row in rows}) > 20
    assert len(asked) < 30
