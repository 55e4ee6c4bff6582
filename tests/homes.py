"""A made-up home for tests that build often: two small articles, the real ontology, and few of the shapes.

The real shapes refuse a home that does not use every term of the ontology, and take seconds; what is tested with
this one is publishing, not checking.
"""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHAPES = ("claim.ttl", "evidence.ttl")
EXPECT = """[articles]
pattern = "?this a edg:Article"
min = 1
max = 1000
"""
REGISTRY = """VERSION "1.2"
@prefix edg: <https://w3id.org/edugraph/ontology#> .
@prefix org: <https://w3id.org/edugraph/organisation/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix country: <https://w3id.org/edugraph/country/> .

org:lighthouse a edg:Organisation ;
    skos:prefLabel "Lighthouse Institute"@en , "Институт «Маяк»"@ru , "Bākas institūts"@lv ;
    skos:altLabel "LI"@en .
org:harbour a edg:Organisation ; skos:prefLabel "Harbour School"@en .
country:ZZZ a edg:Country ; skos:prefLabel "Zedland"@en .
"""
ARTICLE = """VERSION "1.2"
@base <https://w3id.org/edugraph/article/{id}> .
@prefix edg: <https://w3id.org/edugraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix event: <https://w3id.org/edugraph/event/> .
@prefix modality: <https://w3id.org/edugraph/modality/> .
@prefix org: <https://w3id.org/edugraph/organisation/> .
@prefix country: <https://w3id.org/edugraph/country/> .

<> a edg:Article ; dcterms:identifier "{id}" ; dcterms:language "en" ; dcterms:title "{id}"@en ;
    schema:sha256 "{hash}" ; edg:textLength 200 ; edg:sentence <#char=0,99> , <#char=100,200> .
event:{id} a edg:Event ; skos:prefLabel "Event of {id}"@en .
event:{id} edg:organisedBy org:lighthouse {{| edg:evidence <#char=0,40> , <#char=100,140> |}} ;
    edg:participant org:harbour {{| edg:evidence <#char=41,60> ; edg:representing country:ZZZ |}} .
<< event:{id} edg:heldAt country:ZZZ >> edg:modality modality:Planned ; edg:evidence <#char=150,190> .
org:harbour edg:partOf org:lighthouse {{| edg:evidence <#char=61,90> |}} .
"""


def article(identifier: str) -> str:
    """The Turtle of a made-up article."""
    return ARTICLE.format(id=identifier, hash=sha256(text(identifier).encode()).hexdigest())


def text(identifier: str) -> str:
    """The words of a made-up article: 200 characters, some of them beyond ASCII."""
    return "".join(f"слово{number} of {identifier}; " for number in range(40))[:200]


def make_home(folder: Path, articles: tuple[str, ...] = ("first", "second")) -> Path:
    """A home in ``folder`` that passes its checks."""
    shutil.copytree(ROOT / "ontology", folder / "ontology")
    checks = folder / "shapes" / "checks"
    checks.mkdir(parents=True)
    for name in SHAPES:
        shutil.copy(ROOT / "shapes" / name, folder / "shapes")
    for name in ("messages.toml", "part-of-itself.rq"):
        shutil.copy(ROOT / "shapes" / "checks" / name, checks)
    (folder / "data" / "articles").mkdir(parents=True)
    (folder / "data" / "registry").mkdir()
    (folder / "data" / "registry" / "organisations.ttl").write_text(REGISTRY, "utf-8")
    shutil.copy(ROOT / "data" / "registry" / "dataset.ttl", folder / "data" / "registry")
    (folder / "data" / "expect.toml").write_text(EXPECT, "utf-8")
    (folder / "data" / "identity.csv").write_text(
        "left,right,judgement,reason,date,curator\n"
        "org:lighthouse,org:harbour,different,A school is not an institute.,2026-01-02,tester\n",
        "utf-8",
    )
    for identifier in articles:
        (folder / "data" / "articles" / f"{identifier}.ttl").write_text(article(identifier), "utf-8")
    return folder
