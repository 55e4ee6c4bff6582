"""Any question in SPARQL 1.1, here: in which roles a ministry stands, and how often."""

import csv
import io
from urllib.parse import urlencode
from urllib.request import Request, urlopen

QUERY = """
PREFIX edg: <https://w3id.org/edugraph/ontology#>
PREFIX org: <https://w3id.org/edugraph/organisation/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?role (COUNT(*) AS ?times) {
  ?event a edg:Event ; ?property org:kaz-ministry-of-education .
  ?property rdfs:label ?role FILTER (LANG(?role) = "en")
} GROUP BY ?role ORDER BY ?role
"""
body = urlencode({"query": QUERY}).encode()
with urlopen(Request("http://127.0.0.1:8000/sparql", body, {"accept": "text/csv"})) as answer:
    for row in csv.DictReader(io.TextIOWrapper(answer, "utf-8")):
        print(row["role"], row["times"])
