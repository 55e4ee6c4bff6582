"""The page to check a file, in a real browser with and without scripts, and its form as others may post it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import Visit, visiting
from tests.service import ROOT, Service

START = """@prefix edg: <https://w3id.org/edugraph/ontology#> .
@prefix org: <https://w3id.org/edugraph/organisation/> .
"""
UNKNOWN_TERM = START + "org:reading-circle a edg:Organization .\n"
HOSTILE = START + "org:<img/src=x/onerror=alert(1)> <script>alert(1)</script> .\n</textarea><script>alert(2)</script>\n"
HTML = {"accept": "text/html"}


def test_a_text_is_checked_without_scripts_and_each_finding_says_what_to_do(
    browser: Browser, curated_service: Service
) -> None:
    with visiting(browser, curated_service.url, java_script_enabled=False) as visit:
        page = visit.open("/")
        page.get_by_role("link", name="Check a file").click()
        page.get_by_label("Text of the file").fill(UNKNOWN_TERM)
        page.get_by_role("button", name="Check").click()
        expect(page.get_by_role("status")).to_contain_text("1 finding. Each of them keeps a file from being published.")
        finding = page.locator(".findings li")
        expect(finding).to_contain_text("Line 3")
        expect(finding).to_contain_text("edg:Organization")
        expect(finding).to_contain_text("did you mean edg:Organisation?")
        expect(page.get_by_label("Text of the file")).to_have_value(UNKNOWN_TERM)
        assert visit.complaints == []


def test_a_file_goes_before_the_text_and_the_report_is_in_the_chosen_language(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "mine.ttl"
    file.write_text("<urn:a> <urn:b> 1 .\n<urn:a> <urn:b>  .\n", "utf-8")
    page = visit.open("/validate?lang=lv&theme=dark")
    page.locator("#text").fill(UNKNOWN_TERM)
    page.locator("#file").set_input_files(file)
    page.locator("select[name=lang]").select_option("ru")
    page.get_by_role("button", name="Pārbaudīt").press("Enter")
    expect(page.get_by_role("heading", name="Nevar nolasīt")).to_be_visible()
    first = page.locator(".findings.unreadable li").first
    expect(first).to_contain_text("Rinda 2")
    assert first.locator(".what span").get_attribute("lang") == "ru"
    expect(first.locator(".what")).to_contain_text("файл не читается")
    assert visit.barriers() == []


@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "light", 1280), ("kk", "dark", 320)])
def test_the_form_has_no_barriers(visit: Visit, lang: str, theme: str, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})
    page = visit.open(f"/validate?lang={lang}&theme={theme}")
    assert visit.barriers() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_is_posted_stays_text(visit: Visit) -> None:
    page = visit.open("/validate")
    page.get_by_label("Text of the file").fill(HOSTILE)
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("heading", name="Cannot be read")).to_be_visible()
    assert page.locator("main img, main script").count() == 0
    expect(page.get_by_label("Text of the file")).to_have_value(HOSTILE)


def test_nothing_sent_is_said(visit: Visit) -> None:
    page = visit.open("/validate")
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing was sent")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"At most 1,024 KiB and \d+ seconds"))


def test_a_file_that_passes_is_praised_and_nothing_is_kept(curated_service: Service) -> None:
    with curated_service.client(headers=HTML) as client:
        persons = (ROOT / "data" / "registry" / "persons.ttl").read_bytes()
        passed = client.post("/validate", files={"file": ("a.ttl", persons)}, data={"lang": "en"})
        empty = client.post("/validate", files={"file": ("a.ttl", b"# nothing yet\n")}, data={"lang": "en"})
    assert "Nothing found: the file passes all checks." in passed.text
    assert "Nothing found" not in empty.text
    assert "there is nothing to check" in empty.text
    assert passed.headers["cache-control"] == "no-store"
    assert "unsafe" not in passed.headers["content-security-policy"]


def test_a_form_that_cannot_be_read_is_refused_on_a_page(curated_service: Service) -> None:
    form = {"content-type": "multipart/form-data; boundary=x"}
    with curated_service.client(headers=HTML) as client:
        refused = [
            client.post("/validate", content=b"no form", headers=form),
            client.post("/validate", files={"file": ("a.ttl", b"# x")}, data={"colour": "red"}),
            client.post("/validate?colour=red", files={"file": ("a.ttl", b"# x")}),
        ]
        large = client.post("/validate", files={"file": ("a.ttl", b"#" * 1_100_000)})
        other = client.post("/validate", json={})
    assert [answer.status_code for answer in refused] == [400, 400, 400]
    assert (large.status_code, other.status_code) == (413, 415)
    for answer in (*refused, large, other):
        assert "<h1>This request cannot be answered</h1>" in answer.text
        assert answer.headers["content-type"].startswith("text/html")


def test_a_program_still_gets_its_report_as_data(curated_service: Service) -> None:
    with curated_service.client(headers={"content-type": "text/turtle"}) as client:
        assert client.post("/validate", content=UNKNOWN_TERM).json()["conforms"] is False
        page = client.post("/validate", content=UNKNOWN_TERM, headers=HTML)
    assert "did you mean edg:Organisation?" in page.text


def test_a_report_on_a_long_hostile_file_stays_a_small_page(curated_service: Service) -> None:
    """Letters of two bytes and signs that HTML writes with five; what has no room is counted."""
    things = (f'org:x{number} a edg:Organisation ; skos:prefLabel "{"<&Ы" * 60}"@ru .' for number in range(100))
    prefix = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    with curated_service.client(headers=HTML | {"accept-language": "ru"}) as client:
        answer = client.post("/validate", files={"text": (None, START + prefix + "\n".join(things))}, timeout=60)
    assert answer.status_code == 200
    assert len(answer.content) < 100_000
    assert "Не поместилось:" in answer.text
