"""The ontology, the shapes and the preview of a candidate, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import Visit
from tests.service import Service


@pytest.mark.parametrize("path", ["/ontology", "/shapes", "/shapes/claim-evidence"])
@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "light", 1280), ("ru", "dark", 320)])
def test_the_page_has_no_barriers(visit: Visit, path: str, lang: str, theme: str, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})
    page = visit.open(f"{path}?lang={lang}&theme={theme}")
    assert visit.barriers() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert len(page.content().encode()) < 100_000


def test_a_terms_fragment_leads_to_the_term(visit: Visit) -> None:
    page = visit.open("/ontology#organisedBy")
    term = page.locator("#organisedBy")
    expect(term).to_be_in_viewport()
    assert term.evaluate("term => term.matches(':target')")
    expect(term.get_by_role("heading")).to_contain_text("organised by")
    expect(term).to_contain_text("организатор")
    term.get_by_role("link", name="edg:Actor").click()
    expect(page).to_have_url(re.compile(r"/ontology#Actor$"))
    expect(page.locator("#Actor")).to_be_in_viewport()


def test_a_term_is_named_first_in_the_readers_language_and_each_text_says_its_own(visit: Visit) -> None:
    page = visit.open("/ontology?lang=ru")
    term = page.locator("#organisedBy")
    assert term.locator("h3").inner_text() == "организатор edg:organisedBy"
    assert term.locator("h3 [lang], h3[lang]").count() == 0
    assert term.locator("> p").first.get_attribute("lang") == "en"
    assert term.locator("dd [lang=lv]").inner_text() == "organizators"
    assert page.locator("#list-modality table tbody tr").count() >= 5


def test_the_table_of_terms_leads_to_each(visit: Visit) -> None:
    page = visit.open("/ontology")
    links = page.get_by_role("navigation", name="Terms").get_by_role("link")
    fragments = [str(link.get_attribute("href")).removeprefix("#") for link in links.all()]
    ids = page.locator("[id]").evaluate_all("all => all.map(one => one.id)")
    assert len(ids) == len(set(ids))
    assert set(fragments) <= set(ids)
    links.get_by_text("supportedBy", exact=True).press("Enter")
    expect(page.locator("#supportedBy")).to_be_in_viewport()


def test_a_shape_says_what_is_wrong_how_to_mend_it_and_where_it_belongs(visit: Visit) -> None:
    page = visit.open("/shapes?lang=lv")
    row = page.locator("#claim-evidence")
    expect(row).to_contain_text("fakts bez pierādījuma")
    row.get_by_role("link", name="claim-evidence").click()
    expect(page).to_have_url(re.compile(r"/shapes/claim-evidence$"))
    expect(page.get_by_role("main")).to_contain_text("факт без основания")
    page.get_by_role("link", name="claim", exact=True).click()
    expect(page).to_have_url(re.compile(r"/shapes/claim$"))
    expect(page.get_by_role("link", name="edg:Claim")).to_have_attribute("href", "/ontology#Claim")


def test_a_shape_that_is_not_there_is_told_on_a_page(visit: Visit) -> None:
    page = visit.open("/shapes/<b>none<%2Fb>")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")
    assert page.locator("main b").count() == 0
    visit.excuse("404")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_preview_is_in_the_sites_language_of_form(visit: Visit, curated_service: Service, theme: str) -> None:
    address = "/reconcile/preview?id=organisation/kaz-ministry-of-education&lang=ru"
    served = curated_service.get(address)
    policy, _, sandbox = served.headers["content-security-policy"].partition("; sandbox")
    assert sandbox  # no test can run within it, so the page is shown here without
    headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": policy}
    body = served.text
    visit.page.route("**/reconcile/preview*", lambda route: route.fulfill(body=body, headers=headers))
    visit.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    page = visit.open(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Министерство просвещения Республики Казахстан")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(21, 23, 26)" if theme == "dark" else "rgb(251, 250, 247)")


def test_the_preview_loads_its_style_within_the_sandbox(visit: Visit) -> None:
    with visit.page.expect_response(re.compile(r"/assets/edugraph-.*\.css$")) as style:
        visit.open("/reconcile/preview?id=organisation/unesco")
    assert style.value.ok  # and no complaint of the policy: see the fixture
