"""Nothing that the data, an address or an answer says is run by the browser: it is shown as the text that it is."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from justhtml import JustHTML
from playwright.sync_api import Browser, Dialog, Page, expect
from pyoxigraph import Literal

from api.web.pages import PAGES
from benchmarks.site import REDIRECTS, addresses
from graph.namespaces import EDG
from graph.publish.generation import current
from graph.query.index import Index
from tests.browser import Visit, visiting
from tests.homes import article, make_home
from tests.service import COMMAND, Service, environment, serving

HOSTILE = {
    "script": "<script>window.hacked = 1</script>",
    "image": '"><img src=x onerror="window.hacked = 2">',
    "template": "{{7*7}} ${7*7} {%print(7*7)%}",
    "end": "</script><script>window.hacked = 3</script>",
    "title": "</title></textarea><svg onload=window.hacked=4>",
    "attribute": "' autofocus onfocus='window.hacked=5",
    "comment": "--><!--<script>window.hacked = 6</script>",
    "override": "\u202egnp.exe\u202c and \u2066more\u2069",
    "long": "Donaudampfschifffahrt" * 12,
    "entity": "&lt;b&gt; &amp;quot; &#x3c;i>",
}
"""What stands in names, titles and values of the data, by the id of a body."""
HEAD = """VERSION "1.2"
@prefix edg: <https://w3id.org/edugraph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix event: <https://w3id.org/edugraph/event/> .
@prefix org: <https://w3id.org/edugraph/organisation/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix modality: <https://w3id.org/edugraph/modality/> .
"""
FIELDS = (
    "q",
    "label",
    "from",
    "to",
    "actor",
    "class",
    "role",
    "kind",
    "query",
    "example",
    "at",
    "cursor",
    "lang",
    "theme",
)


def _literal(text: str, language: str = "en") -> str:
    return str(Literal(text, language=language))


def _registry() -> str:
    """A body for each text that bears it as its name, in two languages, and other names of one that has them all."""
    bodies = [
        f"org:x-{name} a edg:Organisation ; skos:prefLabel {_literal(text)} , {_literal(text, 'ru')} ;"
        f" skos:altLabel {_literal('Also ' + text)} ; skos:scopeNote {_literal(text)} ;"
        f" dcterms:description {_literal(text)} ."
        for name, text in HOSTILE.items()
    ]
    return HEAD + "\n".join(bodies)


def _articles(folder: Path) -> None:
    """The first article is titled by one text and ties all bodies to its event, reported and planned."""
    written = article("first").replace('"first"@en', _literal(HOSTILE["end"]))
    written = written.replace('"Event of first"@en', _literal(HOSTILE["image"]))
    tied = " , ".join(f"org:x-{name}" for name in HOSTILE)
    written += f"event:first edg:organisedBy {tied} {{| edg:evidence <#char=0,40> |}} .\n"
    written += f"event:first edg:venueName {_literal(HOSTILE['script'])} {{| edg:evidence <#char=0,40> |}} .\n"
    (folder / "first.ttl").write_text(written, "utf-8")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with hostile data, built by the command."""
    home = make_home(tmp_path_factory.mktemp("hostile") / "home")
    (home / "data" / "registry" / "hostile.ttl").write_text(_registry(), "utf-8")
    _articles(home / "data" / "articles")
    command = [*COMMAND, "build"]
    ended = subprocess.run(
        command, env=environment(home=home), capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return home


@pytest.fixture(scope="module")
def service(hostile: Path) -> Iterator[Service]:
    with serving(build_dir=hostile / "build") as found:
        yield found


@pytest.fixture
def tab(browser: Browser, service: Service) -> Iterator[Visit]:
    """A tab in which nothing may happen."""
    with visiting(browser, service.url) as visit:
        dialogs: list[str] = []

        def hear(dialog: Dialog) -> None:
            dialogs.append(dialog.message)
            dialog.dismiss()

        visit.page.on("dialog", hear)
        yield visit
        assert dialogs == []
        visit.excuse("the server responded with a status of 4")
        assert visit.complaints == []


def _unharmed(page: Page) -> None:
    assert page.evaluate("window.hacked") is None, page.url
    assert page.locator("img[src=x], svg[onload], [onerror], [onfocus], [onmouseover]").count() == 0, page.url


def _runs(page: str, text: str) -> bool:
    """Whether a text that stands in HTML as it was given made an element of it; quotes may stand within a value."""
    if text not in page:
        return False
    events = ", ".join(f"[{name}]" for name in ("onerror", "onload", "onfocus"))
    return "<" in text or bool(JustHTML(page, sanitize=False).query(events))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_shown_as_it_is(tab: Visit, name: str) -> None:
    page = tab.open(f"/organisations/x-{name}")
    assert page.get_by_role("heading", level=1).inner_text().strip() == HOSTILE[name]
    assert HOSTILE[name] in page.title()
    _unharmed(page)
    page.set_viewport_size({"width": 320, "height": 700})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_no_page_runs_what_the_data_say(tab: Visit, hostile: Path) -> None:
    found = addresses(Index(current(hostile / "build")))
    routes = {route.path for route in PAGES.routes} - REDIRECTS
    for path in [one.path for one in found if one.route in routes] + ["/events/first", "/articles/first"]:
        page = tab.open(path)
        if page.locator("#drawing, #editor").count():  # what is drawn comes when the scripts have asked for it
            page.wait_for_load_state("networkidle")
        _unharmed(page)
    page = tab.open("/events/first")
    expect(page.get_by_role("main")).to_contain_text(HOSTILE["script"])
    page = tab.open("/articles/first")
    assert page.get_by_role("heading", level=1).inner_text() == HOSTILE["end"]


@pytest.mark.parametrize(
    ("name", "fields"), [("image", FIELDS[::3]), ("end", FIELDS[1::3]), ("attribute", FIELDS[2::3])]
)
def test_no_page_runs_what_its_address_says(tab: Visit, service: Service, name: str, fields: tuple[str, ...]) -> None:
    """By HTML for every page, each field with one of the texts; in the browser where a page shows what it was asked."""
    text = HOSTILE[name]
    with service.client(headers={"accept": "text/html"}, follow_redirects=True) as client:
        for route in PAGES.routes:
            path = route.path.replace("{collection:collection}", "organisations").replace(
                "{identifier}", quote(text, "")
            )
            for field in fields:
                answer = client.get(path, params={field: text})
                assert answer.status_code < 500, (path, field)
                assert not _runs(answer.text, text), (path, field)
    shown = (
        "search?q=",
        "organisations?label=",
        "paths?to=x&from=",
        "query?query=",
        "organisations/",
        "network?actor=",
    )
    for path in shown:
        _unharmed(tab.open(f"/{path}{quote(text, '')}"))


def test_suggestions_are_text(tab: Visit) -> None:
    page = tab.open("/")
    box = page.get_by_role("combobox").first
    box.press_sequentially("Also")
    expect(page.get_by_role("option").first).to_be_visible()
    _unharmed(page)


def test_the_answer_to_a_query_is_text(tab: Visit) -> None:
    """In the table, and where the answer is a graph that is drawn."""
    name = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
    labels = f"SELECT ?label WHERE {{ ?body a <{EDG}Organisation> ; {name} ?label }} ORDER BY ?label LIMIT 40"
    page = tab.open("/query?query=" + quote(labels))
    page.locator(".yasqe_queryButton").first.click()
    expect(page.locator(".yasr")).to_contain_text(HOSTILE["script"])
    expect(page.locator(".yasr")).to_contain_text(HOSTILE["image"])
    _unharmed(page)
    page = tab.open("/query?query=" + quote(labels.replace("SELECT ?label", "CONSTRUCT { ?body <urn:x> ?label }")))
    page.locator(".yasqe_queryButton").first.click()
    expect(page.locator(".yasr")).to_contain_text("Nodes drawn")
    _unharmed(page)
    page.locator(".yasr").get_by_role("button", name="Table").click()
    expect(page.locator(".yasr")).to_contain_text("window.hacked")
    _unharmed(page)
    # Yasr cleans each value in a document that runs nothing, and chromium says of that one too what it would not run.
    tab.excuse("Executing inline event handler violates")


def test_an_address_of_the_data_is_no_script(tab: Visit) -> None:
    page = tab.open("/organisations/x-script")
    targets = page.eval_on_selector_all("a[href]", "links => links.map(link => link.protocol)")
    assert set(targets) <= {"http:", "https:"}
