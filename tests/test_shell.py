"""What a shell or a container may start the command with: streams that are closed, limits that are low."""

from __future__ import annotations

import os
import subprocess
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
