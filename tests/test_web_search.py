"""The search results in a real browser: three scripts, why a name matched, one class, nothing found."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import Visit
from tests.service import Service


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("Бейсембаев", "/persons/gani-beisembayev"),
        ("Beisembaev", "/persons/gani-beisembayev"),
        ("Rīga", "/places/riga"),
    ],
)
def test_a_name_is_found_in_any_script(visit: Visit, text: str, path: str) -> None:
    page = visit.open("/")
    page.get_by_role("combobox").fill(text)
    page.get_by_role("button", name="Search").click()
    expect(page.locator(f".answer a[href='{path}']")).to_be_visible()
    assert visit.barriers() == []


def test_an_answer_shows_the_name_that_matched_and_why(visit: Visit) -> None:
    page = visit.open("/search?q=Бейсембаев&lang=en")
    first = page.locator(".answer").first
    expect(first.get_by_role("link")).to_have_text("Gani Beisembayev")
    expect(first.locator("mark")).to_contain_text("Бейсембаев")
    expect(first.locator("mark")).to_have_attribute("lang", "ru")
    expect(first).to_contain_text("the same word")


def test_a_search_is_narrowed_to_a_class(visit: Visit) -> None:
    page = visit.open("/search?q=almaty")
    visit.follow(page.get_by_role("main").get_by_role("link", name="Places", exact=True))
    expect(page).to_have_url(re.compile("class=Place"))
    links = [str(link.get_attribute("href")) for link in page.locator(".answer > span > a").all()]
    assert links
    assert all(link.startswith("/places/") for link in links)


def test_more_answers_are_on_the_next_page(visit: Visit) -> None:
    page = visit.open("/search?q=almaty&limit=2")
    before = page.locator(".answer > span > a").first.get_attribute("href")
    visit.follow(page.get_by_role("link", name="Next page"))
    assert page.locator(".answer > span > a").first.get_attribute("href") != before


@pytest.mark.parametrize("language", ["en", "ru", "lv", "kk"])
def test_where_nothing_is_found_the_page_says_what_to_try(visit: Visit, language: str) -> None:
    page = visit.open(f"/search?q=qqqqzzzz&lang={language}&theme=dark")
    assert page.locator(".answer").count() == 0
    assert visit.barriers() == []


def test_a_text_from_the_address_is_text(visit: Visit) -> None:
    page = visit.open("/search?q=%3Cscript%3Ealert(1)%3C/script%3E")
    expect(page.get_by_role("heading", level=1)).to_contain_text("<script>alert(1)</script>")


def test_a_name_that_is_too_long_for_an_address_is_refused_on_a_page(curated_service: Service) -> None:
    long = "/search?q=" + "x" * 20_000
    answer = curated_service.get(long, headers={"accept": "text/html", "accept-language": "ru"})
    assert answer.status_code == 414
    assert answer.headers["content-type"].startswith("text/html")
    assert '<html lang="ru"' in answer.text
    assert "xxxx" not in answer.text
    assert curated_service.get(long).headers["content-type"] == "application/problem+json"
