"""What one SQS queue holds: sends, receives and deletes cost the same at ten messages and at a hundred thousand."""

from __future__ import annotations

import heapq
import itertools
from collections import OrderedDict
from collections.abc import Callable
from threading import Condition
from typing import Any

DEDUPLICATION_SECONDS = 300


class MessageStore:
    """Messages in order of arrival, with what is hidden kept apart until its time comes.

    Callers hold `changed`. In a FIFO queue nothing of a message group is handed out while another receive holds a message of it.
    """

    def __init__(self, fifo: bool, clock: Callable[[], float]) -> None:
        self.fifo = fifo
        self.clock = clock
        self.changed = Condition()
        self.entries: dict[int, Any] = {}
        self.handles: dict[str, int] = {}
        self.in_flight: set[int] = set()
        self.delayed: set[int] = set()
        self._numbers = itertools.count(1)
        self._hidden: list[tuple[float, int, int]] = []
        self._turn: dict[int, int] = {}
        self._ready: OrderedDict[int, None] = OrderedDict()
        self._groups: dict[str, OrderedDict[int, None]] = {}
        self._busy: dict[str, set[int]] = {}
        self._open_groups: OrderedDict[str, None] = OrderedDict()
        self._seen: OrderedDict[tuple[str | None, str], tuple[float, str, str | None]] = OrderedDict()

    def duplicate_of(self, scope: str | None, deduplication_id: str) -> tuple[str, str | None] | None:
        """Message id and sequence number of what was sent under the same id in the last five minutes."""
        oldest = self.clock() - DEDUPLICATION_SECONDS
        while self._seen and next(iter(self._seen.values()))[0] <= oldest:
            self._seen.popitem(last=False)
        seen = self._seen.get((scope, deduplication_id))
        return (seen[1], seen[2]) if seen else None

    def remember(self, scope: str | None, message: Any) -> None:
        """Starts the five minutes in which a repeat of this message is dropped."""
        self._seen[(scope, message.deduplication_id)] = (self.clock(), message.id, message.sequence_number)

    def add(self, message: Any, visible_at: float = 0.0) -> None:
        """Takes a message in, to be handed out at `visible_at` (seconds) or at once."""
        with self.changed:
            number = next(self._numbers)
            self.entries[number] = message
            if self.fifo:
                self._groups.setdefault(message.group_id, OrderedDict())[number] = None
            if visible_at > self.clock():
                self.delayed.add(number)
                self._hide(number, visible_at)
            else:
                self._show(number)
            self.changed.notify_all()

    def take(self, count: int, hide_until: float) -> list[tuple[int, Any]]:
        """Hands out up to `count` visible messages and hides them; a FIFO queue gives one group's in order."""
        self._wake()
        taken = self._next_of_groups(count) if self.fifo else self._next_ready(count)
        for number in taken:
            self.in_flight.add(number)
            self._hide(number, hide_until)
        return [(number, self.entries[number]) for number in taken]

    def find(self, handle: str) -> tuple[int, Any] | None:
        """The message that a receipt handle was given for, if it is still there."""
        number = self.handles.get(handle)
        return None if number is None or number not in self.entries else (number, self.entries[number])

    def remove(self, number: int) -> Any:
        """Takes a message out for good and lets the next of its group be handed out."""
        message = self.entries.pop(number)
        self._ready.pop(number, None)
        self.in_flight.discard(number)
        self.delayed.discard(number)
        self._turn.pop(number, None)
        if self.fifo:
            group = self._groups[message.group_id]
            del group[number]
            self._free(message.group_id, number)
            if not group:
                del self._groups[message.group_id]
                self._open_groups.pop(message.group_id, None)
        return message

    def hide(self, number: int, until: float) -> None:
        """Changes until when a message is hidden; a time that has passed shows it at once."""
        if number in self.in_flight:
            self._hide(number, until)
            self._wake()

    def is_in_flight(self, number: int) -> bool:
        """Whether somebody holds the message now."""
        self._wake()
        return number in self.in_flight

    def counts(self) -> tuple[int, int, int]:
        """Visible, in flight, delayed."""
        with self.changed:
            self._wake()
            hidden, delayed = len(self.in_flight), len(self.delayed)
            return len(self.entries) - hidden - delayed, hidden, delayed

    def next_change(self) -> float | None:
        """When the next hidden message shows itself."""
        return self._hidden[0][0] if self._hidden else None

    def clear(self) -> None:
        """Empties the queue but keeps what deduplication has seen."""
        with self.changed:
            for number in list(self.entries):
                self.remove(number)

    def _next_ready(self, count: int) -> list[int]:
        return [self._ready.popitem(last=False)[0] for _ in range(min(count, len(self._ready)))]

    def _next_of_groups(self, count: int) -> list[int]:
        taken: list[int] = []
        while len(taken) < count and self._open_groups:
            group, _ = self._open_groups.popitem(last=False)
            for number in itertools.islice(self._groups[group], count - len(taken)):
                if number in self.delayed:
                    break
                taken.append(number)
                self._busy.setdefault(group, set()).add(number)
        return taken

    def _hide(self, number: int, until: float) -> None:
        turn = self._turn.get(number, 0) + 1
        self._turn[number] = turn
        heapq.heappush(self._hidden, (until, number, turn))

    def _wake(self) -> None:
        now = self.clock()
        shown = False
        while self._hidden and self._hidden[0][0] <= now:
            _, number, turn = heapq.heappop(self._hidden)
            if self._turn.get(number) != turn:
                continue
            self.in_flight.discard(number)
            self.delayed.discard(number)
            self._show(number)
            shown = True
        if shown:
            self.changed.notify_all()

    def _show(self, number: int) -> None:
        if not self.fifo:
            self._ready[number] = None
            return
        self._free(self.entries[number].group_id, number)

    def _free(self, group: str, number: int) -> None:
        busy = self._busy.get(group)
        if busy is not None:
            busy.discard(number)
            if busy:
                return
            del self._busy[group]
        self._open_groups[group] = None
