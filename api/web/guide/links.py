"""Who and what is tied to the UNESCO Institute for Lifelong Learning, and the span of the article that says so."""

import json
from urllib.request import urlopen

with urlopen("http://127.0.0.1:8000/organisations/unesco-uil/links?lang=en") as answer:
    found = json.load(answer)
for link in found["links"]:
    planned = " (planned)" if link["planned"] else ""
    print(link["role"]["label"], "-", link["counterpart"]["label"] + planned)
    print("   ", link["evidence"][0]["selector"])
