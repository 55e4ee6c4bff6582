"""The list of claims and the ranking of the most central, in a real browser and against the same as data."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from tests.browser import Visit


@pytest.mark.parametrize("path", ["/claims?limit=20", "/centrality?top=20"])
@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "light", 1280), ("ru", "dark", 320)])
def test_the_page_has_no_barriers(visit: Visit, path: str, lang: str, theme: str, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})
    page = visit.open(f"{path}&lang={lang}&theme={theme}")
    assert visit.barriers() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_claim_shows_subject_role_object_and_the_way_to_its_words(visit: Visit) -> None:
    page = visit.open("/claims?subject=event:2022-kaz-national-consultations&role=speaker")
    rows = page.locator(".claims > li")
    shown = rows.all_inner_texts()
    assert len(shown) == 2
    assert all("speaker" in row for row in shown)
    assert any("UNESCO" in row for row in shown)
    assert any("UNICEF" in row for row in shown)
    rows.first.get_by_text("Evidence").click()
    rows.first.get_by_role("link", name="Why is this here?").click()
    expect(page).to_have_url(re.compile(r"/claims/[0-9a-f]{20}$"))
    page.go_back()
    expect(page.get_by_role("status")).to_have_text("2 entries")


def test_each_facet_narrows_to_what_it_counts_and_is_taken_away(visit: Visit) -> None:
    page = visit.open("/claims")
    everything = page.get_by_role("status").inner_text()
    facets = page.locator("details.facet")
    assert facets.locator("summary").all_inner_texts() == ["Role", "How it is put", "Article"]
    for number in range(3):
        for value in (facets.nth(number).locator("li").first, facets.nth(number).locator("li").last):
            counted = value.locator("small").inner_text()
            value.get_by_role("link").click()
            expect(page.get_by_role("status")).to_have_text(f"{counted} {'entry' if counted == '1' else 'entries'}")
            page.get_by_role("link", name="take this filter away").click()
            expect(page.get_by_role("status")).to_have_text(everything)


def test_the_form_filters_and_leaves_out_what_is_planned(visit: Visit) -> None:
    page = visit.open("/claims")
    page.get_by_label("Subject").fill("event:2022-kaz-national-consultations")
    page.get_by_label("What counts").select_option("false")
    visit.follow(page.get_by_role("button", name="Show"))
    expect(page).to_have_url(re.compile(r"/claims\?subject=event%3A2022-kaz-national-consultations&planned=false$"))
    assert page.locator(".claims > li").count() > 5
    assert page.locator(".claims .ahead").count() == 0


def test_the_pages_hold_each_claim_once_in_the_order_of_the_data(visit: Visit) -> None:
    page = visit.open("/claims?article=2018-unesco-lnc-vet-discussion&limit=30")
    total = int(page.get_by_role("status").inner_text().split()[0])
    seen: list[str] = []
    for leaf in visit.leaves():
        links = leaf.get_by_role("link", name="Why is this here?", include_hidden=True)
        seen += [str(link.get_attribute("href")).rpartition("/")[2] for link in links.all()]
    file = page.request.get(f"{visit.base}/claims?article=2018-unesco-lnc-vet-discussion&limit=1000&format=csv").text()
    assert seen == [row["id"] for row in csv.DictReader(io.StringIO(file))]
    assert len(seen) == total > 30


def test_what_means_nothing_is_told_on_a_page(visit: Visit) -> None:
    page = visit.open("/claims?subject=<img src=x onerror=alert(1)>")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    assert page.locator("main img").count() == 0
    page = visit.open("/centrality?measure=fame")
    expect(page.get_by_role("heading", level=1)).to_have_text("This request cannot be answered")
    visit.excuse("404", "400")


@pytest.mark.parametrize("measure", ["degree", "betweenness", "closeness"])
def test_the_ranking_is_that_of_the_data(visit: Visit, measure: str) -> None:
    address = f"/centrality?measure={measure}&planned=false&top=10"
    page = visit.open(address)
    said = page.request.get(visit.base + address, headers={"accept": "application/json"}).json()
    assert page.locator(".ranking tbody th > a:first-child").all_inner_texts() == [
        one["label"] for one in said["ranking"]
    ]
    expect(page.locator("main")).to_contain_text(f"Measured in a network of {said['nodes']} nodes")


def test_who_shares_events_with_most_others_comes_first(visit: Visit) -> None:
    page = visit.open("/network")
    page.get_by_role("link", name="The most central").first.click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("UNESCO")
    page.get_by_label("Measure").select_option("betweenness")
    page.get_by_label("Country").fill("LVA")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile(r"measure=betweenness&projection=co-participation&country=LVA&planned=true$"))
    expect(page.locator(".lead")).to_contain_text("shortest paths")
    page.get_by_role("link", name=re.compile("^Put in the middle")).first.click()
    expect(page).to_have_url(re.compile(r"/network\?actor="))
