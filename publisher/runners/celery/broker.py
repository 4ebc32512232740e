"""The broker, as who wakes a channel meets it. Nothing here raises, nothing waits for long."""

import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import urlsplit

import structlog
from amqp.exceptions import AccessRefused, NotAllowed
from celery import Celery
from kombu import Connection, Exchange, Queue
from pydantic import SecretStr
from redis.exceptions import AuthenticationError
from redis.exceptions import TimeoutError as RedisTimeoutError

from publisher.extras import how_to_install

log = structlog.get_logger(__name__)

FLUSH = "publisher.flush"
_PATIENCE = 1.0
"""Seconds that a submit may lose to a broker that does not answer."""
_CALL = 0.5
"""Seconds for each step of talking to it."""
_VISIBILITY = 300
"""Seconds after which Redis gives the message of a dead worker to another."""


def queue_of(channel: str) -> Queue:
    """The queue of a channel. It outlives a restart; what is in it need not."""
    name = f"publisher.{channel}"
    return Queue(name, Exchange(name, type="direct"), routing_key=name, durable=True)


def waiting(channel: Any, queue: str) -> int:
    """How many messages wait in this queue of ours."""
    found: int = channel.queue_declare(
        queue, durable=True, exclusive=False, auto_delete=False
    ).message_count
    return found


class Broker:
    """One address, and the Celery application made for it."""

    def __init__(self, url: SecretStr) -> None:
        self._url = url.get_secret_value()
        self._redis = urlsplit(self._url).scheme.startswith("redis")
        self._away = False
        self.app = Celery("publisher", broker=self._url, set_as_current=False)
        self.app.conf.update(
            enable_utc=True,
            timezone="UTC",
            accept_content=["json"],
            task_serializer="json",
            task_ignore_result=True,
            task_default_delivery_mode="transient",
            # A message goes away when its flush has ended, not when it began.
            task_acks_late=True,
            task_reject_on_worker_lost=True,
            worker_prefetch_multiplier=1,
            # Else a worker would take fewer messages at a time after a lost connection.
            worker_enable_prefetch_count_reduction=False,
            worker_enable_remote_control=False,
            broker_connection_retry_on_startup=True,
            broker_connection_max_retries=None,
            broker_heartbeat=30,
            broker_transport_options=(
                {"visibility_timeout": _VISIBILITY, "socket_keepalive": True} if self._redis else {}
            ),
        )

    def wake(self, channels: Iterable[str]) -> None:
        """Have these channels looked at now. A broker that is away is said once, and once back."""
        wanted = tuple(channels)
        problem = self._talk(lambda connection: self._send(connection, wanted))
        if problem and not self._away:
            log.warning("broker_away", reason=f"{problem}；已收下的由定时检查发出，不会丢")
        elif self._away and not problem:
            log.warning("broker_back", reason="消息服务器已恢复")
        self._away = bool(problem)

    @property
    def cut_off(self) -> tuple[type[BaseException], ...]:
        """What its driver raises where the connection is lost, or cannot be had."""
        found: tuple[type[BaseException], ...] = self._connection().connection_errors
        return found

    def problem(self) -> str:
        """Why the broker cannot be had, one Chinese sentence without secrets; empty if it can."""
        return self._talk(lambda _connection: None)

    def _send(self, connection: Connection, channels: Iterable[str]) -> None:
        with connection.channel() as channel:
            producer = self.app.amqp.Producer(channel, auto_declare=False)
            for name in channels:
                queue = queue_of(name)(channel)
                queue.declare()
                if waiting(channel, queue.name):
                    continue  # whoever takes that one will see what we see
                self.app.send_task(
                    FLUSH, args=(name,), queue=queue, producer=producer, retry=False, declare=()
                )

    def _talk(self, what: Callable[[Connection], None]) -> str:
        """Do it over a fresh connection. A thread, since looking up a name has no time limit."""
        problems = [f"{self._where()} {_PATIENCE:.0f} 秒没有回音"]

        def talk() -> None:
            try:
                with self._connection() as connection:
                    connection.ensure_connection(max_retries=1, interval_start=0, timeout=_CALL)
                    what(connection)
                    problems[0] = ""
            except Exception as error:  # noqa: BLE001 - whatever a driver raises, life goes on
                problems[0] = f"{self._where()} {_cause(error)}"

        thread = threading.Thread(target=talk, name="broker", daemon=True)
        thread.start()
        thread.join(_PATIENCE)
        return problems[0]

    def _connection(self) -> Connection:
        quick = (
            {"socket_timeout": _CALL, "socket_connect_timeout": _CALL}
            if self._redis
            else {"read_timeout": _CALL, "write_timeout": _CALL}
        )
        found: Connection = self.app.connection_for_write(
            connect_timeout=_CALL, transport_options=quick
        )
        return found

    def _where(self) -> str:
        """Which server, without the password."""
        parts = urlsplit(self._url)
        port = f":{parts.port}" if parts.port else ""
        return f"消息服务器 {parts.scheme}://{parts.hostname}{port}"


_KNOWN: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    (
        (AccessRefused, NotAllowed, AuthenticationError),
        "不让进，请检查 engine.broker 里的用户名、密码和虚拟主机",
    ),
    ((ConnectionRefusedError,), "连不上：没有在运行，或端口不对"),
    ((TimeoutError, RedisTimeoutError), "没有回音"),
)


def _cause(error: Exception) -> str:
    """In our words: what a driver says may carry its address with the password."""
    chain = tuple(_chain(error))
    for kinds, words in _KNOWN:
        if any(isinstance(one, kinds) for one in chain):
            return words
    for one in chain:
        if isinstance(one, ModuleNotFoundError) and one.name:
            return f"用不了：{how_to_install(one.name)}"
    return f"连不上（{type(chain[-1]).__name__}）"


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error, what it was raised for, and so on."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
