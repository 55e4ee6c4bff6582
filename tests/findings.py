"""The made-up home of tests/fixtures/home, and the pairs of tests/fixtures/findings that break it and nearly break it.

A pair is one TOML file named for its check: ``[bad]`` changes the home so that exactly this check finds something,
in ``file``, on the line that holds ``at``; ``[good]`` goes as near as it can and stays clean. Each change names a file
and gives ``find`` and ``put``, or ``append``; ``encoding`` writes it otherwise than in UTF-8, ``rename`` moves it.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rdflib import SH, Graph, URIRef

from graph.check.findings import Finding
from graph.check.run import check
from graph.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "tests/fixtures/home"
TEXTS = ROOT / "tests/fixtures/texts"
PAIRS = ROOT / "tests/fixtures/findings"

_SUBJECT = re.compile(r"^(?P<name>[a-z0-9]+:[A-Za-z0-9-]+) a ", re.MULTILINE)


@dataclass(frozen=True)
class Variant:
    """The bad or the good side of a pair."""

    check: str
    side: str
    why: str
    changes: tuple[dict[str, str], ...]
    file: str = ""
    at: str = ""
    """Words that only the line of the finding holds; empty where the finding is about the file as a whole."""
    texts: bool = True
    """Whether the folder of texts is at hand."""
    alone: bool = False
    """Whether the changes of a good side cannot stand beside those of all others."""

    def apply(self, home: Path) -> None:
        """Make the changes. Raises ValueError where one does not fit exactly once."""
        for change in self.changes:
            _apply(home, change, f"{self.check}.toml [{self.side}]")

    def line(self, home: Path) -> int | None:
        """The 1-based number of the one line of ``file`` that holds ``at``, in the changed home."""
        if not self.at:
            return None
        lines = (home / self.file).read_text("utf-8").splitlines()
        numbers = [number for number, line in enumerate(lines, 1) if self.at in line]
        if len(numbers) != 1:
            raise ValueError(f"{self.check}: {self.at!r} stands on lines {numbers} of {self.file}")
        return numbers[0]


def load_variant(check_id: str, side: str) -> Variant:
    """One side of a pair. Raises KeyError or ValueError where the file is not of the form above."""
    table: dict[str, Any] = tomllib.loads((PAIRS / f"{check_id}.toml").read_text("utf-8"))
    if set(table) != {"bad", "good"}:
        raise ValueError(f"{check_id}.toml must hold [bad] and [good]")
    record = dict(table[side])
    return Variant(check_id, side, record.pop("why"), tuple(record.pop("change")), **record)


def make_home(target: Path) -> Path:
    """Put the made-up home together: its data and texts, the real shapes, and what it uses of the real ontology."""
    shutil.copytree(HOME / "data", target / "data")
    shutil.copytree(TEXTS, target / "texts")
    shutil.copytree(ROOT / "shapes", target / "shapes")
    (target / "ontology").mkdir()
    used = "\n".join(path.read_text("utf-8") for path in sorted((target / "data").rglob("*.ttl")))
    for name, text in _pruned_ontology(used).items():
        (target / "ontology" / name).write_text(text, "utf-8")
    return target


def findings_of(home: Path, *, texts: bool = True) -> list[Finding]:
    """Everything that the checks find in a home, with or without its texts."""
    return check(Settings(home=home, texts=home / "texts" if texts else None)).findings


def check_ids() -> list[str]:
    """The id of every check there is: shapes with a message, queries, and the built-in ones of messages.toml."""
    shapes = Graph()
    for path in sorted((ROOT / "shapes").glob("*.ttl")):
        shapes.parse(path)
    named = {str(shape).rpartition("/")[2] for shape in shapes.subjects(SH.message) if isinstance(shape, URIRef)}
    queries = {path.stem for path in (ROOT / "shapes/checks").glob("*.rq")}
    built_in = set(tomllib.loads((ROOT / "shapes/checks/messages.toml").read_text("utf-8")))
    return sorted(named | queries | built_in)


def _pruned_ontology(used: str) -> dict[str, str]:
    """The ontology's files without the paragraphs of terms and concepts that neither the data nor other terms name.

    The checks refuse a term that nothing uses, and the made-up home does not use them all.
    """
    files = {path.name: path.read_text("utf-8").split("\n\n") for path in sorted((ROOT / "ontology").glob("*.ttl"))}
    while True:
        kept = {name: [part for part in parts if _is_used(part, used, files)] for name, parts in files.items()}
        if kept == files:
            return {name: "\n\n".join(parts) for name, parts in files.items()}
        files = kept


def _is_used(part: str, used: str, files: dict[str, list[str]]) -> bool:
    subject = _SUBJECT.search(part)
    if subject is None or len(_SUBJECT.findall(part)) > 1 or subject["name"] == "modality:Reported":
        return True
    name = re.compile(rf"(?<![\w:]){re.escape(subject['name'])}(?![\w-])")
    if name.search(used):
        return True
    others = (other for parts in files.values() for other in parts if other is not part)
    return any(name.search(re.sub(r"skos:example .*", "", other)) for other in others)


def _apply(home: Path, change: dict[str, str], where: str) -> None:
    unknown = set(change) - {"file", "find", "put", "append", "encoding", "rename"}
    if unknown:
        raise ValueError(f"{where}: {sorted(unknown)} are no changes")
    path = home / change["file"]
    text = path.read_text("utf-8") if path.exists() else ""
    if "find" in change:
        if text.count(change["find"]) != 1:
            raise ValueError(f"{where}: {change['find']!r} stands {text.count(change['find'])} times in {path.name}")
        text = text.replace(change["find"], change["put"])
    path.write_text(text + change.get("append", ""), change.get("encoding", "utf-8"))
    if "rename" in change:
        path.rename(path.with_name(change["rename"]))
