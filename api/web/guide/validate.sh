# Would this file pass the checks? Each finding comes with its line and what to do; nothing is stored.
curl -fsS 'http://127.0.0.1:8000/validate?format=text&lang=en' -H 'content-type: text/turtle' --data-binary @- <<'TTL'
@prefix edg: <https://w3id.org/edugraph/ontology#> .
@prefix org: <https://w3id.org/edugraph/organisation/> .
org:reading-circle a edg:Organization .
TTL
