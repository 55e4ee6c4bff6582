"""Pages made from templates: nothing is loaded from anywhere, the one style stands in the page itself."""

from __future__ import annotations

import base64
from functools import lru_cache
from hashlib import sha256
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("api"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


@lru_cache(maxsize=1)
def page_policy() -> str:
    """The content security policy of a page: its own style, by hash, and nothing else."""
    style = _environment().get_template("page.css").render()
    digest = base64.b64encode(sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def page(template: str, **values: Any) -> bytes:
    """A page in UTF-8."""
    return _environment().get_template(template).render(**values).encode()
