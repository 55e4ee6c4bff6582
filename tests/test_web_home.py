"""The first page in a real browser: search from it, its counts, its frame."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser import Visit


@pytest.mark.parametrize(("typed", "found"), [("Бейсемб", "Beisembayev"), ("Beisemb", "Beisembayev"), ("Rīga", "R")])
def test_suggestions_appear_while_typing_in_any_script(visit: Visit, typed: str, found: str) -> None:
    page = visit.open("/")
    page.get_by_role("combobox").press_sequentially(typed)
    expect(page.get_by_role("option").first).to_contain_text(found)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: address.rstrip("/") != visit.base)
    visit.excuse("404", "406")


@pytest.mark.parametrize(
    ("lang", "typed", "found"),
    [("ru", "мини", {"понятие", "министерство", "должность"}), ("lv", "dalībn", {"ontoloģijas loma vai attiecība"})],
)
def test_a_suggestion_says_what_it_is_in_the_language_of_the_page(
    visit: Visit, lang: str, typed: str, found: set[str]
) -> None:
    page = visit.open(f"/?lang={lang}")
    page.get_by_role("combobox").press_sequentially(typed)
    expect(page.get_by_role("option").first).to_be_visible()
    assert found <= set(page.get_by_role("option").locator("small").all_inner_texts())


def test_the_first_page_has_no_barriers(visit: Visit) -> None:
    visit.open("/")
    assert visit.barriers() == []


def test_an_unknown_address_is_told_on_a_page(visit: Visit) -> None:
    page = visit.open("/organisations/nobody-here")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    assert visit.barriers() == []
    visit.excuse("404")


@pytest.mark.parametrize(
    ("lang", "said", "detail"),
    [
        ("ru", "Закладка страницы не подходит", "это не закладка страницы этого сервиса"),
        ("lv", "Lappuses norāde neder", "tā nav šī pakalpojuma lappuses norāde"),
        ("kk", "Бет белгісі сай келмейді", "осы қызметтің бет белгісі емес"),
    ],
)
def test_a_problem_is_told_in_the_language_of_the_page_and_leads_on(
    visit: Visit, lang: str, said: str, detail: str
) -> None:
    """What the service says of this very request, too."""
    page = visit.open(f"/organisations?kind=Ministry&cursor=xyz&lang={lang}")
    told = page.locator("article.narrow > p:not(.eyebrow)")
    expect(told.first).to_contain_text(said)
    expect(told.first).not_to_have_attribute("lang", "en")
    expect(told.nth(1)).to_contain_text(detail)
    expect(page.locator("article.narrow [lang=en]")).to_have_count(0)
    assert visit.barriers() == []
    visit.follow(told.locator("a").first)
    assert page.url.endswith(f"/organisations?kind=Ministry&lang={lang}")
    expect(page.locator(".list-total")).to_be_visible()
    visit.excuse("400")


@pytest.mark.parametrize("path", ["/network?actor=UNESCX", "/paths?from=UNESCO&to=UNESCX", "/persons/UNESCX"])
def test_from_a_name_that_nothing_has_a_search_is_one_click_away(visit: Visit, path: str) -> None:
    page = visit.open(path)
    page.get_by_role("link", name="Search for “UNESCX”").click()
    expect(page.get_by_role("main").get_by_role("link", name="UNESCO", exact=True)).to_be_visible()
    visit.excuse("404")


def test_a_page_that_the_browser_holds_keeps_its_policy(visit: Visit) -> None:
    page = visit.open("/")
    visit.open("/organisations")
    visit.follow(page.get_by_role("link", name="edugraph"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.styleSheets.length") > 0  # and no complaint of the policy: see the fixture


def test_the_first_page_offers_questions_a_citation_and_what_machines_read(visit: Visit) -> None:
    page = visit.open("/?lang=lv&theme=dark")
    examples = page.locator("a[href*='query?example=']")
    assert examples.count() == 12
    assert page.locator("a[href*='query?example='] [lang]").count() == 0
    expect(examples.filter(has_text="Kas un kādā amatā parakstīja Almati izglītības ceļvedi?")).to_be_visible()
    expect(page.locator("blockquote")).to_contain_text("CC BY 4.0")
    told = json.loads(page.locator("script[type='application/ld+json']").inner_text())
    site, dataset = told["@graph"]
    assert site["potentialAction"]["target"]["urlTemplate"] == f"{visit.base}/search?q={{text}}"
    assert dataset["license"] == "https://creativecommons.org/licenses/by/4.0/"
    for file in dataset["distribution"]:
        assert page.request.get(file["contentUrl"]).ok
    assert visit.barriers() == []


def test_the_counts_are_those_of_the_lists(visit: Visit) -> None:
    page = visit.open("/")
    for name in ("organisations", "events", "articles", "claims"):
        total = page.request.get(f"{visit.base}/{name}?limit=1", headers={"accept": "application/json"}).json()["total"]
        assert total > 0
        expect(page.locator(f".tiles a[href='/{name}'] b")).to_have_text(f"{total:,}")


@pytest.mark.parametrize(
    ("lang", "forms"),
    [
        ("en", {"countries": "15 countries", "articles": "5 articles"}),
        ("ru", {"events": "23 события", "articles": "5 статей", "claims": "680 фактов с подтверждением"}),
        ("lv", {"articles": "5 raksti", "persons": "11 personas"}),
        ("kk", {"articles": "5 мақала"}),
    ],
)
def test_the_counts_read_as_phrases(visit: Visit, lang: str, forms: dict[str, str]) -> None:
    page = visit.open(f"/?lang={lang}")
    for name, phrase in forms.items():
        expect(page.locator(f".tiles a[href='/{name}']")).to_have_text(phrase)


def test_events_stand_in_time_and_lead_to_their_year(visit: Visit) -> None:
    """Of the two dated events of 2022 the summit is announced, and the consultations are reported."""
    page = visit.open("/")
    year = page.locator(".years li", has=page.get_by_role("link", name="2022"))
    expect(year).to_contain_text("2 events")
    expect(year.locator(".mark.planned")).to_have_text("1 not reported")
    year.get_by_role("link", name="2022").click()
    expect(page.get_by_role("main")).to_contain_text(
        "National consultations on transforming education in Kazakhstan, 2022"
    )
    expect(page.get_by_role("main")).not_to_contain_text("Extended meeting")


def test_an_example_opens_in_the_editor_with_one_click(visit: Visit) -> None:
    page = visit.open("/?lang=kk")
    visit.follow(page.get_by_role("link", name="Алматының білім беру жол картасына кім, қандай лауазымда қол қойды?"))
    assert page.url.endswith("/query?example=who-signed-almaty-roadmap")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
