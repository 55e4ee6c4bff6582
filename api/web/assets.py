"""The styles, scripts and fonts of the pages, under addresses that change with their content."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response

from api.web.interface import CYRILLIC, LANGUAGES
from graph.settings import Settings

STYLES = Path(str(files("api.web"))) / "style"
ORDER = ("tokens.css", "base.css", "frame.css")
"""The styles that all others build on, in their order."""
_FAMILIES = ("inter", "source-serif-4")
A_DAY = {"cache-control": "max-age=86400"}
FOREVER = {"cache-control": "public, max-age=31536000, immutable"}

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Bundle:
    """What ``web/build.mjs`` made: file names by source name; empty where it was not run."""

    folder: Path
    names: dict[str, str]


@lru_cache(maxsize=1)
def bundle() -> Bundle:
    """The scripts and fonts of the checkout: the code's own, or that of EDUGRAPH_HOME where the code is in none."""
    own, named = (home / "web" / "dist" for home in (Settings().home, Settings.from_env().home))
    folder = own if own.is_dir() else named
    try:
        names: dict[str, str] = json.loads((folder / "manifest.json").read_text("utf-8"))
    except FileNotFoundError:
        names = {}
    return Bundle(folder, names)


@lru_cache(maxsize=1)
def style() -> tuple[str, bytes]:
    """All styles as one file, and its name."""
    others = sorted(path.name for path in STYLES.glob("*.css") if path.name not in ORDER)
    text = b"\n".join((STYLES / name).read_bytes() for name in (*ORDER, *others))
    return f"edugraph-{sha256(text).hexdigest()[:12]}.css", text


def address(source: str) -> str | None:
    """The path, from the service's root, of ``style.css`` or of a file of the bundle; None where it was not built."""
    name = style()[0] if source == "style.css" else bundle().names.get(source)
    return None if name is None else f"assets/{name}"


@lru_cache(maxsize=len(LANGUAGES))
def fonts(language: str) -> tuple[str, ...]:
    """The paths of the fonts that stand on every page in a language, for browsers to fetch beside the styles."""
    scripts = ("latin", "cyrillic") if language in CYRILLIC else ("latin",)
    found = (address(f"{family}-{script}-wght-normal.woff2") for script in scripts for family in _FAMILIES)
    return tuple(path for path in found if path is not None)


@lru_cache(maxsize=1)
def edition() -> str:
    """A word that changes whenever a page could look different in the same generation."""
    parts = [style()[0], *sorted(bundle().names.values())]
    parts += [path.read_text("utf-8") for path in sorted(Path(str(files("api.web"))).rglob("*"))
              if path.suffix in (".html", ".po", ".py", ".svg", ".sh", ".R")]  # fmt: skip
    return sha256("\n".join(parts).encode()).hexdigest()[:12]


@router.get("/assets/{name}")
async def asset(name: str) -> Response:
    """One file; its name holds the hash of its content, so it may be kept for ever."""
    if name == style()[0]:
        return Response(style()[1], media_type="text/css", headers=FOREVER)
    there = bundle()
    if name not in _files(there.folder):
        raise HTTPException(404)
    return FileResponse(there.folder / name, headers=FOREVER)


def preview(language: str) -> str:
    """The path, from the service's root, of the picture that stands for the site where others link to it."""
    return f"preview-{language}.png"


@router.get("/preview-{language}.png")
async def picture(language: str) -> Response:
    """The picture for social networks; ``make screenshots`` takes it."""
    if language not in LANGUAGES:
        raise HTTPException(404)
    return FileResponse(STYLES / preview(language), media_type="image/png", headers=A_DAY)


@router.get("/favicon.svg")
@router.get("/favicon.ico")
async def icon() -> Response:
    """The sign of the site; browsers ask for it under the second name unasked."""
    file = Path(str(files("api.web"))) / "style" / "favicon.svg"
    return FileResponse(file, media_type="image/svg+xml", headers=A_DAY)


@lru_cache(maxsize=1)
def _files(folder: Path) -> frozenset[str]:
    return frozenset(path.name for path in folder.glob("*") if path.is_file())
