"""Would this file pass the checks? Each finding comes with its line and what to do; nothing is stored."""

import json
from urllib.request import Request, urlopen

TURTLE = """@prefix edg: <https://w3id.org/edugraph/ontology#> .
@prefix org: <https://w3id.org/edugraph/organisation/> .
org:reading-circle a edg:Organization .
"""
posted = Request("http://127.0.0.1:8000/validate", TURTLE.encode(), {"content-type": "text/turtle"})
with urlopen(posted) as answer:
    report = json.load(answer)
for finding in report["findings"]:
    print("line", finding["line"], finding["check"], finding["message"]["en"], finding["remedy"]["en"])
