"""The pictures of README and docs: the command that takes them works, and each that is shown is there and small."""

from __future__ import annotations

import base64
import re
from pathlib import Path

from playwright.sync_api import Browser

from api.web.interface import LANGUAGES
from tests.browser import ROOT
from tests.preview import take_previews
from tests.screenshots import FOLDER, HEIGHT, SHOTS, WIDTH, take
from tests.service import Service

LARGEST = 150_000
SIZE = """async data => { const image = new Image(); image.src = 'data:image/webp;base64,' + data; await image.decode();
  return [image.naturalWidth, image.naturalHeight]; }"""


def test_pictures_are_taken(browser: Browser, curated_service: Service, tmp_path: Path) -> None:
    taken = list(take(curated_service.url, browser, [SHOTS[0], SHOTS[-1]], tmp_path))
    assert [file.stem for file in taken] == [SHOTS[0].name, SHOTS[-1].name]
    page = browser.new_page()
    for file in taken:
        assert page.evaluate(SIZE, base64.b64encode(file.read_bytes()).decode()) == [WIDTH, HEIGHT]
        assert 5_000 < file.stat().st_size < LARGEST
    page.close()


def test_the_pictures_for_social_networks_are_taken(browser: Browser, curated_service: Service, tmp_path: Path) -> None:
    taken = take_previews(curated_service.url, browser, tmp_path)
    assert [file.name for file in taken] == [f"preview-{language}.png" for language in LANGUAGES]
    assert len({file.read_bytes() for file in taken}) == len(LANGUAGES)


def test_each_picture_is_there_is_small_and_is_shown() -> None:
    there = {file.name for file in FOLDER.iterdir()}
    assert there == {f"{shot.name}.webp" for shot in SHOTS}
    assert [file.name for file in FOLDER.iterdir() if file.stat().st_size >= LARGEST] == []
    texts = [path.read_text("utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))]
    shown = {name for text in texts for name in re.findall(r"screenshots/([\w-]+\.webp)", text)}
    assert shown == there
