"""Live: pages hear of changes of status as they happen (server-sent events, WHATWG HTML §9.2).

One thread asks the database for new changes while anybody listens; what it finds is handed to all
listeners in the server's loop. Nothing is kept: who has missed too much is told to load anew.
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import structlog

from publisher.report import STATUS_WORDS
from publisher.store import Store, StoreError
from publisher.store.changes import Change

log = structlog.get_logger()

_EVERY = 0.05
"""Seconds between two looks: half of it is what a listener waits on average."""
_AFTER_FAILURE = 2.0
_STILL_HERE = 15.0
"""Seconds after which either side makes sure of the other."""
_LONGEST = 600.0
"""Seconds after which a listener has to come back, and show again who it is."""
_AT_ONCE = 500
_BACKLOG = 200
_RELOAD = "event: reload\ndata: {}\n\n"
_STILL = "event: still\ndata: {}\n\n"
"""An event and no comment: the page, too, wants to know that the line holds."""


@dataclass(eq=False, slots=True)
class _Listener:
    loop: asyncio.AbstractEventLoop
    department: str
    queue: asyncio.Queue[str] = field(default_factory=lambda: asyncio.Queue(_BACKLOG))

    def take(self, changes: Sequence[Change]) -> None:
        """In its loop: pass on what concerns it; who is too slow is told to load anew."""
        if self.department:
            changes = [one for one in changes if one.department == self.department]
        for one in changes:
            if self.queue.full():
                while not self.queue.empty():
                    self.queue.get_nowait()
                self.queue.put_nowait(_RELOAD)
                return
            self.queue.put_nowait(_event(one))


class Live:
    """The changes of one city, for any number of listeners."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._listeners: set[_Listener] = set()
        self._lock = threading.Lock()
        self._wanted = threading.Event()
        self._following = threading.Event()
        self._position: int | None = None
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None

    async def stream(
        self, department: str, since: int | None, still_in: Callable[[], bool] = lambda: True
    ) -> AsyncIterator[str]:
        """The events for one page. `since`: the last change that it has heard of; `still_in`:
        whether its person may still listen, asked every few seconds.
        """
        listener = _Listener(asyncio.get_running_loop(), department)
        self._join(listener)
        until = listener.loop.time() + _LONGEST
        try:
            yield "retry: 2000\n\n"
            for event in await asyncio.to_thread(self._missed, since, department):
                yield event
            asked = listener.loop.time()
            while listener.loop.time() < until and not self._closed.is_set():
                try:
                    event = await asyncio.wait_for(listener.queue.get(), _STILL_HERE)
                except TimeoutError:
                    event = _STILL
                if listener.loop.time() >= asked + _STILL_HERE:
                    if not await asyncio.to_thread(still_in):
                        return
                    asked = listener.loop.time()
                yield event
        finally:
            self._leave(listener)

    @property
    def listening(self) -> int:
        return len(self._listeners)

    def close(self) -> None:
        self._closed.set()
        self._wanted.set()
        if self._thread:
            self._thread.join()

    def _join(self, listener: _Listener) -> None:
        with self._lock:
            self._listeners.add(listener)
            self._wanted.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="live", daemon=True)
                self._thread.start()

    def _leave(self, listener: _Listener) -> None:
        with self._lock:
            self._listeners.discard(listener)

    def _missed(self, since: int | None, department: str) -> list[str]:
        """What happened while a page was cut off; too much of it is loaded anew.

        It is asked for after the thread has begun to follow: between the two nothing gets lost.
        """
        self._following.wait(_AFTER_FAILURE)
        if since is None:
            return []
        changes = self._store.changes.after(since, _AT_ONCE + 1)
        if len(changes) > _AT_ONCE:
            return [_RELOAD]
        return [_event(one) for one in changes if department in {"", one.department}]

    def _watch(self) -> None:
        while not self._closed.is_set():
            self._wanted.wait()
            try:
                self._follow()
            except StoreError as error:
                log.warning("live_failed", reason=str(error))
                self._closed.wait(_AFTER_FAILURE)
            except Exception:  # a fault of ours must not leave open pages stale for ever
                log.exception("live_bug")
                self._closed.wait(_AFTER_FAILURE)

    def _follow(self) -> None:
        """Look for changes as long as anybody listens; after a failure, from where it was."""
        if self._position is None:
            self._position = self._store.changes.newest()
        self._following.set()
        while self._anybody_listens() and not self._closed.wait(_EVERY):
            if self._store.changes.newest() == self._position:
                continue
            changes = self._store.changes.after(self._position, _AT_ONCE)
            if changes:
                self._position = changes[-1].id
                self._tell(changes)

    def _anybody_listens(self) -> bool:
        """If not, whoever comes next begins anew; nobody comes while that is being settled."""
        with self._lock:
            if not self._listeners and not self._closed.is_set():
                self._wanted.clear()
                self._following.clear()
                self._position = None
            return bool(self._listeners)

    def _tell(self, changes: Sequence[Change]) -> None:
        with self._lock:
            listeners = sorted(self._listeners, key=lambda one: id(one.loop))
        for loop, some in groupby(listeners, key=lambda one: one.loop):
            loop.call_soon_threadsafe(_hand_over, list(some), changes)


def _hand_over(listeners: Sequence[_Listener], changes: Sequence[Change]) -> None:
    for one in listeners:
        one.take(changes)


def _event(change: Change) -> str:
    data = json.dumps(
        {
            "item": change.item_id,
            "title": change.title,
            "channel": change.channel,
            "status": change.status,
            "word": STATUS_WORDS[change.status],
        },
        ensure_ascii=False,
    )
    return f"id: {change.id}\nevent: change\ndata: {data}\n\n"
