"""The store: the only room that touches the database. One method is one transaction."""

from pathlib import Path

from publisher.store.accounts import Accounts
from publisher.store.agenda import Agenda
from publisher.store.audit import Audit
from publisher.store.calls import Calls
from publisher.store.changes import Changes
from publisher.store.desk import Desk
from publisher.store.engine import Database, StoreError
from publisher.store.evidence import Evidence
from publisher.store.health import Healths
from publisher.store.items import Items, Numbering
from publisher.store.kept import Kept
from publisher.store.logins import Logins
from publisher.store.looking import Looking
from publisher.store.matrix import Matrix
from publisher.store.measures import Measures
from publisher.store.orders import Orders
from publisher.store.outcomes import Outcomes
from publisher.store.pauses import Pauses
from publisher.store.questions import Going
from publisher.store.queue import Queue
from publisher.store.recipients import Recipients
from publisher.store.refusals import Refusals
from publisher.store.related import Related
from publisher.store.replies import Replies
from publisher.store.sessions import Sessions
from publisher.store.shelves import Shelves
from publisher.store.standing import Standing
from publisher.store.subscribers import Subscribers
from publisher.store.tokens import Tokens
from publisher.store.uploads import Uploads
from publisher.store.watching import Watching
from publisher.store.webhooks import WebhookRows
from publisher.store.worklist import Worklist


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
        self.refusals = Refusals(self.database)
        self.matrix = Matrix(self.database)
        self.worklist = Worklist(self.database)
        self.agenda = Agenda(self.database)
        self.health = Healths(self.database)
        self.desk = Desk(self.database)
        self.orders = Orders(self.database)
        self.related = Related(self.database)
        self.pauses = Pauses(self.database)
        self.watching = Watching(self.database)
        self.looking = Looking(self.database)
        self.shelves = Shelves(self.database)
        self.kept = Kept(self.database)
        self.measures = Measures(self.database)
        self.changes = Changes(self.database)
        self.webhooks = WebhookRows(self.database)
        self.calls = Calls(self.database)
        self.audit = Audit(self.database)
        self.evidence = Evidence(self.database)
        self.uploads = Uploads(self.database)
        self.accounts = Accounts(self.database)
        self.logins = Logins(self.database)
        self.sessions = Sessions(self.database)
        self.tokens = Tokens(self.database)
        self.replies = Replies(self.database)

    def close(self) -> None:
        self.database.close()


__all__ = ["Database", "Going", "Numbering", "Store", "StoreError"]
