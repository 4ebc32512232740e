"""One access token for all threads, without a clock.

A token is used until WeChat refuses it. Then, under the lock, the stable token is asked for once;
if WeChat hands out the very token it has just refused, a new one is forced, and no second time
until a call has succeeded: the platform allows twenty forced tokens a day and refuses two within
30 seconds, which comes back as an error code like any other.
"""

import threading
from collections.abc import Callable

FetchToken = Callable[[bool], str]
"""Ask WeChat for the stable token; True forces a new one and kills the old."""


class Tokens:
    def __init__(self, fetch: FetchToken) -> None:
        self._fetch = fetch
        self._lock = threading.Lock()
        self._token = ""
        self._forced = False

    def get(self) -> str:
        with self._lock:
            if not self._token:
                self._token = self._fetch(False)  # noqa: FBT003 - the argument of FetchToken
            return self._token

    def refused(self, token: str) -> None:
        """WeChat did not accept `token`: replace it, unless another thread has done so."""
        with self._lock:
            if self._token != token:
                return
            self._token = ""
            fresh = self._fetch(False)  # noqa: FBT003
            if fresh == token and not self._forced:
                self._forced = True
                fresh = self._fetch(True)  # noqa: FBT003
            self._token = fresh

    def accepted(self) -> None:
        """A call went through: should the token be refused later, it is a new story."""
        self._forced = False
