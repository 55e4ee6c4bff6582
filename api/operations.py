"""The queries under way, and the power to stop one; behind the token."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from api import problem_types
from api.authorization import DOCUMENTED_TOKEN, token_holder
from api.health import never_stored
from api.problem import problem
from graph.isolation.answer import Running

router = APIRouter(
    prefix="/operations",
    tags=["operations"],
    dependencies=[DOCUMENTED_TOKEN, Depends(token_holder), Depends(never_stored)],
)


class Operation(BaseModel):
    """A query that waits, runs or sends its answer."""

    id: int
    client: str
    query_sha256: str
    state: str
    started: datetime
    seconds: float
    query: str | None = None

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 1,
                "client": "192.0.2.7",
                "query_sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                "state": "running",
                "started": "2026-01-01T00:00:00Z",
                "seconds": 1.5,
            }
        }
    )


@router.get("")
async def running(request: Request) -> list[Operation]:
    """The queries under way, the oldest first; their text only if the setting log_queries allows it."""
    state = request.app.state
    queries = state.pool.running() if state.pool is not None else []
    return [_operation(query, with_text=state.settings.log_queries) for query in queries]


@router.delete("/{number}", status_code=204)
async def stop(
    request: Request, number: int = Path(ge=1, description="The query's id, from the list.", examples=[1])
) -> Response:
    """Stop one query; its client gets a problem, or a broken transfer if the answer has begun."""
    pool = request.app.state.pool
    if pool is None or not pool.stop(number):
        raise problem(problem_types.NO_OPERATION, "it may have ended")
    return Response(status_code=204)


def _operation(query: Running, *, with_text: bool) -> Operation:
    return Operation(
        id=query.id,
        client=query.client,
        query_sha256=query.sha256,
        state=query.state,
        started=query.started,
        seconds=round(query.seconds, 3),
        query=query.job.query if with_text else None,
    )
