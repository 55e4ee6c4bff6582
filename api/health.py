"""Is the process alive, and can it answer?"""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel

from api.generations import generation_of
from api.problem import PROBLEM


def never_stored(response: Response) -> None:
    """Dependency of routes that tell the state of the moment."""
    response.headers["cache-control"] = "no-store"


router = APIRouter(prefix="/health", tags=["health"], dependencies=[Depends(never_stored)])


class Ready(BaseModel):
    """What the service can answer from."""

    status: str
    generation: str


@router.get("/live")
async def live() -> dict[str, str]:
    """The process runs and its event loop turns."""
    return {"status": "alive"}


@router.get("/ready", responses={503: PROBLEM})
async def ready(request: Request) -> Ready:
    """A generation is open and a worker answers."""
    return Ready(status="ready", generation=generation_of(request).id)
