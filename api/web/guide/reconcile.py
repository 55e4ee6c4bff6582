"""Names of a table against the graph: the best candidate of each, its score, and whether it is certain."""

import json
from urllib.parse import urlencode
from urllib.request import urlopen

names = ["ЮНЕСКО", "UNICEF Kazakhstan"]
queries = {str(number): {"query": name, "limit": 1} for number, name in enumerate(names)}
body = urlencode({"queries": json.dumps(queries)}).encode()
with urlopen("http://127.0.0.1:8000/reconcile", body) as answer:
    found = json.load(answer)
for number, name in enumerate(names):
    for best in found[str(number)]["result"]:
        print(name, "->", best["id"], best["score"], best["match"])
