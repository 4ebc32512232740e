"""The line: one POST to exactly the machine that was checked, named as it was typed.

A name is resolved once. All that it resolves to is checked, and the connection goes to what was
checked, so that a name which leads elsewhere a moment later gains nothing. Name, SNI, certificate
and Host stay those of the address. Of the answer only its head is read.
"""

import socket
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from channels._webhooks.address import Address, read_address
from channels._webhooks.limit import Limit
from channels._webhooks.networks import Kind, kind_of, may_be_called
from channels._webhooks.options import Options
from publisher.postman import Answer, NoAnswer, UnsafeAddress

Resolver = Callable[[str, int], Sequence[str]]
_MOST_MACHINES = 4
_NOT_CALLED: Mapping[Kind, str] = {
    Kind.PRIVATE: "在内部网络上，不能访问；"
    "确要用它，请技术人员把它的网段写进配置 webhooks.networks",
    Kind.LOOPBACK: "就是本机，不能访问；请填写接收系统自己的网址",
    Kind.KEYS: "是云平台发放密钥的地址，任何时候都不能访问；请核对网址",
    Kind.RESERVED: "在保留地址上，任何时候都不能访问；请核对网址",
}


def resolve(host: str, port: int) -> list[str]:
    """What a name leads to now; numbers are given back as they are."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


class Line:
    """`authorities`: a file with the certificates that vouch for others, if not the usual ones."""

    def __init__(
        self, options: Options, *, resolver: Resolver = resolve, authorities: Path | None = None
    ) -> None:
        self._options = options
        self._resolve = resolver
        self._verify = str(authorities) if authorities else True

    def check(self, url: str) -> None:
        address = read_address(url)
        self._machines(address, self._found(address))

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        address = read_address(url)
        machines = self._machines(address, self._found(address))
        with Limit(self._seconds) as limit:
            try:
                return self._call(address, headers, body, _pools(machines, limit))
            except (requests.RequestException, HTTPError, OSError) as error:
                raise NoAnswer(self._why(error, limit)) from None

    @property
    def _seconds(self) -> float:
        return (self._options.connect_timeout + self._options.read_timeout).total_seconds()

    def _found(self, address: Address) -> Sequence[str]:
        try:
            return self._resolve(address.host, address.port)
        except (OSError, UnicodeError):
            raise UnsafeAddress(f"查不到主机 {address.host}，请核对网址或本机的域名解析") from None

    def _machines(self, address: Address, found: Sequence[str]) -> list[str]:
        """What may be called of it: all, or nothing."""
        for one in found:
            if not may_be_called(one, self._options.networks):
                raise UnsafeAddress(f"主机 {address.host} {_NOT_CALLED[kind_of(one)]}")
        if not found:
            raise UnsafeAddress(f"查不到主机 {address.host}，请核对网址或本机的域名解析")
        return list(found[:_MOST_MACHINES])

    def _call(
        self, address: Address, headers: Mapping[str, str], body: bytes, pools: dict[str, Any]
    ) -> Answer:
        # No session: it would read proxies and passwords from the environment, and the body of
        # what redirects.
        request = requests.Request("POST", address.url, headers=dict(headers), data=body).prepare()
        times = (
            self._options.connect_timeout.total_seconds(),
            self._options.read_timeout.total_seconds(),
        )
        adapter = HTTPAdapter()
        adapter.poolmanager.pool_classes_by_scheme = pools
        try:
            answer = adapter.send(request, stream=True, timeout=times, verify=self._verify)
            answer.close()
        finally:
            adapter.close()
        return Answer(answer.status_code, answer.headers.get("Retry-After", ""))

    def _why(self, error: Exception, limit: Limit) -> str:
        """Our own words: a library's text carries the address."""
        match error:
            case _ if limit.is_over:
                return f"{self._seconds:g} 秒内没有回答完"
            case requests.ConnectTimeout():
                return "连不上：对方没有反应"
            case requests.exceptions.SSLError():
                return "对方的证书不可信，或与网址里的主机名不符"
            case requests.Timeout():
                return "对方连上后没有回音"
            case _ if limit.connected:
                return "对方中途断开了连接"
            case _:
                return "连不上：对方拒绝连接，或网络不通"


def _pools(machines: Sequence[str], limit: Limit) -> dict[str, Any]:
    """The pools of urllib3 with connections that go to these machines, whatever their name."""

    class Http(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, machines, limit)

    class Https(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, machines, limit)

    class HttpPool(HTTPConnectionPool):
        ConnectionCls = Http

    class HttpsPool(HTTPSConnectionPool):
        ConnectionCls = Https

    return {"http": HttpPool, "https": HttpsPool}


def _connect(connection: HTTPConnection, machines: Sequence[str], limit: Limit) -> socket.socket:
    """A connection to the first of these machines that answers; they share the time for it."""
    assert isinstance(connection.timeout, float)  # noqa: S101 - we gave it
    each = connection.timeout / len(machines)
    silent = False
    for machine in machines:
        try:
            line = socket.create_connection((machine, connection.port), each)
        except TimeoutError:
            silent = True
        except OSError:
            continue  # perhaps the next one; none of them is told below
        else:
            limit.watch(line)
            return line
    if silent:
        raise ConnectTimeoutError(connection, "no answer")
    raise NewConnectionError(connection, "no connection")
