"""All pages of the site, in the order in which they are tried."""

from __future__ import annotations

from api.web import article, home
from api.web.routing import Pages

PAGES = Pages()

for _room in (home, article):
    PAGES.include(_room.pages)
