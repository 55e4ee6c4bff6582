"""The pages of a thing, of its links, of a path and of a claim in a real browser."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser import Visit
from tests.service import Service

PAGE = {"accept": "text/html"}
AT = re.compile(r"/articles/2023-almaty-esd-seminar\?at=\d+-\d+#s-\d+-\d+$")


def test_a_fact_leads_to_its_claim_and_its_place_in_the_article(visit: Visit) -> None:
    page = visit.open("/events/2023-almaty-esd-seminar")
    why = page.locator("details.why").first
    why.locator("summary").click()
    expect(why.get_by_role("link").first).to_have_attribute("href", AT)
    why.get_by_role("link", name="Why is this here?").click()
    expect(page.get_by_role("heading", name="Evidence")).to_be_visible()
    assert "/claims/" in page.url


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "path",
    [
        "/organisations/unesco?",
        "/events/2023-almaty-esd-seminar?",
        "/organisations/unesco/links?",
        "/paths?from=valmiera-city&to=unesco-uil&",
        "/paths?",
    ],
)
def test_the_pages_have_no_barriers(visit: Visit, path: str, theme: str) -> None:
    visit.open(f"{path}theme={theme}")
    assert visit.barriers() == []


def test_the_thing_itself_leads_a_browser_to_its_page(visit: Visit) -> None:
    page = visit.open("/organisation/unesco")
    assert page.url.endswith("/organisations/unesco")
    expect(page.get_by_role("heading", level=1)).to_have_text("UNESCO")


def test_a_filter_of_the_links_stands_in_the_address_without_empty_fields(visit: Visit) -> None:
    page = visit.open("/organisations/unesco/links")
    page.get_by_label("Direction").select_option("in")
    page.get_by_role("button", name="Filter").click()
    assert page.url.endswith("/organisations/unesco/links?direction=in")


def test_schema_org_names_the_class_and_the_same_thing_elsewhere(visit: Visit) -> None:
    page = visit.open("/organisations/unesco")
    told = json.loads(page.locator('script[type="application/ld+json"]').text_content() or "")
    assert told["@type"] == "Organization"
    assert "http://www.wikidata.org/entity/Q7809" in told["sameAs"]


def test_each_download_of_the_page_is_what_it_says(visit: Visit, curated_service: Service) -> None:
    page = visit.open("/organisations/unesco")
    paths = [link.get_attribute("href") or "" for link in page.locator("header .forms a").all()]
    types = [curated_service.get(path).headers["content-type"].partition(";")[0] for path in paths]
    assert types == [
        "text/turtle",
        "application/ld+json",
        "application/n-triples",
        "text/csv",
        "application/graphml+xml",
    ]


def test_an_unknown_filter_of_the_links_is_refused(curated_service: Service) -> None:
    assert curated_service.get("/organisations/unesco/links?colour=red", headers=PAGE).status_code == 400
