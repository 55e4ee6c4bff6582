"""A data set that is not ours: files loaded into private generations, which may be written to."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from graph.children import kill
from graph.errors import (
    GraphExists,
    InputError,
    PublishFailed,
    SourceSyntaxError,
    UnknownGraph,
    WorkerLost,
    WriteTimeout,
)
from graph.publish.generation import CURRENT, Generation
from graph.publish.writing import ZIPPED, Job, Load

MEDIA_TYPES = {
    ".nq": "application/n-quads",
    ".nt": "application/n-triples",
    ".trig": "application/trig",
    ".ttl": "text/turtle",
}

# Queries under way may still read some of those before; their files are links, so that keeping them costs little.
GENERATIONS_KEPT = 8


@dataclass(frozen=True, kw_only=True)
class Change:
    """One write: graphs to clear (None is the default graph), that must or must not be there, to create, to load."""

    clear: Sequence[str | None] = ()
    required: Sequence[str] = ()
    absent: Sequence[str] = ()
    create: Sequence[str] = ()
    loads: Sequence[Load] = ()


@dataclass
class Dataset:
    """The private generations in ``folder``; each write makes a new one, one write at a time."""

    folder: Path
    memory: int
    """Bytes of memory that a write may take."""
    timeout: float
    """Seconds that a write may take."""
    quads_in_memory: int = 0
    """Quads up to which a generation is made so that it can be held in memory."""
    writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def load(self, files: Sequence[Path]) -> Generation:
        """Load files, told apart by their endings. Raises InputError, SourceSyntaxError, PublishFailed."""
        loads = [_file(path) for path in files]
        target = self._target()
        job = self._job(Change(loads=loads), None, target, memory=0)
        with _clean_on_error(target):
            process = subprocess.run(  # noqa: S603 - our own module, and the job goes in by a pipe
                _command(), input=json.dumps(job), env=_environment(), capture_output=True, text=True, check=False
            )
            outcome = _outcome(process.returncode, process.stdout)
            return self._publish(target, outcome, None)

    async def write(self, change: Change, base: Generation) -> list[str]:
        """Apply a change to a copy of ``base`` and publish it; the named graphs that were there before.

        Raises SourceSyntaxError, InputError, UnknownGraph, GraphExists, WriteTimeout, PublishFailed; then nothing has
        changed.
        The caller holds ``writing`` from taking ``base`` until the new generation is served.
        """
        target = self._target()
        job = self._job(change, base, target, memory=self.memory)
        with _clean_on_error(target):
            outcome = await self._run(job)
            self._publish(target, outcome, base)
        self._prune()
        existed: list[str] = outcome["existed"]
        return existed

    async def _run(self, job: Job) -> dict[str, Any]:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            *_command(), stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, env=_environment()
        )
        answer = b""
        try:
            async with asyncio.timeout(self.timeout):
                # uvloop tells by a RuntimeError that the child has ended before it was told what to do.
                with contextlib.suppress(RuntimeError):
                    answer, _ = await process.communicate(json.dumps(job).encode())
        except TimeoutError:
            raise WriteTimeout(f"the write was stopped after {self.timeout:g} s; send less at once") from None
        finally:
            kill(process)
            await process.wait()
        return _outcome(process.returncode or 0, answer.decode())

    def _job(self, change: Change, base: Generation | None, target: Generation, *, memory: int) -> Job:
        return Job(
            source=str(base.store) if base is not None else None,
            target=str(target.store),
            clear=list(change.clear),
            required=list(change.required),
            absent=list(change.absent),
            create=list(change.create),
            loads=list(change.loads),
            memory=memory,
            dump=str(target.nquads),
            most_dumped=self.quads_in_memory,
        )

    def _target(self) -> Generation:
        generation_id = secrets.token_hex(8)
        target = Generation(id=generation_id, path=self.folder / generation_id)
        try:
            target.path.mkdir(parents=True)
        except OSError as error:
            raise PublishFailed(f"{self.folder} cannot be written: {error.strerror}") from error
        return target

    def _publish(self, target: Generation, outcome: dict[str, Any], base: Generation | None) -> Generation:
        try:
            manifest = {"id": target.id, "counts": {"quads": outcome["quads"]}, "empty_graphs": outcome["empty_graphs"]}
            (target.path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
            target.date(base)
            link = self.folder / f".{CURRENT}-{target.id}"
            link.symlink_to(target.id)
            os.replace(link, self.folder / CURRENT)
        except OSError as error:
            raise PublishFailed(f"{self.folder} cannot be written: {error.strerror}") from error
        return target

    def _prune(self) -> None:
        folders = [path for path in self.folder.iterdir() if path.is_dir() and not path.is_symlink()]
        folders.sort(key=lambda path: path.stat().st_mtime_ns)
        kept = (self.folder / CURRENT).resolve()
        for folder in folders[:-GENERATIONS_KEPT]:
            if folder != kept:
                shutil.rmtree(folder, ignore_errors=True)
        for folder in folders[-GENERATIONS_KEPT:]:
            if folder != kept:
                # Nobody loads it into memory any more, and unlike the store's files it is no link to an older one.
                Generation(id=folder.name, path=folder).nquads.unlink(missing_ok=True)


def _file(path: Path) -> Load:
    endings = [ending.lower() for ending in path.suffixes if ending.lower() != ZIPPED]
    media_type = MEDIA_TYPES.get(endings[-1]) if endings else None
    if media_type is None:
        known = ", ".join(sorted(MEDIA_TYPES))
        raise InputError(f"{path}: the ending says no format; known are {known}, each also with {ZIPPED} behind it")
    try:
        mode = path.stat().st_mode
    except OSError as error:
        why = "there is no such file" if isinstance(error, FileNotFoundError) else error.strerror
        raise InputError(f"{path}: {why}") from error
    if stat.S_ISDIR(mode):
        raise InputError(f"{path} is a folder; name the files in it")
    if not stat.S_ISREG(mode):
        raise InputError(f"{path} is no file that can be read more than once; write it to one")
    # What the file's relative IRIs follow from: its name, and no folder of this machine.
    base = f"file:///{quote(path.name)}"
    return Load(path=str(path.resolve()), media_type=media_type, graph=None, base=base, most=None)


def _command() -> list[str]:
    return [sys.executable, "-P", "-m", "graph.publish.writing"]


def _environment() -> dict[str, str]:
    # The child finds the code where this process found it, installed or not; it needs nothing else from here.
    # Fewer arenas: each one reserves address space, which the memory limit counts.
    code = os.pathsep.join(path for path in sys.path if path)
    return {"PYTHONPATH": code, "PATH": os.defpath, "MALLOC_ARENA_MAX": "2"}


def _outcome(status: int, answer: str) -> dict[str, Any]:
    if status in (-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS):
        raise InputError("the RDF ended the process that parsed it: it is nested too deeply, or too large")
    if status != 0:
        raise WorkerLost(f"the process that writes ended before its answer (status {status}); try again")
    outcome: dict[str, Any] = json.loads(answer)
    match outcome.get("error"):
        case None:
            return outcome
        case "syntax":
            raise SourceSyntaxError(
                outcome["message"], file=outcome["file"], line=outcome["line"], column=outcome["column"]
            )
        case "unknown":
            raise UnknownGraph(outcome["message"])
        case "exists":
            raise GraphExists(outcome["message"])
        case "disk":
            raise PublishFailed(outcome["message"])
        case _:
            raise InputError(outcome["message"])


@contextlib.contextmanager
def _clean_on_error(target: Generation) -> Iterator[None]:
    try:
        yield
    except BaseException:
        shutil.rmtree(target.path, ignore_errors=True)
        raise
