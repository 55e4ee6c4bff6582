"""Every page of the site, taken from its routes: what all have in common, in each language and in both lights."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import httpx
import pytest
from justhtml import Comment, Element, JustHTML
from playwright.sync_api import Page
from pyld import jsonld

from api.web.interface import LANGUAGES
from api.web.pages import PAGES
from benchmarks.site import REDIRECTS, addresses
from graph.publish.generation import current
from graph.query.index import Index
from tests.browser import Visit
from tests.service import ROOT, Service, serving

HTML = {"accept": "text/html", "accept-language": "en"}
NARROW = {"width": 320, "height": 700}
TABS = 12
FOCUSED = """() => {
  const focused = document.activeElement, style = getComputedStyle(focused);
  return {name: focused.outerHTML.slice(0, 120),
          shown: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none'};
}"""
TOO_WIDE = """() => [...document.querySelectorAll('body *')]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1
    && !one.closest('.visually-hidden, .skip, [class*=scroll], table, pre, svg, canvas'))
  .map(one => one.outerHTML.slice(0, 150)).slice(0, 3)"""


def _kind(route: Any) -> str:
    """The handler of a route: routes with the same one look alike."""
    return f"{route.endpoint.__module__}.{route.endpoint.__qualname__}"


def _kinds() -> dict[str, list[str]]:
    """The routes of each kind of page."""
    found = sorted((_kind(route), route.path) for route in PAGES.routes if route.path not in REDIRECTS)
    return {kind: [path for _, path in group] for kind, group in groupby(found, key=lambda one: one[0])}


KINDS = _kinds()
TEXTS = ROOT.parent / "shared" / "articles"


@pytest.fixture(scope="module")
def with_all_texts(built: Path) -> Iterator[Service]:
    given = {"build_dir": built} | ({"texts": TEXTS} if TEXTS.is_dir() else {})
    with serving(**given) as service:  # type: ignore[arg-type]
        yield service


@lru_cache(maxsize=2)
def _addresses(built: Path) -> dict[str, list[str]]:
    """The addresses of each route on the curated graph."""
    routes = {route.path for route in PAGES.routes}
    found = sorted((one for one in addresses(Index(current(built))) if one.route in routes), key=lambda one: one.route)
    return {route: [one.path for one in group] for route, group in groupby(found, key=lambda one: one.route)}


LARGEST = {"limit": ("1000", "200", "100", "50"), "top": ("1000",), "at": ("0-1000000", "1-2500")}
"""What may be asked of a page to make it as large as it gets; the first that it takes counts."""


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_no_page_is_larger_than_100_kb_whatever_it_is_asked(
    built: Path, with_all_texts: Service, language: str
) -> None:
    """In Cyrillic, where a letter takes two bytes, and with the texts, where the checkout has them beside it."""
    sizes: dict[str, int] = {}
    with with_all_texts.client(headers=HTML) as client:
        for path in (path for paths in _addresses(built).values() for path in paths):
            for asked in (path, *(_wishing(path, **{name: text}) for name, texts in LARGEST.items() for text in texts)):
                answer = client.get(_wishing(asked, lang=language))
                if answer.status_code == 200:
                    sizes[asked] = len(answer.content)
    assert len(sizes) > 100
    assert {path: size for path, size in sizes.items() if size > 100_000} == {}


def _wishing(path: str, **parameters: str) -> str:
    return path + ("&" if "?" in path else "?") + "&".join(f"{name}={value}" for name, value in parameters.items())


def test_no_page_of_the_routes_is_forgotten(built: Path) -> None:
    known = _addresses(built)
    assert [route.path for route in PAGES.routes if route.path not in known] == list(REDIRECTS)


@pytest.mark.parametrize("accept", ["text/html", "*/*", "application/json"])
def test_a_method_that_a_page_does_not_take_is_405_and_says_which_it_takes(
    built: Path, curated_service: Service, accept: str
) -> None:
    """Whatever the client prefers, and whether the page has other forms or not."""
    with curated_service.client(headers={"accept": accept}) as client:
        for path in (paths[0] for paths in _addresses(built).values()):
            answer = client.delete(path)
            assert answer.status_code == 405, path
            allowed = answer.headers["allow"].split(", ")
            assert {"GET", "HEAD", "OPTIONS"} <= set(allowed), (path, allowed)
            assert client.options(path).headers["allow"] == answer.headers["allow"], path


def test_what_only_a_page_answers_is_shown_to_whoever_takes_it(curated_service: Service) -> None:
    for path in ("/query", "/validate"):
        for method in ("GET", "HEAD"):
            with curated_service.client() as client:
                shown = client.request(method, path, headers={"accept": "*/*"})
                refused = client.request(method, path, headers={"accept": "application/json"})
                asked = client.request(method, f"{path}?format=json", headers=HTML)
            assert (shown.status_code, shown.headers["content-type"]) == (200, "text/html; charset=utf-8"), path
            assert (refused.status_code, asked.status_code) == (406, 406), path
    with curated_service.client(headers={"accept": "*/*"}) as client:
        for path in ("/search?q=unesco", "/network", "/quality"):  # what has data is not covered by its page
            assert client.head(path).headers["content-type"] == client.get(path).headers["content-type"], path


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_whole(built: Path, curated_service: Service, language: str) -> None:
    """By its HTML alone: language, title, descriptions, headings, data for machines, policy."""
    with curated_service.client(headers=HTML) as client:
        for path in (path for paths in _addresses(built).values() for path in paths):
            answer = client.get(_wishing(path, lang=language))
            assert answer.status_code == 200, path
            policy = answer.headers["content-security-policy"]
            assert "unsafe" not in policy, path
            assert "script-src 'self'" in policy, path
            document = JustHTML(answer.text, sanitize=False, collect_errors=True)
            assert [f"{path}: {error}" for error in document.errors] == []
            _whole(path, document, language, client)


def _whole(path: str, document: JustHTML, language: str, client: httpx.Client) -> None:
    def one(selector: str) -> dict[str, str]:
        [found] = document.query(selector)
        return _given(found)

    assert one("html")["lang"] == language, path
    [title] = [found.to_text() for found in document.query("head > title")]
    assert title.endswith("edugraph"), (path, title)
    assert len(one('meta[name="description"]')["content"]) > 20, path
    assert one('meta[property="og:title"]')["content"] in title, path
    for name in ("og:description", "og:url", "og:type", "og:site_name"):
        assert one(f'meta[property="{name}"]')["content"], (path, name)
    _pictured(path, language, one('meta[property="og:image"]')["content"], client)
    assert one('meta[name="twitter:image"]')["content"] == one('meta[property="og:image"]')["content"], path
    assert one('meta[name="twitter:card"]')["content"] == "summary_large_image", path
    one("h1")
    assert one("a.skip")["href"] == "#main", path
    one("main#main")
    assert client.get(one('link[rel="icon"]')["href"]).headers["content-type"] == "image/svg+xml"
    assert not document.query("[style]"), path
    scripts = [_given(script) for script in document.query("script")]
    assert [script for script in scripts if "src" not in script and "json" not in script.get("type", "")] == [], path
    _linked_data(path, [script.to_text() for script in document.query('script[type="application/ld+json"]')])
    ids = [_given(element)["id"] for element in document.query("[id]")]
    assert len(ids) == len(set(ids)), path


def _pictured(path: str, language: str, address: str, client: httpx.Client) -> None:
    """Social networks take no relative address and no SVG: what they are given is a picture, of the size it says."""
    assert address == f"{client.base_url}/preview-{language}.png".replace("//preview", "/preview"), path
    assert _size_of_picture(address) == (1200, 630), path


@lru_cache(maxsize=len(LANGUAGES))
def _size_of_picture(address: str) -> tuple[int, int]:
    answer = httpx.get(address, trust_env=False)
    assert answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG\r\n")
    assert len(answer.content) < 150_000
    return int.from_bytes(answer.content[16:20]), int.from_bytes(answer.content[20:24])


def _given(element: Element | Comment) -> dict[str, str]:
    """The attributes of an element; one without a value is empty."""
    return {name: value or "" for name, value in (element.attrs or {}).items()}


def _linked_data(path: str, texts: list[str]) -> None:
    """Each page says in schema.org what it is; the words are schema.org's, so no context is fetched."""
    assert texts, path

    def loader(url: str, _options: Any) -> dict[str, Any]:
        assert url.rstrip("/") == "https://schema.org", path
        context = {"@context": {"@vocab": "https://schema.org/"}}
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": context}

    for text in texts:
        [*things] = jsonld.expand(json.loads(text), {"documentLoader": loader})
        assert things, path
        assert all(kind.startswith("https://schema.org/") for thing in things for kind in thing.get("@type", [])), path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(KINDS))
def test_a_page_is_for_everybody(visit: Visit, built: Path, kind: str, language: str) -> None:
    """In a browser, in both lights and on the narrowest screen; routes with one template take turns by language."""
    turn = list(LANGUAGES).index(language)
    routes = [route for route in KINDS[kind] if route in _addresses(built)]
    paths = _addresses(built)[routes[turn % len(routes)]]
    visit.page.set_viewport_size({"width": 1280, "height": 900})
    visit.page.emulate_media(reduced_motion="reduce")  # else axe sees the colours half-way between the lights
    page = visit.open(_wishing(paths[-1 if turn % 2 else 0], lang=language, theme="light"))
    assert visit.barriers() == []
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert visit.barriers("color-contrast") == []
    page.set_viewport_size({"width": NARROW["width"], "height": NARROW["height"]})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], page.evaluate(TOO_WIDE)
    if turn == 0:
        _walk(page)


def _walk(page: Page) -> None:
    """By the tabulator key: first the way past the menu, then one place after the other, each seen."""
    page.keyboard.press("Tab")
    assert "skip" in page.evaluate(FOCUSED)["name"]
    for _ in range(TABS):
        focused = page.evaluate(FOCUSED)
        assert focused["shown"], focused["name"]
        page.keyboard.press("Tab")
    assert not re.match("<(body|html)", page.evaluate(FOCUSED)["name"])
