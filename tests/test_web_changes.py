"""The page of what changed, after a change that is longer than a page."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser import visiting
from tests.command import edugraph
from tests.homes import make_home
from tests.service import serving

MANY = 24
"""Articles that come, each with four claims."""


def test_a_long_change_is_told_in_pages_whatever_limit_is_asked_for(browser: Browser, tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", ("first",))
    for round_ in ("before", "after"):
        ended = edugraph("build", home=home, build_dir=home / "build")
        assert ended.returncode == 0, round_
        articles = home / "data" / "articles"
        for name in (f"more{number:02}" for number in range(MANY) if round_ == "before"):
            shutil.copy(articles / "first.ttl", articles / f"{name}.ttl")
            text = (articles / f"{name}.ttl").read_text("utf-8")
            (articles / f"{name}.ttl").write_text(text.replace("first", name), "utf-8")
    with serving(build_dir=home / "build", home=home) as service, visiting(browser, service.url) as visit:
        page = visit.open("/changes?limit=1000")
        counted = service.get("/changes", headers={"accept": "application/json"}).json()["counts"]["claims"]["added"]
        assert counted == 4 * MANY
        seen = 0
        for _ in visit.leaves():
            added = page.get_by_role("region", name="Facts added")
            seen += added.locator(".facts > li").count()
            assert len(page.request.get(page.url, headers={"accept": "text/html"}).body()) < 100_000
            assert visit.barriers() == []
        assert seen == counted
        expect(page.get_by_role("link", name=re.compile("more row"))).to_have_count(0)
        assert visit.complaints == []
