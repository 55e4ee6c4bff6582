"""The pages of a thing, of its links, of a path and of a claim in a real browser."""

from __future__ import annotations

import csv
import json
import re
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import Visit, visiting
from tests.linked_data import triples
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
    visit.follow(page.get_by_role("button", name="Filter"))
    assert page.url.endswith("/organisations/unesco/links?direction=in")


def test_schema_org_names_the_class_and_the_same_thing_elsewhere(visit: Visit) -> None:
    page = visit.open("/organisations/unesco")
    told = json.loads(page.locator('script[type="application/ld+json"]').text_content() or "")
    assert told["@type"] == "Organization"
    assert "http://www.wikidata.org/entity/Q7809" in told["sameAs"]


def test_schema_org_says_where_who_and_no_empty_field(visit: Visit) -> None:
    told = {}
    for path in ("/events/2023-almaty-esd-seminar", "/topics/corruption", "/articles/almaty-education-roadmap"):
        text = visit.open(path).locator("script[type='application/ld+json']").text_content() or ""
        assert "null" not in text
        told[path.split("/")[1]] = json.loads(text)
    assert told["events"]["startDate"] == "2023-04-03"
    assert [place["name"] for place in told["events"]["location"]] == ["Almaty"]
    assert {body["@type"] for body in told["events"]["organizer"]} == {"Organization"}
    assert told["topics"]["@type"] == "DefinedTerm"
    assert "datePublished" not in told["articles"]


def test_each_download_of_the_page_parses_as_what_it_says(visit: Visit, curated_service: Service) -> None:
    page = visit.open("/organisations/unesco")
    paths = [link.get_attribute("href") or "" for link in page.locator(".entity .forms a").all()]
    answers = [curated_service.get(path) for path in paths]
    types = [answer.headers["content-type"].partition(";")[0] for answer in answers]
    assert types == [
        "text/turtle",
        "application/ld+json",
        "application/n-triples",
        "text/csv",
        "application/graphml+xml",
    ]
    context = f'"@context": {json.dumps(curated_service.get("/context.jsonld").json()["@context"])}'
    stated = [
        triples(answer, form, context)
        for answer, form in zip(answers[:3], ("turtle", "jsonld", "ntriples"), strict=True)
    ]
    assert stated[0] == stated[1] == stated[2]
    assert len(stated[0]) > 50
    rows = list(csv.reader(answers[3].text.splitlines()))
    assert len(rows) > 17
    assert {len(row) for row in rows} == {len(rows[0])}
    graph = ElementTree.fromstring(answers[4].content)
    assert graph.tag == "{http://graphml.graphdrawing.org/xmlns}graphml"
    assert len(graph.findall(".//{*}node")) > 10


def test_identifiers_lead_to_the_authorities_that_gave_them(visit: Visit) -> None:
    page = visit.open("/organisations/unesco")
    ids = page.get_by_role("region", name="Identifiers")
    expect(ids.get_by_role("link", name="0000000404523255")).to_have_attribute(
        "href", "https://isni.org/isni/0000000404523255"
    )
    expect(ids.get_by_role("link", name="100005243")).to_have_attribute("href", "https://doi.org/10.13039/100005243")
    expect(ids.get_by_role("link", name="04h4z8k05")).to_have_attribute("href", "https://ror.org/04h4z8k05")
    expect(ids.get_by_role("link", name="Q7809")).to_have_attribute("rel", "external")
    page = visit.open("/documents/our-common-agenda")
    expect(page.get_by_role("link", name="A/75/982")).to_have_attribute("href", "https://undocs.org/A/75/982")


def test_every_row_of_the_page_has_its_evidence(visit: Visit) -> None:
    for path in (
        "/organisations/unesco",
        "/documents/almaty-education-roadmap-2023-2029",
        "/events/2023-almaty-esd-seminar",
    ):
        page = visit.open(path)
        rows = page.locator(".chief .facts > li, .chief .times > li, .chief .targets-table tbody tr")
        assert rows.count() > 10
        assert rows.count() == page.locator(".chief details.why").count(), path


def test_a_qualifier_is_named_in_the_reader_s_language(visit: Visit) -> None:
    page = visit.open("/organisations/unesco?lang=lv")
    expect(page.locator(".qualifiers").first).to_contain_text("statusā:")
    assert "inferredBecause" not in page.content()


@pytest.mark.parametrize(
    ("lang", "name"), [("en", "see also"), ("ru", "см. также"), ("lv", "skatīt arī"), ("kk", "сондай-ақ қараңыз")]
)
def test_what_else_to_see_is_named_in_the_reader_s_language(visit: Visit, lang: str, name: str) -> None:
    page = visit.open(f"/places/korea?lang={lang}")
    row = page.locator(".about div").filter(has_text=name)
    assert row.locator("a").evaluate_all("links => links.map(a => a.getAttribute('href'))").count("/countries/KOR") == 1


def test_what_it_is_part_of_stands_once_with_its_qualifiers(visit: Visit) -> None:
    page = visit.open("/organisations/unesco")
    parts = page.locator("section", has=page.get_by_role("heading", name=re.compile("^Parts"), level=2))
    row = parts.locator("li", has_text="UNESCO Institute for Lifelong Learning")
    expect(row).to_contain_text("inferred because")
    expect(parts.locator("li", has_text="UNESCO Almaty Cluster Office")).to_contain_text("office of")
    named = page.locator("section", has=page.locator("#links"))
    expect(named.get_by_role("heading", name=re.compile("^organised by"))).to_be_visible()
    expect(named.get_by_role("heading", name=re.compile("^(part|office) of"))).to_have_count(0)


def test_a_number_hedged_and_not_hedged_stands_side_by_side(visit: Visit) -> None:
    """The article says both "800" and "more than 800", and the page on quality names the two as contradicting."""
    page = visit.open("/figures/2024-directors-forum-attendance")
    value = page.locator(".property", has=page.get_by_role("heading", name="value"))
    expect(value.get_by_role("heading")).to_contain_text("the sources differ")
    expect(value.locator(".beside > li")).to_have_count(2)


def test_all_targets_of_a_document_are_one_click_away(visit: Visit) -> None:
    page = visit.open("/documents/almaty-education-roadmap-2023-2029")
    targets = page.get_by_role("region", name="Targets")
    total, shown = int(targets.locator(".count").inner_text()), targets.locator("tbody tr").count()
    assert total > shown
    targets.get_by_role("link", name=f"Show all {total}").click()
    expect(page.get_by_role("status")).to_contain_text(f"{total} links")


def test_on_a_narrow_screen_a_table_stands_for_the_drawing(browser: Browser, curated_service: Service) -> None:
    with visiting(browser, curated_service.url, viewport={"width": 320, "height": 700}) as visit:
        page = visit.open("/organisations/unesco?theme=dark")
        expect(page.locator("svg.ego")).not_to_be_visible()
        expect(page.locator(".ego-table tbody tr").first).to_be_visible()
        assert page.locator(".ego-table tbody tr").count() == page.locator("svg.ego a").count() == 12
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        assert visit.barriers() == []
        page.set_viewport_size({"width": 1280, "height": 700})
        expect(page.locator("svg.ego")).to_be_visible()
        expect(page.locator(".ego-table")).not_to_be_visible()


def test_the_drawing_and_its_table_say_which_way_a_role_goes(visit: Visit) -> None:
    """The consultations are part of a series, and a thematic group is part of them: one role, two directions."""
    page = visit.open("/events/2022-kaz-national-consultations")
    ways = {
        "National consultations on transforming education worldwide, 2022": ("What it names", "→"),
        "Thematic group on investment in education": ("Where it is named", "←"),
    }
    titles = page.locator("svg.ego title").all_text_contents()
    for counterpart, (way, arrow) in ways.items():
        assert f"{way} · part of event: {counterpart}" in titles
        row = page.locator(".ego-table tr", has_text=counterpart)
        assert row.locator("th").text_content() == f"{arrow}{way}: part of event"


def test_the_shortest_path_is_asked_for_from_the_page(visit: Visit) -> None:
    page = visit.open("/organisations/valmiera-city")
    page.get_by_label("To whom").fill("UNESCO Mūžizglītības institūts")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.get_by_role("heading", level=2).first).to_contain_text("UNESCO Institute for Lifelong Learning")
    assert page.locator("details.why").count() > 0


def test_whom_a_path_may_lead_to_is_suggested_and_chosen_by_keyboard(visit: Visit) -> None:
    page = visit.open("/organisations/valmiera-city")
    field = page.get_by_role("combobox", name="To whom")
    field.press_sequentially("unesco mūž")
    expect(page.locator(".suggestions [role=option]").first).to_contain_text("UNESCO Institute for Lifelong Learning")
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_have_value("UNESCO Institute for Lifelong Learning")
    field.press("Enter")
    expect(page.get_by_role("heading", level=2).first).to_contain_text("UNESCO Institute for Lifelong Learning")
    assert "to=org%3Aunesco-uil" in page.url
    assert visit.barriers() == []


def test_no_path_is_offered_from_what_is_no_part_of_the_network(visit: Visit) -> None:
    page = visit.open("/topics/education-for-sustainable-development")
    expect(page.get_by_role("heading", name=re.compile("^Links"))).to_be_visible()
    expect(page.get_by_role("button", name="Show the path")).to_have_count(0)


def test_companions_lead_to_what_they_share(visit: Visit) -> None:
    page = visit.open("/organisations/unesco")
    together = page.get_by_role("region", name="Often together with")
    expect(together.locator("li")).to_have_count(12)
    expect(together.locator("li").first).to_contain_text("2 shared activities")
    together.get_by_role("link", name="2 shared activities").first.click()
    expect(page.get_by_role("status")).to_contain_text("path")


def test_an_unknown_filter_of_the_links_is_refused(curated_service: Service) -> None:
    assert curated_service.get("/organisations/unesco/links?colour=red", headers=PAGE).status_code == 400
