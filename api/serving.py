"""Runs the service in this process: takes the port, makes sure of a generation, serves, drains, leaves."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import resource
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import typer
import uvicorn

from api.access_log import LOGGING
from api.connection import guarded_protocol
from graph.commands.output import announce
from graph.errors import EdugraphError, NothingBuilt, SettingsError
from graph.index.projection import FORMAT
from graph.isolation.pool import Pool
from graph.private_folder import private_folder
from graph.publish.dataset import Dataset
from graph.publish.generation import current
from graph.settings import Settings

BESIDE_CONNECTIONS = 384
"""Open files that the service needs beside its connections: workers' pipes, indexes, exports under way."""


def serve_graph(settings: Settings) -> None:
    """Serve the published graph; build it first if nothing is built that can be read. Raises EdugraphError."""
    _allow_open_files(settings)
    with _listening(settings) as listener:
        if (why := _not_built(settings)) is not None:
            from graph.publish.build import build

            typer.echo(f"{why}: building", err=True)
            build(settings)
        _run(settings, None, listener)


def _not_built(settings: Settings) -> str | None:
    """Why there is nothing to serve yet; None where there is."""
    try:
        generation = current(settings.generations)
    except NothingBuilt:
        return "nothing is built yet"
    if generation.manifest.get("index_format", FORMAT) != FORMAT:
        return f"{generation.id} was built by another edugraph"
    return None


def serve_dataset(settings: Settings, files: Sequence[Path]) -> None:
    """Serve files from a private folder that goes with the service. Raises EdugraphError."""
    _allow_open_files(settings)
    with _listening(settings) as listener, private_folder() as folder:
        dataset = Dataset(
            folder,
            memory=settings.query_memory,
            timeout=settings.write_timeout,
            quads_in_memory=settings.quads_in_memory,
        )
        dataset.load(files)
        _run(replace(settings, build_dir=folder), dataset, listener)


def _allow_open_files(settings: Settings) -> None:
    """Have as many files open as the connections need: systems begin with few and allow more. Raises SettingsError."""
    needed = settings.max_connections + BESIDE_CONNECTIONS
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < needed:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
        except (ValueError, OSError) as error:
            raise SettingsError(
                f"max_connections is {settings.max_connections}, for which {needed} open files are needed, and the "
                f"system allows {hard}; lower the one or raise the other (ulimit -n)"
            ) from error


def _run(settings: Settings, dataset: Dataset | None, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    announce(f"edugraph serves http://{f'[{host}]' if ':' in host else host}:{port}/ (stop it with Ctrl+C)")
    # uvicorn drains, then raises the signal again: it must end this process in order, not at once.
    signal.signal(signal.SIGTERM, _leave)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup has it
        signal.signal(signal.SIGHUP, _stop)
    config = uvicorn.Config(
        _nothing_yet,
        http=guarded_protocol(settings),
        ws="none",
        lifespan="on",
        log_config=LOGGING,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_keep_alive=settings.keep_alive_timeout,
        timeout_graceful_shutdown=settings.drain_timeout,
    )
    with (
        contextlib.suppress(KeyboardInterrupt),
        asyncio.Runner(loop_factory=config.get_loop_factory()) as runner,
    ):
        runner.run(_serve(settings, dataset, listener, config))


async def _serve(settings: Settings, dataset: Dataset | None, listener: socket.socket, config: uvicorn.Config) -> None:
    """Importing the web framework is most of the start: the first worker starts meanwhile, on another core."""
    create_app, pool = await asyncio.gather(asyncio.to_thread(_factory), _first_worker(settings))
    config.app = create_app(settings, dataset, pool)
    await uvicorn.Server(config).serve(sockets=[listener])


def _factory() -> Callable[[Settings, Dataset | None, Pool | None], Callable[..., Any]]:
    gc.disable()  # hardly anything of it goes again; the lifespan switches it on
    from api.app import create_app

    return create_app


async def _first_worker(settings: Settings) -> Pool | None:
    """The pool with its first worker; None where there can be none yet, which the lifespan will find and say."""
    try:
        pool = Pool(settings, current(settings.generations))
    except (EdugraphError, OSError):
        return None
    try:
        await pool.start()
    except EdugraphError:
        await pool.close()
        return None
    return pool


async def _nothing_yet(scope: object, receive: object, send: object) -> None:
    """Stands in the configuration until there is the application."""


def _leave(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _stop(number: int, frame: FrameType | None) -> None:
    """Leave in order where the terminal goes."""
    signal.raise_signal(signal.SIGTERM)


@contextlib.contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """Take the port before any work is done, so that a port in use changes nothing. Raises SettingsError."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind)
    except (OSError, UnicodeError) as error:  # UnicodeError: a name that no host can have, such as a..b
        why = error.strerror if isinstance(error, OSError) else "it is no host's name"
        raise SettingsError(f"host {settings.host} is not an address of this machine: {why}") from error
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            listener.listen()
        except OSError as error:
            raise SettingsError(_why_not(settings, error)) from error
        yield listener


def _why_not(settings: Settings, error: OSError) -> str:
    where = f"{settings.host} port {settings.port}"
    match error.errno:
        case errno.EADDRINUSE:
            return f"{where} is in use; stop what listens there or choose another with --port"
        case errno.EACCES:
            return f"{where} may not be taken by this user; choose a port above 1023 with --port"
        case _:
            return f"{where} cannot be listened on: {error.strerror}"
