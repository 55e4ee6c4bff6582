"""Pages of a made-up data set in a real browser: what the five articles have no case of, built as any other."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import Visit, visiting
from tests.homes import make_home, text
from tests.service import COMMAND, Service, environment, serving

ARTICLES = tuple(f"a{number:02}" for number in range(1, 15))
SAID = """
@prefix status: <https://w3id.org/edugraph/status/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
event:fair edg:startDate "2024-03-{day}"^^xsd:date {{| edg:evidence <#char=61,90> |}} .
"""
FAIR = """
event:fair a edg:Event ; skos:prefLabel "Reading fair"@en ; schema:eventStatus status:Held
    {| edg:evidence <#char=100,140> |} .
<< event:fair edg:endDate "2024-04"^^xsd:gYearMonth >> edg:modality modality:Planned ; edg:evidence <#char=150,190> .
"""
OLD = """
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
org:old owl:deprecated true ; dcterms:isReplacedBy org:lighthouse .
org:split owl:deprecated true ; dcterms:isReplacedBy org:lighthouse , org:harbour .
org:gone owl:deprecated true .
"""


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service, with texts, on fourteen articles each of which dates one fair to another day."""
    home, texts = tmp_path_factory.mktemp("made"), tmp_path_factory.mktemp("texts")
    make_home(home / "home", ARTICLES)
    articles = home / "home" / "data" / "articles"
    for number, name in enumerate(ARTICLES, start=1):
        file = articles / f"{name}.ttl"
        said = SAID.format(day=f"{number:02}") + (FAIR if number == 1 else "")
        file.write_text(file.read_text("utf-8") + said, "utf-8")
        (texts / f"{name}.txt").write_text(text(name), "utf-8")
    registry = home / "home" / "data" / "registry" / "organisations.ttl"
    registry.write_text(registry.read_text("utf-8") + OLD, "utf-8")
    ended = subprocess.run(
        [*COMMAND, "build"],
        env=environment(home=home / "home"),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    with serving(home=home / "home", texts=texts) as service:
        yield service


@pytest.fixture
def made(browser: Browser, made_up: Service) -> Iterator[Visit]:
    """A tab on it; whatever it complained of by the end of the test fails it."""
    with visiting(browser, made_up.url) as tab:
        yield tab
        assert tab.complaints == []


def test_values_that_contradict_each_other_stand_side_by_side_with_their_articles(made: Visit) -> None:
    page = made.open("/events/fair")
    dates = page.locator(".property", has=page.get_by_role("heading", name="start"))
    expect(dates.get_by_role("heading")).to_contain_text("the sources differ")
    expect(dates.get_by_text("1 March 2024", exact=True)).to_be_visible()
    expect(dates.get_by_text("2 March 2024", exact=True)).to_be_visible()
    first, second = (dates.locator("li").nth(place) for place in (0, 1))
    expect(first.get_by_role("link", name="a01")).to_be_visible()
    expect(second.get_by_role("link", name="a02")).to_be_visible()
    one, other = first.bounding_box(), second.bounding_box()
    assert one is not None
    assert other is not None
    assert one["y"] == other["y"]
    assert one["x"] < other["x"]
    status = page.locator(".property", has=page.get_by_role("heading", name="event status"))
    expect(status.get_by_text("the sources differ")).to_have_count(0)
    assert made.barriers() == []


def test_what_is_planned_says_so_in_words_and_in_form(made: Visit) -> None:
    page = made.open("/events/fair")
    end = page.locator(".property", has=page.get_by_role("heading", name="end"))
    expect(end.locator("li.ahead .mark.planned")).to_have_text("planned")
    expect(end.locator("li")).to_have_css("border-left-style", "dashed")
    start = page.locator(".property", has=page.get_by_role("heading", name="start"))
    expect(start.locator(".mark.planned")).to_have_count(0)


def test_a_list_that_is_cut_leads_to_all_of_it(made: Visit) -> None:
    page = made.open("/events/fair")
    page.locator(".property").get_by_role("link", name="Show all 14").click()
    expect(page.get_by_role("main")).to_contain_text("14")
    made.open("/organisations/lighthouse")
    mentions = page.get_by_role("region", name="Articles that speak of it")
    expect(mentions.locator("li")).to_have_count(12)
    mentions.get_by_role("link", name="Show all 14").click()
    expect(mentions.locator("li")).to_have_count(14)
    page.go_back()
    organised = page.locator(".group", has=page.get_by_role("heading", name="organised by"))
    expect(organised.locator("li")).to_have_count(5)
    organised.get_by_role("link", name="Show all 14").click()
    expect(page.get_by_role("status")).to_contain_text("14 links")
    made.open("/organisations/lighthouse")
    dated = page.get_by_role("region", name="Timeline")
    expect(dated).to_have_count(0)  # none of its own events has a date


def test_print_opens_the_evidence(made: Visit) -> None:
    page = made.open("/organisations/lighthouse")
    quote = page.locator(".why blockquote").first
    expect(quote).not_to_be_visible()
    page.emulate_media(media="print")
    expect(quote).to_be_visible()
    expect(quote).to_contain_text("of a")
    expect(page.get_by_role("button", name="Show the path")).not_to_be_visible()


def test_a_deprecated_address_leads_a_browser_on(made: Visit) -> None:
    for path in ("/organisations/old", "/organisation/old"):
        page = made.open(path)
        assert page.url == f"{made.base}/organisations/lighthouse"
        expect(page.get_by_role("heading", level=1)).to_have_text("Lighthouse Institute")


def test_what_was_divided_or_ended_is_told_on_a_page(made: Visit) -> None:
    page = made.open("/organisations/split")
    expect(page.get_by_role("heading", level=1)).to_have_text("This is here no more")
    assert made.barriers() == []
    page.get_by_role("link", name="organisation/harbour").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour School")
    answer = page.goto(made.base + "/organisations/gone")
    assert answer is not None
    assert answer.status == 410
    expect(page.get_by_role("main")).to_contain_text("is no longer used and no one thing took its place")
    page.goto(made.base + "/organisations/split?lang=ru")
    expect(page.get_by_role("main")).to_contain_text("ничто одно не заняло его место; разделено на: ")
    made.excuse("410")
