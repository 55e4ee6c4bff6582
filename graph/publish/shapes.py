"""The shapes and checks as they are published with a generation: by their IRIs, and for whoever posts a file."""

from __future__ import annotations

import json
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse, serialize


def shapes_ntriples(folder: Path) -> bytes:
    """All shape files of ``folder`` as canonical N-Triples: sorted, blank nodes named by RDFC-1.0.

    The files have been read by the checks before, so what cannot be parsed is not expected here.
    """
    shapes = Dataset(
        quad for path in sorted(folder.glob("*.ttl")) for quad in parse(path=str(path), format=RdfFormat.TURTLE)
    )
    shapes.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    written = serialize((quad.triple for quad in shapes), format=RdfFormat.N_TRIPLES) or b""
    return b"".join(sorted(written.splitlines(keepends=True)))


def checks_json(folder: Path) -> bytes:
    """All query checks of ``folder`` and the words of the built-in ones, as they stand in their files."""
    checks = {
        "messages": (folder / "messages.toml").read_text("utf-8"),
        "queries": {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.rq"))},
    }
    return json.dumps(checks, ensure_ascii=False, indent=1).encode() + b"\n"
