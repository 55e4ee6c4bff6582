"""The interactive description of the API for a data set that is served from files; every script comes from here.

The curated graph has a page of the site at this address: api/web/reference.py.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from fastapi.staticfiles import StaticFiles
from starlette.responses import HTMLResponse, RedirectResponse, Response

# Swagger UI sets its styles by script, and draws its icons from data: addresses; nothing else is let in.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>edugraph: the API</title>
<link rel="icon" href="docs/assets/favicon.png">
<link rel="stylesheet" href="docs/assets/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="docs/assets/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""

START = """SwaggerUIBundle({ url: "openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null });
"""

router = APIRouter(include_in_schema=False)


@router.get("/")
async def door() -> Response:
    """Whoever knocks without an address is shown what there is."""
    return RedirectResponse("docs", status_code=303)


@router.get("/docs")
async def page() -> HTMLResponse:
    """The page."""
    return HTMLResponse(PAGE, headers={"content-security-policy": PAGE_POLICY})


@router.get("/docs/start.js")
async def start() -> Response:
    """The one line that starts Swagger UI; a file of its own, so that the page needs no inline script."""
    return Response(START, media_type="text/javascript")


def assets() -> StaticFiles:
    """Swagger UI's files, from the fastapi-offline package."""
    return StaticFiles(directory=Path(str(files("fastapi_offline"))) / "static")
