"""HEAD wherever GET is answered."""

from __future__ import annotations

from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send


class HeadAsGet:
    """Runs GET's route for a HEAD that no route answers itself; the server leaves out the body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the app; see the class."""
        if scope["type"] != "http" or scope["method"] != "HEAD" or _answered(scope):
            await self.app(scope, receive, send)
            return
        # A copy: the server looks at its own scope to know that it must not send the body.
        inner = {**scope, "method": "GET"}
        scope["state"]["head_only"] = True
        await self.app(inner, receive, send)
        if "route" in inner:
            scope["route"] = inner["route"]


def _answered(scope: Scope) -> bool:
    routes = scope["app"].router.routes
    return any(route.matches(dict(scope))[0] is Match.FULL for route in routes)
