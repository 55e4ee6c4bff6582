"""Problems as pages: in the reader's language to the last sentence, with the look of the site, and without barriers."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from justhtml import JustHTML
from playwright.sync_api import Browser, Route, expect

from api.web.interface import LANGUAGES
from tests.browser import visiting
from tests.service import Service, serving

HTML = {"accept": "text/html"}
ASKED = (
    *("/events?limit=0", "/events?kind=Nonsense", "/events?from=soon", "/events?from=2023-02-31", "/events?cursor=abc"),
    *(
        "/events?unheard=of",
        "/events?kind=a&kind=b",
        "/events?planned=perhaps",
        "/events?from=2023&to=2022",
    ),
    *("/nothing-here", "/organisations/unescco", "/articles/none", "/network?actor=zzzqqq", "/network?class=Dog"),
    *("/search?q=unesco&class=Dog", "/search?q=unesco&cursor=abc", "/claims?role=dog", "/claims?subject=dog"),
    *("/paths?from=unesco&to=zzzqqq", "/timeline?class=Dog", "/targets?class=Dog", "/query?example=dog", "/shapes/dog"),
    *("/problem/dog", "/docs?operation=dog", "/organisations/unesco/links?role=dog", "/articles?language=xx"),
)
"""What people get wrong in the address of a page, by hand or by an old bookmark."""
ENGLISH = re.compile(r"\b(?:the|there|is|are|must|begin|write|called|lists)\b")


@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != "en"])
@pytest.mark.parametrize("path", ASKED)
def test_what_is_wrong_is_said_in_the_language_of_the_page(curated_service: Service, language: str, path: str) -> None:
    told = curated_service.get(path, headers={"accept": "application/json"}).json()
    answer = curated_service.get(path, headers=HTML | {"accept-language": language})
    assert answer.status_code in (400, 404)
    document = JustHTML(answer.text, sanitize=False)
    assert document.query('main [lang="en"]') == []
    sentences = [part.to_text() for part in document.query("main p")]
    if "detail" in told:  # for programs, always in English
        assert told["detail"] not in sentences
        quoted = re.findall(r"'([^']+)'", told["detail"])
        assert all(any(name in sentence for sentence in sentences) for name in quoted)
    said = re.sub(r"'[^']*'|: .*|query/\w+", "", " ".join(sentences))
    assert ENGLISH.search(said) is None, said


@pytest.fixture(scope="module")
def hurried(built: Path) -> Iterator[Service]:
    """A service that gives the check of a file next to no time."""
    with serving(build_dir=built, validate_timeout=0.05) as service:
        yield service


@pytest.fixture(scope="module")
def narrow(built: Path) -> Iterator[Service]:
    """A service that gives the check of a file next to no memory."""
    with serving(build_dir=built, query_memory=8 * 1024**2) as service:
        yield service


def post(service: Service, language: str, data: str = "", media_type: str = "text/turtle") -> httpx.Response:
    """A file, as a person's browser would send it."""
    with service.client(headers=HTML | {"accept-language": language, "content-type": media_type}) as client:
        return client.post("/validate", content=data or "<urn:a> <urn:b> 1 .", timeout=120)


def met(status: int, language: str, curated: Service, hurried: Service, narrow: Service) -> httpx.Response:
    """An answer of a status."""
    asking = HTML | {"accept-language": language}
    match status:
        case 405:
            with curated.client(headers=asking) as client:
                return client.post("/query")
        case 413:
            return post(curated, language, "#" * 5_000_000)
        case 414:
            return curated.get(f"/search?q={'a' * 30_000}", headers=asking)
        case 415:
            return post(curated, language, media_type="application/pdf")
        case 431:
            return curated.get("/", headers=asking | {"x-large": "a" * 60_000})
        case 503:
            return post(narrow, language, "\n".join(f"<urn:a{number}> <urn:b> {number} ." for number in range(30_000)))
        case _:
            return post(hurried, language)


@pytest.mark.parametrize(
    ("status", "language", "theme"),
    [(405, "en", "light"), (413, "ru", "dark"), (414, "kk", "light"), (415, "lv", "light"), (431, "lv", "dark"),
     (503, "kk", "dark"), (504, "ru", "light")],
)  # fmt: skip
def test_every_refusal_is_a_page_of_the_site(
    browser: Browser,
    curated_service: Service,
    hurried: Service,
    narrow: Service,
    status: int,
    language: str,
    theme: str,
) -> None:
    answer = met(status, language, curated_service, hurried, narrow)
    assert answer.status_code == status
    assert answer.headers["content-language"] == language
    assert answer.headers["cache-control"] == "no-store"
    assert "unsafe" not in answer.headers["content-security-policy"]
    with visiting(browser, curated_service.url, color_scheme=theme, reduced_motion="reduce") as visit:

        def give(route: Route) -> None:
            kept = {name: answer.headers[name] for name in ("content-type", "content-security-policy")}
            route.fulfill(status=status, headers=kept, body=answer.text)

        visit.page.route("**/refused", give)
        page = visit.open("/refused")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", language)
        expect(page).to_have_title(re.compile(rf".{{10,}} \({status}\) · edugraph$"))
        assert page.locator("body").evaluate("one => getComputedStyle(one).fontFamily").startswith('"Inter')
        assert visit.barriers() == []
        page.set_viewport_size({"width": 320, "height": 700})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        visit.excuse(str(status))
        assert visit.complaints == []


def test_a_full_queue_is_a_page_that_says_when_to_come_back(curated_service: Service) -> None:
    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(post, curated_service, "lv")]
        child = checking(curated_service)
        waiting += [threads.submit(post, curated_service, "lv") for _ in range(2)]
        answer = httpx.Response(200)
        give_up = time.monotonic() + 30
        while answer.status_code != 503 and time.monotonic() < give_up:
            time.sleep(0.2)
            refused = threads.submit(post, curated_service, "lv")
            if not (done := _soon(refused)):
                waiting.append(refused)
                continue
            answer = done
        os.kill(child, signal.SIGCONT)
        assert {one.result().status_code for one in waiting} == {200}
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "pārāk daudz failu gaida pārbaudi" in answer.text
    assert f"{answer.headers['retry-after']} sekund" in answer.text


def _soon(refused: object) -> httpx.Response | None:
    give_up = time.monotonic() + 2
    while time.monotonic() < give_up:
        if refused.done():  # type: ignore[attr-defined]
            return refused.result()  # type: ignore[attr-defined, no-any-return]
        time.sleep(0.05)
    return None


def checking(service: Service) -> int:
    """The process that checks a file, once there is one: stopped, so that it stays."""
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        for child in service.children():
            with contextlib.suppress(OSError):
                if b"graph.isolation.checking" in Path(f"/proc/{child}/cmdline").read_bytes():
                    os.kill(child, signal.SIGSTOP)
                    return child
        time.sleep(0.005)
    raise AssertionError("no check began")
