"""The threads of a worker: one answers until its priority is lowered, which is for good; then the next one does.

A fresh process in its place would cost fifty milliseconds of a processor, as much as the query it was lowered for.
"""

from __future__ import annotations

import contextlib
import os
import threading
import traceback
from collections.abc import Callable
from queue import SimpleQueue

from graph.isolation import frames, priority

NUMBER = 32
"""Threads of one worker."""

_STACK = 8 * 1024**2  # what systems give the first thread


class Threads:
    """The calling thread, if it is to be the first to answer, and those that wait to follow it."""

    def __init__(self, answer: Callable[[bytes], None], *, caller_answers: bool) -> None:
        """``answer`` takes the payload of a frame that asks."""
        self._answer, self._caller_answers = answer, caller_answers
        self._waiting: list[SimpleQueue[bytes | None]] = []
        self.ids = [threading.get_native_id()] if caller_answers else []
        """The numbers of those that answer, in their order."""

    def start(self) -> None:
        """Start those that wait; fewer where the system allows fewer."""
        threading.stack_size(_STACK)
        with contextlib.suppress(RuntimeError):
            for index in range(NUMBER - 1):
                handed: SimpleQueue[bytes | None] = SimpleQueue()
                thread = threading.Thread(target=self._follow, args=(handed, index + 1), daemon=True)
                thread.start()
                self._waiting.append(handed)
                self.ids.append(thread.native_id or 0)

    def serve(self) -> None:
        """Answer until the parent closes the pipe; then the process ends."""
        if self._caller_answers:
            self._serve(None, 0)
        else:
            self._waiting[0].put(None)
        threading.Event().wait()

    def _follow(self, handed: SimpleQueue[bytes | None], index: int) -> None:
        self._serve(handed.get(), index)

    def _serve(self, payload: bytes | None, index: int) -> None:
        try:
            while True:
                if payload is None:
                    if (frame := frames.receive(0)) is None:
                        os._exit(0)
                    payload = frame[1]
                # Asked only now: until it has sent a query, the parent may lower the thread of the one before.
                if priority.is_low():
                    self._waiting[index].put(payload)
                    return
                self._answer(payload)
                payload = None
        except BaseException:
            traceback.print_exc()
            os._exit(1)
