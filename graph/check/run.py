"""Runs every check over the sources of a home folder and collects what they find."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import NamedNode, Store

from graph.build.dataset import IDENTITY, Dataset, build_dataset
from graph.check.expect import EXPECT, TOO_FEW, TOO_MANY, check_totals, load_expectations
from graph.check.findings import LANGUAGES, Finding, Texts
from graph.check.queries import load_checks
from graph.check.shacl import check_shapes, load_shapes
from graph.check.texts import TextFolder, check_texts
from graph.errors import SourceSyntaxError
from graph.namespaces import BASE, compact
from graph.settings import Settings

MESSAGES = "shapes/checks/messages.toml"
Progress = Callable[[str], None]
"""Told the name of each step as it begins."""

NEEDS_ALL = frozenset(
    {TOO_FEW, TOO_MANY, "reference-described", "thing-unused", "concept-unused", "term-unused", "source-unused"}
    | {"identity-unknown", "evidence-source", "deprecated-successor", "subject-described"}
)
"""Checks that mean nothing while a file cannot be parsed: what they miss may stand in it."""


@dataclass(frozen=True)
class Report:
    """Everything that one run found, and the data set that it looked at."""

    findings: list[Finding]
    dataset: Dataset
    store: Store
    shapes: int
    """How many shapes were applied."""
    queries: int
    """How many query checks were run."""

    @property
    def conforms(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def steps(settings: Settings) -> list[str]:
    """The steps of a run, in order, as Progress hears of them."""
    return ["syntax", "shapes", "checks", "totals", *(["texts"] if settings.texts else [])]


def check(settings: Settings, progress: Progress = lambda step: None) -> Report:
    """Run all checks. Raises SettingsError, TextError or SourceSyntaxError where a check itself cannot be read."""
    settings.require_sources()
    home = settings.home
    messages = _load_messages(home / MESSAGES)
    folder = TextFolder(settings.texts) if settings.texts else None
    shapes, queries = load_shapes(home / "shapes"), load_checks(home / "shapes/checks")
    expectations = load_expectations(home / EXPECT)
    progress("syntax")
    dataset = build_dataset(home)
    store = dataset.store()
    findings = [syntax_finding(error, messages) for error in dataset.syntax_errors]
    findings += _ignored_files(home, messages)
    findings += [empty_finding(file, messages) for file in dataset.empty]
    findings += _identity_findings(dataset, store, messages)
    progress("shapes")
    findings += check_shapes(dataset, store, shapes)
    progress("checks")
    for query in queries:
        findings += query.run(dataset, store)
    progress("totals")
    findings += check_totals(expectations, store, messages)
    if folder is not None:
        progress("texts")
        findings += check_texts(dataset, store, folder, messages)
    return Report(settle(findings, dataset), dataset, store, len(set(shapes.subjects())), len(queries))


def _load_messages(path: Path) -> dict[str, Texts]:
    try:
        return read_messages(path.read_text("utf-8"))
    except OSError as error:
        raise SourceSyntaxError(f"cannot be read: {error.strerror}", file=MESSAGES) from error


def read_messages(text: str) -> dict[str, Texts]:
    """The words of the built-in checks: name -> texts, ``name.mend`` -> texts. Raises SourceSyntaxError."""
    try:
        tables = tomllib.loads(text)
        what = {name: {lang: str(table[lang]) for lang in LANGUAGES} for name, table in tables.items()}
        mend = {f"{name}.mend": {lang: str(t["mend"][lang]) for lang in LANGUAGES} for name, t in tables.items()}
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise SourceSyntaxError(f"must hold every message in {', '.join(LANGUAGES)}: {error}", file=MESSAGES) from error
    return what | mend


def settle(findings: list[Finding], dataset: Dataset) -> list[Finding]:
    """Sort, say each thing once, and leave out what only follows from a file that could not be parsed."""
    broken = {error.file for error in dataset.syntax_errors}
    blind = any(file.startswith("ontology/") for file in broken)  # then every term would be unknown
    if broken:
        findings = [
            finding
            for finding in findings
            if finding.check == "syntax" or not (finding.check in NEEDS_ALL or finding.file in broken or blind)
        ]
    return sorted({finding.key: finding for finding in findings}.values(), key=lambda finding: finding.key)


def syntax_finding(error: SourceSyntaxError, messages: dict[str, Texts]) -> Finding:
    """What cannot be parsed, as a finding."""
    message = {lang: text.format(reason=error.reason) for lang, text in messages["syntax"].items()}
    bare = Finding(check="syntax", message=message, remedy=messages["syntax.mend"], words={"en": error.file})
    return replace(bare, file=error.file, line=error.line, column=error.column)


def empty_finding(file: str, messages: dict[str, Texts]) -> Finding:
    """A file without a statement: that nothing is found in it must not sound as if it had been checked."""
    return Finding("file-empty", messages["file-empty"], messages["file-empty.mend"], file=file, words={"en": file})


def _ignored_files(home: Path, messages: dict[str, Texts]) -> Iterator[Finding]:
    """A file in a folder of sources that the build passes over: what stands in it would be lost in silence."""
    for folder in ("ontology", "data/registry", "data/articles"):
        for path in sorted((home / folder).iterdir() if (home / folder).is_dir() else ()):
            if path.suffix != ".ttl" and not path.name.startswith("."):
                shown = path.relative_to(home).as_posix()
                message, remedy = messages["file-ignored"], messages["file-ignored.mend"]
                yield Finding("file-ignored", message, remedy, file=shown, words={"en": shown})


def _identity_findings(dataset: Dataset, store: Store, messages: dict[str, Texts]) -> Iterator[Finding]:
    """A side of a decision that the data does not know: an IRI without a class, or a mention in no article of ours."""
    described = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    for decision in dataset.identity:
        for side in (decision.left, decision.right):
            known = side if side.startswith("https:") else f"{BASE}article/{side.rpartition('@')[2]}"
            if not any(store.quads_for_pattern(NamedNode(known), described, None)):
                yield Finding(
                    check="identity-unknown",
                    message=messages["identity-unknown"],
                    remedy=messages["identity-unknown.mend"],
                    file=IDENTITY,
                    line=decision.line,
                    subject=known,
                    words={"en": compact(side) if known == side else side},
                )
