"""How many nodes of a network stay usable in a browser: the time until they are drawn, and of a frame while moving.

``python -m benchmarks.drawing`` serves the built generation, puts made-up networks of 50 to 2,000 nodes in the place of
the page's own, and prints a table. It needs Debian's chromium, headless and without a graphics card.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import statistics
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, sync_playwright

from benchmarks.servers import EDUGRAPH, serving
from graph.publish.generation import current
from graph.settings import Settings

SIZES = (50, 100, 200, 300, 500, 750, 1000, 2000)
TIES = 2
"""New ties of each node, to those that have many already: about what the networks of articles have."""
FRAMES = 40
_DRAWN = re.compile(r'(<script type="application/json" id="drawn">)(.*?)(</script>)', re.DOTALL)
CLOCK = """new MutationObserver(() => {
    const drawing = document.querySelector('#drawing[data-nodes]');
    if (drawing && !window.drawnAt) window.drawnAt = performance.now();
}).observe(document, {subtree: true, childList: true, attributes: true});"""
_SECONDS = "window.drawnAt - performance.getEntriesByType('navigation')[0].responseEnd"
_MOVE = """async (frames) => {
    const view = document.querySelector('#drawing')._cyreg.cy;
    const next = () => new Promise(requestAnimationFrame);
    const took = [];
    await next();
    for (let at = 0; at < frames; at++) {
        const start = performance.now();
        if (at % 2) view.panBy({x: at % 4 ? 12 : -12, y: 6});
        else view.zoom({level: view.zoom() * (at % 4 ? 1.1 : 0.9), renderedPosition: {x: 400, y: 300}});
        await next();
        await next();
        took.push((performance.now() - start) / 2);
    }
    return took;
}"""


def made(count: int, template: dict[str, Any]) -> dict[str, Any]:
    """A network of so many nodes; the same each time."""
    chance = random.Random(1)
    sorts = ("Organisation", "Person", "Event", "Programme")
    ends: list[int] = [0]
    edges: list[list[int]] = [[]]
    for node in range(1, count):
        edges.append([])
        for other in {chance.choice(ends) for _ in range(TIES)}:
            edges[-1].append(-1 - other if chance.random() < 0.2 else other)
            ends += [node, other]
    degrees = [ends.count(node) / (count - 1) for node in range(count)]
    nodes = [(f"org:n{n}", f"Made-up organisation {n}", max(0, n % 5 - 1), degrees[n]) for n in range(count)]
    return {**template, "sorts": sorts, "nodes": nodes, "edges": edges}


def measured(page: Page, base: str, count: int) -> tuple[float, list[float]]:
    """Milliseconds until a network of so many nodes is drawn, and of each frame while it is moved."""

    def replace(route: Route) -> None:
        answer = route.fetch()
        found = _DRAWN.search(answer.text())
        assert found is not None, "the page has no network"
        text = json.dumps(made(count, json.loads(found[2])))
        route.fulfill(response=answer, body=_DRAWN.sub(lambda part: part[1] + text + part[3], answer.text()))

    page.unroute("**/network")
    page.route("**/network", replace)
    page.goto(base + "/network")
    page.wait_for_selector("#drawing[data-nodes]", timeout=300_000)
    return float(page.evaluate(_SECONDS)), [float(frame) for frame in page.evaluate(_MOVE, FRAMES)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, nargs="+", default=SIZES)
    given = parser.parse_args(arguments)
    print("| nodes | ties | drawn after, s | frame, median ms | frame, p95 ms |\n|---|---|---|---|---|")
    generation = current(Settings.from_env().generations)
    with serving(EDUGRAPH, generation) as server, sync_playwright() as player:
        base = "{0.scheme}://{0.netloc}".format(urlsplit(server.url))
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), chromium_sandbox=False)
        for count in given.nodes:
            context = browser.new_context(viewport={"width": 1280, "height": 900})
            page = context.new_page()
            page.add_init_script(CLOCK)
            drawn, frames = measured(page, base, count)
            context.close()
            ties, p95 = sum(map(len, made(count, {})["edges"])), sorted(frames)[int(len(frames) * 0.95)]
            print(f"| {count:,} | {ties:,} | {drawn / 1000:.1f} | {statistics.median(frames):.0f} | {p95:.0f} |")


if __name__ == "__main__":
    main()
