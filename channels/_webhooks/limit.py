"""A limit: however slowly the other side answers, byte by byte, the line is cut when time is up.

A library's read timeout is for each read, so that one byte every few seconds could hold a call for
ever.
"""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self


class Limit:
    """Enter it, and give it the connection; what waits on that ends at the latest when time is up.

    The connection is watched through a second handle: TLS takes the first one over.
    """

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self.is_over = False

    @property
    def connected(self) -> bool:
        return self._line is not None

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            if self._line is not None:
                self._line.close()

    def watch(self, line: socket.socket) -> None:
        with self._lock:
            self._line = line.dup()
        if self.is_over:
            self._cut()

    def _cut(self) -> None:
        self.is_over = True
        with self._lock:
            if self._line is not None:
                with suppress(OSError):  # it has ended by itself this very moment
                    self._line.shutdown(socket.SHUT_RDWR)
