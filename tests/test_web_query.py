"""The page to ask in SPARQL, in a real browser: an example, an error at its line, a query stopped, a shared address."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import Visit, visiting
from tests.service import Service

LONG = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def run(page: Page) -> None:
    page.locator(".yasqe_queryButton").first.click()


def test_an_example_runs(visit: Visit) -> None:
    page = visit.open("/query")
    page.get_by_role("link", name="Who signed the education roadmap of Almaty, and in which post?").click()
    expect(page.locator("#plain")).to_be_hidden()
    run(page)
    expect(page.locator(".yasr")).to_contain_text("Yerbolat Dossayev")
    expect(page.locator(".yasr")).to_contain_text("Gani Beisembayev")


def test_an_error_shows_at_its_line(visit: Visit) -> None:
    page = visit.open("/query?query=" + quote("SELECT * WHERE {\n ?s ?p\n}"))
    run(page)
    expect(page.get_by_role("alert")).to_contain_text("Line 3")
    expect(page.locator(".wrong-line")).to_have_count(1)
    visit.excuse("400")


def test_a_long_query_is_stopped(visit: Visit, curated_service: Service) -> None:
    page = visit.open("/query?query=" + quote(LONG))
    run(page)
    expect(page.get_by_role("button", name="Stop")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()
    assert curated_service.get("/sparql", params={"query": "ASK {}"}).status_code == 200


def test_the_address_of_a_query_can_be_shared(visit: Visit) -> None:
    page = visit.open("/query")
    page.get_by_role("link", name="Address of this query").click()
    page.reload()
    expect(page.locator(".CodeMirror")).to_contain_text("edg:organisedBy")


def test_own_terms_are_completed(visit: Visit) -> None:
    page = visit.open("/query?query=" + quote("SELECT * WHERE { ?s edg:organis"))
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Control+Space")
    expect(page.locator("body")).to_contain_text("edg:organisedBy")


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
