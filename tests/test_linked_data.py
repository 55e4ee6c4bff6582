"""Every IRI of the data, the ontology and the shapes answers at its path, in every form, with the same triples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyld import jsonld
from pyoxigraph import DefaultGraph, Literal, NamedNode, RdfFormat, Store, Triple, parse

from graph.export.parts import Part
from graph.export.selection import LISTS, part_triples
from graph.namespaces import (
    BASE,
    COLLECTIONS,
    DATASET,
    DCTERMS,
    EDG,
    KINDS,
    ONTOLOGY_GRAPH,
    RDFS,
    REGISTRY_GRAPH,
    SKOS,
    compact,
)
from graph.namespaces import RDF as RDF_NAMES
from graph.publish.generation import Generation, current
from tests.linked_data import MEDIA_TYPES, RDF, triples
from tests.service import Service

FORMS = [*MEDIA_TYPES]


@pytest.fixture(scope="module")
def generation(built: Path) -> Generation:
    return current(built)


@pytest.fixture(scope="module")
def store(generation: Generation) -> Store:
    return Store.read_only(str(generation.store))


@pytest.fixture(scope="module")
def client(curated_service: Service) -> Iterator[httpx.Client]:
    with curated_service.client() as client:
        yield client


@pytest.fixture(scope="module")
def context(client: httpx.Client) -> str:
    """The published context, as the member of a JSON-LD document."""
    return f'"@context": {json.dumps(client.get("/context.jsonld").json()["@context"])}'


def subjects(store: Store) -> list[str]:
    """Every IRI of ours that the data says something of."""
    return sorted(
        {
            quad.subject.value
            for quad in store.quads_for_pattern(None, None, None, DefaultGraph())
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(BASE)
        }
    )


def things(store: Store) -> list[str]:
    """Those of a kind, which have a document of their own: neither fragments nor the wholes."""
    wholes = {ONTOLOGY_GRAPH.value, REGISTRY_GRAPH.value, DATASET.value}
    return [iri for iri in subjects(store) if "#" not in iri and iri not in wholes]


def many(iri: str) -> bool:
    """Whether it is a claim or evidence, most of all there is: their forms take turns, all else comes in every one."""
    return iri.removeprefix(BASE).startswith(("claim/", "evidence/"))


def path_of(iri: str) -> str:
    """Where the document about a thing is to be, as the architecture has it."""
    segment, _, rest = iri.removeprefix(BASE).partition("/")
    return f"/{COLLECTIONS[segment]}/{rest}"


NAMING = [f"{SKOS}prefLabel", f"{SKOS}altLabel", f"{RDFS}label", f"{DCTERMS}title"]


def stated(store: Store, iri: str) -> list[tuple[str, ...]]:
    """Every triple of a thing: its classes, its names and what else is said of it, with the value as JSON has it."""
    found: list[tuple[str, ...]] = []
    for quad in store.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph()):
        prop, term = quad.predicate.value, quad.object
        if isinstance(term, Literal):
            is_name = prop in NAMING
            form = term.language or ("" if is_name else compact(term.datatype.value))
            found.append(("name", term.value, form, str(prop != NAMING[1])) if is_name else (prop, term.value, form))
        elif isinstance(term, NamedNode):
            a_class = ("class", compact(term.value).removeprefix("edg:"))
            found.append(a_class if prop == f"{RDF_NAMES}type" else (prop, term.value))
    return sorted(found)


def told(record: dict[str, Any]) -> list[tuple[str, ...]]:
    """The same, from the JSON of the thing."""
    found: list[tuple[str, ...]] = [("class", name) for name in record["classes"]]
    found += [("name", name["name"], name["lang"] or "", str(name["preferred"])) for name in record["names"]]
    for said in record["description"]:
        value = said["value"]
        term = (value["iri"],) if "iri" in value else (value["value"], value.get("lang") or value["datatype"])
        found.append((said["property"]["iri"], *term))
    return sorted(found)


def expected(store: Store, iri: str, everything: set[Triple]) -> tuple[set[Triple], set[Triple]]:
    """What the document about a thing must hold, and what it may hold beside that."""
    segment = iri.removeprefix(BASE).partition("/")[0]
    whole = set(part_triples(store, Part(iri)))
    if segment in LISTS:
        own = {quad.triple for quad in store.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph())}
        return own, whole
    return whole, everything if segment in ("article", "claim") else whole


def test_every_thing_leads_to_a_document_that_says_the_same_in_every_form(
    client: httpx.Client, store: Store, context: str
) -> None:
    checked, everything = 0, set(store_triples(store))
    for number, iri in enumerate(things(store)):
        path = path_of(iri)
        forms = [[*RDF][number % len(RDF)]] if many(iri) else [*RDF]
        found = [triples(client.get(path, params={"format": form}).raise_for_status(), form, context) for form in forms]
        assert all(triples_ == found[0] for triples_ in found), iri
        must, may = expected(store, iri, everything)
        assert must <= found[0] <= may, iri
        checked += len(found)
    assert checked > 1500


def test_every_thing_redirects_to_its_document_and_has_plain_json(client: httpx.Client, store: Store) -> None:
    for iri in things(store):
        seen = client.get(iri.removeprefix(BASE.rstrip("/")))
        assert seen.status_code == 303, iri
        assert seen.headers["location"] == f"{str(client.base_url).rstrip('/')}{path_of(iri)}"
        record = client.get(seen.headers["location"]).json()
        assert record["iri"] == iri
        assert told(record) == stated(store, iri), iri
        assert record["links"]["shown"] == min(100, record["links"]["total"]) == len(record["links"]["items"])


def test_a_fragment_is_described_in_the_document_before_it(client: httpx.Client, store: Store, context: str) -> None:
    fragments = [iri for iri in subjects(store) if "#" in iri]
    wholes = {iri.partition("#")[0] for iri in fragments}
    assert ONTOLOGY_GRAPH.value in wholes
    said: dict[str, set[Triple]] = {}
    for whole in wholes:
        seen = client.get(whole.removeprefix(BASE.rstrip("/")) + "?format=ntriples", follow_redirects=True)
        for triple in triples(seen, "ntriples"):
            if isinstance(triple.subject, NamedNode):
                said.setdefault(triple.subject.value, set()).add(triple)
    for iri in fragments:
        own = {quad.triple for quad in store.quads_for_pattern(NamedNode(iri), None, None, DefaultGraph())}
        assert said[iri] >= own, iri


def test_every_kind_of_iri_is_served(client: httpx.Client, store: Store) -> None:
    in_data = {iri.removeprefix(BASE).partition("/")[0] for iri in things(store)}
    assert in_data <= set(KINDS.values())
    for segment in KINDS.values():
        for path in (segment, COLLECTIONS[segment]):
            assert client.get(f"/{path}/there-is-no-such-thing").status_code == 404


@pytest.mark.parametrize("form", RDF)
def test_the_wholes_are_their_graphs(client: httpx.Client, store: Store, context: str, form: str) -> None:
    for graph in (ONTOLOGY_GRAPH, REGISTRY_GRAPH):
        seen = client.get(graph.value.removeprefix(BASE.rstrip("/")), params={"format": form})
        assert seen.headers["content-type"].startswith(MEDIA_TYPES[form])
        own = {quad.triple for quad in store.quads_for_pattern(None, None, None, graph)}
        assert triples(seen, form, context) == own


def test_every_shape_answers_at_its_iri(client: httpx.Client, generation: Generation, context: str) -> None:
    data = generation.shapes.read_bytes()
    whole = {quad.triple for quad in parse(data, format=RdfFormat.N_TRIPLES, rename_blank_nodes=False)}
    names = {t.subject.value for t in whole if isinstance(t.subject, NamedNode)}
    assert len(names) > 50
    for iri in names:
        path = iri.removeprefix(BASE.rstrip("/"))
        own = {triple for triple in whole if triple.subject == NamedNode(iri)}
        for form in RDF:
            seen = client.get(path, params={"format": form})
            assert seen.status_code == 200, iri
            # Blank nodes have no names to compare by: their number, and what stands at the shape itself.
            found = triples(seen, form, context)
            assert len([t for t in found if t.subject == NamedNode(iri)]) == len(own), (iri, form)
        assert client.get(path).json()["iri"] == iri
    for form in RDF:
        assert len(triples(client.get("/shapes", params={"format": form}), form, context)) == len(whole)


def test_json_ld_expands_in_pyld_to_the_graph_of_the_turtle(client: httpx.Client, store: Store) -> None:
    def load(url: str, _: Any) -> dict[str, Any]:
        seen = client.get(url).raise_for_status()
        return {"contextUrl": None, "documentUrl": url, "document": seen.json(), "contentType": "application/ld+json"}

    first = {iri.removeprefix(BASE).partition("/")[0]: path_of(iri) for iri in reversed(things(store))}
    for path in [*first.values(), "/organisations/unesco", "/ontology", "/dataset", "/shapes/event-status-claimed"]:
        document = client.get(path, headers={"accept": "application/ld+json"}).json()
        quads = jsonld.to_rdf(document, {"format": "application/n-quads", "documentLoader": load})
        expanded = {quad.triple for quad in parse(quads.encode(), format=RdfFormat.N_QUADS)}
        turtle = triples(client.get(path, headers={"accept": "text/turtle"}), "turtle")
        if path.startswith("/shapes"):
            assert len(expanded) == len(turtle) > 3
        else:
            assert expanded == turtle, path


def test_json_ld_has_short_keys_and_the_thing_first(client: httpx.Client) -> None:
    first = client.get("/organisations/unesco?format=jsonld").json()["@graph"][0]
    assert first["id"] == BASE + "organisation/unesco"
    assert first["type"] == "Organisation"
    assert first["prefLabel"]["ru"] == "ЮНЕСКО"


def test_the_plain_record_of_an_organisation(client: httpx.Client) -> None:
    record = client.get("/organisations/unesco", headers={"accept-language": "ru"}).json()
    assert (record["label"], record["lang"]) == ("ЮНЕСКО", "ru")
    assert record["classes"] == ["Organisation"]
    assert record["kind"]["iri"] == BASE + "kind/InternationalOrganisation"
    assert ("ЮНЕСКО", "ru", True) in {(name["name"], name["lang"], name["preferred"]) for name in record["names"]}
    said = {(line["property"]["id"], line["value"].get("id")) for line in record["description"]}
    assert ("owl:differentFrom", "org:unesco-almaty-office") in said
    assert record["links"]["total"] > 0
    assert record["formats"]["turtle"].endswith("/organisations/unesco?format=turtle")
    english = client.get("/organisations/unesco?lang=en", headers={"accept-language": "ru"}).json()
    assert english["label"] == "UNESCO"


def test_the_record_of_a_claim_has_its_evidence(client: httpx.Client, store: Store) -> None:
    claim = next(iri for iri in things(store) if "/claim/" in iri)
    (first, *_) = client.get(path_of(claim)).json()["evidence"]
    assert first["source"].startswith(BASE)


def test_a_document_holds_so_many_claims_and_says_how_many_it_leaves_out(store: Store) -> None:
    from graph.export.selection import document

    iri = BASE + "event/2023-almaty-esd-seminar"
    whole, part = document(store, iri), document(store, iri, most_claims=3)
    assert whole.claims_left_out == 0
    assert set(whole.triples) == set(part_triples(store, Part(iri)))
    claims = [t for t in whole.triples if str(t.object) == f"<{EDG}Claim>"]
    assert part.claims_left_out == len(claims) - 3
    assert len([t for t in part.triples if str(t.object) == f"<{EDG}Claim>"]) == 3


DESCRIBED = "http://purl.org/dc/terms/description"


def test_the_dataset_is_described_for_harvesters(client: httpx.Client, store: Store, generation: Generation) -> None:
    dcat, void = "http://www.w3.org/ns/dcat#", "http://rdfs.org/ns/void#"
    for path in ("/dataset", "/catalogue", "/.well-known/void"):
        found = triples(client.get(path, params={"format": "turtle"}), "turtle")
        by = {(t.subject, t.predicate.value): t.object for t in found}
        told = {t.object for t in found if t.predicate.value == dcat + "distribution"}
        assert len(told) == 8
        assert {t.subject for t in found if t.predicate.value == dcat + "downloadURL"} == told
        assert by[DATASET, void + "triples"].value == str(len(store_triples(store)))  # type: ignore[union-attr]
        classes = {t.object for t in store_triples(store) if t.predicate.value == RDF_NAMES + "type"}
        assert by[DATASET, void + "classes"].value == str(len(classes))  # type: ignore[union-attr]
        properties = {t.predicate for t in store_triples(store)}
        assert by[DATASET, void + "properties"].value == str(len(properties))  # type: ignore[union-attr]
        assert by[NamedNode(BASE + "catalogue"), dcat + "dataset"] == DATASET
        assert (
            by[DATASET, "http://purl.org/dc/terms/license"]
            == by[NamedNode(DATASET.value + "#csv"), "http://purl.org/dc/terms/license"]
        )
        said = {
            subject: {t.object for t in found if (t.subject, t.predicate.value) == (subject, DESCRIBED)}
            for subject in (DATASET, NamedNode(BASE + "catalogue"))
        }
        assert len(said[DATASET]) == 3
        assert said[NamedNode(BASE + "catalogue")] == said[DATASET]
        size = by[NamedNode(DATASET.value + "#nquads"), dcat + "byteSize"]
        octets = NamedNode("http://www.w3.org/2001/XMLSchema#nonNegativeInteger")
        assert size == Literal(str(generation.nquads.stat().st_size), datatype=octets)
        features = {
            str(t.object).strip("<>").rpartition("/")[2] for t in found if t.predicate.value == void + "feature"
        }
        assert features == {"Turtle", "N-Triples", "N-Quads", "TriG", "JSON-LD", "RDF_XML"}
        for address in [t.object for t in found if t.predicate.value == dcat + "downloadURL"]:
            assert isinstance(address, NamedNode)
            assert client.head(address.value).status_code == 200
    assert set(part_triples(store, Part(DATASET.value))) <= found


def store_triples(store: Store) -> list[Triple]:
    """The default graph."""
    return [quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph())]


def test_the_ontology_is_a_page_to_read_with_every_term_at_its_fragment(client: httpx.Client, store: Store) -> None:
    seen = client.get("/ontology", headers={"accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert seen.headers["content-type"] == "text/html; charset=utf-8"
    anchors = re.findall(r' id="([^"]+)"', seen.text)
    assert len(anchors) == len(set(anchors))
    terms = {iri.removeprefix(EDG) for iri in subjects(store) if iri.startswith(EDG)}
    assert terms <= set(anchors)
    assert "организатор" in seen.text
    assert "norises vieta" in seen.text
    assert_closed(seen)


def test_the_shapes_are_pages_to_read(client: httpx.Client) -> None:
    for path in ("/shapes", "/shapes/label-english"):
        seen = client.get(path, headers={"accept": "text/html", "accept-language": "ru"})
        assert seen.headers["content-type"] == "text/html; charset=utf-8"
        assert "нет основного названия на английском" in seen.text
        assert_closed(seen)


def assert_closed(page: httpx.Response) -> None:
    """The page's policy lets in nothing but the service's own files, and the page asks for nothing else."""
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|\sstyle=|<iframe\b|@import|url\(", page.text)
    loaded = re.findall(r'<(?:script|img)\b[^>]*\ssrc="([^"]+)"|<link rel="stylesheet" href="([^"]+)"', page.text)
    assert all("".join(address).startswith("/assets/") for address in loaded)
