"""The ministries of Kazakhstan, each with its name and the language of the name."""

import json
from urllib.request import urlopen

with urlopen("http://127.0.0.1:8000/organisations?kind=Ministry&country=KAZ") as answer:
    page = json.load(answer)
for item in page["items"]:
    print(item["id"], item["label"], item["lang"])
