"""The shapes as they are published with a generation: one canonical file, so that their IRIs can be looked up."""

from __future__ import annotations

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
