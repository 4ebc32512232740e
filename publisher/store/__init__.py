"""The store: the only room that touches the database. One method is one transaction."""

from pathlib import Path

from publisher.store.desk import Desk
from publisher.store.engine import Database, StoreError
from publisher.store.items import Items, Numbering
from publisher.store.looking import Looking
from publisher.store.orders import Orders
from publisher.store.outcomes import Outcomes
from publisher.store.pauses import Pauses
from publisher.store.questions import Going
from publisher.store.queue import Queue
from publisher.store.recipients import Recipients
from publisher.store.shelves import Shelves
from publisher.store.standing import Standing
from publisher.store.subscribers import Subscribers
from publisher.store.watching import Watching


class Store:
    """All tables of one city, by what is done with them.

    They are in a SQLite file, or in PostgreSQL (postgresql://…).
    """

    def __init__(self, address: Path | str, numbering: Numbering, going: Going) -> None:
        self.database = Database(address)
        self.items = Items(self.database, numbering)
        self.queue = Queue(self.database, going)
        self.outcomes = Outcomes(self.database)
        self.recipients = Recipients(self.database)
        self.subscribers = Subscribers(self.database)
        self.standing = Standing(self.database)
        self.desk = Desk(self.database)
        self.orders = Orders(self.database)
        self.pauses = Pauses(self.database)
        self.watching = Watching(self.database)
        self.looking = Looking(self.database)
        self.shelves = Shelves(self.database)

    def close(self) -> None:
        self.database.close()


__all__ = ["Database", "Going", "Numbering", "Store", "StoreError"]
