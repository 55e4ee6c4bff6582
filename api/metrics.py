"""Measurements for Prometheus at /metrics, in a registry of this app's own."""

from __future__ import annotations

import time
from collections import Counter as Counts
from collections.abc import Iterable, Mapping

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_1_0_0, generate_latest
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.types import Scope

from api.kept_files import KeptFiles
from graph.isolation.pool import Pool
from graph.isolation.validation import Checker

# From a lookup in the index (under a millisecond) to the longest query a default setting allows.
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

KNOWN_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH", "QUERY"})

KILLED = {
    "QueryTimeout": "time",
    "QueryTooLarge": "size",
    "QueryCancelled": "operator",
    "WorkerLost": "lost",
    "abandoned": "hang-up",
}
"""Why queries are stopped, by the pool's name of the outcome."""

CHECKS_KILLED = {
    "CheckTimeout": "time",
    "CheckTooLarge": "size",
    "CheckTooDeep": "depth",
    "CheckLost": "lost",
    "abandoned": "hang-up",
}
"""The same for checks of posted files; one that was refused (``CheckBusy``) never ran."""

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """The measurements in the text format of Prometheus."""
    body = generate_latest(request.app.state.measurements.registry)
    return Response(body, media_type=CONTENT_TYPE_PLAIN_1_0_0)


class Measurements:
    """What is counted as it happens, and what is read from the app when somebody asks."""

    def __init__(self, app: Starlette) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "edugraph_http_requests",
            "Requests answered, by route template; unrouted ones share one label.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "edugraph_http_request_seconds",
            "Time from the request's head to the answer's end.",
            ("route",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.open = 0
        """Requests under way."""
        gauge = Gauge("edugraph_http_requests_open", "Requests under way.", registry=self.registry)
        gauge.set_function(lambda: self.open)
        self.cut = Counter(
            "edugraph_http_answers_cut", "Answers that broke off after they began.", registry=self.registry
        )
        self.check_seconds = Histogram(
            "edugraph_check_seconds",
            "Time that the check of a posted file took, waiting aside.",
            buckets=SECONDS,
            registry=self.registry,
        )
        self.registry.register(_Reading(app))
        # Looking a series up by its labels takes longer than counting: each is looked up once.
        self._counters: dict[tuple[str, str, int], Counter] = {}
        self._histograms: dict[str, Histogram] = {}

    def begin(self) -> None:
        """Count a request that has come in."""
        self.open += 1

    def end(self, scope: Scope, status: int, seconds: float, *, whole: bool) -> None:
        """Count a request that has ended, with the status told (0 if none was) and whether its answer was whole."""
        self.open -= 1
        route = getattr(scope.get("route"), "path", "(none)")
        # A stranger chooses the method's name, but not how many series there are.
        method = scope["method"] if scope["method"] in KNOWN_METHODS else "(other)"
        labels = (method, route, status)
        counter = self._counters.get(labels)
        if counter is None:
            counter = self._counters[labels] = self.requests.labels(method, route, str(status))
        counter.inc()
        histogram = self._histograms.get(route)
        if histogram is None:
            histogram = self._histograms[route] = self.seconds.labels(route)
        histogram.observe(seconds)
        if status and not whole:
            self.cut.inc()


class _Reading(Collector):
    """Reads the pool and the generation at the moment of asking."""

    def __init__(self, app: Starlette) -> None:
        self._state = app.state

    def describe(self) -> Iterable[Metric]:
        """Nothing: what there is to read is known only while the service runs."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The pool's counts, and the generation's age and size."""
        yield from self._generation()
        kept: KeptFiles = self._state.kept_files
        asked = CounterMetricFamily("edugraph_kept_files", "Exports asked for, by outcome.", labels=["outcome"])
        asked.add_metric(["hit"], kept.hits)
        asked.add_metric(["miss"], kept.misses)
        yield asked
        if self._state.pool is not None:
            yield from self._pool(self._state.pool)
        yield from _checks(self._state.checker)

    def _pool(self, pool: Pool) -> Iterable[Metric]:
        yield GaugeMetricFamily("edugraph_queries_running", "Queries that hold a worker.", pool.busy)
        yield GaugeMetricFamily("edugraph_queries_waiting", "Queries that wait for a worker.", pool.queued)
        yield from _ends("edugraph_queries", "Queries", pool.ended, KILLED)
        yield CounterMetricFamily("edugraph_worker_starts", "Workers started.", value=pool.starts)
        yield CounterMetricFamily(
            "edugraph_worker_restarts", "Workers started in another's place.", value=pool.restarts
        )

    def _generation(self) -> Iterable[Metric]:
        generations = self._state.generations
        served = GaugeMetricFamily("edugraph_generation_served", "1 for the generation served.", labels=["id"])
        if generations.current is not None:
            served.add_metric([generations.current.id], 1)
            age = time.monotonic() - generations.since
            yield GaugeMetricFamily("edugraph_generation_age_seconds", "Time since it was taken up.", age)
            size = generations.size
            yield GaugeMetricFamily("edugraph_generation_bytes", "Size of its files.", size)
        yield served
        yield CounterMetricFamily("edugraph_generation_changes", "Generations taken up.", generations.taken)


def _checks(checker: Checker) -> Iterable[Metric]:
    yield GaugeMetricFamily("edugraph_checks_running", "Posted files that are being checked.", checker.running)
    yield GaugeMetricFamily("edugraph_checks_waiting", "Posted files that wait to be checked.", checker.queued)
    yield from _ends("edugraph_checks", "Checks of posted files", checker.ended, CHECKS_KILLED)


def _ends(name: str, what: str, ended: Counts[str], killed: Mapping[str, str]) -> Iterable[Metric]:
    """How many came to an end, by outcome, and those of them that were stopped, by reason."""
    by_outcome = CounterMetricFamily(name, f"{what} ended, by outcome.", labels=["outcome"])
    for outcome, number in ended.items():
        by_outcome.add_metric([outcome], number)
    yield by_outcome
    by_reason = CounterMetricFamily(f"{name}_killed", f"{what} stopped, by reason.", labels=["reason"])
    for outcome, reason in killed.items():
        by_reason.add_metric([reason], ended[outcome])
    yield by_reason
