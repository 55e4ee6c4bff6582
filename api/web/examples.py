"""The guide for programmers: examples that run as they stand, each with curl, in Python and in R; tests run them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.parameters import LANG, Parameter, read_parameters
from api.public_base import public_base
from api.web.given import with_those_of_pages
from api.web.page import begin, render
from api.web.routing import Pages

FOLDER = Path(str(files("api.web"))) / "guide"
STEPS = ("lookup", "links", "search", "reconcile", "network", "sparql", "export", "validate")
"""The steps of the guide, in its order; each has an example in every language."""
TONGUES = {"curl": "sh", "python": "py", "r": "R"}
"""The languages of the examples, and how the names of their files end."""
WRITTEN_FOR = "http://127.0.0.1:8000"
"""The address in the files, which a reader gets replaced by that of the service."""
CODE = Parameter(
    "code", "The language of the examples; all of them without it.", {"type": "string", "enum": list(TONGUES)}, "python"
)

pages = Pages()
router = APIRouter(include_in_schema=False)


@dataclass(frozen=True)
class Example:
    """One file of the guide as it is shown."""

    tongue: str
    name: str
    text: str


@lru_cache(maxsize=4)
def examples(base: str) -> dict[str, tuple[Example, ...]]:
    """The examples of each step, written for a service at ``base``."""
    there = base.rstrip("/")
    return {
        step: tuple(
            Example(tongue, name, (FOLDER / name).read_text("utf-8").replace(WRITTEN_FOR, there))
            for tongue, name in ((tongue, f"{step}.{ending}") for tongue, ending in TONGUES.items())
        )
        for step in STEPS
    }


@router.get("/guide")
@pages.page("/guide")
async def guide(request: Request) -> Response:
    """The guide; a page for whoever asks, for it has no form as data."""
    asked = begin(request)
    given = read_parameters(request, with_those_of_pages((CODE, LANG)))
    return render(
        asked, "guide/guide.html", given=given, tongues=list(TONGUES), examples=examples(public_base(request))
    )


@router.get("/guide/{name}")
async def example(request: Request, name: str) -> Response:
    """One example as a file, to be kept and run."""
    for one in (one for step in examples(public_base(request)).values() for one in step):
        if one.name == name:
            return Response(one.text, media_type="text/plain; charset=utf-8", headers={"cache-control": "no-cache"})
    raise HTTPException(404)
