"""POST /validate: what the command would find in one file, by a process that can be killed, and nothing stored."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pyoxigraph import RdfFormat, Store
from rdflib import RDF, SH, Graph

from graph.check.posted import LEFT_OUT, MOST_BLANK_NODES, UNASKED, Rules, check_posted
from graph.publish.generation import Generation, current
from tests.findings import HOME, Variant, check_ids, load_variant, make_home
from tests.service import COMMAND, Service, environment, serving

ARTICLE = HOME / "data/articles/2031-tide-seminar.ttl"
TURTLE, TRIG = {"content-type": "text/turtle"}, {"content-type": "application/trig"}
BROKEN = "<urn:a> <urn:b> 1 .\n<urn:a> <urn:b>  .\n"


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the made-up home and, in ``built``, its generation."""
    folder = tmp_path_factory.mktemp("validate")
    home = make_home(folder / "home")
    settings = environment(home=home, build_dir=folder / "built")
    subprocess.run([*COMMAND, "build"], env=settings, capture_output=True, timeout=120, check=True)
    return folder


@pytest.fixture(scope="module")
def service(made_up: Path) -> Iterator[Service]:
    """The service on the made-up home, with time enough for a machine that has much else to do."""
    with serving(home=made_up / "home", build_dir=made_up / "built", validate_timeout=170) as running:
        yield running


def post(
    service: Service, body: str | bytes, headers: dict[str, str] | None = None, query: str = "", client: int = 1
) -> httpx.Response:
    """``client`` tells senders apart: each has an address of its own."""
    sender = httpx.HTTPTransport(local_address=f"127.0.0.{client}")
    with httpx.Client(base_url=service.url, transport=sender, timeout=60) as http:
        return http.post("/validate" + query, content=body, headers=TURTLE if headers is None else headers)


def single_file(variant: Variant) -> bool:
    """Whether the variant changes one file of Turtle and nothing else, so that posting this file shows all of it."""
    files = {change["file"] for change in variant.changes} | {variant.file}
    renamed = any("rename" in change for change in variant.changes)
    return len(files) == 1 and variant.file.startswith("data/") and variant.file.endswith(".ttl") and not renamed


POSTABLE = [
    check_id
    for check_id in check_ids()
    if check_id not in (*LEFT_OUT, *UNASKED) and single_file(load_variant(check_id, "bad"))
]


def changed(made_up: Path, tmp_path: Path, variant: Variant) -> tuple[bytes, int | None]:
    """The file with the variant's change, and the line where something is to be found."""
    home = shutil.copytree(made_up / "home", tmp_path / "home")
    variant.apply(home)
    return (home / variant.file).read_bytes(), variant.line(home)


@pytest.fixture(scope="module")
def generation(made_up: Path) -> Generation:
    return current(made_up / "built")


@pytest.fixture(scope="module")
def rules(generation: Generation) -> Rules:
    return Rules.published(generation.shapes.read_bytes(), generation.checks.read_bytes())


@pytest.mark.parametrize("check_id", POSTABLE)
def test_what_the_command_finds_in_a_file_is_found_in_it_alone(
    check_id: str, made_up: Path, tmp_path: Path, rules: Rules, generation: Generation
) -> None:
    bad = load_variant(check_id, "bad")
    data, line = changed(made_up, tmp_path, bad)
    findings = check_posted(data, RdfFormat.TURTLE, rules, Store.read_only(str(generation.store)))
    assert {finding.check for finding in findings} == {check_id}, bad.why
    assert line in [finding.line for finding in findings]


@pytest.mark.parametrize("check_id", ["claim-evidence", "label-english", "part-of-itself", "term-unknown"])
def test_a_defect_is_told_over_http(check_id: str, service: Service, made_up: Path, tmp_path: Path) -> None:
    data, line = changed(made_up, tmp_path, load_variant(check_id, "bad"))
    answer = post(service, data)
    assert answer.status_code == 200, answer.text
    assert answer.json()["conforms"] is False
    assert {finding["check"] for finding in answer.json()["findings"]} == {check_id}
    assert line in [finding["line"] for finding in answer.json()["findings"]]
    for finding in answer.json()["findings"]:
        assert set(finding["message"]) == set(finding["remedy"]) == {"en", "ru", "lv"}


@pytest.mark.parametrize("path", sorted((HOME / "data").rglob("*.ttl")), ids=lambda path: path.stem)
def test_a_file_of_the_sources_conforms(service: Service, path: Path) -> None:
    answer = post(service, path.read_bytes(), {"content-type": "text/turtle; version=1.2; charset=UTF-8"})
    assert (answer.status_code, answer.json()) == (200, {"conforms": True, "findings": []})


def test_a_syntax_error_is_a_finding_with_its_place(service: Service) -> None:
    answer = post(service, BROKEN)
    assert answer.status_code == 200
    assert answer.json()["conforms"] is False
    (found,) = answer.json()["findings"]
    assert (found["check"], found["file"], found["line"]) == ("syntax", "posted.ttl", 2)
    assert found["column"] > 1


def test_what_is_not_utf8_is_a_finding(service: Service) -> None:
    assert [found["check"] for found in post(service, b"<urn:a> <urn:b> '\xff' .").json()["findings"]] == ["syntax"]


@pytest.mark.parametrize(
    "data", [b"", b" \n", b"# to be written\n", b"@prefix org: <https://w3id.org/edugraph/organisation/> ."]
)
@pytest.mark.parametrize("form", [TURTLE, TRIG])
def test_where_there_was_nothing_to_check_it_is_said(service: Service, data: bytes, form: dict[str, str]) -> None:
    answer = post(service, data, form)
    assert answer.status_code == 200
    told = answer.json()
    assert told["conforms"] is False
    (finding,) = told["findings"]
    assert finding["check"] == "file-empty"
    assert finding["message"]["en"] == "the file holds no statement: there is nothing to check"
    assert set(finding["message"]) == {"en", "ru", "lv"}


def test_trig_is_checked_graph_by_graph(service: Service) -> None:
    found = post(service, "<urn:g> {\n<urn:a> <urn:b> 1 }", TRIG).json()["findings"]
    assert {(each["check"], each["file"], each["line"]) for each in found} == {("term-unknown", "posted.trig", 2)}
    assert post(service, "<urn:g> { <urn:a> }", TRIG).json()["findings"][0]["check"] == "syntax"


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")  # in rdflib's own reader
@pytest.mark.parametrize("form", ["turtle", "jsonld"])
def test_the_report_as_rdf(service: Service, form: str) -> None:
    answer = post(service, BROKEN, query=f"?format={form}")
    media_type = answer.headers["content-type"].partition(";")[0]
    report = Graph().parse(data=answer.text, format=media_type)
    (root,) = report.subjects(RDF.type, SH.ValidationReport)
    assert report.value(root, SH.conforms).toPython() is False  # type: ignore[union-attr]
    (result,) = report.objects(root, SH.result)
    assert {text.language for text in report.objects(result, SH.resultMessage)} == {"en", "ru", "lv"}  # type: ignore[attr-defined]


def test_the_form_and_language_are_negotiated(service: Service) -> None:
    wanted = TURTLE | {"accept": "text/plain", "accept-language": "lv"}
    assert post(service, BROKEN, wanted).text.endswith("atradumi: 1\n")
    assert post(service, BROKEN, wanted, "?lang=ru").text.endswith("замечаний: 1\n")
    assert post(service, BROKEN, TURTLE | {"accept": "text/turtle"}).headers["content-type"].startswith("text/turtle")
    assert post(service, BROKEN, TURTLE | {"accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    ("media_type", "status"),
    [("text/csv", 415), ("", 415), ("text/turtle; charset=latin-1", 415), ("text/turtle; profile=x", 415)],
)
def test_another_kind_of_body_is_refused(service: Service, media_type: str, status: int) -> None:
    answer = post(service, BROKEN, {"content-type": media_type} if media_type else {})
    assert answer.status_code == status
    assert "application/trig" in answer.headers["accept"]


@pytest.mark.parametrize("query", ["?lang=kk", "?format=csv", "?texts=1"])
def test_an_unknown_parameter_is_refused(service: Service, query: str) -> None:
    assert post(service, BROKEN, query=query).status_code == 400


def test_a_body_beyond_the_limit_is_refused(service: Service) -> None:
    assert post(service, "#" * (1024**2 + 1)).status_code == 413


@pytest.mark.parametrize(
    ("begin", "middle", "end"),
    [("[ <urn:b> ", "1", "]"), ("(", "", ")"), ("<< ", "<urn:a> <urn:b> 1", " >> <urn:b> 1")],
)
def test_deep_nesting_is_told_by_its_first_blank_nodes(service: Service, begin: str, middle: str, end: str) -> None:
    subject = "" if begin == "<< " else "<urn:a> <urn:b> "
    found = post(service, f"{subject}{begin * 20_000}{middle}{end * 20_000} .").json()["findings"]
    assert {each["check"] for each in found} == {"blank-node"}
    assert MOST_BLANK_NODES <= len(found) <= 2 * MOST_BLANK_NODES


def test_what_is_too_deep_for_the_parser_is_refused_and_ends_no_one_else(service: Service) -> None:
    answer = post(service, f"<urn:a> <urn:b> {'<<( <urn:a> <urn:b> ' * 20_000}1{' )>>' * 20_000} .")
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "nested-too-deeply")
    assert post(service, ARTICLE.read_bytes()).json()["conforms"] is True


def test_a_long_line_is_read(service: Service) -> None:
    found = post(service, f"<urn:a> <urn:b> '{'long ' * 20_000}' .").json()["findings"]
    assert {(each["check"], each["line"]) for each in found} == {("term-unknown", 1)}


def test_nothing_is_stored(service: Service, made_up: Path) -> None:
    before = sorted((path, path.stat().st_mtime_ns) for path in made_up.rglob("*") if path.is_file())
    post(service, ARTICLE.read_bytes())
    post(service, BROKEN)
    assert sorted((path, path.stat().st_mtime_ns) for path in made_up.rglob("*") if path.is_file()) == before
    asked = service.get("/sparql", params={"query": "ASK { <urn:a> ?p ?o }", "format": "json"})
    assert asked.json()["boolean"] is False


def test_a_check_is_stopped_at_its_time(made_up: Path) -> None:
    with serving(home=made_up / "home", build_dir=made_up / "built", validate_timeout=0.05) as service:
        answer = post(service, ARTICLE.read_bytes())
        assert answer.status_code == 504
        assert answer.json()["type"].endswith("/check-timeout")
        assert not any(b"graph.isolation.checking" in command(child) for child in service.children())
        assert _checks(service)["/time"] == 1


def test_a_check_is_stopped_at_its_memory(made_up: Path) -> None:
    with serving(home=made_up / "home", build_dir=made_up / "built", query_memory=8 * 1024**2) as service:
        answer = post(service, "\n".join(f"<urn:a{number}> <urn:b> {number} ." for number in range(30_000)))
        assert answer.status_code == 503
        assert answer.json()["type"].endswith("/check-too-large")


def command(child: int) -> bytes:
    """The command line of a process; empty if it has ended."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{child}/cmdline").read_bytes()
    return b""


def busy(service: Service) -> int:
    """The process that checks, once there is one: stopped, so that it stays."""
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        for child in service.children():
            # By its command line: stopped before that is its own, it would hold the service itself.
            if b"graph.isolation.checking" in command(child):
                os.kill(child, signal.SIGSTOP)
                return child
        time.sleep(0.005)
    raise AssertionError("no check began")


def alive(child: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, 0)
        return True
    return False


def test_a_hang_up_ends_the_check(service: Service) -> None:
    data = ARTICLE.read_bytes()
    with ThreadPoolExecutor(1) as thread, service.connect() as client:
        found = thread.submit(busy, service)
        time.sleep(0.1)
        head = f"POST /validate HTTP/1.1\r\nHost: h\r\nContent-Type: text/turtle\r\nContent-Length: {len(data)}\r\n\r\n"
        client.sendall(head.encode() + data)
        child = found.result()
        assert alive(child)
        client.close()
    give_up = time.monotonic() + 60
    while alive(child) and time.monotonic() < give_up:
        time.sleep(0.02)
    assert not alive(child)
    assert post(service, "").status_code == 200


def test_beyond_the_queue_comes_busy_and_sparql_answers_meanwhile(service: Service) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = threads.submit(busy, service)
        time.sleep(0.1)
        first = threads.submit(post, service, "")
        child = found.result()
        others = [threads.submit(post, service, "", client=client) for client in (1, 1, 2, 2)]
        give_up = time.monotonic() + 60
        refused = post(service, "", client=3) if _all_wait(service, give_up) else None
        asked = service.get("/sparql", params={"query": "ASK { ?s ?p ?o }", "format": "json"})
        assert asked.json()["boolean"] is True
        assert service.get("/health/ready").status_code == 200
        os.kill(child, signal.SIGCONT)
        assert [each.result().status_code for each in (first, *others)] == [200] * 5
    assert refused is not None
    assert refused.status_code == 503
    assert refused.json()["type"].endswith("/check-busy")
    assert int(refused.headers["retry-after"]) > 0


def test_one_client_leaves_room_in_the_queue_and_its_turn_to_another(service: Service) -> None:
    ended: list[str] = []

    def sent(client: int, name: str) -> int:
        status = post(service, "", client=client).status_code
        ended.append(name)
        return status

    with ThreadPoolExecutor(8) as threads:
        found = threads.submit(busy, service)
        time.sleep(0.1)
        begun = [threads.submit(sent, 1, "running")]
        child = found.result()
        for client, name in ((1, "second"), (1, "third"), (2, "another's")):
            begun.append(threads.submit(sent, client, name))
            time.sleep(0.5)
        before = _checks(service)
        assert (before["edugraph_checks_running"], before["edugraph_checks_waiting"]) == (1, 3)
        assert post(service, "", client=1).status_code == 503
        os.kill(child, signal.SIGCONT)
        assert [each.result() for each in begun] == [200] * 4
    assert ended.index("another's") < ended.index("third")
    after = _checks(service)
    assert after["edugraph_checks_waiting"] == 0
    assert after["CheckBusy"] == before["CheckBusy"] + 1
    assert after["done"] == before["done"] + 4
    assert after["edugraph_check_seconds_count"] == before["edugraph_check_seconds_count"] + 4


def _checks(service: Service) -> dict[str, float]:
    """What /metrics says of checks; those that ended by outcome, those stopped with a slash and the reason."""
    told: dict[str, float] = defaultdict(float)
    for family in text_string_to_metric_families(service.get("/metrics").text):
        for sample in family.samples:
            if sample.name.startswith("edugraph_check"):
                reason = "/" + sample.labels["reason"] if "reason" in sample.labels else None
                told[sample.labels.get("outcome") or reason or sample.name] = sample.value
    return told


def _all_wait(service: Service, give_up: float) -> bool:
    """Whether the five requests are in: their bodies are so small that half a second is ample."""
    time.sleep(0.5)
    return time.monotonic() < give_up


def test_a_check_that_dies_is_said_and_the_next_one_runs(service: Service) -> None:
    for later in (0.0, 0.0, 0.001, 0.001, 0.01, 0.1):  # before it has its file, and after
        with ThreadPoolExecutor(2) as threads:
            found = threads.submit(busy, service)
            time.sleep(0.1)
            answer = threads.submit(post, service, "")
            child = found.result()
            time.sleep(later)
            os.kill(child, signal.SIGKILL)
            assert answer.result().status_code == 503
            assert answer.result().json()["type"].endswith("/check-lost")
    assert post(service, "").status_code == 200
