"""What a generation says of itself: counts, hash, version, source commit and check result."""

from __future__ import annotations

import subprocess
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pyoxigraph import QuerySolutions

from graph.check.run import Report
from graph.index.projection import FORMAT
from graph.namespaces import EDG, compact

_BY_CLASS = f"""SELECT ?class (COUNT(DISTINCT ?thing) AS ?n) WHERE {{
  ?thing a ?class FILTER (STRSTARTS(STR(?class), "{EDG}") && ?class != <{EDG}FactProperty>)
}} GROUP BY ?class"""


def make_manifest(home: Path, report: Report, nquads: list[bytes], shapes: bytes, checks: bytes) -> dict[str, Any]:
    """The manifest without the id; it holds no time, so that the same input gives the same bytes."""
    return {
        "version": version("edugraph"),
        "source_commit": source_commit(home),
        "rdfc10_sha256": sha256(b"".join(nquads)).hexdigest(),
        "shapes_sha256": sha256(shapes).hexdigest(),
        "checks_sha256": sha256(checks).hexdigest(),
        "index_format": FORMAT,
        "counts": {"triples": len(report.dataset.triples()), "quads": len(nquads), "things": _things(report)},
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


def _things(report: Report) -> dict[str, int]:
    solutions = report.store.query(_BY_CLASS)
    if not isinstance(solutions, QuerySolutions):
        raise TypeError("a SELECT has solutions")
    counted = {compact(str(row["class"].value)): int(row["n"].value) for row in solutions}
    return dict(sorted(counted.items()))
