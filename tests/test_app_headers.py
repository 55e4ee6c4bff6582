"""What every answer carries: CORS, security headers, compression, and HEAD and OPTIONS beside GET."""

from __future__ import annotations

import contextlib
import gzip
import re
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from starlette.responses import StreamingResponse

from api.app import create_app
from api.connection import guarded_protocol
from graph.errors import QueryTimeout
from graph.settings import Settings
from tests.service import Service

ASSET = "/docs/assets/swagger-ui.css"
PATHS = (
    "/health/live",
    "/health/ready",
    "/metrics",
    "/docs",
    "/openapi.json",
    ASSET,
    "/nothing",
    "/sparql?query=ASK%7B%7D",
)


@pytest.mark.parametrize("path", PATHS)
def test_security_headers(dataset_service: Service, path: str) -> None:
    headers = dataset_service.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "server" not in headers


def test_the_door_leads_to_the_description_of_the_api(dataset_service: Service) -> None:
    answer = dataset_service.get("/", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "docs")


@pytest.mark.parametrize("path", PATHS)
def test_any_page_may_read_any_answer_but_without_credentials(dataset_service: Service, path: str) -> None:
    headers = dataset_service.get(path, headers={"origin": "https://example.org"}).headers
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "QUERY"])
def test_preflight(dataset_service: Service, method: str) -> None:
    asked = {
        "origin": "https://example.org",
        "access-control-request-method": method,
        "access-control-request-headers": "authorization, content-type",
    }
    with dataset_service.client() as client:
        answer = client.options("/sparql", headers=asked)
    assert answer.status_code == 200
    assert method in answer.headers["access-control-allow-methods"]
    assert answer.headers["access-control-allow-headers"] == "authorization, content-type"
    assert answer.headers.get_list("access-control-allow-origin") == ["*"]


@pytest.mark.parametrize("path", PATHS)
def test_head_has_the_status_and_headers_of_get_and_no_body(dataset_service: Service, path: str) -> None:
    get = dataset_service.get(path)
    with dataset_service.client() as client:
        head = client.head(path)
        assert client.get("/health/live").status_code == 200, "the connection holds a stray body"
    assert head.status_code == get.status_code
    assert head.content == b""
    assert head.headers["content-type"] == get.headers["content-type"]


@pytest.mark.parametrize(
    ("accepted", "used"),
    [
        *(("gzip", "gzip"), ("br", "br"), ("zstd", "zstd"), ("gzip;q=0", None), ("", None)),
        *(("br;q=0.1, gzip;q=0.9", "gzip"), ("gzip;q=0.5", "gzip"), ("*;q=0.2, br;q=0.8", "br")),
        *(("identity, gzip;q=0.5", None), ("gzip;q=x", None), ("identity;q=0.1, *;q=0", None)),
    ],
)
def test_an_answer_is_compressed_as_the_client_accepts(
    dataset_service: Service, accepted: str, used: str | None
) -> None:
    with (
        dataset_service.client() as client,
        client.stream("GET", ASSET, headers={"accept-encoding": accepted}) as answer,
    ):
        raw = b"".join(answer.iter_raw())
        assert answer.headers.get("content-encoding") == used
        assert "accept-encoding" in answer.headers["vary"].lower()
    plain = dataset_service.get(ASSET, headers={"accept-encoding": "identity"}).content
    assert (len(raw) < len(plain) / 2) is (used is not None)
    if used == "gzip":
        assert gzip.decompress(raw) == plain


@contextlib.contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """The address of an app under uvicorn in a thread, for a route that only this test needs."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, http=guarded_protocol(Settings()), ws="none", log_config=None)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


@pytest.mark.parametrize("encoding", ["identity", "gzip", "br", "zstd"])
def test_an_answer_that_breaks_off_is_seen_to_be_broken(tmp_path: Path, encoding: str) -> None:
    app = create_app(Settings(build_dir=tmp_path))

    async def half() -> AsyncIterator[bytes]:
        for number in range(5000):
            yield f"row {number}\n".encode()
        raise QueryTimeout("stopped")

    @app.get("/half")
    async def answer() -> StreamingResponse:
        return StreamingResponse(half(), media_type="text/csv")

    with running(app) as url, pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        httpx.get(url + "/half", headers={"accept-encoding": encoding}, trust_env=False)


def test_the_docs_load_nothing_from_elsewhere(dataset_service: Service) -> None:
    page = dataset_service.get("/docs")
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(addresses) >= 4
    for address in addresses:
        assert not re.match(r"(?:[a-z]+:)?//", address)
        assert dataset_service.get("/" + address).status_code == 200
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert "<script>" not in page.text


VARIED = {
    "/sparql?query=ASK%7B%7D": {"accept"},
    "/sparql": {"accept"},
    "/store?default": {"accept"},
    "/organisations?limit=1": {"accept", "accept-language"},
    "/organisations?format=csv": {"accept", "accept-language"},
    "/organisations/unesco": {"accept", "accept-language"},
    "/organisations/unesco/links": {"accept", "accept-language"},
    "/claims?limit=1": {"accept", "accept-language"},
    "/network?actor=unesco": {"accept", "accept-language"},
    "/timeline?format=icalendar": {"accept", "accept-language"},
    "/search?q=unesco": {"accept", "accept-language"},
    "/reconcile": {"accept-language"},
    "/reconcile/suggest/entity?prefix=un": {"accept-language"},
    "/reconcile/preview?id=organisation/unesco": {"accept-language"},
    "/export?format=turtle": {"accept"},
    "/ontology": {"accept", "accept-language"},
    "/catalogue": {"accept", "accept-language"},
}


def varies(answer: httpx.Response) -> set[str]:
    fields = [field.strip().lower() for field in answer.headers["vary"].split(",")]
    assert len(fields) == len(set(fields)), fields
    return set(fields)


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
@pytest.mark.parametrize("path", VARIED)
def test_a_304_varies_by_what_the_answer_varies_by(curated_service: Service, path: str, encoding: str) -> None:
    asked = {"accept-encoding": encoding}
    whole = curated_service.get(path, headers=asked)
    held = curated_service.get(path, headers=asked | {"if-none-match": whole.headers["etag"]})
    assert (whole.status_code, held.status_code) == (200, 304), whole.text
    assert varies(whole) == varies(held) == VARIED[path] | {"accept-encoding", "origin"}


# Links and search have one form of data: whoever prefers no page gets it.
@pytest.mark.parametrize(
    "path",
    [path for path, fields in VARIED.items() if "accept" in fields and "links" not in path and "search" not in path],
)
def test_a_406_varies_by_accept(curated_service: Service, path: str) -> None:
    bare = re.sub(r"[?&]format=\w+", "", path)
    refused = curated_service.get(bare, headers={"accept": "image/png"})
    assert refused.status_code == 406, refused.text
    assert "accept" in varies(refused)
