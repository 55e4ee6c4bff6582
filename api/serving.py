"""Runs the service in this process: takes the port, makes sure of a generation, serves, drains, leaves."""

from __future__ import annotations

import contextlib
import errno
import resource
import signal
import socket
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType

import typer
import uvicorn

from api.access_log import LOGGING
from api.app import create_app
from api.connection import guarded_protocol
from graph.commands.output import announce
from graph.errors import NothingBuilt, SettingsError
from graph.index.projection import FORMAT
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
    config = uvicorn.Config(
        create_app(settings, dataset),
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
    host, port = listener.getsockname()[:2]
    announce(f"edugraph serves http://{f'[{host}]' if ':' in host else host}:{port}/ (stop it with Ctrl+C)")
    # uvicorn drains, then raises the signal again: it must end this process in order, not at once.
    signal.signal(signal.SIGTERM, _leave)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup has it
        signal.signal(signal.SIGHUP, _stop)
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])


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
