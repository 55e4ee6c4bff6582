"""The page of the network in a real browser: drawn the same each time, grown by a click, equalled by its tables."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser import Visit

UNESCO = "/network?actor=unesco"


@pytest.mark.parametrize("path", [UNESCO, UNESCO + "&lang=ru&theme=dark", "/network?lang=lv"])
def test_nothing_stands_in_the_way(visit: Visit, path: str) -> None:
    page = visit.open(path)
    expect(page.locator("#drawing")).to_have_attribute("data-nodes", re.compile(r"\d+"))
    assert visit.barriers() == []


def test_the_drawing_comes_out_the_same_each_time(visit: Visit) -> None:
    shots = []
    for _ in range(2):
        page = visit.open(UNESCO)
        expect(page.locator("#drawing")).to_have_attribute("data-nodes", re.compile(r"\d+"))
        page.wait_for_timeout(300)
        shots.append(page.locator("#drawing").screenshot())
    assert shots[0] == shots[1]


def test_a_click_on_a_node_adds_its_neighbours(visit: Visit) -> None:
    """An actor with one tie beside it: the drawing begins with two nodes, and either has further neighbours."""
    page = visit.open("/network?actor=person:gani-beisembayev")
    drawing = page.locator("#drawing")
    expect(drawing).to_have_attribute("data-nodes", re.compile(r"\d+"))
    before = int(drawing.get_attribute("data-nodes") or 0)
    page.wait_for_timeout(300)
    box = drawing.bounding_box()
    assert box is not None
    for across in range(1, 20):
        for down in range(1, 20):
            page.mouse.click(box["x"] + box["width"] * across / 20, box["y"] + box["height"] * down / 20)
        page.wait_for_timeout(100)
        if int(drawing.get_attribute("data-nodes") or 0) > before:
            return
    raise AssertionError("no click added a neighbour")


def test_the_tables_lead_on(visit: Visit) -> None:
    page = visit.open(UNESCO)
    page.get_by_role("link", name="Put in the middle: UNESCO Almaty Cluster Office").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Network: UNESCO Almaty Cluster Office")
    page.get_by_role("link", name=re.compile("^why: ")).first.click()
    expect(page).to_have_url(re.compile("/claims/"))
    visit.page.go_back()
    with page.expect_download() as file:
        page.get_by_role("link", name="GraphML").click()
    assert "<graphml" in file.value.path().read_text("utf-8")
