"""A checkout alone, with no texts of the articles near it, builds, answers and exports all the same."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from graph.publish.generation import current
from tests.command import edugraph, told
from tests.homes import ROOT
from tests.service import COMMAND, environment


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The code, ontology, data and shapes in a folder with nothing beside it."""
    checkout = tmp_path_factory.mktemp("alone") / "checkout"
    for part in ("graph", "api", "ontology", "data", "shapes"):
        shutil.copytree(ROOT / part, checkout / part, ignore=shutil.ignore_patterns("__pycache__"))
    assert not (checkout.parent / "shared").exists()
    return checkout


def run(alone: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """The command with the copied code, which finds its home beside itself."""
    env = environment() | {"PYTHONPATH": str(alone)}
    return subprocess.run([*COMMAND, *arguments], env=env, cwd=alone, capture_output=True, timeout=120, check=False)


def test_it_builds_the_same_data_and_answers(alone: Path, built: Path) -> None:
    ended = run(alone, "build")
    assert ended.returncode == 0, ended.stderr
    assert current(alone / "build").nquads.read_bytes() == current(built).nquads.read_bytes()
    links = json.loads(run(alone, "links", "UNESCO", "--format", "json").stdout)["links"]
    assert len(links) > 10
    assert {span["quote"] for link in links for span in link["evidence"]} == {None}
    assert run(alone, "query", "ASK { org:unesco a edg:Organisation }").stdout == b"yes\n"
    exported = run(alone, "export", "--format", "nquads")
    assert exported.stdout == current(built).nquads.read_bytes()


def test_no_file_of_the_program_names_the_folder_of_texts(alone: Path) -> None:
    for part in ("graph", "api", "ontology", "data", "shapes"):
        for path in (alone / part).rglob("*"):
            if path.is_file() and path.suffix in (".py", ".rq", ".ttl", ".toml", ".csv"):
                assert "shared/articles" not in path.read_text("utf-8"), path


def test_texts_that_are_asked_for_and_not_there_are_told(built: Path, tmp_path: Path) -> None:
    none = str(tmp_path / "none")
    assert "is not a folder of texts" in told(edugraph("links", "UNESCO", "--texts", none, build_dir=built))
    assert "is not a folder of texts" in told(edugraph("build", "--texts", none, build_dir=tmp_path / "build"))
    assert not (tmp_path / "build" / "current").exists()
