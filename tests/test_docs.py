"""The examples of README and CONTRIBUTING are run as they stand, in a copy of the sources, and must come out."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service import Service

ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"^```(?P<sort>console|text|turtle)(?: (?P<path>\S+))?\n(?P<body>.*?)^```$", re.M | re.S)
SECONDS = 120


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the sources that an example may change."""
    for folder in ("ontology", "data", "shapes"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def run(command: str, home: Path) -> str:
    """Run one command line of the docs by the shell, as a reader would, with this environment's edugraph."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("EDUGRAPH_")}
    environment |= {"PATH": f"{Path(sys.executable).parent}:{environment['PATH']}", "EDUGRAPH_HOME": str(home)}
    done = subprocess.run(
        command, shell=True, cwd=home, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
    return done.stdout.replace("\r\n", "\n")


def examples(console: str) -> Iterator[tuple[str, str]]:
    """The commands of a console block, each with the output that it shows."""
    for part in re.split(r"^\$ ", console, flags=re.M)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def play(document: Path, home: Path) -> int:
    """Write the files and run the commands of a document, in order; the number of commands."""
    played = 0
    for block in BLOCK.finditer(document.read_text("utf-8")):
        if block["path"]:
            file = home / block["path"]
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a", encoding="utf-8") as out:
                out.write(block["body"])
        elif block["sort"] == "console":
            for command, shown in examples(block["body"]):
                got = run(command, home)
                assert shown.strip() == "..." or got == shown, f"$ {command}\n{got}"
                played += 1
    return played


def test_readme_answers_what_it_shows(sources: Path) -> None:
    run("edugraph build", sources)
    assert play(ROOT / "README.md", sources) == 3


def test_the_worked_example_of_contributing_is_a_whole_mapping(sources: Path) -> None:
    assert play(ROOT / "CONTRIBUTING.md", sources) == 6


def test_an_example_that_no_longer_comes_out_is_noticed(sources: Path, tmp_path: Path) -> None:
    document = tmp_path / "stale.md"
    document.write_text("```console\n$ edugraph --version\n0.0.0\n```\n", "utf-8")
    with pytest.raises(AssertionError, match="edugraph --version"):
        play(document, sources)


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md"])
def test_links_of_the_docs_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (ROOT / target).exists(), f"{document} links to {target}"


@pytest.mark.parametrize("document", ["README.md", "docs/lookups.md", "docs/linked-data.md", "docs/running.md"])
def test_addresses_of_the_docs_are_served(curated_service: Service, document: str) -> None:
    """That more is to be asked, or a token to be shown, is no matter here; that nothing is there is."""
    addresses = set(re.findall(r"`(/[a-z][a-zA-Z0-9_./:-]*)[?`]", (ROOT / document).read_text("utf-8")))
    assert addresses
    with curated_service.client() as client:
        for address in sorted(addresses):
            assert "nothing is served at" not in client.get(address).text, f"{document} names {address}"
