"""Is the process alive, and can it answer?"""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.generations import generation_of
from api.problem import PROBLEM

router = APIRouter(prefix="/health", tags=["health"])


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
