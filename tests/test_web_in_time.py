"""The timeline and the targets in a real browser: every filter, every page, the evidence of every row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, expect

from tests.browser import Visit, visiting
from tests.service import Service, serving

TEXTS = Path(__file__).parent.parent.parent / "shared" / "articles"


@pytest.fixture(scope="module")
def quoting(built: Path) -> Iterator[Service]:
    """The curated graph with the texts of its articles."""
    if not TEXTS.is_dir():
        pytest.skip("the texts of the articles are not beside the checkout")
    with serving(build_dir=built, texts=TEXTS) as service:
        yield service


@pytest.mark.parametrize("path", ["/timeline", "/targets", "/timeline?lang=kk", "/targets?lang=ru&theme=dark"])
def test_nothing_stands_in_the_way(visit: Visit, path: str) -> None:
    page = visit.open(path)
    page.locator(".why summary").first.click()
    page.locator("form summary").click()
    assert visit.barriers() == []


def test_the_timeline_can_be_narrowed_to_what_is_reported(visit: Visit) -> None:
    """The summit of September 2022 was announced and is not reported as held; the seminar of April 2023 was held."""
    page = visit.open("/timeline")
    expect(page.locator("main")).to_contain_text("Transforming Education Summit")
    expect(page.locator("main")).to_contain_text("September 2022")
    page.get_by_label("What is planned").select_option("false")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("link", name="Transforming Education Summit 2022")).to_have_count(0)
    expect(page.locator("main")).to_contain_text("3–4 April 2023")


@pytest.mark.parametrize(
    ("path", "label", "value", "parameter"),
    [
        ("/timeline", "From", "2023", "from=2023"),
        ("/timeline", "Until", "2022-06", "to=2022-06"),
        ("/timeline", "Tied to", "ЮНЕСКО", "actor=ЮНЕСКО"),
        ("/timeline", "What is planned", "false", "planned=false"),
        ("/timeline", "Country", "LVA", "country=LVA"),
        ("/timeline", "Article", "2023-almaty-esd-seminar", "article=2023-almaty-esd-seminar"),
        ("/timeline", "How it is put", "modality:Planned", "modality=modality:Planned"),
        ("/timeline", "event", "", "class=Event"),
        ("/targets", "Responsible", "akimat-of-almaty", "responsible=akimat-of-almaty"),
        ("/targets", "Unit", "unit:Teacher", "unit=unit:Teacher"),
        ("/targets", "Due from", "2025", "due_from=2025"),
        ("/targets", "Due by", "2024", "due_by=2024"),
        ("/targets", "Programme", "comfortable-school", "programme=comfortable-school"),
        ("/targets", "Country", "KAZ", "country=KAZ"),
        ("/targets", "Article", "almaty-education-roadmap", "article=almaty-education-roadmap"),
        ("/targets", "How it is put", "modality:Planned", "modality=modality:Planned"),
        ("/targets", "What is planned", "false", "planned=false"),
        ("/targets", "target", "", "class=Target"),
    ],
)
def test_each_filter_leaves_what_the_service_leaves(
    visit: Visit, curated_service: Service, path: str, label: str, value: str, parameter: str
) -> None:
    page = visit.open(path)
    page.locator("form summary").click()
    name = parameter.partition("=")[0]
    field = page.locator("label", has_text=re.compile(rf"^\s*{label}")).locator(f"[name={name}]")
    if not value:
        field.check()
    elif field.evaluate("field => field.tagName") == "SELECT":
        field.select_option(value)
    else:
        field.fill(value)
    page.get_by_role("button", name="Show").click()
    told = curated_service.get(f"{path}?{parameter}").json()
    expect(page.get_by_role("status").first).to_have_text(re.compile(rf"^{told['total']} entr"))
    assert told["total"] < curated_service.get(path).json()["total"]


@pytest.mark.parametrize(
    ("path", "rows", "member"), [("/timeline", ".dated > li", "entries"), ("/targets", ".promised tbody tr", "targets")]
)
def test_page_by_page_all_rows_come_in_their_order(
    visit: Visit, curated_service: Service, path: str, rows: str, member: str
) -> None:
    told = [row["label"] for row in curated_service.get(path).json()[member]]
    visit.open(path + "?limit=5")
    shown = [row for leaf in visit.leaves() for row in leaf.locator(rows).all_inner_texts()]
    assert len(shown) == len(told) > 10
    assert all(label in row for label, row in zip(told, shown, strict=True))


def test_every_row_leads_to_its_words(visit: Visit) -> None:
    for path in ("/timeline", "/targets"):
        page = visit.open(path)
        rows = page.locator(".dated > li, .promised tbody tr")
        assert rows.count() > 10
        for row in rows.all():
            assert row.locator(".why a[href*='?at=']").count(), row.inner_text()
    row = page.get_by_role("row", name="Colleges with dormitories to be begun")
    expect(row).to_contain_text("2025")
    row.locator("summary").click()
    expect(row).to_contain_text("characters 1993 to 2046")
    row.locator("a[href*='at=1993-2046']").first.click()
    expect(page.get_by_role("heading", name="What characters 1993 to 2046 carry")).to_be_visible()


def test_the_words_stand_in_the_row_where_texts_are_given(browser: Browser, quoting: Service) -> None:
    with visiting(browser, quoting.url) as visit:
        for path in ("/timeline", "/targets"):
            page = visit.open(path)
            page.locator(".why summary").first.click()
            expect(page.locator(".why q").first).to_have_text(re.compile(r"\S{3}"))
        assert visit.complaints == []


@pytest.mark.parametrize("path", ["/timeline", "/targets", "/organisations/unesco", "/claims/5fd9ddfd19912a784098"])
def test_quoted_words_say_their_language(browser: Browser, quoting: Service, path: str) -> None:
    """In whatever language the title of the article is shown: one of the Russian articles has an English title too."""
    with visiting(browser, quoting.url) as visit:
        for lang in ("ru", "en"):
            quotes = visit.open(f"{path}?lang={lang}").locator("main").locator("q, blockquote")
            said = quotes.evaluate_all("all => all.map(one => [one.textContent, one.closest('[lang]').lang])")
            assert said
            assert {lang for text, lang in said if re.search("[а-яё]", text)} <= {"ru"}
            assert {lang for text, lang in said if not re.search("[а-яё]|^[^a-z]*$", text)} <= {"en", "lv"}


def test_the_calendar_has_what_the_page_shows(visit: Visit) -> None:
    page = visit.open("/timeline?from=2023&theme=dark")
    with page.expect_download() as file:
        page.get_by_role("link", name="iCalendar").click()
    calendar = Calendar.from_ical(Path(file.value.path()).read_bytes())
    titles = {str(event["summary"]) for event in calendar.walk("VEVENT")}
    assert titles
    shown = page.locator("main").inner_text()
    assert all(title in shown for title in titles)


def test_an_unknown_filter_is_refused(visit: Visit) -> None:
    visit.open("/targets?colour=red")
    expect(visit.page.locator("main")).to_contain_text("there is no such parameter")
    visit.excuse("400")


@pytest.mark.parametrize("path", ["/timeline", "/targets", "/network"])
def test_filters_are_offered_to_be_taken_away_only_where_there_are_any(visit: Visit, path: str) -> None:
    """A language or a light is none."""
    names = re.compile("Take all away|The whole network")
    page = visit.open(f"{path}?lang=en&theme=dark")
    expect(page.get_by_role("main").get_by_role("link", name=names)).to_have_count(0)
    page = visit.open(f"{path}?planned=false")
    visit.follow(page.get_by_role("main").get_by_role("link", name=names))
    assert page.url.endswith(path)
