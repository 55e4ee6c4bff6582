"""The reference of the API in a real browser, held against the OpenAPI document."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import Visit, visiting
from tests.service import Service


@pytest.mark.parametrize("path", ["/docs?", "/docs?operation=organisations&"])
@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "light", 1280), ("ru", "dark", 320)])
def test_the_page_has_no_barriers(visit: Visit, path: str, lang: str, theme: str, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})
    page = visit.open(f"{path}lang={lang}&theme={theme}")
    assert visit.barriers() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_every_operation_is_listed_and_has_its_parameters_and_answers(curated_service: Service) -> None:
    document = curated_service.get("/openapi.json").json()
    listed = curated_service.get("/docs").text
    with curated_service.client() as client:
        for path, methods in document["paths"].items():
            for said in methods.values():
                assert f"?operation={said['operationId']}" in listed
                page = client.get("/docs", params={"operation": said["operationId"]}).text
                assert f"<code>{path}</code>" in page
                for parameter in said.get("parameters", ()):
                    assert f"<code>{parameter['name']}</code>" in page
                for status in said["responses"]:
                    assert f'<th scope="row">{status}</th>' in page


def test_the_json_of_an_answer_is_shown_with_every_member_of_its_records(
    visit: Visit, curated_service: Service
) -> None:
    records = curated_service.get("/openapi.json").json()["components"]["schemas"]
    page = visit.open("/docs?operation=links&lang=ru")
    page.get_by_role("link", name="Counterpart", exact=True).first.click()
    assert page.url.endswith("#record-Counterpart")
    for name in ("Links", "Link", "Role", "Counterpart", "Evidence", "Qualifier", "DateSaid"):
        table = page.get_by_role("region", name=name, exact=True).locator("tbody tr")
        named = [row.locator("th").inner_text() for row in table.all()]
        assert named == list(records[name]["properties"])
        assert all(
            said in page.inner_text("main")
            for said in (part.get("description", "") for part in records[name]["properties"].values())
        )
    example = page.get_by_role("region", name="Ответ в JSON").inner_text()
    assert json.loads(example)["links"][0]["role"]["label"] == "organised by"


def test_from_the_list_to_an_operation_and_to_its_answer(visit: Visit) -> None:
    page = visit.open("/docs")
    page.locator("a[href='?operation=organisations']").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("GET /organisations")
    expect(page.get_by_role("row", name=re.compile("^country "))).to_contain_text("for example: LVA")
    page.get_by_role("link", name="Open this address").click()
    expect(page).to_have_url(re.compile(r"/organisations$"))


def test_no_page_of_the_reference_lets_in_inline_styles(curated_service: Service, dataset_service: Service) -> None:
    for service in (curated_service, dataset_service):
        answer = service.get("/docs")
        assert answer.headers["content-type"].startswith("text/html")
        assert "unsafe" not in answer.headers["content-security-policy"]


def test_the_description_of_a_served_file_works_under_its_policy(browser: Browser, dataset_service: Service) -> None:
    with visiting(browser, dataset_service.url) as tab:
        page = tab.open("/docs")
        page.locator(".opblock-summary").first.click()
        expect(page.locator(".opblock-body").first).to_be_visible()
        assert [told for told in tab.complaints if "favicon" not in told and "404" not in told] == []


def test_an_operation_that_is_not_there_is_not_found(curated_service: Service) -> None:
    assert curated_service.get("/docs?operation=nothing").status_code == 404
    assert curated_service.get("/docs?colour=red").status_code == 400
