"""The page of the network in a real browser: the same drawing each time, grown by click and key, equalled by tables."""

from __future__ import annotations

import re
import struct
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import Visit, visiting
from tests.service import Service

UNESCO = "/network?actor=unesco"
LONELY = "/network?actor=person:gani-beisembayev"
"""A person with a post and an event: the drawing begins with three nodes, and the others have further neighbours."""
SUGGESTED = ".suggestions [role=option]"
VIEW = "document.querySelector('#drawing')._cyreg.cy"
NAMES = f"""{VIEW}.nodes().filter(node => !node.hasClass('nameless')).map(node => {{
  const box = node.renderedBoundingBox({{includeNodes: false, includeEdges: false, includeOverlays: false}});
  return [box.x1, box.y1, box.x2, box.y2, node.data('label')];
}})"""


def drawn(page: Page) -> Locator:
    """The drawing, once it is there."""
    drawing = page.locator("#drawing")
    expect(drawing).to_have_attribute("data-nodes", re.compile(r"\d+"))
    return drawing


def positions(page: Page) -> dict[str, Any]:
    """Where each node stands."""
    drawn(page)
    found: dict[str, Any] = page.evaluate(f"Object.fromEntries({VIEW}.nodes().map(n => [n.id(), n.position()]))")
    return found


def nodes(page: Page) -> int:
    return int(drawn(page).get_attribute("data-nodes") or 0)


@pytest.mark.parametrize("path", [UNESCO, UNESCO + "&lang=ru&theme=dark&planned=false", "/network?lang=lv"])
def test_nothing_stands_in_the_way(visit: Visit, path: str) -> None:
    page = visit.open(path)
    drawn(page)
    assert visit.barriers() == []
    page.locator("#nodes [data-add]").first.click()
    expect(page.locator("#chosen")).to_be_visible()
    assert visit.barriers() == []


@pytest.mark.parametrize("path", ["/network", UNESCO + "&depth=2", "/network?projection=co-participation"])
def test_the_drawing_comes_out_the_same_each_time(visit: Visit, path: str) -> None:
    first, second = (positions(visit.open(path)) for _ in range(2))
    assert len(first) > 10
    assert first == second
    assert len({(place["x"], place["y"]) for place in first.values()}) == len(first)


@pytest.mark.parametrize("path", ["/network", UNESCO, "/network?projection=co-participation&lang=ru"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_drawing_fills_its_box_and_no_name_stands_upon_another(visit: Visit, path: str, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})
    page = visit.open(path)
    drawn(page)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(300)  # names are placed a moment after the last movement
    frames = page.evaluate(NAMES)
    assert len(frames) >= (8 if width > 1000 else 4)
    meeting = [(one[4], other[4]) for one, other in combinations(frames, 2) if _meet(one, other)]
    assert meeting == []
    assert [
        name for left, _, right, _, name in frames if left < -1 or right > page.evaluate(f"{VIEW}.width()") + 1
    ] == []
    filled = page.evaluate(f"{VIEW}.nodes().renderedBoundingBox({{includeLabels: false}}).w / {VIEW}.width()")
    assert 0.6 < filled <= 1


def _meet(one: list[Any], other: list[Any]) -> bool:
    """Whether two frames overlap by more than the outline of their letters."""
    across, down = (min(one[end + 2], other[end + 2]) - max(one[end], other[end]) for end in (0, 1))
    return bool(across > 5 and down > 5)


def test_what_a_page_brings_for_its_drawing_is_cut_where_names_are_long(visit: Visit) -> None:
    page = visit.open("/network?limit=1000&depth=3&lang=ru")
    drawn(page)
    labels = page.evaluate(f"{VIEW}.nodes().map(node => node.data('label'))")
    assert any(label.endswith("…") for label in labels)
    assert max(map(len, labels)) <= 61


@pytest.mark.parametrize(("typed", "found"), [("unesc", "UNESCO"), ("kazah", "Kazakhstan")])
def test_the_field_for_the_middle_suggests_names_and_takes_the_one_chosen(visit: Visit, typed: str, found: str) -> None:
    page = visit.open("/network")
    field = page.get_by_role("combobox", name="In the middle")
    field.press_sequentially(typed)
    option = page.locator(SUGGESTED).filter(has_text=found).first
    expect(option).to_be_visible()
    assert visit.barriers() == []
    option.click()
    expect(page.locator(SUGGESTED).first).not_to_be_visible()
    name = field.input_value()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Network: {name}")
    expect(page.get_by_role("combobox", name="In the middle")).to_have_value(name)


def test_what_is_typed_over_a_chosen_name_counts(visit: Visit) -> None:
    page = visit.open("/network")
    field = page.get_by_role("combobox", name="In the middle")
    field.press_sequentially("unesc")
    expect(page.locator(SUGGESTED).first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).not_to_have_value("unesc")
    field.fill("UNICEF")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Network: UNICEF")


def test_a_click_on_a_node_adds_its_neighbours_and_leaves_the_others_where_they_are(visit: Visit) -> None:
    page = visit.open(LONELY)
    before = positions(page)
    post = next(name for name in before if name.startswith("post:"))
    page.locator("#drawing").scroll_into_view_if_needed()
    page.wait_for_timeout(300)  # the drawing hears of the scrolling a frame later
    place = page.evaluate(f"{VIEW}.getElementById('{post}').renderedPosition()")
    page.locator("#drawing").click(position=place)
    expect(page.locator("#told")).to_contain_text("Neighbours added:")
    after = positions(page)
    assert len(after) > len(before)
    assert {name: after[name] for name in before} == before
    # The table has a row for each, and leads to its page.
    assert set(page.locator("#nodes tr").evaluate_all("rows => rows.map(row => row.dataset.node)")) == set(after)
    added = page.locator("#nodes tr").last
    label = added.get_by_role("link").first.inner_text()
    added.get_by_role("link", name=label, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(label)


def test_the_drawing_grows_by_keyboard(visit: Visit) -> None:
    page = visit.open(LONELY)
    before = nodes(page)
    page.locator("#drawing").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#told")).to_contain_text(". Ties: ")
    name = page.locator("#chosen a").first.inner_text()
    for key in ("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"):
        page.keyboard.press(key)
        if page.locator("#chosen a").first.inner_text() != name:
            break
    else:
        raise AssertionError("no arrow led to the other node")
    for key in ("ArrowUp", "ArrowDown", "ArrowDown"):
        page.keyboard.press("Enter")
        expect(page.locator("#told")).to_contain_text(re.compile("Neighbours added|Nothing is tied"))
        page.keyboard.press(key)
    expect(page.locator("#drawing")).not_to_have_attribute("data-nodes", str(before))
    level = page.evaluate(f"{VIEW}.zoom()")
    page.keyboard.press("+")
    assert page.evaluate(f"{VIEW}.zoom()") > level
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Nearer")).to_be_focused()


def test_a_row_adds_the_neighbours_too(visit: Visit) -> None:
    page = visit.open(LONELY)
    before = nodes(page)
    for button in page.get_by_role("button", name=re.compile("Add its neighbours: ")).all()[:3]:
        button.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#told")).to_contain_text(re.compile("Neighbours added|Nothing is tied"))
    assert nodes(page) > before
    assert page.locator("#nodes tr").count() == nodes(page)


def test_what_is_added_says_what_it_is_in_the_language_of_the_page(visit: Visit) -> None:
    page = visit.open(f"{LONELY}&lang=ru")
    before = page.locator("#nodes tr").count()
    for button in page.locator("#nodes [data-add]").all()[:3]:
        button.click()
        expect(page.locator("#told")).to_contain_text(re.compile("Добавлено|уже нарисовано"))
    kinds = page.locator("#nodes tr td:nth-child(2)").all_inner_texts()
    assert len(kinds) > before
    assert [kind for kind in kinds if not re.fullmatch(r"[а-яё -]+", kind)] == []


def test_the_size_of_a_node_is_what_centrality_says(visit: Visit, curated_service: Service) -> None:
    """The sizes follow betweenness as /centrality computes it over the same network."""
    page = visit.open("/network?limit=60")
    page.get_by_label("Size of the nodes").select_option("betweenness")
    page.get_by_role("button", name="Show", exact=True).click()
    drawn(page)
    asked = {"measure": "betweenness", "projection": "links", "limit": "60", "top": "60"}
    ranking = curated_service.get("/centrality", params=asked).json()["ranking"]
    sizes = page.evaluate(f"Object.fromEntries({VIEW}.nodes().map(n => [n.id(), n.data('size')]))")
    highest = ranking[0]["value"]
    assert sizes == pytest.approx({row["id"]: row["value"] / highest for row in ranking}, abs=1e-3)
    expect(page.locator("#nodes tr").first).to_contain_text(ranking[0]["label"])
    expect(page.locator(".legend")).to_contain_text("shortest paths")


@pytest.mark.parametrize(
    ("label", "value", "parameter"),
    [
        ("Role", "edg:organisedBy", "role=edg%3AorganisedBy"),
        ("Kind", "kind:Ministry", "kind=kind%3AMinistry"),
        ("How it is put", "modality:Planned", "modality=modality%3APlanned"),
        ("Article", "2023-almaty-esd-seminar", "article=2023-almaty-esd-seminar"),
        ("Country", "LVA", "country=LVA"),
        ("From", "2023", "from=2023"),
        ("Until", "2022", "to=2022"),
        ("What is planned", "false", "planned=false"),
        ("To be invited", "true", "invited=true"),
        ("organisation", "", "class=Organisation"),
    ],
)
def test_each_filter_asks_what_the_service_is_asked(
    visit: Visit, curated_service: Service, label: str, value: str, parameter: str
) -> None:
    page = visit.open("/network")
    page.locator("summary", has_text="Filters").click()
    name = parameter.partition("=")[0]
    field = page.locator("label", has_text=re.compile(rf"^\s*{label}")).locator(f"[name={name}]")
    if name == "class":
        field.check()
    elif field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)
    visit.follow(page.get_by_role("button", name="Show", exact=True))
    assert parameter in page.url
    told = curated_service.get("/network?" + parameter).json()
    expect(page.locator("#told")).to_contain_text(f"Nodes: {told['nodes']}. Ties: {told['edges']}.")
    assert nodes(page) == told["nodes"]


def test_several_classes_are_one_filter(visit: Visit) -> None:
    page = visit.open("/network")
    page.locator("summary", has_text="Filters").click()
    for name in ("Person", "Event"):
        page.locator(f"[name=class][value={name}]").check()
    visit.follow(page.get_by_role("button", name="Show", exact=True))
    assert "class=Person%2CEvent" in page.url
    expect(page.locator("[name=class]:checked")).to_have_count(2)


@pytest.mark.parametrize(
    ("form", "begins"), [("PNG", b"\x89PNG"), ("SVG", b"<svg"), ("GraphML", b"<?xml"), ("GEXF", b"<?xml")]
)
def test_the_network_can_be_taken_along(visit: Visit, form: str, begins: bytes) -> None:
    page = visit.open(UNESCO)
    drawn(page)
    with page.expect_download() as file:
        page.get_by_role("link", name=form, exact=True).click()
    content = Path(file.value.path()).read_bytes()
    assert content.startswith(begins)
    assert file.value.suggested_filename.endswith(form.lower())
    if form == "PNG":
        width, height = struct.unpack(">II", content[16:24])
        assert content[12:16] == b"IHDR"
        assert width > 500
        assert height > 300
        assert content.endswith(b"IEND\xaeB`\x82")
    else:
        ElementTree.fromstring(content)
        assert "UNESCO" in content.decode()


def test_the_tables_lead_on(visit: Visit) -> None:
    page = visit.open(UNESCO)
    page.get_by_role("link", name="Put in the middle: UNESCO Almaty Cluster Office").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Network: UNESCO Almaty Cluster Office")
    page.get_by_role("link", name=re.compile("^why: ")).first.click()
    expect(page).to_have_url(re.compile("/claims/"))


def test_the_tables_have_all(visit: Visit, curated_service: Service) -> None:
    """Page by page the tables hold every node and tie of the answer."""
    told = curated_service.get("/network?limit=100").json()
    seen: set[str] = set()
    ties = 0
    page = visit.open("/network")
    for _ in visit.leaves():
        seen |= set(page.locator("#nodes tr").evaluate_all("rows => rows.map(row => row.dataset.node)"))
        ties += page.locator("#edges tr").count()
    assert seen == {node["data"]["id"] for node in told["elements"]["nodes"]}
    assert ties == told["edges"]


def test_without_scripts_the_tables_stand_alone(browser: Browser, curated_service: Service) -> None:
    with visiting(browser, curated_service.url, java_script_enabled=False) as visit:
        page = visit.open(UNESCO)
        expect(page.locator("#drawing")).to_be_hidden()
        expect(page.locator("#nodes")).to_contain_text("UNESCO Almaty Cluster Office")
        expect(page.get_by_role("button", name=re.compile("Add its neighbours"))).to_have_count(0)


def test_an_unknown_value_is_refused(visit: Visit) -> None:
    page = visit.open("/network?kind=Nonsense")
    expect(page.locator("main")).to_contain_text("there is no kind")
    visit.excuse("404")
