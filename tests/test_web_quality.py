"""The page of the data's quality in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import Visit


@pytest.mark.parametrize(
    "path", ["/quality", "/quality?theme=dark", "/quality?lang=ru", "/quality?lang=lv&theme=dark", "/quality?lang=kk"]
)
def test_nothing_stands_in_the_way(visit: Visit, path: str) -> None:
    visit.open(path)
    assert visit.barriers() == []


def test_a_contradiction_leads_to_its_words(visit: Visit) -> None:
    page = visit.open("/quality")
    row = page.get_by_role("listitem").filter(has_text="more than 800").last
    row.get_by_role("link", name="–").first.click()
    expect(page.get_by_role("heading", name="carry")).to_be_visible()
    expect(page.locator("#carried")).to_contain_text("Attendance of the Forum of Directors in Almaty")


def test_dates_are_in_words_and_articles_by_their_titles(visit: Visit) -> None:
    page = visit.open("/quality?lang=ru")
    expect(page.locator("time[datetime='2018-05-15T13:00:00']").first).to_have_text("15 мая 2018 г., 13:00")
    pair = page.locator(".decisions .pair", has_text="Казахстан").filter(has_text="РК").first
    visit.follow(pair.get_by_role("link", name="В Алматы эксперты из разных стран мира"))
    assert page.url.endswith("/articles/2023-almaty-esd-seminar")


def test_what_is_unsure_is_said_in_words(visit: Visit) -> None:
    page = visit.open("/quality")
    korea = page.get_by_role("listitem").filter(has_text="Korea").filter(has_text="may be the same as")
    expect(korea.first).to_contain_text("may be the same as")


def test_the_rest_of_each_list_stands_on_the_next_pages_none_of_which_is_long(visit: Visit) -> None:
    page = visit.open("/quality")
    totals = page.request.get(f"{page.url}?format=json").json()["claims"]
    seen, first = 0, page.url
    for _ in visit.leaves():
        seen += page.locator("#inferred ~ ul.facts").last.get_by_role("listitem").count()
        assert len(page.request.get(page.url, headers={"accept": "text/html"}).body()) < 100_000
        expect(page.get_by_text("No pair was left unsure.")).to_have_count(0)
    assert seen == totals["inferred"]
    while page.get_by_role("link", name="Previous page").count():
        visit.follow(page.get_by_role("link", name="Previous page"))
    assert page.url == f"{first}?part=1"


def test_the_expected_totals_open_by_keyboard(visit: Visit) -> None:
    page = visit.open("/quality")
    page.get_by_text("expected totals").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="claims-planned")).to_be_visible()
