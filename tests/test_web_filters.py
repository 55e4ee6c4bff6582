"""What every list and form offers works: each filter, order and choice, the way back, the same as data."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit
from xml.etree import ElementTree

import httpx
import pytest
from icalendar import Calendar
from justhtml import Element, JustHTML
from playwright.sync_api import expect
from pyoxigraph import RdfFormat, parse

from api.collections import MEMBERS, parameters_of
from api.web.pages import PAGES
from benchmarks.site import addresses
from graph.publish.generation import current
from graph.query.index import Index
from tests.browser import Visit
from tests.service import Service

HTML, JSON = {"accept": "text/html"}, {"accept": "application/json"}
NO_FILTERS = {"facets", "limit", "cursor", "explain", "format", "lang"}
"""Parameters of the lists that are no filters and no order."""
BY_ADDRESS = {"role"}
"""Filters that a list takes from its address alone; the pages of things and claims lead there."""


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _total(visit: Visit, path: str) -> int:
    answer = visit.page.request.get(visit.base + path, headers=JSON)
    assert answer.ok, path
    total: int = answer.json()["total"]
    return total


@pytest.mark.parametrize("name", MEMBERS)
def test_each_filter_of_a_list_leaves_what_the_data_say(visit: Visit, name: str) -> None:
    """Facets are pressed one after the other, with the way back between them; what is typed and chosen is sent."""
    page = visit.open(f"/{name}")
    status = page.get_by_role("main").get_by_role("status")
    offered = set()
    for number in range(page.locator(".facet").count()):
        page.locator(".facet").nth(number).evaluate("facet => { facet.open = true; }")
        value = page.locator(".facet").nth(number).locator("li").first
        left = _number(value.locator("small").inner_text())
        visit.follow(value.get_by_role("link"))
        [(facet, _)] = parse_qsl(urlsplit(page.url).query)
        offered.add(facet)
        assert _number(status.inner_text()) == left == _total(visit, page.url.removeprefix(visit.base))
        page.go_back()
        expect(page).to_have_url(f"{visit.base}/{name}")
    form = page.locator("form.filters")
    offered |= set(form.locator("input:not([type=hidden]), select").evaluate_all("all => all.map(one => one.name)"))
    known = {parameter.name for parameter in parameters_of(name, MEMBERS[name])} - NO_FILTERS - BY_ADDRESS
    # A facet of which nothing in the list has a value is not offered.
    empty = {facet for facet in known - offered if _facet_is_empty(visit, name, facet)}
    assert offered == known - empty
    for typed, text in (("label", "u"), ("from", "2022"), ("to", "2023-06")):
        if typed in offered:
            form.locator(f"[name={typed}]").fill(text)
    visit.follow(page.get_by_role("button", name="Show"))
    assert _number(status.inner_text()) == _total(visit, page.url.removeprefix(visit.base))


def _facet_is_empty(visit: Visit, name: str, facet: str) -> bool:
    answer = visit.page.request.get(f"{visit.base}/{name}?facets={facet}&limit=1", headers=JSON)
    return answer.ok and not answer.json()["facets"][facet]


@pytest.fixture(scope="module")
def paths(built: Path) -> list[str]:
    """Every page of the site."""
    routes = {route.path for route in PAGES.routes}
    return [one.path for one in addresses(Index(current(built))) if one.route in routes]


@pytest.fixture(scope="module")
def client(curated_service: Service) -> Iterator[httpx.Client]:
    with curated_service.client() as found:
        yield found


def test_each_choice_of_each_form_is_taken(client: httpx.Client, paths: list[str]) -> None:
    """Every option of every select, as a browser would send it beside what the form holds anyway."""
    asked = set()
    for path in paths:
        document = JustHTML(client.get(path, headers=HTML).text, sanitize=False)
        for form in document.query("main form"):
            given = form.attrs or {}
            if (given.get("method") or "get").lower() == "get":
                action = urljoin(path, given.get("action") or "").partition("?")[0]
                asked |= {(action, urlencode(sent)) for sent in _sent(form)}
    assert len(asked) > 50
    for action, query in sorted(asked):
        answer = client.get(f"{action}?{query}", headers=HTML, follow_redirects=True)
        assert answer.status_code == 200, (action, query, answer.text[-300:])


def _sent(form: Any) -> Iterator[list[tuple[str, str]]]:
    """What the form sends as it stands, and with each option of each of its selects."""
    held = {one.attrs["name"]: one.attrs.get("value") or "" for one in form.query("input[name]")
            if (one.attrs.get("type") or "text") not in ("checkbox", "radio")}  # fmt: skip
    held |= {one.attrs["name"]: one.to_text() for one in form.query("textarea[name]")}
    options = {
        one.attrs["name"]: [_value(option) for option in one.query("option")] for one in form.query("select[name]")
    }
    held |= {name: values[0] for name, values in options.items()}
    yield list(held.items())
    for name, values in options.items():
        for value in values:
            yield list((held | {name: value}).items())


def _value(option: Element) -> str:
    value = (option.attrs or {}).get("value")
    return option.to_text() if value is None else value


def _rdf(form: RdfFormat) -> Callable[[bytes], int]:
    return lambda body: sum(1 for _ in parse(body, format=form))


PARSERS: dict[str, Callable[[bytes], int]] = {
    "text/csv": lambda body: len(list(csv.reader(io.StringIO(body.decode("utf-8")), strict=True))),
    "text/calendar": lambda body: len(Calendar.from_ical(body).subcomponents),
    "text/turtle": _rdf(RdfFormat.TURTLE),
    "application/n-triples": _rdf(RdfFormat.N_TRIPLES),
    "application/n-quads": _rdf(RdfFormat.N_QUADS),
    "application/trig": _rdf(RdfFormat.TRIG),
    "application/rdf+xml": _rdf(RdfFormat.RDF_XML),
    "application/ld+json": lambda body: len(json.loads(body)),
    "application/json": lambda body: len(json.loads(body)),
    "application/graphml+xml": lambda body: len(ElementTree.fromstring(body)),
    "application/gexf+xml": lambda body: len(ElementTree.fromstring(body)),
    "application/xml": lambda body: len(ElementTree.fromstring(body)),
    "image/svg+xml": lambda body: len(ElementTree.fromstring(body)),
    "image/png": lambda body: int(body.startswith(b"\x89PNG")),
}


def test_what_a_page_offers_as_data_can_be_read(client: httpx.Client, paths: list[str]) -> None:
    read: dict[str, int] = {}
    seen = set()
    for path in paths:
        document = JustHTML(client.get(path, headers=HTML).text, sanitize=False)
        for link in document.query("main a[href*='format=']"):
            address = urljoin(path, (link.attrs or {})["href"] or "")
            if address in seen or "format=html" in address:
                continue
            seen.add(address)
            answer = client.get(address, follow_redirects=True)
            assert answer.status_code == 200, (path, address)
            kind = answer.headers["content-type"].partition(";")[0]
            assert PARSERS[kind](answer.content) >= 0, (path, address)
            read[kind] = read.get(kind, 0) + 1
    assert read.keys() >= {"text/csv", "text/turtle", "application/ld+json", "application/graphml+xml", "text/calendar"}


@pytest.mark.parametrize("path", ["/", "/events?kind=Seminar", "/organisations/unesco"])
def test_language_and_light_are_chosen_kept_and_taken_back(visit: Visit, path: str) -> None:
    page = visit.open(path)
    html = page.locator("html")
    expect(html).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Latviešu").click()
    expect(html).to_have_attribute("lang", "lv")
    assert dict(parse_qsl(urlsplit(page.url).query)) == {**dict(parse_qsl(urlsplit(path).query)), "lang": "lv"}
    page.get_by_role("link", name="Tumša").click()
    expect(html).to_have_attribute("data-theme", "dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("link", name="edugraph").click()
    expect(html).to_have_attribute("lang", "lv")
    expect(html).to_have_attribute("data-theme", "dark")
    page.go_back()
    visit.follow(page.get_by_role("link", name="Gaiša"))
    expect(html).to_have_attribute("data-theme", "light")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
    page.go_back()
    page.go_back()
    page.go_back()
    assert page.url == visit.base + path
