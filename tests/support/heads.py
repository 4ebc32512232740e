"""HEAD and GET, asked one after the other on one line."""

from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import urlsplit

_OF_ITS_OWN = {"date", "x-request-id"}
_PATIENCE = 20


class Head(NamedTuple):
    """An answer without its body, and what differs from one asking to the next."""

    status: int
    headers: dict[str, str]


def asked_both(url: str, path: str, headers: Mapping[str, str]) -> tuple[Head, Head]:
    """What HEAD says, then what GET says. A body below the first would be read as the second."""
    with closing(HTTPConnection(urlsplit(url).netloc, timeout=_PATIENCE)) as line:
        line.request("HEAD", path, headers=dict(headers))
        answer = line.getresponse()
        assert answer.read() == b""
        head = _head(answer.status, answer.getheaders())
        line.request("GET", path, headers=dict(headers))
        answer = line.getresponse()  # its body may never end: with the line it is cut off
        return head, _head(answer.status, answer.getheaders())


def _head(status: int, headers: list[tuple[str, str]]) -> Head:
    kept = {name.lower(): value for name, value in headers}
    return Head(status, {name: kept[name] for name in sorted(kept.keys() - _OF_ITS_OWN)})
