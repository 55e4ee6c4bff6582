"""Opens pages of a service in headless chromium and asks it when the largest content was painted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from benchmarks.servers import EDUGRAPH, serving
from graph.publish.generation import Generation

ROUNDS = 7
_LARGEST = """() => new Promise(done => {
  let at = 0;
  new PerformanceObserver(list => { for (const one of list.getEntries()) at = one.startTime; })
    .observe({type: "largest-contentful-paint", buffered: true});
  setTimeout(() => done(at), 300);
})"""


def largest_paints(generation: Generation, paths: Sequence[str]) -> Iterator[tuple[str, list[float]]]:
    """Each path with the milliseconds of its visits; every visit is a browser context that has cached nothing."""
    with serving(EDUGRAPH, generation) as server, sync_playwright() as player:
        base = "{0.scheme}://{0.netloc}".format(urlsplit(server.url))
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), chromium_sandbox=False)
        for path in paths:
            times = []
            for _ in range(ROUNDS):
                context = browser.new_context(viewport={"width": 1280, "height": 800})
                page = context.new_page()
                page.goto(base + path)
                times.append(float(page.evaluate(_LARGEST)))
                context.close()
            yield path, times
        browser.close()
