"""No sentence of the articles stands in the repository: their words are their publishers', names and titles aside."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, RdfFormat, parse

from tests.homes import ROOT

ARTICLES = ROOT.parent / "shared" / "articles"
RUN = 10
"""Consecutive words, of an article and of a file, that are more than a coincidence."""
NAMING = ("skos/core#prefLabel", "skos/core#altLabel", "dc/terms/title")

_WORD = re.compile(r"\w+")
Run = tuple[str, ...]


def words(text: str) -> list[str]:
    """Words without case or punctuation; how lines are broken does not count."""
    return [word.casefold() for word in _WORD.findall(text)]


def runs(text: str) -> Iterator[Run]:
    """Every run of RUN words."""
    found = words(text)
    return (tuple(found[at : at + RUN]) for at in range(len(found) - RUN + 1))


def files(root: Path) -> Iterator[Path]:
    """The tracked files of a checkout; every file where it is none."""
    listed = subprocess.run(["git", "-C", str(root), "ls-files", "-z"], capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        yield from (path for name in listed.stdout.split("\0") if name and (path := root / name).is_file())
    else:
        skipped = {"build", ".venv", "node_modules", ".git", ".hypothesis", ".mypy_cache", ".ruff_cache"}
        yield from (path for path in root.rglob("*") if path.is_file() and not skipped & set(path.parts))


def names(root: Path) -> Iterator[str]:
    """Names and titles that the data give to things."""
    for path in sorted((root / "data").rglob("*.ttl")):
        for quad in parse(path=str(path), format=RdfFormat.TURTLE):
            if isinstance(quad.object, Literal) and quad.predicate.value.endswith(NAMING):
                yield quad.object.value


def borrowed(root: Path, articles: Path) -> list[str]:
    """Each file that holds a run of an article's words which is no part of a name, with the first such run."""
    texts = {run for path in sorted(articles.glob("*.txt")) for run in runs(path.read_text("utf-8"))}
    texts -= {run for name in names(root) for run in runs(name)}
    found = []
    for path in files(root):
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # no text
        run = next((run for run in runs(text) if run in texts), None)
        if run is not None:
            found.append(f"{path.relative_to(root)}: {' '.join(run)}")
    return found


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="the articles are not beside this checkout")
def test_no_file_holds_a_sentence_of_an_article() -> None:
    assert len(list(ARTICLES.glob("*.txt"))) == 5
    assert borrowed(ROOT, ARTICLES) == []


# ---------------------------------------------------------------- the check itself, on made-up words

SENTENCE = "The old harbour school opened its doors to forty new pupils from three islands last autumn"
NAME = "Forum of all the harbour schools of the northern coast and of its many islands"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A made-up article beside a made-up project that names its forum."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "1.txt").write_text(f"News. {SENTENCE}. It is the {NAME}, it was said there today.")
    root = tmp_path / "project"
    (root / "data").mkdir(parents=True)
    (root / "data" / "a.ttl").write_text(
        f'<https://e.example/f> <http://www.w3.org/2004/02/skos/core#prefLabel> "{NAME}"@en .'
    )
    (root / "README.md").write_text(f"{NAME}: a name, and may be written.")
    return root


def test_a_name_may_be_written(project: Path) -> None:
    assert borrowed(project, project.parent / "articles") == []


@pytest.mark.parametrize(
    "planted",
    [
        SENTENCE,
        SENTENCE.upper(),
        SENTENCE.replace(" ", "\n    "),
        '"' + " ".join(SENTENCE.split()[2:12]) + '"',
        f"It is the {NAME}, it was said",
    ],
)
def test_a_planted_sentence_is_found(project: Path, planted: str) -> None:
    (project / "notes.txt").write_text(f"Some words. {planted} More words.")
    found = borrowed(project, project.parent / "articles")
    assert [line.partition(":")[0] for line in found] == ["notes.txt"]


def test_nine_words_are_no_sentence(project: Path) -> None:
    (project / "notes.txt").write_text(" ".join(SENTENCE.split()[:9]) + " and so on.")
    assert borrowed(project, project.parent / "articles") == []


@pytest.mark.skipif(not ARTICLES.is_dir(), reason="the articles are not beside this checkout")
def test_a_real_sentence_in_a_copy_is_found(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    known = {run for name in names(ROOT) for run in runs(name)}
    for path in sorted(ARTICLES.glob("*.txt")):
        text = words(path.read_text("utf-8"))
        start = next(at for at in range(40, len(text)) if tuple(text[at : at + RUN]) not in known)
        (tmp_path / f"{path.stem}.md").write_text(" ".join(text[start : start + RUN]), "utf-8")
    assert len(borrowed(tmp_path, ARTICLES)) == 5
