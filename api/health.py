"""Is the process alive, and can it answer?"""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from api import problem_types
from api.machine_trouble import generation_gone
from api.problem import HttpProblem, problem
from graph.errors import QueryError
from graph.isolation.job import Job
from graph.isolation.pool import Pool
from graph.query.graph_store import NOTHING

SECONDS_FOR_A_SIGN_OF_LIFE = 2.0

# A client of its own, so that no other client's queue keeps it waiting.
SIGN_OF_LIFE = Job(query=NOTHING, client="/health/ready")


async def never_stored(response: Response) -> None:
    """Dependency of routes that tell the state of the moment."""
    response.headers["cache-control"] = "no-store"


router = APIRouter(prefix="/health", tags=["health"], dependencies=[Depends(never_stored)])


class Ready(BaseModel):
    """What the service can answer from."""

    status: str = Field(examples=["ready"])
    generation: str = Field(examples=["0123456789abcdef"])


class Alive(BaseModel):
    """That there is an answer says all."""

    status: str = Field(examples=["alive"])


@router.get("/live")
async def live() -> Alive:
    """The process runs and its event loop turns."""
    return Alive(status="alive")


@router.get("/ready")
async def ready(request: Request) -> Ready:
    """A generation is open, its files are there, and a worker answers within two seconds."""
    pool: Pool | None = request.app.state.pool
    if pool is None:
        raise _not_ready("no generation is published; run 'edugraph build'")
    try:
        async with asyncio.timeout(SECONDS_FOR_A_SIGN_OF_LIFE), pool.answer(SIGN_OF_LIFE) as answer:
            async for _ in answer:
                pass
    except TimeoutError:
        raise _not_ready(f"no worker answered within {SECONDS_FOR_A_SIGN_OF_LIFE:g} s") from None
    except QueryError as error:
        raise _not_ready(f"no worker answers: {_gone(request) or error}") from error
    if (gone := _gone(request)) is not None:
        raise _not_ready(gone)
    return Ready(status="ready", generation=answer.generation.id)


def _gone(request: Request) -> str | None:
    """That the generation's files are gone, if they are: workers that hold it in memory answer all the same."""
    gone = generation_gone(request.scope)
    return f"{gone.title[:1].lower()}{gone.title[1:]}; run 'edugraph build'" if gone else None


def _not_ready(detail: str) -> HttpProblem:
    return problem(problem_types.NOT_READY, detail, {"retry-after": "1"})
