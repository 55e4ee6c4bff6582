"""What is kept at hand instead of being read or made again, measured for /metrics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.applications import Starlette

from api.indexes import index_if_open, opened
from api.kept_answers import KeptAnswers
from api.kept_files import KeptFiles
from api.representations import open_store

Reading = tuple[str, int, int, int]
"""A cache by its name: hits, misses, and how much it holds."""


class Caches(Collector):
    """Reads the caches at the moment of asking; those of an index begin anew with each generation."""

    def __init__(self, app: Starlette) -> None:
        self._state = app.state

    def describe(self) -> Iterable[Metric]:
        """Nothing: what there is to read is known only while the service runs."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Hits, misses and entries, by cache."""
        hits = CounterMetricFamily("edugraph_cache_hits", "Found at hand, by cache.", labels=["cache"])
        misses = CounterMetricFamily("edugraph_cache_misses", "Had to be read or made, by cache.", labels=["cache"])
        entries = GaugeMetricFamily("edugraph_cache_entries", "Held at hand, by cache.", labels=["cache"])
        for name, found, made, held in self._readings():
            for family, value in ((hits, found), (misses, made), (entries, held)):
                family.add_metric([name], value)
        answers: KeptAnswers = self._state.kept_answers
        size = GaugeMetricFamily("edugraph_kept_answers_bytes", "Memory that kept answers take.", answers.size)
        return hits, misses, entries, size

    def _readings(self) -> Iterator[Reading]:
        files: KeptFiles = self._state.kept_files
        answers: KeptAnswers = self._state.kept_answers
        yield "answers", answers.hits, answers.misses, len(answers)
        yield "exports", files.hits, files.misses, len(files)
        caches = {"open_indexes": opened(), "open_stores": open_store.cache_info()}
        if (index := index_if_open(self._state.generations.current)) is not None:
            caches |= index.caches()
        for name, info in caches.items():
            yield name, info.hits, info.misses, info.currsize
