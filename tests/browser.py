"""A real browser for the tests: Debian's chromium, headless, which may speak to the service and to nobody else."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Playwright, Request, sync_playwright

ROOT = Path(__file__).parent.parent
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
"""The first is the same engine without windows; a page takes it a little more than half of the time."""
SKIPPED = (
    "neither chromium-headless-shell nor chromium is installed (Debian's packages of these names): "
    "the pages were not driven in a browser"
)
AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Visit:
    """One tab, and what went wrong in it."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)
    """Errors of the console, of scripts and of the content security policy, and requests to other hosts."""

    def open(self, path: str) -> Page:
        """Go to a path of the service."""
        self.page.goto(self.base + path)
        return self.page

    def follow(self, link: Locator) -> None:
        """Click on what leads to another page, and wait for that page: a click alone returns while it still loads."""
        with self.page.expect_navigation():
            link.click()

    def leaves(self) -> Iterator[Page]:
        """The page of a list as it stands, and each to which its link to the next page leads."""
        onward = self.page.get_by_role("link", name="Next page")
        yield self.page
        while onward.count():
            self.follow(onward)
            yield self.page

    def excuse(self, *parts: str) -> None:
        """Forget complaints that a test has asked for, such as a 404 that it visits."""
        self.complaints = [told for told in self.complaints if not any(part in told for part in parts)]

    def hear(self, said: ConsoleMessage) -> None:
        """Keep an error of the console."""
        if said.type == "error":
            self.complaints.append(said.text)

    def look(self, request: Request) -> None:
        """Keep a request to another host."""
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.netloc != urlsplit(self.base).netloc:
            self.complaints.append(f"a request to another host: {request.url}")

    def barriers(self, *rules: str) -> list[str]:
        """What axe-core finds against WCAG 2.2 AA, or some rules, on the page as it stands; rule, help and element."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text("utf-8"))
        wanted = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
        options = json.dumps({"runOnly": wanted, "resultTypes": ["violations"]})
        found: dict[str, Any] = self.page.evaluate(f"axe.run(document, {options})")
        return [
            f"{barrier['id']}: {barrier['help']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
            for barrier in found["violations"]
            for node in barrier["nodes"]
        ]


@contextlib.contextmanager
def running() -> Iterator[Browser]:
    """One browser."""
    player: Playwright
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=list(_QUIET))
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def visiting(browser: Browser, base: str, **options: Any) -> Iterator[Visit]:
    """A tab with cookies of its own; options are those of playwright's new_context (locale, viewport, ...)."""
    context = browser.new_context(**{"locale": "en", **options})
    try:
        visit = Visit(context.new_page(), base)
        visit.page.on("console", visit.hear)
        visit.page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        visit.page.on("request", visit.look)
        yield visit
    finally:
        context.close()
