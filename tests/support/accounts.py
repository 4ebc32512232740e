"""The accounts of an empty city; hashing costs little here and is counted."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from argon2 import PasswordHasher
from sqlalchemy import select

from publisher.access import Person
from publisher.accounts import AccountError, Accounts, Entered, Limits, Passwords
from publisher.store.accounts import User
from publisher.store.office_tables import audit
from tests.support.city import City, Clock, settings_for

PASSWORD = "correct horse 42 staple"
OTHER = "another horse 43 battery"
ADDRESS = "192.0.2.10"


class CountingHasher(PasswordHasher):
    """Argon2id with the least parameters; counts how often it worked, and how much at once."""

    def __init__(self, time_cost: int = 1) -> None:
        super().__init__(time_cost=time_cost, memory_cost=64, parallelism=1)
        self.count = 0
        self.at_work = 0
        self.most_at_work = 0
        self._lock = threading.Lock()

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        with _Working(self):
            return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002
        with _Working(self):
            return super().verify(hash, password)


class _Working:
    def __init__(self, hasher: CountingHasher) -> None:
        self._hasher = hasher

    def __enter__(self) -> None:
        with self._hasher._lock:
            self._hasher.count += 1
            self._hasher.at_work += 1
            self._hasher.most_at_work = max(self._hasher.most_at_work, self._hasher.at_work)

    def __exit__(self, *_: object) -> None:
        with self._hasher._lock:
            self._hasher.at_work -= 1


class Office:
    """A city nobody has an account in yet, and short ways to do what a test does often."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self.city = City(settings_for(folder, {}), clock)
        self.clock = self.city.clock
        self.hasher = CountingHasher()
        self.accounts = self.with_hasher(self.hasher)

    def with_hasher(self, hasher: PasswordHasher, limits: Limits | None = None) -> Accounts:
        return Accounts(self.city.publisher.store, passwords=Passwords(hasher), limits=limits)

    def add(self, login: str = "zhangmin", role: str = "operator", **more: Any) -> User:
        values: dict[str, Any] = {"name": "张敏", "password": PASSWORD, "by": "李办"}
        return self.accounts.people.add(login, role=role, now=self.clock(), **(values | more))

    def change(self, login: str = "zhangmin", **what: Any) -> User:
        return self.accounts.people.change(login, by="李办", now=self.clock(), **what)

    def stop(self, login: str = "zhangmin") -> User:
        return self.accounts.people.stop(login, by="李办", now=self.clock())

    def enter(
        self, login: str = "zhangmin", password: str = PASSWORD, address: str = ADDRESS
    ) -> Entered:
        return self.accounts.entrance.login(
            login, password, address=address, agent="Firefox", now=self.clock()
        )

    def enter_as(self, login: str = "zhangmin") -> Entered:
        return self.accounts.entrance.enter_as(login, address=ADDRESS, now=self.clock())

    def choose(self, entered: Entered, current: str, new: str) -> User:
        return self.accounts.entrance.change_password(
            entered.person,
            current,
            new,
            cookie=entered.cookie,
            address=ADDRESS,
            now=self.clock(),
        )

    def who(self, entered: Entered) -> Person | None:
        return self.accounts.sessions.open(entered.cookie, self.clock())

    def audited(self) -> list[tuple[str, str, str]]:
        """Act, actor and detail of every line."""
        query = select(audit.c.act, audit.c.actor, audit.c.detail).order_by(audit.c.id)
        with self.city.publisher.store.database.read() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def acts(self) -> list[str]:
        return [act for act, _, _ in self.audited()]

    def close(self) -> None:
        self.city.close()


def at_once(many: int, do: Callable[[int], object]) -> list[AccountError | None]:
    """What each of so many threads was told that did it at the same moment; None: done."""
    gate = threading.Barrier(many)
    outcomes: list[AccountError | None] = [None] * many

    def run(at: int) -> None:
        gate.wait()
        try:
            do(at)
        except AccountError as error:
            outcomes[at] = error

    threads = [threading.Thread(target=run, args=(at,)) for at in range(many)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return outcomes
