"""The pictures that social networks show beside a link to the site, one in each language of its interface."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser

from api.web.assets import STYLES, preview
from api.web.interface import LANGUAGES

WIDTH, HEIGHT = 1200, 630
NODES = (
    *((900, 300, 46, "actor"), (1060, 165, 24, "actor"), (1085, 395, 30, "actor"), (760, 175, 26, "event")),
    *((735, 415, 22, "actor"), (905, 510, 28, "event"), (1150, 530, 18, "actor"), (905, 95, 18, "other")),
)
"""Where nodes stand, how large they are, and what sort of thing they are."""
TIES = (
    (0, 1, ""),
    (0, 2, ""),
    (0, 3, ""),
    (0, 4, ""),
    (0, 5, "ahead"),
    (1, 7, ""),
    (3, 7, ""),
    (2, 5, ""),
    (2, 6, "ahead"),
)
LOOK = """
  .picture { position: fixed; inset: 0; background: var(--paper); display: block; }
  .picture svg { position: absolute; inset: 0; }
  .picture line { stroke: var(--rule-strong); stroke-width: 3; }
  .picture .ahead { stroke: var(--planned); stroke-dasharray: 12 8; }
  .picture .actor { fill: var(--accent); }
  .picture .event { fill: var(--activity); }
  .picture .other { fill: var(--ink-quiet); }
  .picture .words { position: absolute; left: 80px; top: 0; bottom: 0; width: 590px; }
  .picture .words { display: flex; flex-direction: column; justify-content: center; gap: 28px; }
  .picture b { font: 600 34px var(--sans); color: var(--accent); }
  .picture p { font: 600 56px/1.16 var(--serif); color: var(--ink); margin: 0; max-width: none; text-wrap: balance; }
"""
SHOW = """([drawn, look]) => {
  const heading = document.querySelector('h1').textContent;
  document.head.append(Object.assign(document.createElement('style'), {textContent: look}));
  document.body.innerHTML = '<div class="picture">' + drawn + '<div class="words"><b>edugraph</b><p></p></div></div>';
  document.querySelector('.picture p').textContent = heading;
}"""


def drawn() -> str:
    """A small network: actors round, activities askew, what is planned dashed."""
    ties = (f'<line x1="{NODES[a][0]}" y1="{NODES[a][1]}" x2="{NODES[b][0]}" y2="{NODES[b][1]}" class="{how}"/>'
            for a, b, how in TIES)  # fmt: skip
    shapes = (_shape(*node) for node in NODES)
    return f'<svg width="{WIDTH}" height="{HEIGHT}">{"".join(ties)}{"".join(shapes)}</svg>'


def _shape(x: int, y: int, size: int, sort: str) -> str:
    if sort == "event":
        corners = f"{x},{y - size} {x + size},{y} {x},{y + size} {x - size},{y}"
        return f'<polygon class="{sort}" points="{corners}"/>'
    return f'<circle class="{sort}" cx="{x}" cy="{y}" r="{size}"/>'


def take_previews(service: str, browser: Browser, folder: Path = STYLES) -> list[Path]:
    """A PNG in each language, with the words of the first page and the fonts and colours of the site."""
    taken = []
    for language in LANGUAGES:
        context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, bypass_csp=True)
        page = context.new_page()
        page.goto(f"{service}/?lang={language}&theme=light")
        page.evaluate(SHOW, [drawn(), LOOK])
        page.evaluate("document.fonts.ready")
        page.wait_for_load_state("networkidle")
        file = folder / preview(language)
        file.write_bytes(page.screenshot(animations="disabled"))
        context.close()
        taken.append(file)
    return taken
