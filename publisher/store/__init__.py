"""The store: the only room that touches the database. One method is one transaction."""

from pathlib import Path

from publisher.store.desk import Desk
from publisher.store.engine import Database, StoreError
from publisher.store.items import Items, Numbering
from publisher.store.outcomes import Outcomes
from publisher.store.queue import Going, Queue
from publisher.store.recipients import Recipients
from publisher.store.standing import Standing
from publisher.store.subscribers import Subscribers


class Store:
    """All tables of one city, by what is done with them."""

    def __init__(self, path: Path, numbering: Numbering, going: Going) -> None:
        self.database = Database(path)
        self.items = Items(self.database, numbering)
        self.queue = Queue(self.database, going)
        self.outcomes = Outcomes(self.database)
        self.recipients = Recipients(self.database)
        self.subscribers = Subscribers(self.database)
        self.standing = Standing(self.database)
        self.desk = Desk(self.database)

    def close(self) -> None:
        self.database.close()


__all__ = ["Going", "Numbering", "Store", "StoreError"]
