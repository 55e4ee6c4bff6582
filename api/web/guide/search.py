"""A name in any script and spelling, with the name that matched."""

import json
from urllib.parse import urlencode
from urllib.request import urlopen

wanted = urlencode({"q": "Бейсембаев", "lang": "en"})
with urlopen("http://127.0.0.1:8000/search?" + wanted) as answer:
    found = json.load(answer)
for result in found["results"]:
    print(result["id"], result["label"], result["score"], result["matched"]["name"])
