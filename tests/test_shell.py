"""What a shell or a container may start, and leave, the command with: closed streams, low limits, no terminal."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.service import COMMAND, SMALL, environment, serving

TEXT = "The forum was held in May. The circle took part."


@pytest.mark.parametrize("before", ["os.close(0)", "os.close(2)", "os.close(0); os.close(2)"])
def test_a_service_does_without_standard_streams(before: str) -> None:
    """No file or socket of the service gets the number of a stream, to which any library may write."""
    with serving(str(SMALL), before=f"import os; {before}; ") as service:
        assert service.get("/sparql", params={"query": "ASK {}"}).status_code == 200
        for number in (0, 2):
            if f"({number})" in before:
                assert os.readlink(f"/proc/{service.process.pid}/fd/{number}") == os.devnull
        assert service.stop() == 0


@pytest.mark.parametrize("shell", ["exec >&-", "exec >/dev/full", "exec > >(true); sleep 0.2"])
def test_a_service_does_without_a_reader_of_its_first_line(shell: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = ["bash", "-c", f'{shell}; exec "$@" 2>"$0"', str(log), *COMMAND, "serve", "--port", "0", str(SMALL)]
    with subprocess.Popen(command, env=environment()) as process:
        try:
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(4)
            assert "is served" in log.read_text("utf-8")
        finally:
            process.terminate()
        assert process.wait(15) == 0
    assert "Traceback" not in log.read_text("utf-8")


@pytest.mark.parametrize(
    "command", [["check"], ["build"], ["draft", "TEXT", "2020-a"], ["locate", "TEXT", "forum"], ["query", "ASK {}"]]
)
@pytest.mark.parametrize(("shell", "why"), [(">&-", "Bad file descriptor"), (">/dev/full", "No space left on device")])
def test_an_output_that_cannot_be_written_is_told(
    built: Path, tmp_path: Path, command: list[str], shell: str, why: str
) -> None:
    text = tmp_path / "text.txt"
    text.write_text(TEXT, "utf-8")
    words = [str(text) if word == "TEXT" else word for word in command]
    folder = tmp_path / "build" if command == ["build"] else built
    ended = subprocess.run(
        ["bash", "-c", f'exec "$0" "$@" {shell}', *COMMAND, *words],
        env=environment(build_dir=folder),
        stderr=subprocess.PIPE,
        timeout=120,
        check=False,
    )
    assert ended.stderr.decode() == f"edugraph: standard output cannot be written: {why}\n"
    assert ended.returncode == 2


@pytest.mark.parametrize("kind", ["RLIMIT_AS, (900 * 1024**2,) * 2", "RLIMIT_CPU, (600, 600)"])
def test_a_lower_limit_of_the_system_holds_for_queries_too(kind: str) -> None:
    """No process may raise it: a query has what is left."""
    with serving(str(SMALL), before=f"import resource; resource.setrlimit(resource.{kind}); ") as service:
        assert service.get("/sparql", params={"query": "ASK {}"}).status_code == 200


def test_a_write_under_a_lower_limit_of_the_system() -> None:
    before = "import resource; resource.setrlimit(resource.RLIMIT_AS, (1200 * 1024**2,) * 2); "
    with serving(str(SMALL), before=before, write_token="a-token-for-tests") as service, service.client() as client:
        written = client.put(
            "/store?graph=urn:g",
            content="<urn:a> <urn:b> <urn:c> .",
            headers={"content-type": "text/turtle", "authorization": "Bearer a-token-for-tests"},
        )
    assert written.status_code == 201


@pytest.mark.parametrize(("before", "status"), [("", 0), ("signal.signal(signal.SIGHUP, signal.SIG_IGN); ", None)])
def test_a_terminal_that_goes_is_left_in_order_unless_the_signal_is_ignored(
    before: str, status: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with (
        serving(str(SMALL), before=f"import signal; {before}", drain_timeout=5) as service,
        service.connect() as asking,
    ):
        head = (
            b"POST /sparql HTTP/1.1\r\nhost: a\r\ncontent-type: application/sparql-query\r\ncontent-length: 6\r\n\r\n"
        )
        asking.sendall(head + b"AS")
        time.sleep(0.2)
        service.process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        asking.sendall(b"K {}")
        assert asking.recv(65536).startswith(b"HTTP/1.1 200")
        if status is None:
            assert service.get("/health/live").status_code == 200
        else:
            assert service.process.wait(15) == status
            assert not list(tmp_path.glob("edugraph-*"))
