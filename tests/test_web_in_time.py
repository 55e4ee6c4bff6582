"""The timeline and the targets in a real browser."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser import Visit


@pytest.mark.parametrize("path", ["/timeline", "/targets", "/timeline?lang=kk", "/targets?lang=ru&theme=dark"])
def test_nothing_stands_in_the_way(visit: Visit, path: str) -> None:
    visit.open(path)
    assert visit.barriers() == []


def test_the_timeline_can_be_narrowed_to_what_is_reported(visit: Visit) -> None:
    """The summit of September 2022 was announced and is not reported as held; the seminar of April 2023 was held."""
    page = visit.open("/timeline")
    expect(page.locator("main")).to_contain_text("Transforming Education Summit")
    expect(page.locator("main")).to_contain_text("September 2022")
    page.get_by_label("What is planned").select_option("false")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name="Transforming Education Summit 2022")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("April 3, 2023")


def test_a_target_leads_to_its_words(visit: Visit) -> None:
    page = visit.open("/targets")
    row = page.get_by_role("row", name="Colleges with dormitories to be begun")
    expect(row).to_contain_text("2025")
    row.get_by_role("link", name="1993–2046").first.click()
    expect(page.get_by_role("heading", name="What characters 1993 to 2046 carry")).to_be_visible()


def test_an_unknown_filter_is_refused(visit: Visit) -> None:
    visit.open("/targets?colour=red")
    expect(visit.page.locator("main")).to_contain_text("there is no such parameter")
    visit.excuse("400")
