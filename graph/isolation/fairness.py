"""Who may run: few young queries at a time, shared fairly among clients; long ones step aside for them.

A query starts in one of ``slots`` places. After ASIDE seconds others may interrupt it. After EARLY seconds its priority
is lowered as soon as a query has come and gone beside it. After EARLY seconds, if another client waits, or else after
LATE, it moves at a low priority to one of as many places for long queries, so that a cheap query does not wait for it;
after SLICE seconds it has the lowest priority. Where the long places are full it stays
where it is, and after SLICE seconds is stopped as soon as somebody waits for its place, its client being told to come
back later. Waiting clients take turns, those with the fewest running queries first. A query whose clock is not started
runs to its end.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from graph.errors import PoolBusy

ASIDE = 0.004
"""Seconds after which a query may be interrupted; most have been answered by then."""

EARLY = 0.05
"""Seconds after which a query leaves its place to another client, if there is one for long queries."""

LATE = 0.5
"""Seconds after which it leaves its place to its own client too: one after the other they are sooner done."""

SLICE = 1.0
"""Seconds after which a query counts as long wherever it is."""

RETRY_AFTER = 2
"""Seconds after which a client that was turned away should try again."""


class Runner(Protocol):
    """What the gate needs to know of a running query."""

    client: str

    @property
    def begun(self) -> bool:
        """Whether its client has a part of the answer already."""

    def step_aside(self) -> None:
        """Let others interrupt it."""

    def step_back(self) -> None:
        """Lower its priority."""

    def go_last(self) -> None:
        """Give it the lowest priority."""

    def give_way(self) -> None:
        """Stop it, for others wait."""


@dataclass(eq=False)
class Place:
    """A running query's place."""

    runner: Runner
    begun: float = 0.0
    timer: asyncio.TimerHandle | None = None
    mature: bool = False
    grown: bool = False
    long: bool = False
    overdue: bool = False
    leaving: bool = False
    low: bool = False


@dataclass
class Gate:
    """Lets queries in; all in one event loop, so nothing here is locked."""

    slots: int
    long_slots: int
    queue: int
    lowered: Callable[[bool], None] = lambda _: None
    """Told whether any query runs at a low priority, when that may have changed."""
    places: list[Place] = field(default_factory=list)
    _sooner: float = 0.0
    """When a query last ended that had not had its early time."""
    _waiting: dict[str, deque[tuple[asyncio.Future[Place], Runner]]] = field(default_factory=dict)

    @property
    def queued(self) -> int:
        """Queries that wait."""
        return sum(len(line) for line in self._waiting.values())

    def enter_now(self, runner: Runner) -> Place | None:
        """Take a place if one is free and nobody waits for it."""
        return None if self._waiting or not self._free() else self._place(runner)

    def line_up(self, runner: Runner) -> asyncio.Future[Place]:
        """Wait for a place: the future is it, and ``withdraw`` ends the waiting. Raises PoolBusy."""
        client = runner.client
        line = self._waiting.get(client, ())
        # One client may fill half of the queue, so that there is room for another.
        if self.queued >= self.queue or len(line) >= max(1, self.queue // 2):
            raise PoolBusy("too many queries are waiting; try again later", retry_after=RETRY_AFTER)
        turn: asyncio.Future[Place] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append((turn, runner))
        self._admit()
        self._ripen(client)
        return turn

    def withdraw(self, turn: asyncio.Future[Place], runner: Runner) -> None:
        """Leave the line, or the place that the turn has become."""
        if turn.done() and not turn.cancelled():
            self.leave(turn.result())
            return
        turn.cancel()
        line = self._waiting.get(runner.client)
        if line is not None and (turn, runner) in line:
            line.remove((turn, runner))
            if not line:
                del self._waiting[runner.client]

    def _place(self, runner: Runner) -> Place:
        place = Place(runner)
        self.places.append(place)
        return place

    def start_clock(self, place: Place) -> None:
        """Count a query's seconds from now on."""
        place.begun = asyncio.get_running_loop().time()
        self._next(place, ASIDE, self._aside)

    def leave(self, place: Place) -> None:
        """Give a place back; safe to call again."""
        if place not in self.places:
            return
        self.places.remove(place)
        if place.timer is not None:
            place.timer.cancel()
        if place.low:
            self.lowered(any(other.low for other in self.places))
        elif place.begun and not place.mature:
            self._sooner = asyncio.get_running_loop().time()
            for other in self.places:
                if other.mature:
                    self._lower(other)
        if place.long:
            grown = [other for other in self.places if other.grown and not other.long]
            if grown:
                self._move(max(grown, key=lambda other: other.overdue))
        self._admit()

    def _free(self) -> bool:
        return sum(not place.long for place in self.places) < self.slots

    def _admit(self) -> None:
        while self._waiting and self._free():
            client = min(self._waiting, key=self._running)
            line = self._waiting.pop(client)
            turn, runner = line.popleft()
            if line:
                self._waiting[client] = line  # back to the end, so that clients take turns
            if not turn.done():
                turn.set_result(self._place(runner))
        if self._waiting:
            self._make_room()

    def _running(self, client: str) -> int:
        return sum(place.runner.client == client for place in self.places)

    def _aside(self, place: Place) -> None:
        place.runner.step_aside()
        self._next(place, EARLY, self._early)

    def _early(self, place: Place) -> None:
        if self._waiting.keys() - {place.runner.client}:
            self._grow(place)
        else:
            place.mature = True
            if self._sooner > place.begun:
                self._lower(place)
            self._next(place, LATE, self._grow)

    def _ripen(self, client: str) -> None:
        """Let the oldest query of others that has had its early time make room for a client that waits."""
        mature = next((one for one in self.places if one.mature and one.runner.client != client), None)
        if mature is not None and client in self._waiting:
            self._grow(mature)

    def _grow(self, place: Place) -> None:
        place.mature, place.grown = False, True
        self._lower(place)
        self._next(place, SLICE, self._late)
        self._move(place)

    def _lower(self, place: Place) -> None:
        if not place.low:
            place.low = True
            place.runner.step_back()
            self.lowered(True)

    def _next(self, place: Place, seconds: float, then: Callable[[Place], None]) -> None:
        """What comes next for a place, so many seconds after its query's clock began, in place of what was to come."""
        if place.timer is not None:
            place.timer.cancel()
        place.timer = asyncio.get_running_loop().call_at(place.begun + seconds, then, place)

    def _late(self, place: Place) -> None:
        place.runner.go_last()
        place.overdue = not place.long
        if self._waiting:
            self._make_room()

    def _move(self, place: Place) -> None:
        """Let a query go on among the long ones, if there is room."""
        if sum(other.long for other in self.places) < self.long_slots:
            place.long, place.overdue = True, False
            self._admit()

    def _make_room(self) -> None:
        """Stop one overdue query, for its leaving admits a waiter.

        First one whose answer has not begun, so that it can be told why; then one of the client that runs most.
        """
        if any(place.leaving for place in self.places):
            return
        overdue = [place for place in self.places if place.overdue]
        if overdue:
            place = max(overdue, key=lambda one: (not one.runner.begun, self._running(one.runner.client)))
            place.leaving = True
            place.runner.give_way()
