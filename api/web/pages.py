"""All pages of the site, in the order in which they are tried."""

from __future__ import annotations

from api.web import (
    article,
    changes,
    check,
    claims,
    entity,
    entity_links,
    examples,
    explorer,
    home,
    in_time,
    lists,
    quality,
    query,
    reference,
    search,
    vocabulary,
)
from api.web.routing import Pages

PAGES = Pages()
_ROOMS = (
    home,
    article,
    claims,
    entity_links,
    entity,
    lists,
    search,
    query,
    in_time,
    explorer,
    examples,
    reference,
    vocabulary,
    check,
    quality,
    changes,
)
for _room in _ROOMS:
    PAGES.include(_room.pages)
