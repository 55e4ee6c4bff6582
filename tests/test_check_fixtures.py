"""Every shape, every query check and every built-in check finds its own defect, alone, and leaves a near miss be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from rdflib import SH, Graph

from graph.check.findings import LANGUAGES, Finding
from graph.check.report import as_text
from tests.findings import PAIRS, ROOT, check_ids, findings_of, load_variant, make_home

IDS = check_ids()


@pytest.fixture(scope="session")
def made_up_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up home, put together once and only read."""
    return make_home(tmp_path_factory.mktemp("made-up") / "home")


@pytest.fixture
def home(made_up_home: Path, tmp_path: Path) -> Path:
    """A copy of the made-up home that the test may change."""
    return shutil.copytree(made_up_home, tmp_path / "home")


def shown(findings: list[Finding]) -> str:
    return as_text(findings, "en")


def test_nothing_is_found_in_the_made_up_home(made_up_home: Path) -> None:
    findings = findings_of(made_up_home)
    assert not findings, shown(findings)


def test_every_check_has_its_pair_and_no_pair_is_stray() -> None:
    assert sorted(path.name for path in PAIRS.iterdir()) == [f"{check_id}.toml" for check_id in IDS]


def test_every_shape_that_only_gathers_others_can_find_nothing_itself() -> None:
    """So the pairs of the shapes with a message are the pairs of all shapes."""
    shapes = Graph()
    for path in sorted((ROOT / "shapes").glob("*.ttl")):
        shapes.parse(path)
    gatherers = set(shapes.subjects(SH.property)) - set(shapes.subjects(SH.message))
    allowed = {SH.property, SH.targetClass, SH.targetNode, SH.targetSubjectsOf}
    for shape in gatherers:
        constraints = {p for p in shapes.predicates(shape) if str(p).startswith(str(SH))} - allowed
        assert not constraints, f"{shape} has constraints of its own ({constraints}) and no sh:message"
    loose = set(shapes.subjects(SH.sparql)) - set(shapes.subjects(SH.message))
    assert not loose, f"{loose} have a query and no sh:message"


@pytest.mark.parametrize("check_id", IDS)
def test_the_bad_side_is_found_by_its_check_alone(check_id: str, home: Path) -> None:
    bad = load_variant(check_id, "bad")
    bad.apply(home)
    findings = findings_of(home, texts=bad.texts)
    assert {finding.check for finding in findings} == {check_id}, f"{bad.why}\n{shown(findings)}"
    places = [(finding.file, finding.line) for finding in findings]
    assert (bad.file, bad.line(home)) in places, shown(findings)
    for finding in findings:
        assert_worded(finding)


def assert_worded(finding: Finding) -> None:
    """A finding speaks in three languages, says what is wrong and how to mend it, and of what in words."""
    for texts in (finding.message, finding.remedy):
        assert set(texts) == set(LANGUAGES), finding
        assert len({texts[lang] for lang in LANGUAGES}) == len(LANGUAGES), f"one text in two languages: {texts}"
        assert not any("{" in text and "}" in text and "?" in text for text in texts.values()), texts
    assert finding.message != finding.remedy
    assert finding.text(finding.words, "en").strip()


def test_no_good_side_is_found(home: Path) -> None:
    """All the near misses at once: each must leave its own check silent, and so must all of them together."""
    for check_id in IDS:
        good = load_variant(check_id, "good")
        if not good.alone:
            good.apply(home)
    findings = findings_of(home)
    assert not findings, shown(findings)


@pytest.mark.parametrize("check_id", [check_id for check_id in IDS if load_variant(check_id, "good").alone])
def test_a_good_side_that_stands_alone_is_not_found(check_id: str, home: Path) -> None:
    load_variant(check_id, "good").apply(home)
    findings = findings_of(home)
    assert not findings, shown(findings)


def test_a_change_that_no_longer_fits_is_refused(home: Path) -> None:
    """A pair whose words are gone from the home must not pass by changing nothing."""
    bad = load_variant("article-title", "bad")
    bad.apply(home)
    with pytest.raises(ValueError, match="stands 0 times"):
        bad.apply(home)
