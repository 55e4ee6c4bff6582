"""``edugraph check`` as people run it: exit status, formats, languages, the progress bar, and input it cannot use."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import RDF, SH, Graph

from tests.findings import ROOT, load_variant, make_home

TEXTS = ROOT.parent / "shared/articles"
COMMAND = [str(Path(sys.executable).with_name("edugraph")), "check"]
SOON = 120.0
"""Seconds that one run may take on a busy machine."""


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command over a home folder with both streams in pipes."""
    environment = {**os.environ, "EDUGRAPH_HOME": str(home)}
    return subprocess.run(
        [*COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=SOON
    )


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up home; nothing is wrong with it."""
    return make_home(tmp_path_factory.mktemp("clean") / "home")


@pytest.fixture(scope="session")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The made-up home with three things wrong in three files."""
    home = make_home(tmp_path_factory.mktemp("spoilt") / "home")
    for check_id in ("claim-evidence", "label-once", "total-too-large"):
        load_variant(check_id, "bad").apply(home)
    return home


def test_nothing_found_is_status_0_and_says_so(clean: Path) -> None:
    done = run(clean, "--texts", str(clean / "texts"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "nothing found\n", "")


def test_findings_are_status_1_and_all_stand_in_one_report(spoilt: Path) -> None:
    done = run(spoilt)
    assert done.returncode == 1
    assert done.stderr == "", "no progress bar in a pipe"
    first, *_ = done.stdout.splitlines()
    assert first.startswith("data/articles/2031-harbour-forum.ttl:")
    assert "[claim-evidence]" in first
    assert "Harbour Schools Forum – invited – World Sea Council" in first
    assert "[label-once] Lantern Fund" in done.stdout
    assert "data/expect.toml:" in done.stdout
    assert done.stdout.count("    mend: ") == 3
    assert done.stdout.endswith("\nfindings: 3\n")


def test_json_holds_place_words_message_and_remedy_of_each_finding(spoilt: Path) -> None:
    done = run(spoilt, "--format", "json", "--lang", "lv")
    report = json.loads(done.stdout)
    assert done.returncode == 1
    assert report["conforms"] is False
    assert [row["check"] for row in report["findings"]] == ["claim-evidence", "total-too-large", "label-once"]
    evidence = report["findings"][0]
    assert evidence["message"] == "fakts bez pierādījuma"
    assert evidence["words"] == "Ostas skolu forums – uzaicināts – World Sea Council"
    assert set(evidence) == {"check", "file", "line", "column", "subject", "words", "message", "value", "remedy"}
    assert report["findings"][1]["value"] == "4 (3..3)"


def test_turtle_is_a_validation_report_in_three_languages(spoilt: Path) -> None:
    done = run(spoilt, "--format", "turtle")
    graph = Graph().parse(data=done.stdout, format="turtle")
    report = graph.value(predicate=RDF.type, object=SH.ValidationReport, any=False)
    assert done.returncode == 1
    assert str(graph.value(report, SH.conforms)) == "false"
    results = list(graph.objects(report, SH.result))
    assert len(results) == 3
    for result in results:
        assert (result, RDF.type, SH.ValidationResult) in graph
        assert {getattr(text, "language", None) for text in graph.objects(result, SH.resultMessage)} == {
            "en",
            "ru",
            "lv",
        }
        for needed in (SH.focusNode, SH.resultSeverity, SH.sourceShape, SH.sourceConstraintComponent):
            assert graph.value(result, needed) is not None


def test_turtle_of_nothing_found_conforms(clean: Path) -> None:
    done = run(clean, "--format", "turtle")
    graph = Graph().parse(data=done.stdout, format="turtle")
    assert done.returncode == 0
    assert [str(value) for value in graph.objects(None, SH.conforms)] == ["true"]
    assert not list(graph.objects(None, SH.result))


@pytest.mark.parametrize(
    ("lang", "message", "closing"),
    [("ru", "факт без основания", "замечаний: 3"), ("lv", "fakts bez pierādījuma", "atradumi: 3")],
)
def test_the_report_speaks_the_language_asked_for(spoilt: Path, lang: str, message: str, closing: str) -> None:
    done = run(spoilt, "--lang", lang)
    assert message in done.stdout
    assert closing in done.stdout
    assert "a fact without evidence" not in done.stdout


def test_a_terminal_sees_a_progress_bar_and_the_report_stays_clean(clean: Path) -> None:
    master, slave = pty.openpty()
    environment = {**os.environ, "EDUGRAPH_HOME": str(clean), "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(COMMAND, env=environment, stdout=subprocess.PIPE, stderr=slave, text=True) as process:
        os.close(slave)
        drawn = read_all(master)
        assert process.stdout is not None
        report = process.stdout.read()
    assert (process.returncode, report) == (0, "nothing found\n")
    assert "shapes" in drawn
    assert "━" in drawn


def read_all(descriptor: int) -> str:
    """Everything that is written to the terminal until its last writer closes it."""
    pieces: list[bytes] = []
    while True:
        try:
            piece = os.read(descriptor, 65536)
        except OSError:  # how Linux tells that the other side is closed
            piece = b""
        if not piece:
            os.close(descriptor)
            return b"".join(pieces).decode("utf-8", "replace")
        pieces.append(piece)


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("shapes/article.ttl", "shape:article a sh:NodeShape ;", "shapes/article.ttl"),
        ("shapes/checks/thing-unused.rq", "# what: only this\nSELECT ?this { }\n", "mend.lv"),
        ("shapes/checks/messages.toml", "[syntax]\nen = 'only English'\n", "shapes/checks/messages.toml"),
        ("data/expect.toml", "[articles]\npattern = '?this a edg:Article'\nmin = 3\nmax = 2\n", "[articles] must hold"),
        ("data/expect.toml", "[articles\n", "data/expect.toml"),
        ("data/expect.toml", "[x]\npattern = '?this a'\nmin = 1\nmax = 2\n", "is not SPARQL"),
    ],
)
def test_checks_that_cannot_be_read_are_status_2_and_named(
    clean: Path, tmp_path: Path, file: str, text: str, said: str
) -> None:
    home = shutil.copytree(clean, tmp_path / "home")
    (home / file).write_text(text, "utf-8")
    done = run(home)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("file", "find", "put", "said"),
    [
        ("shapes/checks/thing-unused.rq", "SELECT", "SELEKT", "shapes/checks/thing-unused.rq"),
        ("shapes/checks/thing-unused.rq", "DISTINCT ?this", "DISTINCT ?class", "must be a SELECT with ?this"),
        ("shapes/target.ttl", "SELECT $this", "SELEKT $this", "shapes/target.ttl"),
        ("shapes/target.ttl", "sh:hasValue edg:value", 'sh:minCount "one"', "sh:minCount must be"),
    ],
)
def test_a_rule_that_no_engine_takes_is_status_2_and_named(
    clean: Path, tmp_path: Path, file: str, find: str, put: str, said: str
) -> None:
    home = shutil.copytree(clean, tmp_path / "home")
    text = (home / file).read_text("utf-8")
    assert find in text
    (home / file).write_text(text.replace(find, put), "utf-8")
    done = run(home)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_home_without_its_folders_is_status_2(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 2
    assert "has no ontology, data, shapes folder" in done.stderr
    assert "EDUGRAPH_HOME" in done.stderr


def test_texts_that_are_no_folder_are_status_2(clean: Path) -> None:
    done = run(clean, "--texts", str(clean / "no-such-folder"))
    assert done.returncode == 2
    assert "is not a folder of texts" in done.stderr


def test_an_unknown_language_or_format_is_status_2(clean: Path) -> None:
    assert run(clean, "--lang", "de").returncode == 2
    assert run(clean, "--format", "pdf").returncode == 2


def test_nothing_is_found_in_the_real_data() -> None:
    done = run(ROOT, *(["--texts", str(TEXTS)] if TEXTS.is_dir() else []))
    assert (done.returncode, done.stdout) == (0, "nothing found\n")


@pytest.mark.skipif(not TEXTS.is_dir(), reason="the articles' texts are not beside the checkout (../shared/articles)")
def test_a_changed_text_of_a_real_article_is_found(tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    shutil.copytree(TEXTS, texts)
    changed = sorted(texts.glob("*.txt"))[0]
    changed.write_bytes(changed.read_bytes() + b"\n")
    report = json.loads(run(ROOT, "--texts", str(texts), "--format", "json").stdout)
    assert [row["check"] for row in report["findings"]] == ["text-differs"]
