# Any question in SPARQL 1.1, here: in which roles a ministry stands, and how often.
query <- '
PREFIX edg: <https://w3id.org/edugraph/ontology#>
PREFIX org: <https://w3id.org/edugraph/organisation/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?role (COUNT(*) AS ?times) {
  ?event a edg:Event ; ?property org:kaz-ministry-of-education .
  ?property rdfs:label ?role FILTER (LANG(?role) = "en")
} GROUP BY ?role ORDER BY ?role'
address <- paste0("http://127.0.0.1:8000/sparql?format=csv&query=", URLencode(query, reserved = TRUE))
print(read.csv(address))
