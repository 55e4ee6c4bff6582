"""Publishing under faults: killed at any moment, twice at once, on a full or read-only disk; never half of it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from graph.errors import BuildRunning, NothingBuilt, PublishFailed
from graph.publish.build import KEPT, build
from graph.publish.generation import CURRENT, current
from graph.publish.lock import build_lock
from graph.settings import Settings
from tests.command import edugraph, told
from tests.homes import article, make_home
from tests.service import COMMAND, environment

# Runs in a process of its own: checks the sources once, then forks a build for each file operation that a build makes
# in its folder, and kills it just before that operation. Python tells an audit hook of every one of them; those on the
# single files of the store, which no name points to yet or any more, are left out for speed.
KILLED_AT_EACH_STEP = """
import json, os, shutil, signal, sys
from pathlib import Path
import graph.publish.build as publishing
from graph.check.run import check
from graph.settings import Settings

home, base, work = map(Path, sys.argv[1:4])
report = check(Settings(home=home))
assert report.conforms, report.findings
publishing.check = lambda settings, progress: report

def build_until(folder, last):
    step = 0
    def watch(event, arguments):
        nonlocal step
        if event.split(".")[0] in ("os", "open", "sqlite3", "shutil", "tempfile") and any(
            str(folder) in str(argument) for argument in arguments[:2]
        ) and "/store" not in str(arguments) and event != "os.scandir":
            step += 1
            if step == last:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(watch)
    publishing.build(Settings(home=home, build_dir=folder))

last, status = 0, -1
while status != 0:
    last += 1
    folder = work / f"killed-{last:03}"
    shutil.copytree(base, folder, symlinks=True, copy_function=os.link)
    child = os.fork()
    if child == 0:
        code = 1
        try:
            build_until(folder, last)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert status == 0 or os.WIFSIGNALED(status), (last, status)
    killed = json.dumps(sorted(path.name for path in folder.iterdir()))
    print(last, killed, flush=True)
"""


def require_whole(folder: Path) -> str:
    """The id of the current generation, once all its parts are found to belong together."""
    generation = current(folder)
    nquads = generation.nquads.read_bytes()
    assert generation.manifest["id"] == generation.id
    assert sha256(nquads).hexdigest() == generation.manifest["rdfc10_sha256"]
    assert len(set(Store.read_only(str(generation.store)))) == generation.manifest["counts"]["quads"]
    triples = {quad.triple for quad in parse(path=str(generation.turtle), format=RdfFormat.TURTLE)}
    assert len(triples) == generation.manifest["counts"]["triples"]
    connection = sqlite3.connect(f"file:{generation.index}?mode=ro&immutable=1", uri=True)
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM link").fetchone()[0] > 0
    finally:
        connection.close()
    if generation.changes.is_file():
        assert json.loads(generation.changes.read_bytes())["new"]["id"] == generation.id
    return generation.id


def left_overs(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.name.startswith(".")} - {".lock"}


def _steps(tmp_path: Path, home: Path, base: Path) -> list[Path]:
    work = tmp_path / "work"
    work.mkdir()
    command = [sys.executable, "-c", KILLED_AT_EACH_STEP, str(home), str(base), str(work)]
    ended = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 0, ended.stderr
    return sorted(work.iterdir())


def test_killed_before_each_file_operation_leaves_the_old_generation_or_the_new(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", ("first",))
    base, ids = home / "build", []
    for number in range(KEPT):
        (home / "data" / "articles" / "extra.ttl").write_text(article(f"extra-{number}"), "utf-8")
        ids.append(build(Settings(home=home)).id)
    (home / "data" / "articles" / "new.ttl").write_text(article("new"), "utf-8")
    folders = _steps(tmp_path, home, base)
    assert len(folders) > 15, folders
    seen = [require_whole(folder) for folder in folders]
    new = seen[-1]
    assert new not in ids
    assert set(seen) == {ids[-1], new}
    assert seen == sorted(seen, key=lambda identifier: identifier == new), "the new one came, and went again"
    assert any(left_overs(folder) for folder in folders), "nothing was ever left over, so nothing was cleared"
    assert not left_overs(folders[-1])
    for folder in folders[::6]:
        _require_next_build_clears(home, folder, new)


def _require_next_build_clears(home: Path, folder: Path, new: str) -> None:
    assert build(Settings(home=home, build_dir=folder)).id == new
    assert require_whole(folder) == new
    assert not left_overs(folder)
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink() and path.name != "changes":
            assert (path / "manifest.json").is_file(), path


def test_killed_in_the_first_build_leaves_nothing_current_or_all_of_it(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", ("first",))
    base = tmp_path / "empty"
    base.mkdir()
    folders = _steps(tmp_path, home, base)
    states = []
    for folder in folders:
        try:
            states.append(require_whole(folder))
        except NothingBuilt:
            states.append("")
    assert states[0] == ""
    assert states[-1] != ""
    assert set(states) == {"", states[-1]}


@pytest.mark.parametrize("part", [0.4, 0.8, 0.95])
def test_a_killed_command_leaves_what_was_there(tmp_path: Path, part: float) -> None:
    home = make_home(tmp_path / "home", ("first",))
    began = time.monotonic()
    assert edugraph("build", home=home).returncode == 0
    took = time.monotonic() - began
    old = require_whole(home / "build")
    (home / "data" / "articles" / "new.ttl").write_text(article("new"), "utf-8")
    process = subprocess.Popen(
        [*COMMAND, "build"], env=environment(home=home), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(took * part)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=20)
    after = require_whole(home / "build")
    assert edugraph("build", home=home).returncode == 0
    new = require_whole(home / "build")
    assert new != old
    assert after in (old, new)
    assert not left_overs(home / "build")


def test_a_second_build_says_that_one_is_running(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", ("first",))
    slow = (
        "import sys\nfrom graph.publish.build import build\nfrom graph.settings import Settings\n"
        "def wait(step):\n    print(step, flush=True)\n    step == 'shapes' and sys.stdin.read()\n"
        "print(build(Settings.from_env(), wait).id)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", slow],
        env=environment(home=home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        assert first.stdout is not None
        while first.stdout.readline() != "shapes\n":
            assert first.poll() is None
        said = told(edugraph("build", home=home))
        assert "another build is running" in said
        assert not (home / "build" / CURRENT).exists()
        out, _ = first.communicate(timeout=30)
    assert first.returncode == 0
    assert require_whole(home / "build") == out.split()[-1]
    assert edugraph("build", home=home).returncode == 0


def test_the_lock_is_free_again_after_its_holder(tmp_path: Path) -> None:
    with build_lock(tmp_path), pytest.raises(BuildRunning), build_lock(tmp_path):
        pytest.fail("two held it")
    with build_lock(tmp_path):
        pass


# ---------------------------------------------------------------- disks

PRIVATE = ["unshare", "--user", "--map-root-user", "--mount"]


def _can_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*PRIVATE, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0


needs_mount = pytest.mark.skipif(not _can_mount(), reason="this system lets nobody mount in a name space of their own")


def _mounted(script: str, home: Path, folder: Path) -> subprocess.CompletedProcess[bytes]:
    """Run ``script`` and then a build into ``folder``, where only they see what the script mounts."""
    line = f'set -e; {script}; set +e; "$@"; status=$?; ls -A "$FOLDER"; exit $status'
    env = environment(home=home, build_dir=folder) | {"FOLDER": str(folder)}
    command = [*PRIVATE, "sh", "-c", line, "sh", *COMMAND, "build"]
    return subprocess.run(command, env=env, capture_output=True, timeout=60, check=False)


@needs_mount
@pytest.mark.parametrize("size", ["100k", "600k", "1200k"])
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, size: str) -> None:
    home, folder = make_home(tmp_path / "home"), tmp_path / "small"
    folder.mkdir()
    ended = _mounted(f'mount -t tmpfs -o size={size} none "$FOLDER"', home, folder)
    said = told(ended)
    assert f"could not be written to {folder}: No space left on device" in said
    assert "the one before it is still current" in said
    assert ended.stdout.decode().split() == [".lock"]


@needs_mount
def test_a_read_only_disk_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    folder = home / "build"
    old = build(Settings(home=home)).id
    (home / "data" / "articles" / "new.ttl").write_text(article("new"), "utf-8")
    ended = _mounted('mount --bind "$FOLDER" "$FOLDER"; mount -o remount,ro,bind "$FOLDER"', home, folder)
    assert f"{folder} cannot be written: Read-only file system; nothing was changed" in told(ended)
    assert require_whole(folder) == old


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        assert f"{folder} cannot be written: " in told(edugraph("build", home=home, build_dir=folder))


def test_a_file_size_limit_is_told_and_leaves_the_old_generation(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home")
    old = build(Settings(home=home)).id
    (home / "data" / "articles" / "new.ttl").write_text(article("new"), "utf-8")
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)); "
    ended = subprocess.run(
        [*COMMAND[:-1], limit + COMMAND[-1], "build"], env=environment(home=home), capture_output=True, timeout=60
    )
    assert "could not be written" in told(ended)
    assert require_whole(home / "build") == old
    assert not left_overs(home / "build")


def test_a_disk_full_under_the_index_is_told_and_leaves_the_old_generation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = make_home(tmp_path / "home")
    old = build(Settings(home=home)).id
    (home / "data" / "articles" / "new.ttl").write_text(article("new"), "utf-8")
    connect = sqlite3.connect

    def connect_to_a_small_disk(path: str) -> sqlite3.Connection:
        connection = connect(path)
        connection.execute("PRAGMA max_page_count = 20")
        return connection

    monkeypatch.setattr("graph.index.projection.sqlite3.connect", connect_to_a_small_disk)
    with pytest.raises(PublishFailed, match="database or disk is full; the one before it is still current"):
        build(Settings(home=home))
    monkeypatch.undo()
    assert require_whole(home / "build") == old
    assert not left_overs(home / "build")


def test_nothing_built_is_told(tmp_path: Path) -> None:
    assert "run 'edugraph build'" in told(edugraph("export", build_dir=tmp_path / "none"))
    (tmp_path / CURRENT).symlink_to("0123456789abcdef")
    for command in (["export"], ["links", "UNESCO"], ["query", "ASK {}"]):
        assert "run 'edugraph build'" in told(edugraph(*command, build_dir=tmp_path))


def test_an_index_of_another_format_is_told(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", ("first",))
    index = build(Settings(home=home)).index
    connection = sqlite3.connect(index)
    connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.close()
    assert "has format 99" in told(edugraph("links", "LI", home=home))


def test_the_manifest_names_the_commit_of_the_sources(tmp_path: Path) -> None:
    home = make_home(tmp_path / "home", ("first",))
    assert build(Settings(home=home)).manifest["source_commit"] is None
    git = ["git", "-C", str(home), "-c", "user.name=t", "-c", "user.email=t@t.invalid"]
    (home / ".gitignore").write_text("/build/\n")
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "all"]):
        subprocess.run([*git, *words], check=True, capture_output=True, env=_without_git())
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True, env=_without_git())
    assert build(Settings(home=home)).manifest["source_commit"] == head.stdout.strip()
    (home / "data" / "articles" / "new.ttl").write_text(article("new"), "utf-8")
    made = build(Settings(home=home))
    assert made.manifest["source_commit"] == head.stdout.strip() + "+changes"
    assert json.loads((made.path / "manifest.json").read_text("utf-8"))["id"] == made.id


def _without_git() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
