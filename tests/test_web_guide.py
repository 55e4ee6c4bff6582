"""The guide for programmers: its page in a real browser, and every example run against a running service."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import Visit
from tests.service import Service, serving

STEPS = ("lookup", "links", "search", "reconcile", "network", "sparql", "export", "validate")
SAID = {
    "lookup": ("kaz-ministry-of-education", "Ministry of Education of the Republic of Kazakhstan"),
    "links": ("coordinated by", "UNESCO Global Network of Learning Cities", "-vet-discussion#char=1418,1488"),
    "search": ("person:gani-beisembayev", "Gani Beisembayev"),
    "reconcile": ("organisation/unesco",),
    "network": ("UN Resident Coordinator Office in the Republic of Kazakhstan",),
    "sparql": ("organised by",),
    "export": ("680 claims", "subject_label"),
    "validate": ("term-unknown", "edg:Organization"),
}  # fmt: skip
"""What an example must print; the facts stand so in the articles, the number of claims in the data."""
FILES = {"network.sh": ("77",), "export.sh": ("16",)}
"""The same where an example writes a file and counts in it."""
R_NEEDS = "Rscript with the package jsonlite is not installed (Debian: r-base-core, r-cran-jsonlite)"


def command(name: str) -> list[str]:
    """How a reader runs an example; the test is skipped where its language is not installed."""
    if name.endswith(".py"):
        return [sys.executable, "-I", name]
    if name.endswith(".sh"):
        if shutil.which("curl") is None:
            pytest.skip("curl is not installed: the examples with it were not run")
        return ["sh", name]
    rscript = shutil.which("Rscript")
    found = rscript and subprocess.run([rscript, "-e", "library(jsonlite)"], capture_output=True, check=False)
    if not rscript or not found or found.returncode:
        pytest.skip(f"{R_NEEDS}: the examples in R were not run")
    return [rscript, "--vanilla", name]


@pytest.mark.parametrize("name", [f"{step}.{ending}" for step in STEPS for ending in ("sh", "py", "R")])
def test_an_example_runs_as_it_is_offered(curated_service: Service, tmp_path: Path, name: str) -> None:
    offered = curated_service.get(f"/guide/{name}")
    assert offered.headers["content-type"] == "text/plain; charset=utf-8"
    assert curated_service.url in offered.text
    (tmp_path / name).write_text(offered.text, "utf-8")
    setting = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    setting |= {"LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        command(name), cwd=tmp_path, env=setting, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for part in FILES.get(name, SAID[name.partition(".")[0]]):
        assert part in done.stdout, done.stdout + done.stderr


def test_an_example_that_is_not_there_is_not_found(curated_service: Service) -> None:
    for name in ("nothing.py", "..%2F..%2Fpage.py", "lookup.rb"):
        assert curated_service.get(f"/guide/{name}").status_code == 404


def test_the_examples_name_the_public_address(built: Path) -> None:
    with serving(build_dir=built, public_base="https://graph.example.org/data") as service:
        assert "https://graph.example.org/data/organisations?" in service.get("/guide/lookup.py").text
        page = service.get("/guide", headers={"accept": "text/html"}).text
    assert "https://graph.example.org/data/organisations?kind=Ministry" in page
    assert "127.0.0.1" not in page


@pytest.mark.parametrize(("lang", "theme", "width"), [("en", "light", 1280), ("ru", "dark", 320)])
def test_the_page_has_no_barriers(visit: Visit, lang: str, theme: str, width: int) -> None:
    visit.page.set_viewport_size({"width": width, "height": 900})
    page = visit.open(f"/guide?lang={lang}&theme={theme}")
    assert visit.barriers() == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_page_shows_each_example_and_one_language_on_wish(visit: Visit) -> None:
    page = visit.open("/")
    visit.follow(page.get_by_role("link", name="Guide for programmers"))
    shown = page.locator(".code pre")
    assert shown.count() == 3 * len(STEPS)
    for figure in page.locator(".code").all():
        name = figure.locator("figcaption a").inner_text()
        assert (
            figure.locator("pre").inner_text().strip() == page.request.get(f"{visit.base}/guide/{name}").text().strip()
        )
    visit.follow(page.get_by_role("navigation", name="On this page").get_by_role("link", name="Python"))
    expect(page).to_have_url(re.compile(r"/guide\?code=python$"))
    assert page.locator(".code figcaption a").all_inner_texts() == [f"{step}.py" for step in STEPS]
    page.get_by_role("link", name="Check a file", exact=True).first.press("Enter")
    expect(page).to_have_url(re.compile(r"#validate$"))


def test_the_guide_is_a_page_for_whoever_asks(curated_service: Service) -> None:
    answer = curated_service.get("/guide")
    assert answer.headers["content-type"].startswith("text/html")
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert curated_service.get("/guide?code=cobol").status_code == 400
    assert curated_service.get("/guide", headers={"if-none-match": answer.headers["etag"]}).status_code == 304
