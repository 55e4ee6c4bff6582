"""The ontology: read by both engines, labelled, aligned, used, its examples true, and nothing in it clashes."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import RdfFormat, Store
from rdflib import OWL, PROV, RDF, RDFS, SKOS, Literal, URIRef

from graph.namespaces import BASE, EDG, PREFIXES, XSD, expand
from graph.publish.generation import current
from tests.homes import ROOT, make_home
from tests.service import environment

ONTOLOGY = sorted((ROOT / "ontology").glob("*.ttl"))
STANDARDS = ROOT / "tests" / "fixtures" / "standard-axioms.ttl"
LANGUAGES = {"en", "ru", "lv", "kk"}
CLAIM = URIRef(EDG + "Claim")
KINDS_OF_TERM = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in ONTOLOGY:
        graph.parse(path, format="turtle")
    return graph


@pytest.fixture(scope="module")
def data(built: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(current(built).turtle, format="turtle")


def own_terms() -> list[str]:
    graph = rdflib.Graph()
    for path in ONTOLOGY:
        graph.parse(path, format="turtle")
    found = {term for kind in KINDS_OF_TERM for term in graph.subjects(RDF.type, kind)}
    return sorted(str(term).removeprefix(EDG) for term in found if str(term).startswith(EDG))


TERMS = own_terms()


def test_both_engines_read_the_same_ontology(ontology: rdflib.Graph) -> None:
    store = Store()
    for path in ONTOLOGY:
        store.bulk_load(path=str(path), format=RdfFormat.TURTLE)
    assert len(set(store)) == len(ontology)
    assert len(TERMS) > 40
    assert {str(term) for term in ontology.subjects() if str(term).startswith(EDG)} == {EDG + name for name in TERMS}


def test_it_stays_small(ontology: rdflib.Graph) -> None:
    classes = [name for name in TERMS if (URIRef(EDG + name), RDF.type, OWL.Class) in ontology]
    assert len(classes) <= 24
    assert len(TERMS) - len(classes) <= 60


@pytest.mark.parametrize("name", TERMS)
def test_every_term_is_labelled_defined_and_aligned(ontology: rdflib.Graph, name: str) -> None:
    term = URIRef(EDG + name)
    labels = [label for label in ontology.objects(term, RDFS.label) if isinstance(label, Literal)]
    assert {label.language for label in labels} == LANGUAGES
    assert len(labels) == len(LANGUAGES)
    definitions = [text.language for text in ontology.objects(term, SKOS.definition) if isinstance(text, Literal)]
    assert definitions == ["en"]
    above = OWL.Class if (term, RDF.type, OWL.Class) in ontology else None
    broader = RDFS.subClassOf if above else RDFS.subPropertyOf
    outside = [found for found in ontology.transitive_objects(term, broader) if not str(found).startswith(BASE)]
    assert outside, f"{name} is aligned to no standard term"
    if above is None:
        assert ontology.value(term, RDFS.domain) is not None
        assert ontology.value(term, RDFS.range) is not None


EXAMPLE = re.compile(r'(?P<s>\S+) (?P<p>\S+) (?:"(?P<text>.*)"\^\^xsd:(?P<type>\w+)|(?P<o>\S+))')


def statement(example: str) -> tuple[URIRef, URIRef, URIRef | Literal]:
    match = EXAMPLE.fullmatch(example)
    assert match is not None, example
    subject, predicate = expand(match["s"]), expand(match["p"])
    assert subject is not None
    assert predicate is not None
    if match["o"] is None:
        return URIRef(subject), URIRef(predicate), Literal(match["text"], datatype=URIRef(XSD + match["type"]))
    value = expand(match["o"])
    assert value is not None
    return URIRef(subject), URIRef(predicate), URIRef(value)


def claims(data: rdflib.Graph, said: tuple[URIRef, URIRef, URIRef | Literal]) -> Iterator[rdflib.term.Node]:
    subject, predicate, value = said
    for claim in data.subjects(RDF.subject, subject):
        if (claim, RDF.predicate, predicate) in data and (claim, RDF.object, value) in data:
            yield claim


@pytest.mark.parametrize("name", TERMS)
def test_every_example_is_a_statement_that_the_data_make(ontology: rdflib.Graph, data: rdflib.Graph, name: str) -> None:
    term = URIRef(EDG + name)
    examples = list(ontology.objects(term, SKOS.example))
    assert examples
    for example in examples:
        said = statement(str(example))
        claimed = list(claims(data, said))
        assert said in data or claimed, f"nothing says {example}"
        if (term, RDFS.domain, CLAIM) in ontology:
            assert any((claim, term, None) in data for claim in claimed), f"no claim of {example} has a {name}"


@pytest.mark.parametrize("name", TERMS)
def test_every_term_is_used(ontology: rdflib.Graph, data: rdflib.Graph, name: str) -> None:
    term = URIRef(EDG + name)
    if (term, RDF.type, OWL.Class) in ontology:
        below = ontology.transitive_subjects(RDFS.subClassOf, term)
        assert any((None, RDF.type, found) in data for found in below)
    else:
        assert (None, term, None) in data or (None, RDF.predicate, term) in data


def test_every_term_that_has_a_name_has_it_in_all_languages(ontology: rdflib.Graph) -> None:
    """Those of other vocabularies too: what an article is called must not change its language in mid-page."""
    for term in set(ontology.subjects(RDFS.label)):
        labels = [label for label in ontology.objects(term, RDFS.label) if isinstance(label, Literal)]
        assert sorted(str(label.language) for label in labels) == sorted(LANGUAGES), term


def test_every_controlled_list_and_its_concepts_are_labelled(ontology: rdflib.Graph, data: rdflib.Graph) -> None:
    schemes = set(ontology.subjects(RDF.type, SKOS.ConceptScheme))
    assert {str(scheme).removeprefix(BASE + "scheme/") for scheme in schemes} >= {
        *("modality", "status", "bound", "skip", "kind", "unit")
    }
    concepts = set(ontology.subjects(RDF.type, SKOS.Concept))
    assert len(concepts) > 40
    for concept in concepts:
        assert set(ontology.objects(concept, SKOS.inScheme)) & schemes, concept
        assert any(s != concept for s, p in data.subject_predicates(concept) if p != SKOS.inScheme), f"{concept} unused"
    for thing in schemes | concepts:
        labels = [label for label in ontology.objects(thing, SKOS.prefLabel) if isinstance(label, Literal)]
        assert sorted(str(label.language) for label in labels) == sorted(LANGUAGES), thing


# ---------------------------------------------------------------- consistency

# In a process of its own: owlrl warns of rdflib's own ways, and what it needs is given back. Evidence nodes have no
# class and no property with a meaning in OWL beyond their own; leaving them out halves the time.
CLOSURE = """
import sys, warnings
warnings.simplefilter("ignore")
import owlrl, rdflib
OA = rdflib.Namespace("http://www.w3.org/ns/oa#")
graph = rdflib.Graph().parse(sys.argv[1], format="turtle")
graph.parse(data=sys.argv[2], format="turtle")
for kind in (OA.SpecificResource, OA.TextPositionSelector):
    for node in set(graph.subjects(rdflib.RDF.type, kind)):
        graph.remove((node, None, None))
        graph.remove((None, None, node))
before = len(graph)
owlrl.DeductiveClosure(
    owlrl.OWLRL_Semantics, rdfs_closure=False, axiomatic_triples=False, datatype_axioms=False
).expand(graph)
assert len(graph) > before
errors = rdflib.URIRef("http://www.daml.org/2002/03/agents/agent-ont#ErrorMessage")
for node in graph.subjects(rdflib.RDF.type, errors):
    print(*graph.objects(node, rdflib.URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")))
"""
PREFIX_LINES = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())


def clashes(turtle: Path, more: str = "") -> str:
    """What OWL RL finds contradictory in a Turtle file and some more of it; empty where nothing."""
    command = [sys.executable, "-c", CLOSURE, str(turtle), PREFIX_LINES + more]
    ended = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_ontology_and_data_have_no_clash(built: Path) -> None:
    """Nor with what the vocabularies say that the ontology is aligned to."""
    assert clashes(current(built).turtle, STANDARDS.read_text(encoding="utf-8")) == ""


@pytest.mark.parametrize("name", TERMS)
def test_an_alignment_makes_nothing_of_another_class(ontology: rdflib.Graph, name: str) -> None:
    """Who reasons with the standard vocabularies learns of no thing that it is what the ontology does not call it.

    That it is an entity follows from PROV-O for much, and is true of all that is no activity.
    """
    known = ontology + rdflib.Graph().parse(STANDARDS, format="turtle")
    term = URIRef(EDG + name)
    for side in (RDFS.domain, RDFS.range):
        own = {
            above
            for stated in ontology.objects(term, side)
            for above in known.transitive_objects(stated, RDFS.subClassOf)
        }
        above = set(known.transitive_objects(term, RDFS.subPropertyOf)) - {term}
        follows = {found for broader in above for found in known.objects(broader, side)}
        assert follows - own <= {PROV.Entity, OWL.Thing, RDFS.Literal}, f"{name} makes its {side} of {follows - own}"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ontology alone, in one file."""
    file = tmp_path_factory.mktemp("ontology") / "ontology.ttl"
    with file.open("wb") as joined:
        for path in ONTOLOGY:
            with path.open("rb") as part:
                shutil.copyfileobj(part, joined)
    return file


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("org:a a edg:Organisation , edg:Place .", "isjoint"),
        ("event:e edg:heldAt org:a . org:a a edg:Organisation .", "isjoint"),
        ("person:p edg:holdsPost org:a . org:a a edg:Organisation .", "isjoint"),
        ("org:a owl:sameAs org:b ; owl:differentFrom org:b .", "ifferentFrom"),
        ("org:a a edg:Organisation . place:b a edg:Place . event:e edg:heldAt place:b .", None),
    ],
)
def test_a_planted_clash_is_found(small: Path, planted: str, found: str | None) -> None:
    said = clashes(small, planted)
    assert (said == "") if found is None else (found in said), said


def test_the_made_up_home_uses_the_real_ontology(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    for path in ONTOLOGY:
        assert (home / "ontology" / path.name).read_bytes() == path.read_bytes()
