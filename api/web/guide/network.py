"""Who took part in the same events as an office, and in how many."""

import json
from urllib.request import urlopen

with urlopen("http://127.0.0.1:8000/network?actor=unesco-almaty-office&projection=co-participation&lang=en") as answer:
    network = json.load(answer)
names = {node["data"]["id"]: node["data"]["label"] for node in network["elements"]["nodes"]}
for edge in network["elements"]["edges"]:
    ends, shared = {edge["data"]["source"], edge["data"]["target"]}, edge["data"]["weight"]
    if network["actor"]["id"] in ends:
        print(*(names[end] for end in ends - {network["actor"]["id"]}), shared)
