"""Things found by any spelling: expectations written by hand from the articles, asked through HTTP and the command.

What holds for every name (any beginning, one typing error, another script) is asked of the core over all names.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.publish.generation import current
from graph.query.index import Index
from graph.search.find import search, suggest
from tests.command import edugraph, told
from tests.service import Service

BASE = "https://w3id.org/edugraph/"

# What a reader of the articles would type, and the first thing that must be found.
FIRST = {
    "Beisembayev": "person/gani-beisembayev",
    "Beisembaev": "person/gani-beisembayev",
    "Бейсембаев": "person/gani-beisembayev",
    "бейсембаева": "person/gani-beisembayev",
    "Beisembayev Gani": "person/gani-beisembayev",
    "Гани Бейсембаев": "person/gani-beisembayev",
    "GaniBeisembayev": "person/gani-beisembayev",
    "Beissembayev": "person/gani-beisembayev",
    "Bejsembajev": "person/gani-beisembayev",
    "Dossayev": "person/yerbolat-dossayev",
    "Dosaev": "person/yerbolat-dossayev",
    "Досаев": "person/yerbolat-dossayev",
    "Ерболат Досаев": "person/yerbolat-dossayev",
    "досаевым": "person/yerbolat-dossayev",
    "Сагынгалиев Даурен": "person/dauren-sagyngaliyev",
    "Sagyngaliev": "person/dauren-sagyngaliyev",
    "Телешалиев": "person/nurbek-teleshaliyev",
    "Жагипаров": "person/darkhan-zhagiparov",
    "Байназарова": "person/elnara-bainazarova",
    "Яушева Эльвира": "person/elvira-yausheva",
    "Хаяшикава": "person/maki-katsuno-hayashikawa",
    "katsuno hayashikawa": "person/maki-katsuno-hayashikawa",
    "Storey Friberg": "person/michaela-friberg-storey",
    "Артур ван Дизен": "person/arthur-van-diesen",
    "BALCARE": "person/kitija-balcare",
    "ЮНЕСКО": "organisation/unesco",
    "unesko": "organisation/unesco",
    "Unesco": "organisation/unesco",
    "ООН": "organisation/united-nations",
    "О.О.Н.": "organisation/united-nations",
    "U.N.E.S.C.O.": "organisation/unesco",
    "u.n.i.c.e.f": "organisation/unicef",
    "Г.М. Бейсембаев": "person/gani-beisembayev",
    "Эксон": "organisation/exxonmobil-kazakhstan",
    "ЭксонМобил": "organisation/exxonmobil-kazakhstan",
    "Экссон Мобил Казахстан": "organisation/exxonmobil-kazakhstan",
    "tehnical and vocational education": "topic/technical-and-vocational-education",
    "юнисеф": "organisation/unicef",
    "LNK": "organisation/unesco-latvian-national-commission",
    "Latvijas Nacionālās komisijas": "organisation/unesco-latvian-national-commission",
    "IZM": "organisation/lva-ministry-of-education-and-science",
    "izglitibas un zinatnes ministrija": "organisation/lva-ministry-of-education-and-science",
    "Izglītības un zinātnes ministrijai": "organisation/lva-ministry-of-education-and-science",
    "МП РК": "organisation/kaz-ministry-of-education",
    "МПРК": "organisation/kaz-ministry-of-education",
    "Минпросвещения": "organisation/kaz-ministry-of-education",
    "министерством просвещения": "organisation/kaz-ministry-of-education",
    "Ministry of Enlightement": "organisation/kaz-ministry-of-education",
    "Kazakhstan, Ministry of Education": "organisation/kaz-ministry-of-education",
    "akimat almaty": "organisation/akimat-of-almaty",
    "акимата Алматы": "organisation/akimat-of-almaty",
    "Orleu": "organisation/orleu",
    "Өрлеу": "organisation/orleu",
    "орлеу": "organisation/orleu",
    "алтынсарин академия": "organisation/altynsarin-academy",
    "Valmieras Valsts gimnazija": "organisation/valmiera-state-gymnasium",
    "Valmierā": "place/valmiera",
    "РК": "country/KAZ",
    "Казахстана": "country/KAZ",
    "Kazahstana": "country/KAZ",
    "Qazaqstan": "country/KAZ",
}


@pytest.fixture(scope="module")
def index(built: Path) -> Iterator[Index]:
    with closing(Index(current(built))) as opened:
        yield opened


def found(service: Service, text: str, **parameters: object) -> dict[str, Any]:
    answer = service.get("/search", params={"q": text, **parameters})
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_each_spelling_finds_its_thing_first(curated_service: Service) -> None:
    wrong = {}
    with curated_service.client() as client:
        for text, thing in FIRST.items():
            results = client.get("/search", params={"q": text, "limit": 5}).json()["results"]
            if not results or results[0]["iri"] != BASE + thing:
                wrong[text] = [(one["id"], one["score"]) for one in results]
    assert wrong == {}


def test_a_short_word_is_not_heard_as_the_beginning_of_another(curated_service: Service) -> None:
    results = found(curated_service, "ООН", limit=100)["results"]
    assert results[0]["id"] == "org:united-nations"
    assert not [one for one in results if one["id"] in ("status:Ongoing", "edg:basedOn", "country:KOR")]
    assert all("оон" in one["matched"]["name"].casefold() or "oon" in one["matched"]["name"] for one in results)


def test_a_result_says_which_name_matched_in_which_language_and_why(curated_service: Service) -> None:
    (result, *_) = found(curated_service, "beisembaev", lang="ru")["results"]
    assert result["label"] == "Гани Бейсембаев"
    assert result["lang"] == "ru"
    assert result["classes"] == ["Person"]
    assert result["type"] == {"iri": "https://w3id.org/edugraph/ontology#Person", "label": "лицо", "lang": "ru"}
    assert result["why"][0]["word"] == "beisembaev"
    assert result["why"][0]["how"] == "sound"
    assert result["matched"]["name"] in ("Gani Beisembayev", "Гани Бейсембаев")
    assert result["matched"]["lang"] == {"Gani Beisembayev": "en", "Гани Бейсембаев": "ru"}[result["matched"]["name"]]


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("Valmiera", "exact"),
        ("Valm", "prefix"),
        ("досаевым", "inflected"),
        ("МПРК", "initials"),
        ("Enlightement", "typo"),
        ("дося", "sound-prefix"),
    ],
)
def test_the_way_in_which_a_word_matched_is_told(curated_service: Service, text: str, how: str) -> None:
    told_ways = [one["how"] for result in found(curated_service, text)["results"] for one in result["why"]]
    assert how in told_ways


def test_the_whole_name_scores_100_and_everything_else_less(curated_service: Service) -> None:
    results = found(curated_service, "unesco")["results"]
    assert [one["id"] for one in results if one["score"] == 100] == ["org:unesco"]
    scores = [one["score"] for one in results]
    assert scores == sorted(scores, reverse=True)


def test_nothing_is_found_for_what_nobody_is_called(curated_service: Service) -> None:
    for text in ("qqqqwwwwzzzz", "!!!", "…", "🦆", "xyzzy plugh frotz"):
        assert found(curated_service, text)["results"] == [], text


def test_only_things_of_a_class(curated_service: Service) -> None:
    for name, expected in (("Organisation", "org:valmiera-city"), ("edg:Place", "place:valmiera")):
        results = found(curated_service, "Valmiera", **{"class": name})["results"]
        assert results[0]["id"] == expected
        assert {name.removeprefix("edg:")} <= set(results[0]["classes"])
        assert all(name.removeprefix("edg:") in one["classes"] for one in results)


def test_pages_follow_each_other_without_gap_or_repeat(curated_service: Service) -> None:
    whole = found(curated_service, "educ", limit=100)
    assert whole["complete"] is True
    assert whole["total"] > 40
    seen: list[str] = []
    address: str | None = "/search?q=educ&limit=17"
    while address is not None:
        body = curated_service.get(address).json()
        assert body["total"] == whole["total"]
        assert len(body["results"]) == 17 or body["next"] is None
        seen += [one["iri"] for one in body["results"]]
        address = body["next"]
    assert len(set(seen)) == len(seen) == whole["total"]
    assert seen[:100] == [one["iri"] for one in whole["results"]]


def test_a_suggestion_comes_for_the_beginning_of_any_word(curated_service: Service) -> None:
    for text, thing in (("beis", "person:gani-beisembayev"), ("dosa", "person:yerbolat-dossayev"), ("izm", "org:")):
        results = curated_service.get("/suggest", params={"q": text}).json()["results"]
        assert any(one["id"].startswith(thing) for one in results[:3]), (text, results)
    assert len(curated_service.get("/suggest", params={"q": "a", "limit": 3}).json()["results"]) == 3


@pytest.mark.parametrize("text", ["ш", "beis", "unesco almati", "xyzzy", "%", "+", "&q=a"])
def test_a_suggestion_alone_is_the_one_with_its_limit_written_out(curated_service: Service, text: str) -> None:
    alone = curated_service.get("/suggest", params={"q": text})
    written = curated_service.get("/suggest", params={"q": text, "limit": 10})
    assert alone.status_code == written.status_code == 200
    assert alone.json() == written.json()
    ours = ("content-type", "content-language", "vary", "etag", "cache-control")
    assert [alone.headers.get(name) for name in ours] == [written.headers.get(name) for name in ours]


def test_an_answer_is_revalidated_by_its_generation(curated_service: Service) -> None:
    first = curated_service.get("/search", params={"q": "unesco"})
    again = curated_service.get("/search", params={"q": "unesco"}, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/search", "/suggest"])
@pytest.mark.parametrize(
    ("parameters", "status", "said"),
    [
        ({}, 400, "it is missing"),
        ({"q": ""}, 400, "it is empty"),
        ({"q": "   "}, 400, "holds no letter"),
        ({"q": "x" * 10_000}, 400, "at most 300 characters"),
        ({"q": "unesco", "limit": "-1"}, 400, "it must be at least 1"),
        ({"q": "unesco", "limit": "0"}, 400, "it must be at least 1"),
        ({"q": "unesco", "limit": "99999999999999999999"}, 400, "it must be at most"),
        ({"q": "unesco", "limit": "ten"}, 400, "it must be a whole number"),
        ({"q": "unesco", "class": "Wizard"}, 404, "there are: "),
        ({"q": "unesco", "klass": "Person"}, 400, "no such parameter"),
        ({"q": ["unesco", "unicef"]}, 400, "more than once"),
        ({"q": "unesco", "lang": ""}, 400, "it is empty"),
        ({"q": "unesco", "lang": "latvian"}, 400, "no list of language tags"),
    ],
)
def test_what_cannot_be_asked_is_told(
    curated_service: Service, path: str, parameters: dict[str, Any], status: int, said: str
) -> None:
    answer = curated_service.get(path, params=parameters)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json()["detail"]


def test_a_problem_is_legible_in_any_script(curated_service: Service) -> None:
    assert "'Волшебник' is no class" in curated_service.get("/search", params={"q": "a", "class": "Волшебник"}).text


def test_a_cursor_that_does_not_fit_is_told(curated_service: Service, built: Path) -> None:
    cursor = curated_service.get("/search?q=edu&limit=5").json()["next"].partition("cursor=")[2]
    assert curated_service.get(f"/search?q=edu&limit=5&cursor={cursor}").status_code == 200
    for broken in ("x", "####", cursor[:-3], "бред"):
        assert curated_service.get("/search", params={"q": "edu", "cursor": broken}).status_code == 400, broken
    assert curated_service.get(f"/search?q=other&cursor={cursor}").status_code == 400
    stale = _cursor_of_another_generation(built)
    answer = curated_service.get("/search", params={"q": "edu", "cursor": stale})
    assert answer.status_code == 410
    assert "generation" in answer.json()["detail"]


def _cursor_of_another_generation(built: Path) -> str:
    from graph.publish.generation import Generation
    from graph.query.cursors import cursor_for

    return cursor_for(Generation("0" * 16, built), ["search", "edu", None], [5])


def test_mixed_scripts_and_hostile_texts_are_answered(curated_service: Service) -> None:
    for text in ("Beisemбаев", "%_*?", "' OR 1=1 --", '"', "e\u0301\u0301\u0301", "ЮНЕСКО LNK", "a" * 300, "\u202eabc"):
        assert curated_service.get("/search", params={"q": text}).status_code == 200, text


def test_the_command_answers_as_the_service_does(curated_service: Service, built: Path) -> None:
    ended = edugraph("search", "Досаев", "--format", "json", build_dir=built)
    assert ended.returncode == 0, ended.stderr
    said = json.loads(ended.stdout)
    asked = found(curated_service, "Досаев", lang="en")
    assert said["results"] == asked["results"]
    table = edugraph("search", "Dosaev", "--class", "Person", "--lang", "ru", build_dir=built)
    assert "Ерболат Досаев" in table.stdout.decode()
    assert "1 of 1 things" in table.stdout.decode()


def test_the_command_refuses_an_unknown_class(built: Path) -> None:
    assert "Person" in told(edugraph("search", "x", "--class", "Wizard", build_dir=built))
    assert "300" in told(edugraph("search", "x" * 301, build_dir=built))


def _names(index: Index) -> list[tuple[str, str, list[str]]]:
    """Every name that is searched, its thing and its words."""
    rows = index.connection.execute("SELECT thing, name, folds FROM label ORDER BY id").fetchall()
    return [(thing, name, folds.split()) for thing, name, folds in rows]


def test_the_beginning_of_any_word_of_any_name_finds_its_thing(index: Index) -> None:
    choose = random.Random(4)
    lost = []
    for thing, name, folds in choose.sample(_names(index), 250):
        word = choose.choice(folds)
        beginning = word[: choose.randint(min(3, len(word)), len(word))]
        if thing not in {match.label.thing for match in search(index, beginning).matches}:
            lost.append((name, beginning))
    assert lost == []


@pytest.fixture(scope="module")
def actors(index: Index) -> list[tuple[str, str]]:
    """The names of six letters or more of persons and organisations."""
    rows = index.connection.execute(
        "SELECT DISTINCT label.thing, label.name FROM label JOIN thing ON thing.iri = label.thing"
        " WHERE thing.class LIKE '%#Person' OR thing.class LIKE '%#Organisation' ORDER BY label.thing, label.name"
    ).fetchall()
    return [(thing, name) for thing, name in rows if len(name) >= 6]


@settings(max_examples=250, deadline=None)
@given(data=st.data())
def test_one_edit_of_a_name_still_finds_it_among_the_first_five(
    index: Index, actors: list[tuple[str, str]], data: st.DataObject
) -> None:
    """A letter left out, put in, changed, or swapped with its neighbour in the same word."""
    thing, name = data.draw(st.sampled_from(actors))
    letters = "абвгдежзиклмнопрстуя" if any("а" <= char <= "я" for char in name.lower()) else "abcdefghiklmnoprstuvz"
    place = data.draw(st.integers(0, len(name) - 1))
    letter = data.draw(st.sampled_from(letters))
    edit = data.draw(st.sampled_from(["drop", "add", "change", "swap"]))
    assume(edit != "swap" or " " not in name[place : place + 2])
    edited = {
        "drop": name[:place] + name[place + 1 :],
        "add": name[:place] + letter + name[place:],
        "change": name[:place] + letter + name[place + 1 :],
        "swap": name[:place] + name[place : place + 2][::-1] + name[place + 2 :],
    }[edit]
    near = [match.label.thing for match in search(index, edited).matches[:5]]
    assert thing in near, (name, edited, near)


# The usual romanisations of Cyrillic in passports, in the press and in libraries; no code of the project.
ROMAN = (
    dict(zip("абвгдезиклмнопрстуфэ", "abvgdeziklmnoprstufe", strict=True))
    | {"ж": "zh", "й": "i", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ы": "y", "ь": "", "ъ": ""}
    | {"ю": "iu", "я": "ia", "ё": "e"}
)
VARIANTS: tuple[dict[str, str], ...] = (
    {},
    {"й": "y", "ю": "yu", "я": "ya"},
    {"й": "j", "ю": "ju", "я": "ja", "х": "h", "ж": "ž", "ш": "š", "ч": "č"},
)


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_name_in_cyrillic_is_found_in_any_romanisation(
    index: Index, actors: list[tuple[str, str]], variant: dict[str, str]
) -> None:
    table = str.maketrans(ROMAN | variant)
    lost = []
    for thing, name in actors:
        if any("а" <= char <= "я" for char in name.lower()):
            roman = name.lower().translate(table)
            if thing not in [match.label.thing for match in suggest(index, roman, 5)]:
                lost.append((name, roman))
    assert lost == []
