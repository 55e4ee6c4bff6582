"""Makes the service: ``uvicorn --factory api.app:create_app``, or ``edugraph serve``."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from importlib.metadata import version

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from api import (
    changes,
    claims,
    collections,
    dataset_description,
    docs,
    documents,
    errors,
    exports,
    generations,
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
from api.compression import compression
from api.errors import METHODS, OnlyProblems, UnexpectedErrors
from api.generations import Generations, OneGeneration
from api.head import HeadAsGet
from api.kept_files import KeptFiles
from api.limits import RequestLimits
from api.metrics import Measured, Measurements
from api.problem import PROBLEM
from api.request_id import RequestId
from api.security_headers import SecurityHeaders
from api.web import assets, examples
from api.web.pages import PAGES
from api.web.problem_pages import ProblemPages
from graph.isolation.pool import Pool
from graph.isolation.validation import Checker
from graph.publish.dataset import Dataset
from graph.publish.generation import Generation
from graph.settings import Settings


def create_app(settings: Settings | None = None, dataset: Dataset | None = None) -> FastAPI:
    """The application; nothing is opened before its lifespan begins. Raises SettingsError.

    With a ``dataset`` the service answers from it, and a token opens writing to it.
    """
    settings = settings or Settings.from_env()
    app = FastAPI(
        title="edugraph",
        version=version("edugraph"),
        summary="A knowledge graph of education policy in which every fact is traced to its sentence",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_lifespan,
        middleware=_layers(settings),
        responses={"4XX": PROBLEM, "5XX": PROBLEM},
        generate_unique_id_function=lambda route: route.name,  # what a generated client calls its functions
    )
    app.state.settings = settings
    app.state.dataset = dataset
    app.state.measurements = Measurements(app)
    app.state.measurements.registry.register(Caches(app))
    app.state.pool = None
    app.state.kept_files = KeptFiles()
    app.state.checker = Checker(settings)
    app.state.generations = Generations(settings.generations, lambda generation: _take_up(app, generation))
    errors.install(app)
    app.add_exception_handler(generations.Revalidated, generations.not_modified)
    app.include_router(sparql.router)  # first, for routes are tried in this order
    app.include_router(health.router)
    app.include_router(problem_docs.router)
    app.include_router(graph_store.router)
    if dataset is None:
        app.include_router(assets.router)
        app.include_router(examples.router)
        # Before the data's routes: it takes the requests that prefer HTML, and no other.
        app.router.routes.insert(0, PAGES)
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
    return app


def _layers(settings: Settings) -> list[Middleware]:
    """Outermost first: each layer's errors pass through those above it."""
    return [
        Middleware(RequestId),
        Middleware(AccessLog),
        Middleware(Measured),
        Middleware(SecurityHeaders),
        Middleware(OnlyProblems),
        Middleware(
            CORSMiddleware,
            allow_origins=["*"],
            allow_methods=METHODS,
            allow_headers=["*"],
            expose_headers=["Content-Range", "ETag", "Link", "Location", "Retry-After", "X-Request-ID"],
            max_age=86400,
        ),
        Middleware(RequestLimits, settings=settings),
        Middleware(OneGeneration),
        compression(),
        Middleware(HeadAsGet),
        Middleware(ProblemPages),
        Middleware(UnexpectedErrors),
    ]


@contextlib.asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    await app.state.generations.look()
    watch = asyncio.create_task(app.state.generations.watch(), name="generations")
    try:
        yield
    finally:
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch
        if app.state.pool is not None:
            await app.state.pool.close()


async def _take_up(app: FastAPI, generation: Generation) -> None:
    """Bring the workers to a generation, before any request takes it."""
    if app.state.pool is None:
        pool = Pool(app.state.settings, generation)
        await pool.start()
        app.state.pool = pool
    else:
        await app.state.pool.use(generation)
