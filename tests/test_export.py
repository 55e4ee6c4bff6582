"""Every export is the same graph whoever parses it, stable to the byte, and understood without the rest."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse
from rdflib.compare import isomorphic

from graph.export.formats import FORMATS, ExportFormat
from graph.export.parts import Part
from graph.export.write import write_export
from graph.namespaces import BASE, EDG, OA, PREFIXES, RDF
from graph.publish.generation import Generation, current
from tests.command import edugraph, told
from tests.service import COMMAND, environment

RDF_FORMS = [form for form in FORMATS.values() if form.rdf is not None]
# rdflib's own parsers and serialisers still call what rdflib deprecates.
rdflib_deprecates_itself = pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")
RDFLIB = {
    "turtle": "turtle",
    "ntriples": "nt",
    "nquads": "nquads",
    "trig": "trig",
    "jsonld": "json-ld",
    "rdfxml": "xml",
}
TYPE, CLAIM, REIFIES = NamedNode(RDF + "type"), NamedNode(EDG + "Claim"), NamedNode(RDF + "reifies")
PARTS = [NamedNode(RDF + part) for part in ("subject", "predicate", "object")]
DATASET = NamedNode(BASE + "dataset")
NAMES = [
    NamedNode(iri)
    for iri in (
        "http://www.w3.org/2004/02/skos/core#prefLabel",
        "http://www.w3.org/2000/01/rdf-schema#label",
        "http://purl.org/dc/terms/title",
    )
]
ARTICLE, ENTITY = "2024-elkz-directors-forum", "org:unesco"
PART_OF = {
    "whole": None,
    "article": Part(f"{BASE}article/{ARTICLE}", said_by=True),
    "entity": Part(BASE + "organisation/unesco"),
}
PART = {"whole": [], "article": ["--article", ARTICLE], "entity": ["--entity", ENTITY]}


@pytest.fixture(scope="module")
def generation(built: Path) -> Generation:
    return current(built)


@pytest.fixture(scope="module")
def store(generation: Generation) -> Store:
    return Store.read_only(str(generation.store))


@pytest.fixture(scope="module")
def entities(store: Store) -> list[str]:
    """Everything of ours that has a class and is no claim, evidence or selector."""
    subjects = {quad.subject for quad in store.quads_for_pattern(None, TYPE, None, DefaultGraph())}
    iris = sorted(subject.value for subject in subjects if isinstance(subject, NamedNode))
    return [iri for iri in iris if iri.startswith(BASE) and not any(part in iri for part in ("/claim/", "#char="))]


def written(generation: Generation, form: ExportFormat, part: Part | None = None) -> bytes:
    file = io.BytesIO()
    write_export(generation, form, file, part)
    return file.getvalue()


def quads_of(data: bytes, form: ExportFormat) -> set[Quad]:
    assert form.rdf is not None
    quads = list(parse(data, format=form.rdf))
    return set(_without_reifiers(quads)) if form.rdf12 else set(quads)


def _without_reifiers(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Read rdf:reifies back as rdf:subject, rdf:predicate and rdf:object."""
    for quad in quads:
        if quad.predicate == REIFIES:
            assert isinstance(quad.object, Triple)
            said = (quad.object.subject, quad.object.predicate, quad.object.object)
            yield from (Quad(quad.subject, part, term) for part, term in zip(PARTS, said, strict=True))
        else:
            yield quad


@rdflib_deprecates_itself
@pytest.mark.parametrize("part", PART)
@pytest.mark.parametrize("form", RDF_FORMS, ids=lambda form: form.name)
def test_every_format_is_the_same_graph_in_both_parsers(
    generation: Generation, store: Store, form: ExportFormat, part: str
) -> None:
    data = written(generation, form, PART_OF[part])
    ours = quads_of(data, form)
    if part == "whole":
        assert ours == {quad for quad in store if form.quads or quad.graph_name == DefaultGraph()}
    turtle = quads_of(written(generation, FORMATS["turtle"], PART_OF[part]), FORMATS["turtle"])
    assert turtle == {quad for quad in ours if quad.graph_name == DefaultGraph()}
    if form.name in RDFLIB:
        assert _in_rdflib(data, form) == _in_rdflib_terms(ours)


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.name)
def test_the_command_writes_the_export(built: Path, generation: Generation, form: ExportFormat, tmp_path: Path) -> None:
    file = tmp_path / f"export.{form.extension}"
    part = list(PART)[len(form.name) % len(PART)]
    ended = edugraph("export", "--format", form.name, *PART[part], "--out", str(file), build_dir=built)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
    assert file.read_bytes() == written(generation, form, PART_OF[part])


def _in_rdflib(data: bytes, form: ExportFormat) -> set[tuple[object, ...]]:
    dataset = rdflib.Dataset()
    dataset.parse(data=data, format=RDFLIB[form.name])
    return {(*quad[:3], None if quad[3] == dataset.default_graph.identifier else quad[3]) for quad in dataset.quads()}


def _in_rdflib_terms(quads: Iterable[Quad]) -> set[tuple[object, ...]]:
    """No blank node is left, so that the same graph is the same set."""
    return {(*map(_term, (quad.subject, quad.predicate, quad.object)), _graph(quad.graph_name)) for quad in quads}


def _graph(name: object) -> rdflib.URIRef | None:
    return rdflib.URIRef(name.value) if isinstance(name, NamedNode) else None


def _term(term: object) -> rdflib.term.Node:
    if isinstance(term, Literal):
        datatype = None if term.language else rdflib.URIRef(term.datatype.value)
        if datatype == rdflib.XSD.string:
            datatype = None
        return rdflib.Literal(term.value, lang=term.language, datatype=datatype)
    assert isinstance(term, NamedNode), term
    return rdflib.URIRef(term.value)


@rdflib_deprecates_itself
def test_rdflib_calls_the_exports_isomorphic(generation: Generation) -> None:
    graphs = []
    for name in ("turtle", "rdfxml", "jsonld"):
        data = written(generation, FORMATS[name], Part(BASE + "organisation/unicef"))
        graphs.append(rdflib.Graph().parse(data=data, format=RDFLIB[name]))
    assert len(graphs[0]) > 100
    assert isomorphic(graphs[0], graphs[1])
    assert isomorphic(graphs[0], graphs[2])


@pytest.mark.parametrize("name", ["turtle", "turtle12", "trig", "rdfxml"])
def test_prefixes_are_kept(generation: Generation, name: str) -> None:
    for part in (None, Part(BASE + "organisation/unesco")):
        head = written(generation, FORMATS[name], part)[:6000].decode("utf-8", "ignore")  # the last letter may be cut
        for prefix in ("edg", "org", "skos", "claim"):
            iri = PREFIXES[prefix]
            declared = (f"@prefix {prefix}: <{iri}>", f'xmlns:{prefix}="{iri}"')
            assert any(form in head for form in declared), (name, prefix)
    assert "org1" not in head


@pytest.mark.parametrize("form", FORMATS.values(), ids=lambda form: form.name)
def test_the_bytes_are_stable_from_run_to_run(built: Path, generation: Generation, form: ExportFormat) -> None:
    for part in PART_OF.values():
        assert written(generation, form, part) == written(generation, form, part)
    runs = [
        subprocess.run(
            [*COMMAND, "export", "--format", form.name, "--entity", ENTITY],
            env=environment(build_dir=built) | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            timeout=60,
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1] == written(generation, form, Part(BASE + "organisation/unesco"))


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_part_in_any_format_is_one_graph(generation: Generation, entities: list[str], data: st.DataObject) -> None:
    iri = data.draw(st.sampled_from(entities))
    part = Part(iri, said_by="/article/" in iri and data.draw(st.booleans()))
    graphs = [{quad.triple for quad in quads_of(written(generation, form, part), form)} for form in RDF_FORMS]
    assert graphs[0]
    assert all(graph == graphs[0] for graph in graphs)


# ---------------------------------------------------------------- self-contained


def about(triples: set[Triple]) -> dict[NamedNode, list[Triple]]:
    described: dict[NamedNode, list[Triple]] = {}
    for triple in triples:
        assert isinstance(triple.subject, NamedNode)
        described.setdefault(triple.subject, []).append(triple)
    return described


def require_self_contained(triples: set[Triple]) -> None:
    """All that is named is typed and named, claims have their evidence in full, and the data set says its terms."""
    described = about(triples)
    named = {
        term
        for triple in triples
        for term in (triple.subject, triple.predicate, triple.object)
        if isinstance(term, NamedNode) and term.value.startswith(BASE)
    }
    for term in sorted(named, key=str):
        said = {triple.predicate for triple in described.get(term, [])}
        assert TYPE in said, f"{term} has no class"
        nameless = any(part in term.value for part in ("/claim/", "/evidence/", "#char="))
        assert nameless or said & set(NAMES), f"{term} has no name"
    for node, triples_about in described.items():
        if Triple(node, TYPE, CLAIM) in triples_about:
            require_evidence(node, described)
    told_of_dataset = {triple.predicate.value.rpartition("/")[2].rpartition("#")[2] for triple in described[DATASET]}
    assert {"title", "license", "versionInfo"} <= told_of_dataset


def require_evidence(claim: NamedNode, described: dict[NamedNode, list[Triple]]) -> None:
    said = {triple.predicate for triple in described[claim]}
    assert {*PARTS, NamedNode(EDG + "modality"), NamedNode(EDG + "evidence")} <= said, claim
    for triple in described[claim]:
        if triple.predicate == NamedNode(EDG + "evidence"):
            assert isinstance(triple.object, NamedNode)
            evidence = {part.predicate: part.object for part in described[triple.object]}
            source = evidence[NamedNode(OA + "hasSource")]
            assert isinstance(source, NamedNode)
            if "/article/" in source.value:
                selector = evidence[NamedNode(OA + "hasSelector")]
                assert isinstance(selector, NamedNode)
                span = {part.predicate.value: part.object for part in described[selector]}
                assert {OA + "start", OA + "end"} <= span.keys()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_the_export_of_anything_is_self_contained(
    generation: Generation, entities: list[str], data: st.DataObject
) -> None:
    iri = data.draw(st.sampled_from(entities))
    form = FORMATS["ntriples"]
    require_self_contained({quad.triple for quad in quads_of(written(generation, form, Part(iri)), form)})


def test_the_export_of_an_article_is_self_contained_and_holds_all_it_says(generation: Generation, store: Store) -> None:
    form = FORMATS["ntriples"]
    for path in sorted({quad.graph_name.value for quad in store if isinstance(quad.graph_name, NamedNode)}):
        if "/article/" in path:
            triples = {quad.triple for quad in quads_of(written(generation, form, Part(path, said_by=True)), form)}
            require_self_contained(triples)
            assert {quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(path))} <= triples


def test_the_export_of_an_organisation_has_every_claim_about_it(generation: Generation, store: Store) -> None:
    unesco = NamedNode(BASE + "organisation/unesco")
    triples = {
        quad.triple for quad in quads_of(written(generation, FORMATS["nquads"], Part(unesco.value)), FORMATS["nquads"])
    }
    claims = {
        quad.subject
        for quad in store.quads_for_pattern(None, None, unesco, DefaultGraph())
        if Quad(quad.subject, TYPE, CLAIM) in store
    }
    assert len(claims) > 10
    for claim in claims:
        assert isinstance(claim, NamedNode)
        assert {quad.triple for quad in store.quads_for_pattern(claim, None, None, DefaultGraph())} <= triples


@pytest.mark.parametrize(
    ("options", "iri"),
    [
        (["--organisation", "ЮНЕСКО"], "organisation/unesco"),
        (["--entity", "Latvija"], "country/LVA"),
        (["--programme", "comfortable-school"], "programme/comfortable-school"),
    ],
)
def test_the_command_exports_what_concerns_one_thing(
    built: Path, generation: Generation, options: list[str], iri: str
) -> None:
    form = FORMATS["jsonld"]
    assert edugraph("export", "--format", "jsonld", *options, build_dir=built).stdout == (
        written(generation, form, Part(BASE + iri))
    )


def test_the_command_exports_a_country_with_all_that_lies_in_it(built: Path) -> None:
    latvia, whole = (
        edugraph("export", "--format", "ntriples", *options, build_dir=built).stdout
        for options in (["--country", "Latvija"], [])
    )
    assert set(latvia.splitlines()) < set(whole.splitlines())
    assert b"event/2018-valmiera-vet-innovation-discussion> <http" in latvia
    assert b"almaty-education-roadmap-2023-2029" not in latvia


# ---------------------------------------------------------------- the table


@pytest.mark.parametrize("part", PART)
def test_csv_rows_are_the_claims(built: Path, part: str) -> None:
    table = edugraph("export", "--format", "csv", *PART[part], build_dir=built).stdout.decode()
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    graph = Store()
    graph.bulk_load(edugraph("export", *PART[part], build_dir=built).stdout, format=RdfFormat.TURTLE)
    evidences = [
        (claim, quad.object)
        for claim in {quad.subject for quad in graph.quads_for_pattern(None, TYPE, CLAIM)}
        for quad in graph.quads_for_pattern(claim, NamedNode(EDG + "evidence"), None)
    ]
    assert len(rows) == len(evidences) > 10
    assert {row["claim"] for row in rows} == {_short(claim) for claim, _ in evidences}
    for row in rows:
        claim = NamedNode(row["claim"].replace("claim:", PREFIXES["claim"]))
        for column, predicate in zip(("subject", "role", "object"), PARTS, strict=True):
            (value,) = {quad.object for quad in graph.quads_for_pattern(claim, predicate, None)}
            assert row[column] == _short(value)
        assert row["subject_label"]
        assert row["role_lang"] == "en"
        assert row["modality"].startswith("modality:")
        assert (row["start"] == "") == row["article"].startswith("source:")
    positions = {(row["claim"], row["article"], row["start"], row["end"]) for row in rows}
    assert len(positions) == len(rows)


def _short(term: object) -> str:
    if isinstance(term, NamedNode):
        fits = [(len(iri), name, iri) for name, iri in PREFIXES.items() if term.value.startswith(iri)]
        _, name, iri = max(fits)
        return f"{name}:{term.value.removeprefix(iri)}"
    assert isinstance(term, Literal)
    return term.value


# ---------------------------------------------------------------- files, pipes, unknown names


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--entity", "Ministry of Silly Walks"], "nothing is called 'Ministry of Silly Walks'"),
        (["--entity", BASE + "organisation/none"], "nothing is called"),
        (["--article", "1999-none"], "no article is called '1999-none'"),
        (["--article", "org:unesco"], "'org:unesco' is Organisation, not Article"),
        (["--organisation", "country:LVA"], "'country:LVA' is Country, not Organisation"),
        (["--country", "Latvija un Igaunija"], "no country is called 'Latvija un Igaunija'"),
        (["--programme", "unesco"], "no programme is called 'unesco' in any language, but there is org:unesco"),
        (["--article", ARTICLE, "--entity", ENTITY], "article and entity exclude each other"),
        (["--organisation", "unesco", "--country", "LVA"], "organisation and country exclude each other"),
    ],
)
def test_the_unknown_is_told_and_nothing_is_written(
    built: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    ended = edugraph("export", *arguments, "--out", str(tmp_path / "out.ttl"), build_dir=built)
    assert words in told(ended)
    assert list(tmp_path.iterdir()) == []
    ended = edugraph("export", *arguments, build_dir=built)
    assert words in told(ended)
    assert ended.stdout == b""


def test_a_write_that_fails_leaves_the_old_file(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.nt"
    out.write_text("old")
    limit = "import resource, signal; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)); "
    ended = subprocess.run(
        [*COMMAND[:-1], limit + COMMAND[-1], "export", "--format", "ntriples", "--out", str(out)],
        env=environment(build_dir=built),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert f"{out} cannot be written: " in told(ended)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"out.nt": "old"}


def test_a_folder_that_is_not_there_is_told(built: Path, tmp_path: Path) -> None:
    assert "cannot be written" in told(edugraph("export", "--out", str(tmp_path / "none" / "x"), build_dir=built))
    assert "cannot be written" in told(edugraph("export", "--out", str(tmp_path), build_dir=built))
    assert list(tmp_path.iterdir()) == []


def test_an_export_replaces_the_old_file(built: Path, generation: Generation, tmp_path: Path) -> None:
    out = tmp_path / "out.nq"
    out.write_text("old")
    assert edugraph("export", "--format", "nquads", "--out", str(out), build_dir=built).returncode == 0
    assert out.read_bytes() == generation.nquads.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["out.nq"]


def test_a_device_is_written_and_not_replaced(built: Path) -> None:
    assert edugraph("export", "--out", "/dev/null", build_dir=built).returncode == 0
    assert Path("/dev/null").is_char_device()
    assert "No space left on device" in told(edugraph("export", "--out", "/dev/full", build_dir=built))


@pytest.mark.parametrize("form", ["turtle", "csv", "trig"])
def test_a_full_standard_output_is_told(built: Path, form: str) -> None:
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            [*COMMAND, "export", "--format", form],
            env=environment(build_dir=built),
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 2
    assert ended.stderr.decode() == "edugraph: standard output cannot be written: No space left on device\n"


@pytest.mark.parametrize("command", [["export"], ["export", "--format", "csv"], ["query", "SELECT * { ?s ?p ?o }"]])
def test_a_reader_that_leaves_is_no_error_worth_words(built: Path, command: list[str]) -> None:
    with subprocess.Popen(
        [*COMMAND, *command], env=environment(build_dir=built), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        process.wait(30)


PEAK = """
import resource, sys
from pathlib import Path
from graph.export.formats import FORMATS
from graph.export.parts import Part
from graph.export.write import write_export
from graph.publish.generation import Generation
folder = Path(sys.argv[1])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open("/dev/null", "wb") as out:
    write_export(Generation("big", folder), FORMATS[sys.argv[2]], out, *map(Part, sys.argv[3:]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """400,000 triples in the default graph, as N-Quads (40 MB of text), and a store of as many claims on one thing."""
    folder = tmp_path_factory.mktemp("big")
    with (folder / "edugraph.nq").open("w") as file:
        for i in range(400_000):
            file.write(f"<{BASE}thing/{i // 4:07}> <{BASE}p{i % 4}> <{BASE}other/{i:07}> .\n")
    (folder / "claims.nt").write_text("".join(_claims_on(HUB)))
    store = Store(str(folder / "store"))
    store.bulk_load(path=str(folder / "claims.nt"), format=RdfFormat.N_TRIPLES)
    store.optimize()
    return folder


HUB, MANY = BASE + "organisation/hub", 10_000


def _claims_on(hub: str) -> Iterator[str]:
    for i in range(MANY):
        claim, event = f"<{BASE}claim/{i:07}>", f"<{BASE}event/{i:07}>"
        yield f"{claim} <{TYPE.value}> <{CLAIM.value}> .\n{event} <{EDG}organisedBy> <{hub}> .\n"
        for part, said in zip(PARTS, (event, f"<{EDG}organisedBy>", f"<{hub}>"), strict=True):
            yield f"{claim} <{part.value}> {said} .\n"
        yield f'{event} <{TYPE.value}> <{EDG}Event> .\n{event} <{NAMES[0].value}> "Event {i}" .\n'
    yield f"<{hub}> <{TYPE.value}> <{EDG}Organisation> .\n"


@pytest.mark.parametrize("form", ["ntriples", "turtle12", "rdfxml", "nquads"])
def test_a_whole_export_streams(big: Path, form: str) -> None:
    command = [sys.executable, "-c", PEAK, str(big), form]
    ended = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, check=True)
    kilobytes = int(ended.stdout)
    assert kilobytes < 20_000


def test_the_export_of_a_thing_needs_no_more_memory_for_more_claims(big: Path) -> None:
    command = [sys.executable, "-c", PEAK, str(big), "ntriples", HUB]
    ended = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=120, check=True)
    assert int(ended.stdout) < 25_000  # 13,500; held in memory, its 70,000 triples took 40,000
