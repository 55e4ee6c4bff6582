"""Comunica, the query engine of the JavaScript world, asks the service as it asks any other SPARQL endpoint."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.service import Service

COMMAND = Path(__file__).parent / "clients/node_modules/.bin/comunica-sparql"
NODE = Path(sys.executable).parent / "node"


@pytest.mark.skipif(not COMMAND.exists(), reason="Comunica is not installed; 'make test' installs it")
def test_comunica_joins_and_counts(dataset_service: Service) -> None:
    query = "SELECT ?label WHERE { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?label } ORDER BY ?label"
    source = f"sparql@{dataset_service.url}/sparql"
    node = [str(NODE)] if NODE.exists() else []
    asked = subprocess.run(
        [*node, str(COMMAND), source, query, "-t", "application/sparql-results+json"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    rows = json.loads(asked.stdout)["results"]["bindings"]
    # Its own JSON writer drops the language tags of what it was given.
    assert [row["label"]["value"] for row in rows] == ["Ministrija", "Ministry", "Министерство"]
