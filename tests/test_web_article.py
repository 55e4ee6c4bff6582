"""The page of an article in a real browser: from a fact to its words, and from words to their facts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from justhtml import JustHTML
from playwright.sync_api import Browser, expect

from tests.browser import Visit, visiting
from tests.service import ROOT, Service, serving

TEXTS = ROOT.parent / "shared" / "articles"
FORUM = "/articles/2024-elkz-directors-forum"


@pytest.fixture(scope="module")
def with_texts(built: Path) -> Iterator[Service]:
    if not TEXTS.is_dir():
        pytest.skip("the articles' texts are not beside the checkout")
    with serving(build_dir=built, texts=TEXTS) as service:
        yield service


def test_without_texts_facts_show_positions(visit: Visit) -> None:
    page = visit.open(FORUM)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Форуме директоров")
    expect(page.get_by_text("belongs to its publisher")).to_be_visible()
    expect(page.get_by_text("20 sentences: 16 cited, 4 skipped")).to_be_visible()
    page.locator("ol.facts").get_by_role("link", name="3–66").first.click()
    expect(page.locator("#carried")).to_contain_text("held at Almaty")
    expect(page.locator("ol.facts")).to_have_count(0)
    assert visit.barriers() == []


def test_a_span_leads_to_its_facts_and_a_fact_to_its_span(browser: Browser, with_texts: Service) -> None:
    with visiting(browser, with_texts.url) as visit:
        page = visit.open(FORUM)
        page.locator(".text a.evidence").first.focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(address(3, 66))
        expect(page.locator("#carried")).to_contain_text("Almaty")
        expect(page.locator(".text .evidence.at").first).to_be_visible()
        page.go_back()
        expect(page.locator("#carried")).to_have_count(0)
        assert visit.barriers() == []
        assert visit.complaints == []


def address(start: int, end: int) -> re.Pattern[str]:

    return re.compile(rf"at={start}-{end}#s-{start}-{end}$")


def test_overlapping_spans_are_all_anchored(browser: Browser, with_texts: Service) -> None:
    """Evidence 721-853 lies in the sentence 721-936: the ledger's sentence, of which other facts cite more."""
    with visiting(browser, with_texts.url, color_scheme="dark") as visit:
        page = visit.open("/articles/2022-unicef-national-consultations")
        anchors = page.locator(".text [id^='s-']").evaluate_all("all => all.map(one => one.id)")
        assert len(anchors) == len(set(anchors)) > 50
        assert page.locator(".text .evidence.many").count() > 0
        assert visit.barriers() == []


def test_every_fact_can_be_reached_from_the_words_of_the_text(with_texts: Service) -> None:
    """Where shorter spans cover all of a longer one, no words lead to it alone: theirs show its facts too."""
    path = "/articles/2018-unesco-lnc-vet-discussion"
    with with_texts.client(headers={"accept": "text/html"}) as client:
        document = JustHTML(client.get(path).text, sanitize=False)
        marked = {str((link.attrs or {})["href"]) for link in document.query(".text a.evidence")}
        places = {str((link.attrs or {})["href"]) for link in document.query("ol.facts .where a[href*='#s-']")}
        assert len(places - marked) > 5
        shown = set()
        for address in sorted(marked):
            panel = JustHTML(client.get(path + address).text, sanitize=False).query("#carried .where a")
            shown |= {str((link.attrs or {})["href"]) for link in panel}
    assert places <= shown


def test_the_same_as_data_does_not_follow_from_the_part_that_is_shown(visit: Visit) -> None:
    for shown in ("?at=3-66", "?before=0&lang=ru", "?fact=none"):
        page = visit.open(FORUM + shown)
        links = page.locator(".forms a")
        assert links.count() == 3
        for link in links.all():
            assert page.request.get(f"{visit.base}{FORUM}{link.get_attribute('href')}").ok, shown


def test_long_articles_are_read_page_by_page(visit: Visit) -> None:
    page = visit.open("/articles/almaty-education-roadmap?lang=ru")
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    first = page.locator("ol.facts > li").first.inner_text()
    page.get_by_role("link", name="101–", exact=False).first.click()
    expect(page.locator("ol.facts")).to_have_attribute("start", "101")
    assert page.locator("ol.facts > li").first.inner_text() != first


def test_a_claim_leads_to_its_place_among_many_facts(visit: Visit) -> None:
    page = visit.open("/articles/almaty-education-roadmap?before=100")
    last = page.locator("ol.facts > li").last
    anchor = last.get_attribute("id")
    last.get_by_role("link", name="why").click()
    page.get_by_role("link", name="Among the facts of the article").click()
    assert page.url.endswith(f"#{anchor}")
    expect(page.locator("ol.facts")).to_have_attribute("start", "101")
    expect(page.locator(f"#{anchor}")).to_be_in_viewport()
    assert visit.barriers() == []


def test_words_that_hold_several_spans_show_the_facts_of_all(visit: Visit) -> None:
    page = visit.open(f"{FORUM}?at=0-314")
    inner = page.locator("#carried li").count()
    page = visit.open(f"{FORUM}?at=3-66")
    assert inner > page.locator("#carried li").count() > 0


def test_what_is_no_place_is_refused(visit: Visit) -> None:
    page = visit.open(f"{FORUM}?at=here")
    expect(page.get_by_role("heading", level=1)).to_have_text("This request cannot be answered")
    visit.excuse("400")


def test_an_unknown_article_is_no_page(visit: Visit) -> None:
    visit.open("/articles/nothing-of-the-kind")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    visit.excuse("404")


SEEN = """() => {
  const focused = document.activeElement;
  return !focused.matches('.evidence') || [...focused.getClientRects()].some(one =>
    focused.contains(document.elementFromPoint(one.left + one.width / 2, one.top + one.height / 2)));
}"""


def test_what_has_the_focus_is_not_hidden_under_the_facts_of_a_span(browser: Browser, with_texts: Service) -> None:
    """On a narrow screen they stand at the foot of the window, over the text."""
    with visiting(browser, with_texts.url, viewport={"width": 320, "height": 700}) as visit:
        page = visit.open("/articles/2023-almaty-esd-seminar?at=163-288")
        page.locator(".evidence").first.focus()
        seen = []
        for _ in range(40):
            page.keyboard.press("Tab")
            seen.append(page.evaluate(SEEN))
        assert seen == [True] * 40
