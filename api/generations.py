"""Keeps the service on the current generation: watches the link, swaps, and stamps answers with its id."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from api.fields import Fields, listed
from graph.errors import EdugraphError, NothingBuilt
from graph.publish.generation import Generation, current

logger = logging.getLogger("edugraph.generations")

SECONDS_BETWEEN_LOOKS = 1.0

_FROM_A_GENERATION = frozenset({200, 206, 304})


class Generations:
    """The generation that new requests are answered from; a request keeps the one that it took."""

    def __init__(
        self, folder: Path, taken_up: Callable[[Generation], Awaitable[None]], known: Generation | None = None
    ) -> None:
        """``taken_up`` is awaited with each new generation before a request can take it; ``known`` is one as it is."""
        self._folder = folder
        self._taken_up = taken_up
        self._known = known
        self._said = ""
        self._looking = asyncio.Lock()
        self.current: Generation | None = None
        self.since = time.monotonic()
        self.size = self.taken = 0
        """Bytes of the current generation's files, and how many generations were taken up so far."""

    async def look(self) -> None:
        """Take up the published generation if it is another one; on trouble keep the one in hand and say so."""
        async with self._looking:
            try:
                found = await asyncio.to_thread(current, self._folder)
                if self._known is not None and found == self._known:
                    found = self._known
                if self.current is None or found.id != self.current.id:
                    size = await asyncio.to_thread(_size, found.path)
                    await self._taken_up(found)
                    self.size, self.current, self.since = size, found, time.monotonic()
                    self.taken += 1
                    logger.info("generation %s is served", found.id)
                self._said = ""
            except (EdugraphError, OSError) as error:
                # Said once for each trouble, not once a second.
                if str(error) != self._said:
                    self._said = str(error)
                    kept = f"; still serving {self.current.id}" if self.current else ""
                    logger.warning("%s%s", error, kept)

    async def watch(self) -> None:
        """Look again and again until cancelled; the pace follows no wall clock."""
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
            try:
                await self.look()
            except Exception:  # a fault here must not end the watch for good
                logger.exception("looking for a new generation failed")


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def generation_of(request: Request) -> Generation:
    """The generation that this request took when it came in. Raises NothingBuilt."""
    return _taken(request.scope)


def _taken(scope: Scope) -> Generation:
    taken: Generation | None = scope["state"]["generation"]
    if taken is None:
        raise NothingBuilt("no generation is published; run 'edugraph build'")
    return taken


def entity_tag(generation: Generation) -> str:
    """The generation's id as an ETag; weak, for the bytes differ by media type and compression."""
    return f'W/"{generation.id}"'


class Revalidated(Exception):
    """The client holds the answer from this generation already; answered as 304."""


def pure_in_generation(
    *varies: str, tag_of: Callable[[Generation], str] = entity_tag
) -> Callable[[Request], Awaitable[None]]:
    """Dependency of routes whose answer follows from URL, generation, and these header fields of the request.

    Such an answer carries the generation as its ETag and the fields as its Vary, and a request that names the tag
    gets 304. ``tag_of`` makes another tag where the answer follows from more than the generation itself.
    """

    async def pure(request: Request) -> None:
        if held(request.scope, varies, tag_of):
            raise Revalidated

    return pure


def held(scope: Scope, varies: tuple[str, ...], tag_of: Callable[[Generation], str] = entity_tag) -> bool:
    """Stamp such an answer, and say whether the client holds it from this generation. Raises NothingBuilt."""
    state = scope["state"]
    state["varies"] = varies
    tag = state["etag"] = tag_of(_taken(scope))
    state["follows"] = tag_of is entity_tag
    named = listed(scope, b"if-none-match")
    return named is not None and scope["method"] in ("GET", "HEAD") and (named == tag or names(named, tag))


def moment_told(generation: Generation) -> int:
    """The second in which it was published, as far as an answer may say it: never later than Date (RFC 9110, 8.8.2.1).

    It would be where the clock was set back; Date is written once a second, and later where the processor is busy.
    """
    return min(generation.moment, int(time.time()) - 2)


def varies_by(request: Request, *fields: str) -> None:
    """Have the answer, be it whole or a 304, say in Vary that it follows from these header fields."""
    request.scope["state"]["varies"] = fields


def names(field: str, tag: str) -> bool:
    """Whether a list of entity tags holds this one, or any, by the weak comparison: the generation alone decides."""
    return any(_opaque(part) in ("*", _opaque(tag)) for part in field.split(","))


def _opaque(tag: str) -> str:
    return tag.strip().removeprefix("W/")


async def not_modified(request: Request, _: Exception) -> Response:
    """The 304 for ``Revalidated``."""
    return Response(status_code=304)


def stamp(fields: Fields, status: int, state: dict[str, Any]) -> tuple[str, ...] | None:
    """Mark an answer that follows from the generation, be it whole or a 304, with its tag; what it varies by.

    This comes behind the compression, so that a 304 has the same Vary as the answer that it stands for.
    """
    if status not in _FROM_A_GENERATION:
        return None
    if "etag" in state:
        held = {name for name, _ in fields}
        if b"etag" not in held:
            fields.append((b"etag", state["etag"].encode("ascii")))
        if b"cache-control" not in held:
            fields.append((b"cache-control", b"no-cache"))
    varies: tuple[str, ...] | None = state.get("varies")
    return varies
