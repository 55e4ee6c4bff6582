"""The clients that people use, each with a query against the running service and no special case."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import pytest
from rdflib import RDFS, Graph, URIRef
from rdflib.plugins.stores.sparqlconnector import SPARQLConnector
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, N3, POST, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from tests.service import Service

MINISTRY = URIRef("http://example.org/ministry")
LABELS = "SELECT ?label { <http://example.org/ministry> <http://www.w3.org/2000/01/rdf-schema#label> ?label }"


@pytest.mark.parametrize("method", [GET, POST])
def test_sparqlwrapper_selects(dataset_service: Service, method: str) -> None:
    wrapper = SPARQLWrapper(f"{dataset_service.url}/sparql")
    wrapper.setMethod(method)
    wrapper.setQuery(LABELS)
    wrapper.setReturnFormat(JSON)
    rows: Any = wrapper.query().convert()
    assert {row["label"]["xml:lang"] for row in rows["results"]["bindings"]} == {"en", "lv", "ru"}
    wrapper.setReturnFormat(XML)
    document: Any = wrapper.query().convert()
    assert len(document.getElementsByTagName("result")) == 3
    for form in (CSV, TSV):
        wrapper.setReturnFormat(form)
        table: Any = wrapper.query().convert()
        assert len(table.splitlines()) == 4


@pytest.mark.parametrize(("form", "syntax"), [(RDFXML, "xml"), (XML, "xml"), (TURTLE, "turtle"), (N3, "turtle")])
def test_sparqlwrapper_constructs(dataset_service: Service, form: str, syntax: str) -> None:
    wrapper = SPARQLWrapper(f"{dataset_service.url}/sparql")
    wrapper.setQuery("CONSTRUCT WHERE { ?s ?p ?o }")
    wrapper.setReturnFormat(form)
    # The bytes, not convert(): that makes a ConjunctiveGraph, which rdflib has deprecated.
    answer: Any = wrapper.query().response
    assert len(Graph().parse(data=answer.read(), format=syntax)) == 3


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_store(dataset_service: Service, method: str) -> None:
    graph = Graph(SPARQLStore(f"{dataset_service.url}/sparql", method=method))
    assert {str(label) for label in graph.objects(MINISTRY, RDFS.label)} == {"Ministry", "Ministrija", "Министерство"}
    assert len(list(graph.query(LABELS))) == 3


@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_rdflib_connector(dataset_service: Service, form: str) -> None:
    connector = SPARQLConnector(f"{dataset_service.url}/sparql", returnFormat=form)
    assert len(list(connector.query(LABELS))) == 3


def test_curl(dataset_service: Service) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not installed")
    url = f"{dataset_service.url}/sparql"
    common = [curl, "--silent", "--show-error", "--fail", "--noproxy", "*", "--compressed"]
    table = subprocess.run([*common, "--data-urlencode", f"query={LABELS}", "-H", "Accept: text/csv", url],
                           capture_output=True, check=True, timeout=20).stdout  # fmt: skip
    assert len(list(csv.reader(io.StringIO(table.decode())))) == 4
    direct = subprocess.run([*common, "--data-binary", LABELS, "-H", "Content-Type: application/sparql-query", url],
                            capture_output=True, check=True, timeout=20).stdout  # fmt: skip
    assert len(json.loads(direct)["results"]["bindings"]) == 3


@pytest.mark.parametrize("by", ["format", "accept"])
def test_pandas_reads_csv(dataset_service: Service, by: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")  # pandas asks through urllib, which obeys the proxies of the environment
    query = f"SELECT ?label (STRLEN(?label) AS ?n) {LABELS.removeprefix('SELECT ?label')} ORDER BY ?label"
    parameters = {"query": query} | ({"format": "csv"} if by == "format" else {})
    headers = {"Accept": "text/csv"} if by == "accept" else None
    table = pd.read_csv(f"{dataset_service.url}/sparql?{urlencode(parameters)}", storage_options=headers)
    assert list(table.columns) == ["label", "n"]
    assert list(table["label"]) == ["Ministrija", "Ministry", "Министерство"]
    assert table["n"].sum() == 10 + 8 + 12
