"""Makes the service: ``uvicorn --factory api.app:create_app``, or ``edugraph serve``."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api import (
    changes,
    claims,
    collections,
    dataset_description,
    docs,
    documents,
    errors,
    exports,
    graph_store,
    health,
    links,
    metrics,
    network,
    operations,
    problem_docs,
    quality,
    reconcile,
    reconcile_preview,
    reconcile_suggest,
    search,
    sparql,
    targets,
    timeline,
    validate,
    vocabulary_docs,
)
from api.access_log import AccessLog
from api.caches import Caches
from api.errors import UnexpectedErrors
from api.front import Front
from api.generations import Generations
from api.head import HeadAsGet
from api.kept_answers import KeptAnswers
from api.kept_files import KeptFiles
from api.lean import LeanRoute
from api.metrics import Measurements
from api.openapi import DESCRIPTION, LICENCE, completed
from api.problem import PROBLEM
from api.short_way import ShortWay
from api.warming import keep_warm
from api.web import assets, check, examples, reference
from api.web.pages import PAGES
from api.web.problem_pages import ProblemPages
from api.web.routing import PagesAlone
from graph.isolation.pool import Pool
from graph.isolation.validation import Checker
from graph.publish.dataset import Dataset
from graph.publish.generation import Generation
from graph.settings import Settings


class Service(FastAPI):
    """The application behind its front: the web framework's own layers stand only around the routes that need them."""

    front: Front
    behind_front: ASGIApp

    def stand_behind_front(self, short_way: ShortWay) -> None:
        """Let every request pass the front."""
        state = self.state
        self.behind_front = super().__call__
        self.front = Front(
            self.behind_front,
            short_way,
            state.settings,
            state.generations,
            state.measurements,
            state.access_log,
            state.kept_answers,
            ProblemPages,
        )

    def openapi(self) -> dict[str, Any]:
        """The description of every operation, each answer with an example."""
        if not self.openapi_schema:
            self.openapi_schema = completed(super().openapi())
        return self.openapi_schema

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        scope["app"] = self
        await self.front(scope, receive, send)


def create_app(settings: Settings | None = None, dataset: Dataset | None = None, pool: Pool | None = None) -> FastAPI:
    """The application; nothing is opened before its lifespan begins. Raises SettingsError.

    With a ``dataset`` the service answers from it, and a token opens writing to it. A ``pool`` that was started ahead
    is closed with the lifespan.
    """
    settings = settings or Settings.from_env()
    app = Service(
        title="edugraph",
        version=version("edugraph"),
        summary="A knowledge graph of education policy in which every fact is traced to its sentence",
        description=DESCRIPTION,
        license_info=LICENCE,
        servers=[{"url": settings.public_base or "/", "description": "This service."}],
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
        # What the routes alone need; all else is done in the front.
        middleware=[Middleware(HeadAsGet), Middleware(ProblemPages), Middleware(UnexpectedErrors)],
        responses={"4XX": PROBLEM, "5XX": PROBLEM},
        generate_unique_id_function=lambda route: route.name,  # what a generated client calls its functions
    )
    app.state.settings = settings
    app.state.dataset = dataset
    app.state.measurements = Measurements(app)
    app.state.measurements.registry.register(Caches(app))
    app.state.access_log = AccessLog()
    app.state.pool = pool
    app.state.kept_files = KeptFiles()
    app.state.kept_answers = KeptAnswers(settings.kept_answers)
    app.state.checker = Checker(settings, app.state.measurements.check_seconds.observe)
    known = None if pool is None else pool.generation
    app.state.generations = Generations(settings.generations, lambda generation: _take_up(app, generation), known)
    errors.install(app)
    app.include_router(sparql.router)  # first, for routes are tried in this order
    app.include_router(health.router)
    app.include_router(problem_docs.router)
    app.include_router(graph_store.router)
    lean: tuple[LeanRoute, ...] = ()
    if dataset is None:
        app.include_router(assets.router)
        app.include_router(examples.router)
        app.include_router(reference.router)
        # Before the data's routes: it takes the requests that prefer HTML, and no other.
        lean = (links.LEAN, search.LEAN)
        app.router.routes[:0] = [PAGES, *lean]
        # These speak of the curated graph's own index and files, which another data set has not.
        app.include_router(links.router)
        app.include_router(collections.router)
        app.include_router(claims.router)
        for routes in (network, timeline, targets):
            app.include_router(routes.router)
        for routes in (search, reconcile, reconcile_suggest, reconcile_preview):
            app.include_router(routes.router)
        app.include_router(validate.router)
        app.include_router(quality.router)
        app.include_router(changes.router)
        app.include_router(exports.router)
        app.include_router(vocabulary_docs.router)
        app.include_router(dataset_description.router)
        app.include_router(documents.router)
    app.include_router(operations.router)
    app.include_router(metrics.router)
    app.include_router(docs.router)
    app.mount("/docs/assets", docs.assets())
    if dataset is None:
        app.router.routes.append(PagesAlone(PAGES))
        app.include_router(check.described)
    direct = [route for route in sparql.router.routes if isinstance(route, APIRoute)]
    app.stand_behind_front(ShortWay(direct, lean))
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: Service) -> AsyncIterator[None]:
    await app.state.generations.look()
    tasks = [asyncio.create_task(app.state.generations.watch(), name="generations")]
    if app.state.dataset is None:
        tasks.append(asyncio.create_task(keep_warm(app, app.behind_front), name="warming"))
    # What was made until now stays: looking through it again would hold up a request every now and then.
    gc.freeze()
    gc.enable()
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if app.state.pool is not None:
            await app.state.pool.close()
        app.state.access_log.close()


async def _take_up(app: FastAPI, generation: Generation) -> None:
    """Bring the workers to a generation, before any request takes it."""
    if app.state.pool is None:
        pool = Pool(app.state.settings, generation)
        await pool.start()
        app.state.pool = pool
    elif app.state.pool.generation is not generation:
        await app.state.pool.use(generation)
