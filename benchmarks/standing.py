"""Many items that stand on the website, entered at once instead of one after the other.

Whether each could have come in by the door is not what is measured; the store cannot tell.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import Table, insert

from benchmarks.articles import Article
from publisher.model import Action, Status
from publisher.record import canonical
from publisher.store import Store
from publisher.store.tables import deliveries, items, orders, revisions
from tests.support.city import an_item_object


def enter(store: Store, channel: str, site_url: str, articles: Iterable[Article]) -> None:
    """Each article as an item that was published at its time and delivered in this channel."""
    rows: dict[Table, list[Mapping[str, Any]]] = {
        table: [] for table in (items, revisions, orders, deliveries)
    }
    for one in articles:
        for table, row in _rows(one, channel, site_url).items():
            rows[table].append(row)
    with store.database.write() as connection:
        for table, mine in rows.items():
            connection.execute(insert(table), mine)


def content_of(article: Article) -> dict[str, Any]:
    return an_item_object(
        f"R-{article.serial}",
        title=article.title,
        summary=article.summary,
        body=article.body,
        body_format="markdown",
        doc_number=article.doc_number,
        field=article.field,
        five_open_stage=article.stage,
        department=article.department,
        topics=list(article.topics),
        formed_on=article.published_at.date().isoformat(),
    )


def item_row(article: Article, site_url: str) -> dict[str, Any]:
    at, year, serial = article.published_at, article.published_at.year, article.serial
    return {
        "id": f"R-{serial}",
        "year": year,
        "serial": serial,
        "number": f"130181/{year}-{serial:05d}",
        "url": f"{site_url}/{year}/{serial:05d}.html",
        "first_published_at": at,
        "created_at": at,
        "title": article.title,
        "department": article.department,
        "field": article.field,
        "five_open_stage": article.stage,
        "doc_number": article.doc_number,
    }


def revision_row(article: Article, key: int, number: int = 1) -> dict[str, Any]:
    content = content_of(article)
    written = canonical(content)
    digest = sha256(written).hexdigest()
    return {
        "id": key,
        "item_id": content["id"],
        "number": number,
        "title": article.title,
        "content": written.decode(),
        "content_hash": digest,
        "approval": {"content_hash": digest, "approvers": []},
        "received_at": article.published_at,
        "received_by": "李办",
    }


def order_row(article: Article, key: int) -> dict[str, Any]:
    """Of the revision with the same key."""
    return {
        "id": key,
        "item_id": f"R-{article.serial}",
        "revision_id": key,
        "action": Action.PUBLISH,
        "reason": "",
        "ordered_by": "李办",
        "created_at": article.published_at,
    }


def _rows(article: Article, channel: str, site_url: str) -> dict[Table, dict[str, Any]]:
    key, at = article.serial, article.published_at
    return {
        items: item_row(article, site_url),
        revisions: revision_row(article, key),
        orders: order_row(article, key),
        deliveries: {
            "id": key,
            "order_id": key,
            "channel": channel,
            "status": Status.DELIVERED,
            "urgent": False,
            "due_at": at,
            "attempts": 1,
            "tries": 0,
            "reference": "",
            "url": "",
            "reason": "",
            "reason_class": "",
            "updated_at": at,
            "stands_since": at,
        },
    }
