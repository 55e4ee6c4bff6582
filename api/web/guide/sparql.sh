# Any question in SPARQL 1.1, here: in which roles a ministry stands, and how often. As CSV, TSV, JSON or XML.
curl -fsS -G 'http://127.0.0.1:8000/sparql' -H 'accept: text/csv' --data-urlencode 'query=
PREFIX edg: <https://w3id.org/edugraph/ontology#>
PREFIX org: <https://w3id.org/edugraph/organisation/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?role (COUNT(*) AS ?times) {
  ?event a edg:Event ; ?property org:kaz-ministry-of-education .
  ?property rdfs:label ?role FILTER (LANG(?role) = "en")
} GROUP BY ?role ORDER BY ?role'
