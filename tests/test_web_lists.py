"""The lists in a real browser: filters, what is set and taken away, order, pages, the same list as data."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import expect
from pyoxigraph import RdfFormat, parse

from tests.browser import Visit

LISTS = ("organisations", "persons", "events", "programmes", "documents", "places", "articles", "countries", "topics")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_no_barriers(visit: Visit, name: str) -> None:
    visit.open(f"/{name}?theme=dark&lang=ru")
    assert visit.barriers() == []
    visit.open(f"/{name}?theme=light&lang=en")
    assert visit.barriers() == []


def test_a_facet_filters_and_is_taken_away_and_the_back_button_returns(visit: Visit) -> None:
    page = visit.open("/events")
    everything = page.get_by_role("status").inner_text()
    page.get_by_role("link", name="seminar", exact=True).click()
    expect(page).to_have_url(re.compile(r"\?kind=Seminar$"))
    expect(page.get_by_role("main")).to_contain_text("Almaty")
    assert page.get_by_role("status").inner_text() != everything
    page.get_by_role("link", name="take this filter away").click()
    expect(page.get_by_role("status")).to_have_text(everything)
    page.go_back()
    expect(page).to_have_url(re.compile(r"\?kind=Seminar$"))


@pytest.mark.parametrize(
    ("lang", "name"), [("en", "Latvian"), ("ru", "латышский"), ("lv", "latviešu"), ("kk", "латыш тілі")]
)
def test_languages_of_articles_are_told_by_name(visit: Visit, lang: str, name: str) -> None:
    page = visit.open(f"/articles?lang={lang}")
    visit.follow(page.locator(".facet").get_by_role("link", name=name, exact=True))
    expect(page).to_have_url(re.compile(r"[?&]language=lv"))
    expect(page.locator(".chips")).to_contain_text(name)


def test_the_form_leaves_no_empty_field_in_the_address(visit: Visit) -> None:
    page = visit.open("/articles?language=ru")
    page.get_by_label("From").fill("2023")
    visit.follow(page.get_by_role("button", name="Show"))
    expect(page).to_have_url(re.compile(r"/articles\?language=ru&from=2023&sort=label&planned=true$"))


def test_pages_follow_each_other_without_repeats(visit: Visit) -> None:
    page = visit.open("/organisations?limit=20")
    seen: list[str] = []
    links = page.locator(".cards li > span > a")
    total = int(page.get_by_role("status").inner_text().split()[0])
    for _ in visit.leaves():
        seen += [str(link.get_attribute("href")) for link in links.all()]
    assert len(seen) == len(set(seen)) == total
    visit.follow(page.get_by_role("link", name="Back to the first page"))
    assert links.first.get_attribute("href") == seen[0]


def test_the_same_list_comes_as_csv_and_turtle(visit: Visit) -> None:
    page = visit.open("/events?kind=Seminar")
    shown = page.locator(".cards > li").count()
    addresses = [page.get_by_role("link", name=form, exact=True).get_attribute("href") for form in ("CSV", "Turtle")]
    rows, turtle = (page.request.get(f"{visit.base}/events{address}").body() for address in addresses)
    assert len(list(csv.DictReader(io.StringIO(rows.decode())))) == shown
    assert len({triple.subject for triple in parse(turtle, format=RdfFormat.TURTLE)}) == shown


def test_a_list_where_nothing_fits_says_so(visit: Visit) -> None:
    page = visit.open("/persons?label=zzz")
    expect(page.get_by_text("Nothing fits these filters")).to_be_visible()


def test_a_filter_that_means_nothing_is_told_on_a_page(visit: Visit) -> None:
    page = visit.open("/events?kind=Nonsense")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    visit.excuse("404")


def test_a_label_from_the_address_is_text(visit: Visit) -> None:
    page = visit.open("/persons?label=%3Cimg src=x onerror=alert(1)%3E")
    assert page.locator("main img").count() == 0
    expect(page.get_by_label("Name begins with")).to_have_value("<img src=x onerror=alert(1)>")
