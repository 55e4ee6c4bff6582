"""Defects seeded into a copy of the real data: each is found, by the check that is meant, in its file, on its line.

One run over the real data takes several seconds, so defects that do not hide one another share a run (``batch``).
What cannot be read at all hides what else stands in its file, so those defects have runs of their own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from graph.check.findings import Finding
from graph.check.run import check
from graph.settings import Settings
from tests.findings import ROOT

ARTICLES = "data/articles/"
FORUM, ROADMAP = ARTICLES + "2024-elkz-directors-forum.ttl", ARTICLES + "almaty-education-roadmap.ttl"
SEMINAR, UNICEF = ARTICLES + "2023-almaty-esd-seminar.ttl", ARTICLES + "2022-unicef-national-consultations.ttl"
LNC = ARTICLES + "2018-unesco-lnc-vet-discussion.ttl"
REGISTRY = "data/registry/"
END = ""
"""As ``find``: the end of the file."""


class Seed(NamedTuple):
    """One defect: ``find`` becomes ``put`` in ``file``, and ``check`` finds it on the line that holds ``at``."""

    batch: str
    what: str
    check: str
    file: str
    find: str
    put: str
    at: str


INVENTED = "a edg:Organisation ;\n    dcterms:type kind:School ;\n    skos:prefLabel"

SEEDS = [
    # ---- the articles
    Seed("facts", "typo in a role", "term-unknown", FORUM,
         "edg:quotes person:gani", "edg:qoutes person:gani", "edg:qoutes"),
    Seed("facts", "swapped sides of a role: subject", "role-domain", FORUM,
         "person:gani-beisembayev edg:holdsPost post:kaz-minister-of-education {|",
         "post:kaz-minister-of-education edg:holdsPost person:gani-beisembayev {|", "edg:holdsPost person:gani"),
    Seed("facts", "swapped sides of a role: object", "role-range", FORUM,
         "post:deputy-director-gymnasium-140 edg:postIn org:gymnasium-140-almaty {|",
         "org:gymnasium-140-almaty edg:postIn post:deputy-director-gymnasium-140 {|", "org:gymnasium-140-almaty edg:p"),
    Seed("facts", "lost evidence", "claim-evidence", FORUM,
         "edg:unit unit:Leader {| edg:evidence <#char=2189,2275> |}", 'edg:unit unit:Leader {| edg:capacity "x"@en |}',
         "edg:unit unit:Leader"),
    Seed("facts", "annotation of the second object only", "fact-without-claim", FORUM,
         "org:gymnasium-140-almaty edg:seat place:almaty {|", "org:gymnasium-140-almaty edg:seat place:astana ,"
         " place:almaty {|", "edg:seat place:astana"),
    Seed("facts", "span beyond the text", "evidence-outside-text", FORUM,
         "edg:unit unit:Candidate {| edg:evidence ", "edg:unit unit:Candidate {| edg:evidence <#char=90000,90010> , ",
         "<#char=90000,90010>"),
    Seed("facts", "span of another article", "evidence-of-another-article", FORUM,
         "edg:unit unit:Region {| edg:evidence ",
         "edg:unit unit:Region {| edg:evidence <2023-almaty-esd-seminar#char=120,130> , ", "esd-seminar#char=120,130"),
    Seed("facts", "evidence over two sentences", "evidence-too-wide", FORUM,
         "edg:quotes person:dauren-sagyngaliyev {| edg:evidence ",
         "edg:quotes person:dauren-sagyngaliyev {| edg:evidence <#char=316,700> , ", "<#char=316,700>"),
    Seed("facts", "capacity in Russian", "claim-capacity", FORUM,
         '"graduates of the programme"@en', '"выпускники"@ru', '"выпускники"'),
    Seed("facts", "literal where a modality belongs", "unit-not-a-unit", FORUM,
         "edg:modality modality:Expected ; edg:evidence <#char=1917,2088>",
         'edg:modality "expected" ; edg:evidence <#char=1917,2088>', "new-schools >>"),
    Seed("facts", "second date of a series before the first", "dates-in-order", SEMINAR,
         '"2023-04-04"^^xsd:date', '"2023-04-02"^^xsd:date', '"2023-04-02"'),
    Seed("facts", "month thirteen", "value-datatype", SEMINAR,
         'extended-meeting edg:startDate "2023-04-06"', 'extended-meeting edg:startDate "2023-13-06"', "2023-13-06"),
    Seed("facts", "on behalf of a place that is no actor", "qualifier-of-another-class", SEMINAR,
         "edg:representing country:VNM", "edg:representing place:astana", "place:astana"),
    Seed("facts", "a country that nobody described", "reference-described", SEMINAR,
         "edg:representing country:NPL", "edg:representing country:NLP", "country:NLP"),
    Seed("facts", "two kinds", "kind-one", SEMINAR,
         "event:2023-almaty-esd-seminar a edg:Event ;", "event:2023-almaty-esd-seminar a edg:Event ;\n"
         "    dcterms:type kind:Summit ;", "event:2023-almaty-esd-seminar a edg:Event"),
    Seed("facts", "a figure is a planned number asserted", "target-asserted", ROADMAP,
         "<< target:almaty-kindergarten-places edg:value 35000 >> edg:modality modality:Planned ; edg:evidence"
         " <#char=817,882> .", "target:almaty-kindergarten-places edg:value 35000 {| edg:evidence <#char=817,882> |} .",
         "target:almaty-kindergarten-places a edg:Target"),
    Seed("facts", "removed unit", "target-unit-claimed", ROADMAP,
         "<< target:almaty-comfortable-school-schools edg:unit unit:SchoolToBuild >> edg:modality modality:Planned ;"
         " edg:evidence <#char=986,1026> .\n", "", "target:almaty-comfortable-school-schools a edg:Target"),
    Seed("facts", "a role inside the braces of another", "qualifier-misplaced", ROADMAP,
         'edg:signedBy person:yerbolat-dossayev {| edg:evidence <#char=0,155> ;',
         'edg:signedBy person:yerbolat-dossayev {| edg:evidence <#char=0,155> ; edg:about place:almaty ;',
         "edg:about place:almaty ;"),
    Seed("facts", "reported by nobody's line", "reported-not-asserted", ROADMAP,
         "edg:topic topic:nursery-schools >> edg:modality modality:Planned",
         "edg:topic topic:nursery-schools >> edg:modality modality:Reported", "topic:nursery-schools >>"),
    # ---- the ledgers, and what the articles describe
    Seed("ledger", "sentence skipped and cited", "sentence-cited-and-skipped", FORUM,
         "<#char=0,1> edg:skipped", "<#char=102,314> edg:skipped skip:Rhetoric .\n<#char=0,1> edg:skipped",
         "<#char=102,314> edg:skipped"),
    Seed("ledger", "sentence removed from the ledger", "evidence-outside-ledger", SEMINAR,
         "        <#char=813,1137> ,\n", "", "edg:representing country:BGD"),
    Seed("ledger", "skipped sentence removed from the ledger", "skipped-outside-ledger", FORUM,
         "        <#char=70,78> ,\n", "", "<#char=70,78> edg:skipped"),
    Seed("ledger", "skip line lost", "sentence-uncovered", LNC,
         "<#char=1165,1200> edg:skipped skip:Heading .\n", "", "<#char=1165,1200> ,"),
    Seed("ledger", "unknown reason for skipping", "reference-described", LNC,
         "<#char=0,7> edg:skipped skip:PageFurniture",
         "<#char=0,7> edg:skipped skip:Boring", "skip:Boring"),
    Seed("ledger", "two sentences joined and kept", "sentence-overlap", LNC,
         "        <#char=48,68> ,\n", "        <#char=48,68> ,\n        <#char=48,90> ,\n", "<#char=48,90>"),
    Seed("ledger", "SHA-256 cut short", "article-hash", LNC,
         'aabb18cf" ;', 'aabb18c" ;', 'aabb18c"'),
    Seed("ledger", "language of the article misspelt", "article-language", UNICEF,
         'dcterms:language "en"', 'dcterms:language "eng"', '"eng"'),
    Seed("ledger", "removed status", "event-status-claimed", UNICEF,
         "event:2020-global-education-meeting schema:eventStatus status:Mentioned {|",
         "event:2020-global-education-meeting edg:topic topic:education {|",
         "event:2020-global-education-meeting a edg:Event"),
    Seed("ledger", "planned and asserted", "planned-and-asserted", LNC, END,
         "event:2018-valmiera-vet-innovation-discussion edg:heldAt place:valmiera"
         " {| edg:evidence <#char=295,375> |} .\n",
         "<< event:2018-valmiera-vet-innovation-discussion edg:heldAt place:valmiera >>"),
    Seed("ledger", "participant of an event to come", "announced-as-happened", LNC, END,
         "event:2018-valmiera-vet-innovation-discussion edg:participant org:valmiera-city"
         " {| edg:evidence <#char=295,375> |} .\n", "edg:participant org:valmiera-city {|"),
    Seed("registry", "missing English label of one that articles speak of", "label-english", REGISTRY + "persons.ttl",
         '"Gani Beisembayev"@en , ', "", "person:gani-beisembayev a"),
    Seed("ledger", "description of a thing of the registry", "described-twice", UNICEF, END,
         "\norg:unesco a edg:Organisation .\n", "org:unesco a edg:Organisation ."),
    Seed("ledger", "a prefix that points elsewhere", "name-foreign", ROADMAP,
         "@prefix programme: <https://w3id.org/edugraph/programme/>",
         "@prefix programme: <https://w3id.org/edugraph.org/programme/>",
         "target:almaty-comfortable-school-schools edg:underProgramme"),
    Seed("ledger", "commitment of a target's name", "name-of-another-kind", ROADMAP, END,
         "\n<https://w3id.org/edugraph/figure/x> a edg:Commitment ; skos:prefLabel \"X\"@en .\n", "/figure/x> a"),
    # ---- the registry, the lists, the identity file
    Seed("registry", "blank node", "blank-node", REGISTRY + "persons.ttl", END,
         "\nperson:gani-beisembayev skos:exactMatch [ skos:notation \"Q1\" ] .\n", 'skos:notation "Q1"'),
    Seed("registry", "mail address", "contact-details", REGISTRY + "persons.ttl",
         '"Elnara Bainazarova"@en', '"Elnara Bainazarova"@en ;\n    skos:altLabel "press/media: e.b@example.org"@en',
         "e.b@example.org"),
    Seed("registry", "telephone number", "contact-details", REGISTRY + "posts.ttl",
         '"UN Secretary-General"@en', '"UN Secretary-General"@en ;\n    skos:altLabel "+371 67 00 00 00"@en', "+371"),
    Seed("registry", "label without a language", "label-language", REGISTRY + "persons.ttl",
         '"Nurbek Teleshaliyev"@en', '"Nurbek Teleshaliyev"@en ;\n    skos:altLabel "N. Teleshaliyev"',
         '"N. Teleshaliyev"'),
    Seed("registry", "label in a language of another name", "label-language", REGISTRY + "groups.ttl",
         '"Valmierieši"@lv', '"Valmierieši"@lav', "@lav"),
    Seed("registry", "Russian label tagged English", "language-and-letters", REGISTRY + "programmes.ttl",
         'skos:altLabel "ASPnet"@en', 'skos:altLabel "ASPnet"@en , "Сеть школ"@en', "Сеть школ"),
    Seed("registry", "missing English label", "label-english", REGISTRY + "groups.ttl",
         '"Youth"@en', '"Jaunieši"@lv', "group:youth a"),
    Seed("registry", "second English label", "label-once", REGISTRY + "groups.ttl",
         '"UN agencies"@en', '"UN agencies"@en , "Agencies of the UN"@en', "group:un-agencies a"),
    Seed("registry", "translation of a label that is not there", "translation-without-label",
         REGISTRY + "groups.ttl", 'skos:prefLabel "Partners of UNICEF"@en ;\n    edg:curatorTranslation "en"',
         'skos:prefLabel "Partners of UNICEF"@en ;\n    edg:curatorTranslation "lv"', "group:unicef-partners a"),
    Seed("registry", "code in small letters", "country-code", REGISTRY + "countries.ttl",
         'skos:notation "VNM"', 'skos:notation "vnm"', '"vnm"'),
    Seed("registry", "code of another country", "country-iri", REGISTRY + "countries.ttl",
         'skos:notation "UZB"', 'skos:notation "TJK"', "country:UZB a"),
    Seed("registry", "one outside record for two countries", "match-shared", REGISTRY + "countries.ttl",
         "<http://eurovoc.europa.eu/2368>", "<http://eurovoc.europa.eu/2052>", "country:NPL a"),
    Seed("registry", "unused entry", "thing-unused", REGISTRY + "organisations.ttl", END,
         f'\norg:new-school {INVENTED} "New school"@en .\n', "org:new-school a"),
    Seed("registry", "deprecated name in use", "deprecated-used", FORUM, END,
         "\norg:old-name a edg:Organisation ; dcterms:type kind:Media ; skos:prefLabel \"Old name\"@en ;\n"
         "    <http://www.w3.org/2002/07/owl#deprecated> true ; dcterms:isReplacedBy org:el-kz .\n"
         "<> dcterms:publisher org:old-name {| edg:evidence <#char=299,313> |} .\n", "publisher org:old-name"),
    Seed("registry", "deprecated without a successor", "deprecated-successor", REGISTRY + "organisations.ttl",
         'skos:prefLabel "Holiday Inn Express Almaty"@en',
         '<http://www.w3.org/2002/07/owl#deprecated> true ;\n    skos:prefLabel "Holiday Inn Express Almaty"@en',
         "org:holiday-inn-express-almaty a"),
    Seed("registry", "two bodies of one name", "label-shared", REGISTRY + "organisations.ttl",
         '"Exxon Mobil Kazakhstan"@ru', '"El.kz"@ru', "org:el-kz a"),
    Seed("registry", "topic without a published concept", "topic-match", REGISTRY + "topics.ttl",
         '    skos:exactMatch <http://vocabularies.unesco.org/thesaurus/concept17171> .',
         '    skos:scopeNote "How people fare."@en .', "topic:well-being a"),
    Seed("registry", "circle of places", "part-of-itself", REGISTRY + "places.ttl", END,
         "\ncountry:LVA edg:locatedIn place:riga {| edg:evidence source:geonames |} .\n", "place:riga a"),
    Seed("registry", "place without a kind", "place-kind", REGISTRY + "places.ttl",
         "place:astana a edg:Place ;\n    dcterms:type kind:City ;", "place:astana a edg:Place ;", "place:astana a"),
    Seed("registry", "source that carries nothing", "source-unused", REGISTRY + "sources.ttl", END,
         '\nsource:hearsay a dcat:Dataset ;\n    dcterms:title "Hearsay"@en .\n', "source:hearsay a"),
    Seed("registry", "unused concept", "concept-unused", "ontology/schemes.ttl", END,
         '\nkind:Regatta a skos:Concept ;\n    skos:inScheme scheme:kind ;\n    skos:prefLabel "regatta"@en .\n',
         "kind:Regatta a"),
    Seed("registry", "unused term", "term-unused", "ontology/edugraph.ttl", END,
         "\nedg:cateredBy a owl:ObjectProperty .\n", "edg:cateredBy a"),
    Seed("registry", "identity row with an unknown IRI", "identity-unknown", "data/identity.csv", END,
         "org:unesko,org:unesco,different,Made up.,2026-11-21,test\n", "org:unesko,"),
    Seed("registry", "identity row with an unknown article", "identity-unknown", "data/identity.csv", END,
         "org:unesco,UNESCO@2019-nothing,same,Made up.,2026-11-21,test\n", "2019-nothing"),
    # ---- what cannot be read
    Seed("unreadable", "broken Turtle", "syntax", FORUM,
         "edg:quotes person:gani-beisembayev {|", "edg:quotes person:gani-beisembayev {", "gani-beisembayev {"),
    Seed("unreadable", "unknown prefix", "syntax", SEMINAR, END, "\norgs:unesco a edg:Organisation .\n", "orgs:unesco"),
    Seed("unreadable", "Windows-1251", "syntax", REGISTRY + "persons.ttl",
         "cp1251", "Ерболат Досаев", "Yerbolat Dossayev"),
    Seed("unreadable", "Latin-1", "syntax", REGISTRY + "groups.ttl", "latin-1", "é", "# latin-1"),
    Seed("unreadable", "column missing in the CSV", "syntax", "data/identity.csv",
         "left,right,judgement,reason,date,curator", "left,right,judgement,reason,date", "left,right,judgement"),
    Seed("unreadable", "Turtle under another name", "file-ignored", ARTICLES + "draft.turtle", END, "# draft\n", ""),
    # ---- what is not there
    Seed("lost", "renamed article", "article-misnamed", ARTICLES + "2018-vet-discussion.ttl", "rename", LNC,
         "<> a edg:Article"),
    Seed("lost", "deleted article", "total-too-small", "data/expect.toml", "delete", ROADMAP, "[articles]"),
    Seed("lost", "all concepts gone with it", "concept-unused", "ontology/schemes.ttl", END, "",
         "unit:KindergartenPlace a"),
    Seed("lost", "things of the registry left behind", "thing-unused", REGISTRY + "groups.ttl", END, "",
         "group:children-with-special-needs a"),
]  # fmt: skip


def plant(home: Path, seed: Seed) -> None:
    """Put the defect in."""
    path = home / seed.file
    if seed.find in ("rename", "delete"):
        (home / seed.put).rename(path) if seed.find == "rename" else (home / seed.put).unlink()
    elif seed.find == "cp1251":
        path.write_bytes(path.read_bytes().replace(seed.put.encode(), seed.put.encode("cp1251")))
    elif seed.find == "latin-1":
        path.write_bytes(path.read_bytes() + b"# latin-1 \xe9\n")
    elif seed.find == END:
        path.write_text((path.read_text("utf-8") if path.exists() else "") + seed.put, "utf-8")
    else:
        text = path.read_text("utf-8")
        assert text.count(seed.find) == 1, f"{seed.what}: {seed.find!r} stands {text.count(seed.find)} times"
        path.write_text(text.replace(seed.find, seed.put), "utf-8")


def lines_of(home: Path, seed: Seed) -> set[int | None]:
    """The lines that hold the words of ``at``; none where the finding is about the file as a whole.

    A fact whose annotation begins on the next line may be found there: so the parser counts.
    """
    if not seed.at:
        return {None}
    lines = [*(home / seed.file).read_bytes().decode("utf-8", "replace").splitlines(), ""]
    held = [number for number, line in enumerate(lines, 1) if seed.at in line]
    return {*held, *(number + 1 for number in held if lines[number].lstrip().startswith("{|"))}


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, list[Finding]]]:
    """Give the home of a batch, with all its defects, and what the checks find in it: each batch is run once."""

    @cache
    def run(batch: str) -> tuple[Path, list[Finding]]:
        home = tmp_path_factory.mktemp("seeded") / batch
        for folder in ("ontology", "data", "shapes"):
            shutil.copytree(ROOT / folder, home / folder)
        for seed in SEEDS:
            if seed.batch == batch:
                plant(home, seed)
        return home, check(Settings(home=home)).findings

    return run


@pytest.mark.parametrize("seed", SEEDS, ids=[f"{seed.batch}: {seed.what}" for seed in SEEDS])
def test_a_seeded_defect_is_found(seed: Seed, seeded: Callable[[str], tuple[Path, list[Finding]]]) -> None:
    home, findings = seeded(seed.batch)
    lines = lines_of(home, seed)
    assert lines, f"{seed.at!r} stands on no line of {seed.file}"
    found = {(finding.check, finding.file, finding.line) for finding in findings}
    assert {(seed.check, seed.file, line) for line in lines} & found, sorted(map(str, found))


def test_what_cannot_be_read_hides_nothing_of_other_files_and_starts_no_avalanche(
    seeded: Callable[[str], tuple[Path, list[Finding]]],
) -> None:
    """Findings that only follow from a file that was not read would bury the one that matters."""
    _, findings = seeded("unreadable")
    assert {finding.check for finding in findings} <= {"syntax", "file-ignored"}
