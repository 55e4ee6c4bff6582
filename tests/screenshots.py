"""Takes the screenshots of docs/screenshots anew, of the pages of a built checkout: ``python -m tests.screenshots``.

The view, the fonts and the data are always the same, and nothing moves; no text of an article is shown, for the
service is given none.
"""

from __future__ import annotations

import argparse
import base64
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser import ROOT, running
from tests.preview import take_previews
from tests.service import serving

FOLDER = ROOT / "docs" / "screenshots"
WIDTH, HEIGHT = 1280, 860
QUALITY = 0.9
_TO_WEBP = """async ([png, quality]) => {
  const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext('2d').drawImage(image, 0, 0);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({type: 'image/webp', quality})).arrayBuffer());
  return btoa(Array.from(bytes, one => String.fromCharCode(one)).join(''));
}"""


@dataclass(frozen=True)
class Shot:
    """One picture: its name, the page it shows, and what is pressed before it is taken."""

    name: str
    path: str
    theme: str = "light"
    language: str = "en"
    press: str | None = None
    ready: str = "main"
    """What must be seen before it is taken."""

    @property
    def address(self) -> str:
        """The path with language and light."""
        return f"{self.path}{'&' if '?' in self.path else '?'}lang={self.language}&theme={self.theme}"


SHOTS = (
    Shot("home", "/"),
    Shot("entity", "/organisations/unesco"),
    Shot("article", "/articles/2023-almaty-esd-seminar", "dark"),
    Shot("events", "/events?country=KAZ", "light", "ru"),
    Shot("network", "/network?actor=unesco", "light", ready="canvas"),
    Shot(
        "query",
        "/query?example=which-events-the-ministry-organised",
        press=".yasqe_queryButton",
        ready=".yasr tbody td",
    ),
)


def take(service: str, browser: Browser, shots: Sequence[Shot], folder: Path) -> Iterator[Path]:
    """Each picture as a WebP file in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for shot in shots:
        context = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT}, locale="en", reduced_motion="reduce", device_scale_factor=1
        )
        page = context.new_page()
        page.goto(service + shot.address)
        if shot.press:
            page.locator(shot.press).first.click()
        page.locator(shot.ready).first.wait_for()
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        png = page.screenshot(animations="disabled", caret="hide")
        file = folder / f"{shot.name}.webp"
        file.write_bytes(_webp(context.new_page(), png))
        context.close()
        yield file


def _webp(page: Page, png: bytes) -> bytes:
    """The browser makes a smaller file of a picture, so that no library is needed for it."""
    found: str = page.evaluate(_TO_WEBP, [base64.b64encode(png).decode(), QUALITY])
    return base64.b64decode(found)


def main() -> None:
    """Take them all, of the generation that ``edugraph build`` published."""
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, default=FOLDER, help="the folder (default: docs/screenshots)")
    out: Path = parser.parse_args().out
    with serving(build_dir=ROOT / "build") as service, running() as browser:
        for _ in take(service.url, browser, SHOTS, out):
            pass
        take_previews(service.url, browser)


if __name__ == "__main__":
    main()
