"""/metrics speaks Prometheus' language and counts what happened."""

from __future__ import annotations

from prometheus_client.parser import text_string_to_metric_families

from tests.service import SMALL, Service, serving


def samples(service: Service) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Every sample, by its name and labels."""
    text = service.get("/metrics").text
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def requests(service: Service, method: str, route: str, status: int) -> float:
    labels = frozenset({("method", method), ("route", route), ("status", str(status))})
    return samples(service).get(("edugraph_http_requests_total", labels), 0)


def test_requests_are_counted_by_route_template(dataset_service: Service) -> None:
    before = requests(dataset_service, "GET", "/health/live", 200)
    for _ in range(3):
        dataset_service.get("/health/live")
    assert requests(dataset_service, "GET", "/health/live", 200) == before + 3


def test_a_stranger_cannot_make_new_series(dataset_service: Service) -> None:
    for number in range(5):
        dataset_service.get(f"/made-up-{number}")
        dataset_service.say(f"PROPFIND /made-up-{number} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n".encode())
    names = {label for name, labels in samples(dataset_service) for label in labels}
    assert not [value for _, value in names if "made-up" in value or value == "PROPFIND"]
    assert requests(dataset_service, "GET", "(none)", 404) >= 5
    assert requests(dataset_service, "(other)", "(none)", 404) >= 5


def test_a_request_runs_its_query_once(dataset_service: Service) -> None:
    def run() -> float:
        return samples(dataset_service)[("edugraph_queries_total", frozenset({("outcome", "whole")}))]

    dataset_service.get("/sparql", params={"query": "ASK { }"})
    before = run()
    for accepted in ("identity", "gzip"):
        dataset_service.get("/sparql", params={"query": "ASK { }"}, headers={"accept-encoding": accepted})
    assert run() == before + 2


def test_generation_and_pool_are_measured() -> None:
    with serving(str(SMALL), query_timeout=1, workers=1) as service:
        values = "VALUES ?v { " + " ".join(str(number) for number in range(300)) + " } "
        query = "SELECT (COUNT(*) AS ?n) { " + " ".join(values.replace("?v", f"?v{i}") for i in range(8)) + "}"
        assert service.get("/sparql", params={"query": query}).status_code == 504
        found = samples(service)
        none: frozenset[tuple[str, str]] = frozenset()
        assert found[("edugraph_generation_bytes", none)] > 1000
        assert 0 <= found[("edugraph_generation_age_seconds", none)] < 60
        assert found[("edugraph_generation_changes_total", none)] == 1
        assert found[("edugraph_queries_killed_total", frozenset({("reason", "time")}))] == 1
        assert found[("edugraph_queries_running", none)] == 0
        assert found[("edugraph_queries_waiting", none)] == 0
        assert found[("edugraph_worker_restarts_total", none)] >= 1


def test_kept_files_are_counted(curated_service: Service) -> None:
    def asked() -> tuple[float, float]:
        found = samples(curated_service)
        hit, miss = (found[("edugraph_kept_files_total", frozenset({("outcome", name)}))] for name in ("hit", "miss"))
        return hit, miss

    path = "/export?format=ntriples&entity=unesco"
    begin = asked()
    curated_service.get(path)
    first = asked()
    assert sum(first) == sum(begin) + 1
    curated_service.get(path)
    assert asked() == (first[0] + 1, first[1])


def test_caches_are_counted(curated_service: Service) -> None:
    def of(cache: str) -> list[float]:
        found, labels = samples(curated_service), frozenset({("cache", cache)})
        names = ("edugraph_cache_hits_total", "edugraph_cache_misses_total", "edugraph_cache_entries")
        return [found.get((name, labels), 0) for name in names]

    path = "/organisations/unesco/links?limit=3&lang=kk"
    curated_service.settled().get(path)
    first = {cache: of(cache) for cache in ("labels", "open_indexes", "answers")}
    curated_service.get(path)
    assert of("answers") == [first["answers"][0] + 1, *first["answers"][1:]]
    curated_service.get(path, headers={"host": "other.example"})  # another answer, of the same things
    assert of("open_indexes")[0] > first["open_indexes"][0]
    assert of("open_indexes")[1:] == first["open_indexes"][1:]
    assert of("labels")[1:] == first["labels"][1:]
    assert min(first["labels"][1:]) > 0
    curated_service.get("/export?format=ntriples&entity=unesco")
    assert of("exports")[2] >= 1


def test_a_data_set_without_an_index_has_metrics_too(dataset_service: Service) -> None:
    assert samples(dataset_service)[("edugraph_cache_entries", frozenset({("cache", "open_indexes")}))] == 0
