# Names of a table against the graph: each with candidates, a score, and whether one is certain.
curl -fsS 'http://127.0.0.1:8000/reconcile' \
  --data-urlencode 'queries={"a": {"query": "ЮНЕСКО"}, "b": {"query": "Valmieras pilsēta", "type": "Place"}}'
