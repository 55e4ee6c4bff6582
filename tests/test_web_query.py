"""The page to ask in SPARQL, in a real browser: examples, completion, drawings, errors, a query stopped, an address."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import Visit, visiting
from tests.service import Service

LONG = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
PREFIX = "PREFIX edg: <https://w3id.org/edugraph/ontology#>\n"
GRAPH = PREFIX + "CONSTRUCT WHERE { ?event edg:organisedBy ?body }"
EXAMPLE = "Who signed the education roadmap of Almaty, and in which post?"
BEGUN = PREFIX + "SELECT * WHERE { ?s "


def run(page: Page) -> None:
    page.locator(".yasqe_queryButton").first.click()


def asking(visit: Visit, query: str, more: str = "") -> Page:
    """The page with a query in its editor, once the editor is there."""
    page = visit.open(f"/query?query={quote(query)}{more}")
    expect(page.locator(".CodeMirror")).to_be_visible()
    return page


def type_at_end(page: Page, text: str) -> Locator:
    """Type behind the query and ask for completion; the list that opens."""
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)
    page.keyboard.press("Control+Space")
    return page.locator(".CodeMirror-hints")


def text_of(page: Page) -> str:
    return str(page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()"))


@pytest.mark.parametrize("more", ["&lang=en", "&lang=ru&theme=dark", "&lang=kk"])
def test_nothing_stands_in_the_way(visit: Visit, more: str) -> None:
    page = asking(visit, GRAPH, more)
    run(page)
    expect(page.locator(".drawing")).to_have_attribute("data-named", "true")
    assert visit.barriers() == []


def test_an_example_runs(visit: Visit) -> None:
    page = visit.open("/query")
    page.get_by_role("link", name=EXAMPLE).click()
    expect(page.locator("#plain")).to_be_hidden()
    run(page)
    expect(page.locator(".yasr")).to_contain_text("Yerbolat Dossayev")
    expect(page.locator(".yasr")).to_contain_text("Gani Beisembayev")
    page.get_by_role("button", name="Raw answer").click()
    expect(page.locator(".yasr_results")).to_contain_text('"bindings"')


@pytest.mark.parametrize(
    ("lang", "question"),
    [
        ("ru", "подписал дорожную карту образования Алматы"),
        ("lv", "Kas parakstīja"),
        ("kk", "кім қол қойды"),
    ],
)
def test_the_examples_speak_the_language_of_the_page(visit: Visit, lang: str, question: str) -> None:
    page = visit.open(f"/query?lang={lang}")
    expect(page.get_by_role("navigation").filter(has_text=question)).to_have_count(1)


@pytest.mark.parametrize("query", [GRAPH, "DESCRIBE <https://w3id.org/edugraph/organisation/unesco>"])
def test_a_graph_is_drawn(visit: Visit, query: str) -> None:
    page = asking(visit, query)
    run(page)
    drawing = page.locator(".drawing")
    expect(drawing).to_have_attribute("data-nodes", re.compile("[1-9]"))
    expect(drawing).to_have_attribute("data-named", "true")
    labels = page.evaluate("document.querySelector('.drawing')._cyreg.cy.nodes().map(n => n.data('label'))")
    assert "UNESCO" in labels
    page.get_by_role("button", name="Table").click()
    expect(page.locator(".yasr_results table")).to_contain_text("org:unesco")


def test_a_drawing_that_has_just_moved_gives_way_to_the_table(visit: Visit) -> None:
    page = asking(visit, GRAPH)
    run(page)
    expect(page.locator(".drawing")).to_have_attribute("data-named", "true")
    page.evaluate("""() => {
        document.querySelector('.drawing')._cyreg.cy.zoom(0.5);
        document.querySelector('.yasr .select_table, .yasr button.select_table').click();
    }""")
    expect(page.locator(".yasr_results table")).to_contain_text("org:unesco")
    page.wait_for_timeout(200)  # names are placed a moment after a movement; an error on the page fails the test


def test_a_second_graph_takes_the_place_of_the_first(visit: Visit) -> None:
    page = asking(visit, GRAPH)
    run(page)
    expect(page.locator(".drawing")).to_have_attribute("data-named", "true")
    first = page.evaluate_handle("document.querySelector('.drawing')._cyreg.cy")
    run(page)
    expect(page.locator(".yasr")).to_be_visible()
    page.wait_for_function("view => view.destroyed()", arg=first)
    expect(page.locator(".drawing")).to_have_count(1)
    expect(page.locator(".drawing")).to_have_attribute("data-named", "true")


def test_a_drawing_is_walked_by_keyboard_and_speaks_the_language_of_the_page(visit: Visit) -> None:
    page = asking(visit, GRAPH, "&lang=ru")
    run(page)
    drawing = page.locator(".drawing")
    expect(drawing).to_have_attribute("data-named", "true")
    labels = page.evaluate("document.querySelector('.drawing')._cyreg.cy.nodes().map(n => n.data('label'))")
    assert "ЮНЕСКО" in labels
    drawing.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    link = page.locator(".yasr .chosen a")
    expect(link).to_be_focused()
    label = link.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(label)


@pytest.mark.parametrize(
    ("lang", "shown", "named"),
    [
        ("ru", ["Результаты: 6", "Простой вид", "Строк на странице:"], "Таблица"),
        ("lv", ["Rezultāti: 6", "Vienkāršs skats", "Rindas lapā:"], "Tabula"),
        ("kk", ["Нәтижелер: 6", "Қарапайым көрініс", "Беттегі жолдар:"], "Кесте"),
    ],
)
def test_the_results_speak_the_language_of_the_page(visit: Visit, lang: str, shown: list[str], named: str) -> None:
    page = asking(visit, PREFIX + "SELECT ?event ?body WHERE { ?event edg:organisedBy ?body }", f"&lang={lang}")
    run(page)
    header = page.locator(".yasr_header")
    for words in shown:
        expect(header).to_contain_text(words)
    expect(page.get_by_role("button", name=named)).to_be_visible()
    english = re.compile("Page size|Simple view|Showing|Activate to sort|Download|results in")
    expect(page.locator(".yasr")).not_to_contain_text(english)
    for name in page.locator(".yasr [aria-label]:visible").evaluate_all("all => all.map(one => one.ariaLabel)"):
        assert not english.search(name), name


def test_no_label_of_a_small_drawing_covers_another_node(visit: Visit) -> None:
    page = asking(visit, GRAPH)
    run(page)
    expect(page.locator(".drawing")).to_have_attribute("data-named", "true")
    covered = page.evaluate("""() => {
      const nodes = document.querySelector('.drawing')._cyreg.cy.nodes().toArray();
      return nodes.flatMap(one => nodes.filter(other => {
        const label = one.boundingBox({includeNodes: false, includeEdges: false, includeOverlays: false});
        const {x, y} = other.position();
        return other !== one && label.x1 < x && x < label.x2 && label.y1 < y && y < label.y2;
      }).map(other => `${one.data('label')} on ${other.data('label')}`));
    }""")
    assert covered == []


def test_an_error_shows_at_its_line(visit: Visit) -> None:
    page = asking(visit, "SELECT * WHERE {\n ?s ?p\n}")
    run(page)
    expect(page.get_by_role("alert")).to_contain_text("Line 3")
    expect(page.locator(".wrong-line")).to_have_count(1)
    visit.excuse("400")


def test_a_long_query_is_stopped(visit: Visit, curated_service: Service) -> None:
    page = asking(visit, LONG)
    run(page)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    assert curated_service.get("/sparql", params={"query": "ASK {}"}).status_code == 200


@pytest.mark.parametrize(
    ("lang", "wrong", "stop", "stopped"),
    [
        ("ru", "Строка 1: Запрос не разбирается", "Остановить", "Запрос остановлен."),
        ("lv", "Rinda 1: Vaicājumu nevar nolasīt", "Apturēt", "Vaicājums apturēts."),
    ],
)
def test_errors_and_stops_are_told_once_and_in_the_language_of_the_page(
    visit: Visit, lang: str, wrong: str, stop: str, stopped: str
) -> None:
    page = asking(visit, "SELECT", f"&lang={lang}")
    run(page)
    expect(page.get_by_role("alert")).to_contain_text(wrong)
    expect(page.get_by_role("alert").locator("[lang=en]")).to_contain_text("column 7")
    expect(page.locator(".errorResult")).to_be_hidden()
    assert visit.barriers() == []
    page.evaluate("query => document.querySelector('.CodeMirror').CodeMirror.setValue(query)", LONG)
    run(page)
    page.get_by_role("button", name=stop, exact=True).click()
    expect(page.get_by_role("alert")).to_have_text(stopped)
    expect(page.locator(".yasr")).not_to_contain_text(re.compile("Response in|aborted"), use_inner_text=True)
    visit.excuse("400")


def test_the_address_of_a_query_can_be_shared(visit: Visit) -> None:
    page = visit.open("/query")
    page.get_by_role("link", name="Address of this query").click()
    expect(page.locator("#shared")).to_have_text("It stands in the address bar now, and can be sent to others.")
    page.reload()
    expect(page.locator(".CodeMirror")).to_contain_text("edg:organisedBy")


@pytest.mark.parametrize(
    ("lang", "typed", "offered", "written"),
    [
        ("en", "edg:organis", "organised by", "edg:organisedBy"),
        ("ru", "организатор", "организатор", "edg:organisedBy"),
        ("lv", "organiz", "organizācija", "edg:Organisation"),
        ("en", "unesco", "UNESCO", "org:unesco"),
        ("ru", "юнеск", "ЮНЕСКО", "org:unesco"),
        ("ru", "модальн", "модальность", "edg:modality"),
        ("en", "skos:pref", "", "skos:prefLabel"),
    ],
)
def test_words_are_completed_by_their_names_in_the_readers_language(
    visit: Visit, lang: str, typed: str, offered: str, written: str
) -> None:
    page = asking(visit, BEGUN, f"&lang={lang}")
    hints = type_at_end(page, typed)
    assert not [told for told in hints.locator("li").all_inner_texts() if "/ontology#" in told]
    hint = hints.locator("li", has_text=re.compile(rf"{offered}.*\b{written}$")).first
    expect(hint).to_be_visible()
    hint.click()
    assert f"?s {written}" in text_of(page)
    # Its prefix stands above, so that the query runs.
    assert f"PREFIX {written.partition(':')[0]}: <" in text_of(page)


def test_a_word_is_completed_by_keyboard_and_the_editor_is_no_trap(visit: Visit) -> None:
    page = asking(visit, BEGUN)
    expect(type_at_end(page, "edg:organis")).to_be_visible()
    page.keyboard.press("Enter")
    assert "edg:organis" in text_of(page)
    page.keyboard.type(" ?o }")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".yasr_results table")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName !== 'TEXTAREA'")


def test_the_answer_can_be_taken_along(visit: Visit) -> None:
    page = asking(visit, PREFIX + "SELECT ?body WHERE { ?event edg:organisedBy ?body }")
    run(page)
    expect(page.locator(".yasr_results table")).to_be_visible()
    with page.expect_download() as file:
        page.get_by_role("button", name="Download the results").click()
    assert "organisation/unesco" in Path(file.value.path()).read_text("utf-8")


def test_without_scripts_there_is_a_form(browser: Browser, curated_service: Service) -> None:
    with visiting(browser, curated_service.url, java_script_enabled=False) as visit:
        page = visit.open("/query")
        with page.expect_download() as answer:
            page.get_by_role("button", name="Ask").click()
        assert answer.value.path().read_text("utf-8").startswith("start,event")


def test_the_endpoint_shows_a_person_the_way(curated_service: Service) -> None:
    html = {"accept": "text/html,*/*;q=0.8"}
    assert curated_service.get("/sparql", headers=html).headers["location"] == "/query"
    asked = curated_service.get("/sparql", params={"query": "ASK {}"}, headers=html)
    assert asked.headers["content-type"].endswith("json")


@pytest.mark.parametrize("path", ["/query?example=no-such-question"])
def test_an_unknown_example_is_refused(curated_service: Service, path: str) -> None:
    answer = curated_service.get(path, headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "/query lists them" in answer.text


@pytest.mark.parametrize("width", [320, 1280])
def test_a_table_of_results_is_for_everybody(visit: Visit, width: int) -> None:
    """Its fields have names, and nothing scrolls that no key reaches."""
    visit.page.set_viewport_size({"width": width, "height": 800})
    page = visit.open("/query?example=which-events-the-ministry-organised&lang=ru")
    run(page)
    expect(page.locator(".yasr tbody td").first).to_be_visible()
    assert visit.barriers() == []
    expect(page.get_by_label("Строк на странице:")).to_be_visible()
