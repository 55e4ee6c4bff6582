"""/changes and ``edugraph diff``: what a second build changed, told in claims and things; and patches that apply."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, expect
from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from graph.changes.difference import signed_lines
from graph.changes.dump import Dump
from tests.browser import visiting
from tests.command import edugraph, told
from tests.homes import make_home
from tests.service import Service, serving

ARTICLES = "data/articles/first.ttl"
ORGANISATIONS = "data/registry/organisations.ttl"


@dataclass(frozen=True)
class Twice:
    """A home that was built, edited and built again."""

    home: Path
    old: str
    """The id of the first generation."""

    @property
    def build(self) -> Path:
        """Where the generations are."""
        return self.home / "build"

    def diff(self, *words: str) -> dict[str, Any]:
        """What ``edugraph diff`` says, as JSON."""
        ended = edugraph("diff", *words, "--format", "json", home=self.home, build_dir=self.build)
        assert ended.returncode == 0, ended.stderr.decode()
        return dict(json.loads(ended.stdout))


def build(home: Path) -> str:
    """The id of the generation that a build publishes."""
    ended = edugraph("build", home=home, build_dir=home / "build")
    assert ended.returncode == 0, ended.stdout.decode() + ended.stderr.decode()
    return (home / "build" / "current").resolve().name


def edit(path: Path, *changes: tuple[str, str]) -> None:
    """Replace words of a source; each must be there."""
    text = path.read_text("utf-8")
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    path.write_text(text, "utf-8")


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> Twice:
    """By hand: one span moved, one plan become a report, one qualifier gone, an article, a name and a thing more."""
    home = make_home(tmp_path_factory.mktemp("twice") / "home", ("first",))
    old = build(home)
    edit(
        home / ARTICLES,
        ("<#char=61,90>", "<#char=61,95>"),
        (
            "<< event:first edg:heldAt country:ZZZ >> edg:modality modality:Planned ; edg:evidence <#char=150,190> .",
            "event:first edg:heldAt country:ZZZ {| edg:evidence <#char=150,190> |} .",
        ),
        (" ; edg:representing country:ZZZ", ""),
    )
    edit(
        home / ORGANISATIONS,
        ('"Harbour School"@en', '"Harbour School"@en , "Школа «Гавань»"@ru'),
        ("country:ZZZ a", 'org:pier a edg:Organisation ; skos:prefLabel "Pier"@en .\ncountry:ZZZ a'),
    )
    shutil.copy(home / ARTICLES, home / "data/articles/second.ttl")
    edit(home / "data/articles/second.ttl", ("first", "second"))
    build(home)
    return Twice(home, old)


def statements(claims: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Predicate and object of each claim."""
    return [(claim["predicate"]["id"], claim["object"].get("id", claim["object"].get("value"))) for claim in claims]


def test_claims_that_came_are_those_of_the_new_article(twice: Twice) -> None:
    got = twice.diff()
    assert got["old"]["id"] == twice.old
    assert {span["source"]["id"] for claim in got["claims"]["added"] for span in claim["evidence"]} == {
        "article:second"
    }
    assert sorted(statements(got["claims"]["added"])) == [
        ("edg:heldAt", "country:ZZZ"),
        ("edg:organisedBy", "org:lighthouse"),
        ("edg:partOf", "org:lighthouse"),
        ("edg:participant", "org:harbour"),
    ]
    assert got["claims"]["withdrawn"] == []


def test_a_claim_put_otherwise_is_told_as_before_and_after(twice: Twice) -> None:
    changed = {one["predicate"]["id"]: one for one in twice.diff()["claims"]["changed"]}
    assert changed.keys() == {"edg:heldAt", "edg:partOf", "edg:participant"}
    held = changed["edg:heldAt"]
    assert held["differs_in"] == ["modality"]
    assert (held["before"]["modality"]["id"], held["after"]["modality"]["id"]) == (
        "modality:Planned",
        "modality:Reported",
    )
    moved = changed["edg:partOf"]
    assert moved["differs_in"] == ["evidence"]
    assert [(span["start"], span["end"]) for side in ("before", "after") for span in moved[side]["evidence"]] == [
        (61, 90),
        (61, 95),
    ]
    assert changed["edg:participant"]["differs_in"] == ["qualifiers"]


def test_things_are_told_apart_from_their_claims(twice: Twice) -> None:
    got = twice.diff()["things"]
    assert [one["id"] for one in got["added"]] == ["article:second", "event:second", "org:pier"]
    assert got["removed"] == []
    (harbour,) = got["changed"]
    assert harbour["id"] == "org:harbour"
    assert harbour["removed"] == []
    (name,) = harbour["added"]
    assert (name["property"]["id"], name["value"]) == (
        "skos:prefLabel",
        {"value": "Школа «Гавань»", "lang": "ru"},
    )


def test_the_way_back_is_the_same_turned_round(twice: Twice) -> None:
    new = (twice.build / "current").resolve().name
    there, back = twice.diff(twice.old, new), twice.diff(new, twice.old)
    assert there["claims"] == twice.diff()["claims"]
    assert statements(back["claims"]["withdrawn"]) == statements(there["claims"]["added"])
    assert back["counts"]["quads"] == {
        "added": there["counts"]["quads"]["removed"],
        "removed": there["counts"]["quads"]["added"],
    }
    assert [one["id"] for one in back["things"]["removed"]] == [one["id"] for one in there["things"]["added"]]


def test_the_patch_makes_the_new_data_from_the_old(twice: Twice) -> None:
    ended = edugraph("diff", "--format", "patch", home=twice.home, build_dir=twice.build)
    lines = ended.stdout.splitlines(keepends=True)
    assert re.fullmatch(rb"H id <urn:uuid:[0-9a-f-]{36}> \.\n", lines[0])
    assert (lines[1], lines[-1]) == (b"TX .\n", b"TC .\n")
    data = set((twice.build / twice.old / "edugraph.nq").read_bytes().splitlines(keepends=True))
    for line in lines[2:-1]:
        if line.startswith(b"D "):
            data.remove(line[2:])
        else:
            assert line.startswith(b"A ")
            data.add(line[2:])
    assert b"".join(sorted(data)) == (twice.build / "current" / "edugraph.nq").read_bytes()


def test_a_changed_list_is_cut_and_says_so(twice: Twice) -> None:
    got = twice.diff("--limit", "1")
    assert (len(got["claims"]["added"]), got["left_out"]["claims"]["added"], got["truncated"]) == (1, 3, True)


def test_the_text_says_it_in_words(twice: Twice) -> None:
    said = edugraph("diff", home=twice.home, build_dir=twice.build).stdout.decode()
    assert "claims: 4 added, 0 withdrawn, 3 changed" in said
    assert "~ Event of first | held at | Zedland: modality: planned -> reported" in said
    assert "+ Pier (org:pier)" in said
    assert re.search(r"~ Harbour School \(org:harbour\): \+.* Школа «Гавань»", said)


@pytest.mark.parametrize("ending", ["nq", "ttl", "trig", "jsonld", "rdf", "nt"])
def test_exports_are_compared_as_generations_are(twice: Twice, tmp_path: Path, ending: str) -> None:
    forms = {"nq": "nquads", "ttl": "turtle", "trig": "trig", "jsonld": "jsonld", "rdf": "rdfxml", "nt": "ntriples"}
    file = tmp_path / f"new.{ending}"
    written = edugraph("export", "--format", forms[ending], home=twice.home, build_dir=twice.build)
    assert written.returncode == 0, written.stderr.decode()
    file.write_bytes(written.stdout)
    got, wanted = twice.diff(twice.old, str(file)), twice.diff()
    assert got["claims"] == wanted["claims"]
    assert got["things"] == wanted["things"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("new.txt", "", "the ending says no format"),
        ("new.ttl", "<a> <b", "new.ttl:1"),
        ("new.nt", "_:a <http://b.example/b> <http://b.example/c> .", "blank node"),
    ],
)
def test_a_file_that_cannot_be_compared_is_refused(
    twice: Twice, tmp_path: Path, name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content, "utf-8")
    assert said in told(edugraph("diff", twice.old, str(tmp_path / name), home=twice.home, build_dir=twice.build))


def test_an_unknown_generation_is_refused_and_the_known_ones_are_named(twice: Twice) -> None:
    said = told(edugraph("diff", "0123456789abcdef", home=twice.home, build_dir=twice.build))
    assert twice.old in said


@pytest.fixture(scope="module")
def service(twice: Twice) -> Iterator[Service]:
    """The service on the second generation."""
    with serving(build_dir=twice.build, home=twice.home) as running:
        yield running


def test_http_gives_what_the_command_gives(twice: Twice, service: Service) -> None:
    got = service.get("/changes", params={"lang": "ru"})
    assert got.status_code == 200
    body = got.json()
    assert body.pop("generation") == (twice.build / "current").resolve().name
    assert body == twice.diff("--lang", "ru")
    assert service.get("/changes?limit=0").status_code == 400
    assert service.get("/changes", headers={"if-none-match": got.headers["etag"]}).status_code == 304


def test_the_page_shows_before_and_after(service: Service) -> None:
    page = service.get("/changes", headers={"accept": "text/html"}).text
    assert "<del>" in page
    assert "Школа «Гавань»" in page


@pytest.mark.parametrize(
    "path", ["/changes", "/changes?theme=dark", "/changes?lang=ru", "/changes?lang=lv", "/changes?lang=kk"]
)
def test_nothing_stands_in_the_way_of_the_page(browser: Browser, service: Service, path: str) -> None:
    with visiting(browser, service.url) as visit:
        visit.open(path)
        assert visit.barriers() == []
        assert visit.complaints == []


def test_a_new_fact_leads_to_its_evidence(browser: Browser, service: Service) -> None:
    with visiting(browser, service.url) as visit:
        page = visit.open("/changes")
        row = page.get_by_role("listitem").filter(has_text="Event of second").first
        row.get_by_role("link", name="why").click()
        expect(page.locator("main")).to_contain_text("Event of second")
        page.go_back()
        expect(page.get_by_role("heading", name="What changed")).to_be_visible()
        assert visit.complaints == []


def test_the_first_generation_says_that_it_is(curated_service: Service) -> None:
    got = curated_service.get("/changes").json()
    assert got["old"] is None
    assert got["counts"]["claims"] == {"added": 0, "withdrawn": 0, "changed": 0}
    assert "first generation" in curated_service.get("/changes", headers={"accept": "text/html"}).text


def test_a_build_without_changes_keeps_what_the_last_one_changed(twice: Twice, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(twice.home, home, symlinks=True)
    before = Twice(home, twice.old).diff()
    build(home)
    assert Twice(home, twice.old).diff() == before


def test_going_back_is_a_change_too(twice: Twice, tmp_path: Path) -> None:
    """A, B, A: the generation that was there before is current again, and says what it takes back."""
    home = tmp_path / "home"
    shutil.copytree(twice.home, home, symlinks=True)
    (home / "data/articles/second.ttl").unlink()
    edit(home / ORGANISATIONS, ('org:pier a edg:Organisation ; skos:prefLabel "Pier"@en .\n', ""))
    build(home)
    got = Twice(home, twice.old).diff()
    assert [one["id"] for one in got["things"]["removed"]] == ["article:second", "event:second", "org:pier"]
    assert len(got["claims"]["withdrawn"]) == 4


def wait_for(service: Service, generation: str) -> None:
    give_up = time.monotonic() + 20
    while service.get("/health/ready").json()["generation"] != generation:
        assert time.monotonic() < give_up, "the new generation was not taken up"
        time.sleep(0.1)


@pytest.mark.parametrize("form", ["application/json", "text/html"])
def test_a_service_that_sees_a_generation_come_back_tells_it_anew(tmp_path: Path, form: str) -> None:
    """A, B, A under one service: what A changed is another thing the second time, under another ETag."""
    home = make_home(tmp_path / "home", ("first",))
    first = build(home)
    with serving(build_dir=home / "build", home=home) as service:
        before = service.get("/changes", headers={"accept": form})
        edit(home / ORGANISATIONS, ('"Harbour School"@en', '"Harbour School"@en , "Школа «Гавань»"@ru'))
        wait_for(service, build(home))
        edit(home / ORGANISATIONS, (' , "Школа «Гавань»"@ru', ""))
        assert build(home) == first
        wait_for(service, first)
        after = service.get("/changes", headers={"accept": form, "if-none-match": before.headers["etag"]})
    assert "Школа «Гавань»" not in before.text
    assert after.status_code == 200
    assert "Школа «Гавань»" in after.text


NODES = st.sampled_from([NamedNode(f"https://w3id.org/edugraph/thing/{name}") for name in ("a", "ab", "b", "b-c")])
QUADS = st.sets(st.builds(Quad, NODES, NODES, NODES), max_size=12)


def dump(quads: set[Quad]) -> Dump:
    """The quads as sorted lines."""
    return Dump(b"".join(sorted((serialize(quads, format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True))))


@given(QUADS, QUADS)
def test_the_lines_that_differ_are_those_of_two_sets(old: set[Quad], new: set[Quad]) -> None:
    before, after = dump(old), dump(new)
    lines = list(signed_lines(before, after))
    ours, theirs = set(before), set(after)
    assert [line for sign, line in lines if sign == "D"] == sorted(ours - theirs)
    assert [line for sign, line in lines if sign == "A"] == sorted(theirs - ours)
    for quad in new:
        assert isinstance(quad.subject, NamedNode)
        assert set(after.about(quad.subject.value)) == {other for other in new if other.subject == quad.subject}
