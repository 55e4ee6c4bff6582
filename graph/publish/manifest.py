"""What a generation says of itself: counts, hash, version, source commit and check result."""

from __future__ import annotations

import subprocess
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode

from graph.build.claims import TYPE
from graph.build.dataset import Dataset
from graph.check.run import Report
from graph.index.projection import FORMAT
from graph.namespaces import EDG, compact

_NOT_COUNTED = EDG + "FactProperty"


def make_manifest(home: Path, report: Report, nquads: list[bytes], shapes: bytes, checks: bytes) -> dict[str, Any]:
    """The manifest without the id; it holds no time, so that the same input gives the same bytes."""
    return {
        "version": version("edugraph"),
        "source_commit": source_commit(home),
        "rdfc10_sha256": sha256(b"".join(nquads)).hexdigest(),
        "shapes_sha256": sha256(shapes).hexdigest(),
        "checks_sha256": sha256(checks).hexdigest(),
        "index_format": FORMAT,
        "counts": {"triples": len(report.dataset.triples()), "quads": len(nquads), **_counts(report.dataset)},
        "checks": {
            "conforms": report.conforms,
            "findings": len(report.findings),
            "shapes": report.shapes,
            "queries": report.queries,
        },
    }


def source_commit(home: Path) -> str | None:
    """The commit of the sources, with ``+changes`` where data, ontology or shapes differ from it; None without git."""
    commit = _git(home, "rev-parse", "HEAD")
    if not commit:
        return None
    return f"{commit}+changes" if _git(home, "status", "--porcelain", "--", "data", "ontology", "shapes") else commit


def _git(home: Path, *words: str) -> str:
    try:
        run = subprocess.run(  # noqa: S603 - fixed words, no shell
            ["git", "-C", str(home), *words],  # noqa: S607 - git of the PATH, as the user has it
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return run.stdout.strip() if run.returncode == 0 else ""


def _counts(dataset: Dataset) -> dict[str, Any]:
    """How many classes and properties are used, and how many things there are of each class of the ontology."""
    found: dict[str, set[str]] = {}
    properties = set()
    for quad in dataset.quads:
        properties.add(quad.predicate.value)
        if quad.predicate == TYPE and isinstance(quad.object, NamedNode):
            found.setdefault(quad.object.value, set()).add(str(quad.subject))
    counted = {name: len(things) for name, things in found.items() if name.startswith(EDG) and name != _NOT_COUNTED}
    things = {compact(name): number for name, number in sorted(counted.items(), key=lambda one: compact(one[0]))}
    return {"classes": len(found), "properties": len(properties), "things": things}
