"""How the pages look, as far as it can be said in numbers: what stands where, what is broken, and what paper shows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.browser import Visit
from tests.service import Service

NARROW = {"width": 320, "height": 700}
LINES = """cells => cells.filter(cell => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  return new Set([...range.getClientRects()].map(one => Math.round(one.top))).size > 1;
}).map(cell => cell.textContent)"""
BROKEN_WORDS = """cells => cells.flatMap(cell => {
  const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), broken = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    for (const found of node.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
      const range = document.createRange();
      range.setStart(node, found.index);
      range.setEnd(node, found.index + found[0].length);
      if (new Set([...range.getClientRects()].map(one => Math.round(one.top))).size > 1) broken.push(found[0]);
    }
  return broken;
})"""
OVERLAP = """() => {
  const button = document.querySelector('.yasqe_queryButton').getBoundingClientRect();
  return [...document.querySelectorAll('.CodeMirror-line > span')].flatMap(line => {
    const range = document.createRange();
    range.selectNodeContents(line);
    return [...range.getClientRects()];
  }).filter(text => text.right > button.left && text.top < button.bottom && text.bottom > button.top).length;
}"""


MOVED = """
    window.moved = 0;
    new PerformanceObserver(list => { for (const one of list.getEntries()) window.moved += one.value; })
        .observe({type: "layout-shift", buffered: true});
"""


@pytest.mark.parametrize("path", ["/quality?lang=ru", "/centrality?lang=ru", "/network?lang=ru", "/targets?lang=lv"])
def test_a_table_on_a_narrow_screen_breaks_no_word_and_no_number(visit: Visit, path: str) -> None:
    """It scrolls in its frame."""
    visit.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page = visit.open(path)
    assert page.locator("main table :is(th, td)").evaluate_all(BROKEN_WORDS) == []
    if "targets" not in path:  # a number there has its mark below it
        assert page.locator("main td.amount").evaluate_all(LINES) == []


@pytest.mark.parametrize("path", ["/organisations/unesco", "/organisations/unesco/links", "/claims"])
def test_a_fact_on_a_narrow_screen_has_its_whole_width(visit: Visit, path: str) -> None:
    """Its evidence stands below it, not beside it."""
    visit.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page = visit.open(f"{path}?lang=ru")
    fact, row = page.locator(".facts > li > .fact").first, page.locator(".facts > li:has(> .fact)").first
    width = fact.evaluate("one => one.getBoundingClientRect().width")
    assert width > 0.85 * row.evaluate("one => one.getBoundingClientRect().width")


def test_marks_are_as_wide_as_their_words(visit: Visit) -> None:
    """A fact of the quality page is one row: what, role, value, mark."""
    page = visit.open("/quality")
    marks = page.locator("main .mark")
    assert marks.count() > 5
    assert max(marks.evaluate_all("all => all.map(one => one.getBoundingClientRect().width)")) < 200


def test_the_foot_of_a_short_page_stands_at_the_bottom_of_the_window(visit: Visit) -> None:
    page = visit.open("/search?q=zzzqqq")
    foot = page.locator("footer.site").evaluate("one => one.getBoundingClientRect().bottom")
    assert foot == pytest.approx(page.evaluate("innerHeight"), abs=1)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_button_of_a_query_stands_on_none_of_its_words(visit: Visit, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})
    page = visit.open("/query?example=which-events-the-ministry-organised")
    expect(page.locator(".CodeMirror-line").first).to_be_visible()
    assert page.evaluate(OVERLAP) == 0


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("path", ["/", "/organisations/unesco", "/articles/almaty-education-roadmap", "/network"])
def test_nothing_moves_when_fonts_come_late(visit: Visit, path: str, lang: str) -> None:
    page = visit.page
    page.set_viewport_size({"width": 412, "height": 900})
    page.add_init_script(MOVED)
    held: list[Route] = []
    page.route("**/*.woff2", lambda font: held.append(font))
    page.goto(f"{visit.base}{path}?lang={lang}", wait_until="domcontentloaded")
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
    page.wait_for_timeout(300)
    assert held  # not one font has come
    page.unroute("**/*.woff2")  # now they come
    page.evaluate("document.fonts.ready.then(() => new Promise(done => setTimeout(done, 200)))")
    assert page.evaluate("moved") < 0.1  # what is held to be good, https://web.dev/articles/cls


def test_paper_is_light_and_says_where_it_comes_from(visit: Visit) -> None:
    page = visit.open("/organisations/unesco?theme=dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    expect(page.locator("footer")).to_contain_text("/organisations/unesco")
    expect(page.get_by_role("link", name="Guide for programmers")).not_to_be_visible()


@pytest.mark.parametrize(
    ("language", "days", "hours"),
    [
        ("en", "3–4 April 2023", "15 May 2018, 13:00–15:00"),
        ("ru", "3–4 апреля 2023\N{NARROW NO-BREAK SPACE}г.", "15 мая 2018\N{NARROW NO-BREAK SPACE}г., 13:00–15:00"),
        ("lv", "2023. gada 3.–4. aprīlis", "2018. gada 15. maijs, 13:00–15:00"),
        ("kk", "2023\N{NARROW NO-BREAK SPACE}ж. 3–4 сәуір", "2018\N{NARROW NO-BREAK SPACE}ж. 15 мамыр, 13:00–15:00"),
    ],
)
def test_a_period_does_not_say_twice_what_its_ends_share(
    curated_service: Service, language: str, days: str, hours: str
) -> None:
    text = curated_service.get(f"/timeline?lang={language}", headers={"accept": "text/html"}).text
    assert days in text
    assert hours in text
    assert days in curated_service.get(f"/events?lang={language}", headers={"accept": "text/html"}).text


def test_values_stand_in_the_form_of_the_reader(curated_service: Service) -> None:
    """Dates in words, a share with the language's own mark, and no Python in the reference."""

    def page(path: str) -> str:
        return curated_service.get(path, headers={"accept": "text/html"}).text

    english, russian = page("/quality?lang=en"), page("/quality?lang=ru")
    assert ">15 May 2018, 15:00</time>" in english
    assert ">100%</dd>" in english
    assert ">100\N{NO-BREAK SPACE}%</dd>" in russian
    assert ">0,162<" in page("/network?lang=ru")
    assert ">SPARQL</h2>" in page("/docs")
    assert "<code>True</code>" not in page("/docs?operation=organisations")
